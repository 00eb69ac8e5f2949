import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Receiver, startConnector } from "./connector.ts";
import { type Running, startBot, startProcess } from "./process.ts";
import { toSettings, writeSettings } from "./settings.ts";

const bareServer = fileURLToPath(new URL("./bare.ts", import.meta.url));

/** One of the two that are compared, with the Teams it posts to. */
export interface Subject {
  readonly running: Running;
  readonly connector: Receiver;
}

/** The bare baseline and the bot, both running, so that they can take turns on the same machine. */
export interface Pair extends AsyncDisposable {
  readonly bare: Subject;
  readonly bot: Subject;
  /** The file of the bot's database. */
  readonly database: string;
}

export async function startPair(): Promise<Pair> {
  await using stack = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), "bench-"));
  stack.defer(() => rm(folder, { recursive: true }));
  const bareConnector = stack.use(await startConnector());
  const botConnector = stack.use(await startConnector());
  const path = writeSettings(folder, toSettings(folder, botConnector.url, "http://127.0.0.1:9/alarms"));
  const bare = stack.use(
    await startProcess(bareServer, [join(folder, "alarms"), bareConnector.url], join(folder, "bare.log")),
  );
  const bot = stack.use(await startBot(path, join(folder, "bot.log")));
  const held = stack.move();
  return {
    bare: { running: bare, connector: bareConnector },
    bot: { running: bot, connector: botConnector },
    database: join(folder, "rugdekking.db"),
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  };
}
