import { inject, onTestFinished } from "vitest";
import { InFlight } from "../../../bot/kit/in-flight.ts";
import { PostgresClient } from "../../../bot/store/postgres/postgres-client.ts";
import { parseServer } from "../../../bot/store/postgres/server.ts";
import type { Version } from "./server.ts";

/** The url of a new database on a server of that version, which goes with the test; `isEmpty`: it has no tables yet. */
export async function newPostgres(version: Version, isEmpty = false): Promise<string> {
  const url = await makePostgres(version, isEmpty);
  onTestFinished(() => dropPostgres(version, url));
  return url;
}

export async function makePostgres(version: Version, isEmpty = false): Promise<string> {
  const answer = await fetch(`${inject("postgres")}/${version}${isEmpty ? "?empty" : ""}`, { method: "POST" });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`no database was made: ${text}`);
  return text;
}

export async function dropPostgres(version: Version, url: string): Promise<void> {
  const name = url.slice(url.lastIndexOf("/") + 1);
  await fetch(`${inject("postgres")}/${version}/${name}`, { method: "DELETE" });
}

/** A connection of the test's own. */
export function connectTo(url: string): PostgresClient {
  const server = parseServer(url);
  const [host] = server.hosts;
  if (host === undefined) throw new Error("there is no host");
  return new PostgresClient(server, host, { connectMs: 10_000, answerMs: 30_000, inFlight: new InFlight() });
}
