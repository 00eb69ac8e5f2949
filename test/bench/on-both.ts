import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { RunningServer } from "../storage/postgres/running-server.ts";
import { durable } from "../storage/postgres/server.ts";
import { startConnector } from "./connector.ts";
import type { Subject } from "./pair.ts";
import { startBot } from "./process.ts";
import { toSettings, writeSettings } from "./settings.ts";

/** A bot on a file and one on a server of PostgreSQL of this machine, both running. */
export interface OnBoth extends AsyncDisposable {
  readonly file: Subject;
  readonly server: Subject;
}

export async function startOnBoth(): Promise<OnBoth> {
  await using stack = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), "bench-"));
  stack.defer(() => rm(folder, { recursive: true }));
  const start = async (name: string, database: string): Promise<Subject> => {
    const connector = stack.use(await startConnector());
    await mkdir(join(folder, name));
    const settings = { ...toSettings(folder, connector.url, "http://127.0.0.1:9/alarms"), database };
    const config = writeSettings(join(folder, name), settings);
    return { connector, running: stack.use(await startBot(config, join(folder, name, "bot.log"))) };
  };
  const postgres = stack.use(await RunningServer.start("18", durable));
  const file = await start("file", `sqlite:${join(folder, "rugdekking.db")}`);
  const server = await start("server", await postgres.make(true));
  const held = stack.move();
  return { file, server, [Symbol.asyncDispose]: () => held.disposeAsync() };
}
