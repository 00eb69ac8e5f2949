/**
 * `node test/old-database/make.ts 30ea555` writes test/fixtures/database-30ea555.sql and .jsonl by the code that is
 * checked out. It was run at commit 30ea555, and is run again only to keep what another version stores, under that
 * version's name: a fixture that is written anew proves nothing of what an old version stored.
 */
import crypto from "node:crypto";
import { writeFileSync } from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { join } from "node:path";
import Database from "better-sqlite3";
import { minute, second } from "../harness.ts";
import { startBotWithFakes } from "./bot-with-fakes.ts";
import { anyServiceUrl, dump, load } from "./dump.ts";
import { Morning } from "./morning.ts";

const name = process.argv[2];
if (name === undefined) throw new Error("say by which commit it is written");
const startAt = "2026-11-24T09:00:00Z";

repeatRandom();
await using started = await startBotWithFakes(startAt, async () => ({}));
const morning = new Morning(started);
await morning.pass();

const takenAt = Date.parse(startAt) + 30 * minute + 9 * second;
if (started.bot.clock.now() !== takenAt) throw new Error("the morning did not end when it should");
// The bot still runs: this is what a killed process leaves behind, with rows that it had leased.
const database = new Database(join(started.bot.folder, "rugdekking.db"), { readonly: true });
const bare = dump(database).replaceAll(started.bot.teams.serviceUrl, anyServiceUrl);
database.close();
// Kysely notes by the clock on the wall when it changed the tables.
const sql = bare.replace(/'\d{4}-\d\d-\d\dT[\d:.]+Z'\)/g, `'${startAt}')`);
const copy = load(":memory:", sql);
if (dump(copy) !== sql) throw new Error("the dump does not make the database that it was taken from");
const hands = [{ kind: "taken", at: new Date(takenAt).toISOString() }, ...morning.inHand()];
const lines = hands.map((each) => JSON.stringify(each).replaceAll(started.bot.teams.serviceUrl, anyServiceUrl));

const path = join(import.meta.dirname, `../fixtures/database-${name}`);
const head = `-- What commit ${name} left behind when it was killed: test/old-database/make.ts wrote it, with that commit's code.\n`;
// What an old version wrote is never replaced.
writeFileSync(`${path}.sql`, `${head}${sql}`, { flag: "wx" });
writeFileSync(`${path}.jsonl`, `${lines.join("\n")}\n`, { flag: "wx" });

/** The same ids and keys at every run: what differs between two fixtures is what the versions store. */
function repeatRandom(): void {
  let count = 0;
  const bytes = (size: number) => {
    count += 1;
    return crypto.createHash("shake256", { outputLength: size }).update(`old database ${count}`).digest();
  };
  const randomUUID = () => {
    const hex = bytes(16).toString("hex");
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`;
  };
  Object.assign(crypto, { randomUUID, randomBytes: bytes, randomInt: (least: number) => least + 4_099 });
  syncBuiltinESMExports();
  Object.defineProperty(globalThis.crypto, "randomUUID", { value: randomUUID });
}
