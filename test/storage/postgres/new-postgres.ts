import { inject, onTestFinished } from "vitest";
import { InFlight } from "../../../bot/kit/in-flight.ts";
import { PostgresClient } from "../../../bot/store/postgres/postgres-client.ts";
import { parseServer } from "../../../bot/store/postgres/server.ts";
import { patient, type Version } from "./server.ts";

/** The url of a new database on a server of that version, which goes with the test; `empty`: it has no tables yet. */
export async function newPostgres(version: Version, from: "tables" | "empty" = "tables"): Promise<string> {
  const url = await makePostgres(version, from);
  onTestFinished(() => dropPostgres(version, url));
  return url;
}

export async function makePostgres(version: Version, from: "tables" | "empty" = "tables"): Promise<string> {
  const answer = await fetch(`${inject("postgres")}/${version}?${from}`, { method: "POST" });
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
  return new PostgresClient(server, host, { timeouts: patient, inFlight: new InFlight() });
}

/** As `connectTo`; notes how many statements it sends in each go. */
export function connectNoting(url: string, sent: number[]): PostgresClient {
  const client = connectTo(url);
  const ask = client.ask.bind(client);
  client.ask = (statements) => {
    sent.push(statements.length);
    return ask(statements);
  };
  return client;
}
