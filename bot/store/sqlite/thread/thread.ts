import { parentPort } from "node:worker_threads";
import { type Answer, type Ask, type ThreadMessage, toFault } from "./ask.ts";
import { AskedConnection } from "./asked-connection.ts";

// What a thread runs: a connection of its own, which does what it is asked, message after message.
let connection: AskedConnection | null = null;
parentPort?.on("message", (message: ThreadMessage) => parentPort?.postMessage(answer(message)));

function answer(message: ThreadMessage): readonly Answer[] {
  if (isAsks(message)) return connection?.answer(message) ?? [];
  try {
    connection?.[Symbol.dispose]();
    connection = message === "close" ? null : AskedConnection.open(message);
    return [{ result: { rows: [], changed: 0 } }];
  } catch (error) {
    return [{ fault: toFault(error) }];
  }
}

function isAsks(message: ThreadMessage): message is readonly Ask[] {
  return Array.isArray(message);
}
