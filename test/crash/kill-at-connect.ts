/**
 * Loaded into the bot's process before it: dies in the moment in which it would connect to the port that stands in a
 * file.
 */
import { readFileSync } from "node:fs";
import net from "node:net";

const path = process.env.KILL_AT_CONNECT ?? "";
const connect = net.Socket.prototype.connect;

net.Socket.prototype.connect = function (this: net.Socket, ...args: Parameters<typeof connect>) {
  const target: unknown = args.flat().find((arg: unknown) => typeof arg === "object" && arg !== null && "port" in arg);
  const { port } = (target ?? {}) as { port?: number };
  if (port !== undefined && readFileSync(path, "utf8") === String(port)) process.kill(process.pid, "SIGKILL");
  return connect.apply(this, args);
} as typeof connect;
