import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { openLog } from "../../bot/logging/open-log.ts";
import { parseServer } from "../../bot/store/postgres/server.ts";
import { openStore } from "../../bot/store/store.ts";
import { scratch } from "../scratch.ts";
import { connectTo } from "../storage/postgres/new-postgres.ts";
import { PostgresServer, patient } from "../storage/postgres/server.ts";
import { load, problemOf } from "./small.ts";

/** With all that means something in an address. */
const password = "p@ss:w/ö%40?#&";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(scratch, "password-"));
  chmodSync(folder, 0o755);
});
afterEach(() => rmSync(folder, { recursive: true }));

function write(text: string): void {
  writeFileSync(join(folder, "password"), text, { mode: 0o600 });
}

/** The setting, with the password in a file. */
function toSetting(host: string): string {
  return `database: { url: "postgres://rugdekking@${host}/alarm", password: "file:${folder}/password" }\nteams:`;
}

it.each([
  ["as it is", password],
  ["without the newline at its end", `${password}\n`],
  ["without one of Windows", `${password}\r\n`],
])("is read from a file %s", (_how, text) => {
  write(text);
  const { hosts, user, password: read, database } = parseServer(load("teams:", toSetting("db1:1,db2")).database);
  expect([hosts.map(({ host }) => host), user, read, database]).toEqual([
    ["db1", "db2"],
    "rugdekking",
    password,
    "alarm",
  ]);
});

it.each([
  ["is not there", null, "there is no such file or folder (ENOENT)"],
  ["is empty", "", "it is empty"],
  ["holds a newline alone", "\n", "it is empty"],
])("is a problem of the setting where the file %s", (_what, text, wrong) => {
  if (text !== null) write(text);
  const problem = problemOf("teams:", toSetting("db1"));
  expect(problem.path).toBe("database.password");
  expect(problem.wrong).toBe(`the file ${folder}/password can't be used: ${wrong}`);
});

it("lets the bot in; one that was changed does after the next start, and until then it is told", async () => {
  const rules = join(folder, "rules");
  const all = ["host all postgres 127.0.0.1/32 trust", "host all all 127.0.0.1/32 scram-sha-256", ""];
  writeFileSync(rules, all.join("\n"), { mode: 0o644 });
  await using server = await PostgresServer.start("18", { hba_file: rules });
  const beside = connectTo(`postgres://postgres@127.0.0.1:${server.port}/postgres`);
  await beside.script(`create role rugdekking login password '${password}'`);
  await beside.script("create database alarm owner rugdekking");
  const start = () => {
    const { database: url } = load("teams:", toSetting(`127.0.0.1:${server.port}`));
    return openStore({ url, log: openLog("silent"), timeouts: patient });
  };
  write(`${password}\n`);
  {
    await using store = await start();
    await store.probe();
    expect(await store.inspect()).toEqual([]);
    await beside.script("alter role rugdekking password 'another'");
    await beside.script("select pg_terminate_backend(pid) from pg_stat_activity where usename = 'rugdekking'");
    await expect(store.probe()).rejects.toThrow();
    expect(await store.inspect()).toEqual(["storage-refuses", "storage-shut"]);
  }
  {
    await using store = await start();
    expect(await store.inspect()).toEqual(["storage-aside", "storage-shut"]);
  }
  write("another\n");
  {
    await using store = await start();
    await store.probe();
    expect(await store.inspect()).toEqual([]);
  }
  await beside.close();
});
