import { once } from "node:events";
import { createServer } from "node:http";
import type { TestProject } from "vitest/node";
import type { RunningServer } from "./running-server.ts";
import { type Version, versions } from "./server.ts";

declare module "vitest" {
  export interface ProvidedContext {
    /** Where a test asks for a database of PostgreSQL. */
    readonly postgres: string;
  }
}

/**
 * Keeps one server a version for all tests of a run. It is started for the first one that asks, because most runs of a
 * few tests need none. `POST /15` makes a database and answers with its url, `POST /15?empty` one without tables,
 * `POST /15?of=<database>` a copy; `PUT /15/<database>?of=<copy>` puts that back, `DELETE /15/<database>` drops it.
 */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const started = new Map<Version, Promise<RunningServer>>();
  const door = createServer((request, response) => {
    answer(started, request.method ?? "", request.url ?? "").then(
      (text) => response.end(text),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  }).listen(0, "127.0.0.1");
  // Who asks again after a while would find the connection being closed.
  door.keepAliveTimeout = 0;
  await once(door, "listening");
  const address = door.address();
  if (typeof address !== "object" || address === null) throw new Error("no port is free");
  project.provide("postgres", `http://127.0.0.1:${address.port}`);
  return async () => {
    door.close();
    door.closeAllConnections();
    for (const each of started.values()) await (await each)[Symbol.asyncDispose]();
  };
}

async function answer(started: Map<Version, Promise<RunningServer>>, method: string, path: string): Promise<string> {
  const { pathname, searchParams } = new URL(path, "http://127.0.0.1");
  const [, name, database] = pathname.split("/");
  const version = versions.find((each) => each === name);
  if (version === undefined) throw new Error("no such version");
  const starting = started.get(version) ?? start(version);
  started.set(version, starting);
  const server = await starting;
  const other = searchParams.get("of");
  if (method === "POST") return other === null ? server.make(searchParams.has("empty")) : server.copy(other);
  if (method === "PUT") await server.putBack(database ?? "", other ?? "");
  else await server.drop(database ?? "");
  return "";
}

/** Loaded by the first who asks: the driver and the store are nothing to all other runs. */
async function start(version: Version): Promise<RunningServer> {
  const running = await import("./running-server.ts");
  return running.RunningServer.start(version);
}
