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

export function makePostgres(version: Version, from: "tables" | "empty" = "tables"): Promise<string> {
  return ask("POST", `${version}?${from}`);
}

/** The url of a database with all that stands in that one, to which nobody may be connected. */
export function copyPostgres(version: Version, url: string): Promise<string> {
  return ask("POST", `${version}?of=${nameOf(url)}`);
}

/** Drops that database, and makes it anew of a copy. */
export async function putBackPostgres(version: Version, url: string, copy: string): Promise<void> {
  await ask("PUT", `${version}/${nameOf(url)}?of=${nameOf(copy)}`);
}

export async function dropPostgres(version: Version, url: string): Promise<void> {
  await fetch(`${inject("postgres")}/${version}/${nameOf(url)}`, { method: "DELETE" });
}

async function ask(method: "POST" | "PUT", path: string): Promise<string> {
  const answer = await fetch(`${inject("postgres")}/${path}`, { method });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`no database was made: ${text}`);
  return text;
}

function nameOf(url: string): string {
  return url.slice(url.lastIndexOf("/") + 1);
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
