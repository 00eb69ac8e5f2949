import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "better-sqlite3";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { backup } from "../../bot/words/database/backup.ts";
import { restore } from "../../bot/words/database/restore.ts";
import { changeDatabase } from "../damage.ts";
import { buildSettings } from "../fixtures/configuration.ts";
import { endProcess, freePort, startBotProcess } from "./processes.ts";

const folder = mkdtempSync(join(tmpdir(), "copies-"));
const config = join(folder, "rugdekking.yaml");
const database = join(folder, "rugdekking.db");
const copy = join(folder, "copy.db");
let port: number;
let bot: ChildProcess | null = null;

beforeAll(async () => {
  port = await freePort();
  const listen = { host: "127.0.0.1", port };
  const buttons = [{ source: "buttons", id: "0042", place: "Spreekkamer 3" }];
  writeFileSync(config, stringify(buildSettings({ listen, buttons, database: `sqlite:${database}` })), { mode: 0o600 });
});
afterAll(async () => {
  await stop();
  rmSync(folder, { recursive: true });
});

async function start(): Promise<void> {
  bot = await startBotProcess(config);
  bot.stdout?.resume();
}

async function stop(): Promise<void> {
  if (bot !== null) await endProcess(bot);
  bot = null;
}

async function run(command: "backup" | "restore", file: string) {
  const child = spawn(process.execPath, [`bot/cli/copies/${command}.ts`, file], {
    env: { ...process.env, RUGDEKKING_CONFIG: config },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let [stdout, stderr] = ["", ""];
  child.stdout.on("data", (chunk) => {
    stdout += chunk;
  });
  child.stderr.on("data", (chunk) => {
    stderr += chunk;
  });
  const [status] = await once(child, "close");
  return { status, stdout, stderr };
}

async function press(button: string): Promise<number> {
  const headers = { authorization: "Bearer een-lang-geheim-voor-knoppen" };
  const body = JSON.stringify({ button });
  return (await fetch(`http://127.0.0.1:${port}/alarms/buttons`, { method: "POST", headers, body })).status;
}

function query<Row>(path: string, text: string): readonly Row[] {
  using stack = new DisposableStack();
  return stack
    .adopt(new Database(path, { readonly: true }), (each) => each.close())
    .prepare<[], Row>(text)
    .all();
}

describe("npm run backup and npm run restore", () => {
  it("copies beside presses: every press that was answered before is in it, and each is answered meanwhile", async () => {
    await start();
    const before = Array.from({ length: 20 }, (_, index) => `before-${index}`);
    for (const button of ["0042", ...before]) expect(await press(button)).toBe(202);
    let isDone = false;
    const copying = run("backup", copy).finally(() => {
      isDone = true;
    });
    const answers = new Set<number>();
    for (let index = 0; !isDone; index += 1) answers.add(await press(`beside-${index}`));
    const { status, stdout, stderr } = await copying;
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout).toContain(copy);
    expect(stdout).toContain(backup.nl.sameDisk);
    expect([...answers]).toEqual([202]);
    const buttons = query<{ button: string }>(copy, "select button from incidents").map(({ button }) => button);
    expect(buttons).toEqual(expect.arrayContaining(["0042", ...before]));
    expect(statSync(copy).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toContain("rugdekking.db.copied");
    expect(await run("backup", copy)).toEqual({
      status: 1,
      stdout: "",
      stderr: `${backup.nl.fault.exists(database, copy)}\n`,
    });
  });

  it("refuses to put one back while the bot runs", async () => {
    expect(await run("restore", copy)).toEqual({ status: 1, stdout: "", stderr: `${restore.nl.inUse}\n` });
    expect(await press("after")).toBe(202);
  });

  it("without a terminal keeps what is open only in the present database, and says so", async () => {
    await stop();
    const { status, stdout, stderr } = await run("restore", copy);
    expect({ status, stderr }).toEqual({ status: 1, stderr: `${restore.nl.lostRefused}\n` });
    expect(stdout).toContain("knop after");
    expect(readdirSync(folder).filter((name) => name.includes("aside"))).toEqual([]);
  });

  it("puts it back, keeps the other, and the bot pages what was open with nobody having said that it is over", async () => {
    // What came since the copy is over by now.
    changeDatabase(database, "update incidents set closed_at = 1 where button like 'beside-%' or button = 'after'");
    const { status, stdout, stderr } = await run("restore", copy);
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout).toContain("Alarm 1, Spreekkamer 3");
    expect(stdout).toContain(restore.nl.goesOn(1));
    const [aside = ""] = readdirSync(folder).filter((name) => name.includes(".aside-"));
    expect(stdout).toContain(restore.nl.aside(join(folder, aside)));
    expect(query(join(folder, aside), "select 1 from incidents where button = 'after'")).toHaveLength(1);
    expect(statSync(database).mode & 0o777).toBe(0o600);
    await start();
    const pages = `select 1 from history where body ->> '$.kind' = 'page-queued' and body ->> '$.reason' = 'repeat'`;
    await expect.poll(() => query(database, pages).length).toBeGreaterThanOrEqual(21);
    await stop();
  });

  it("refuses what is newer, what is no database, and the database itself; nothing changes", async () => {
    const newer = join(folder, "newer.db");
    expect((await run("backup", newer)).status).toBe(0);
    changeDatabase(newer, "insert into kysely_migration values ('9999-later', ''); pragma user_version = 9999");
    const before = statSync(database).ino;
    const refusals = [
      [newer, restore.nl.newer("9999-later")],
      [config, backup.nl.fault["no-database"](config)],
      [join(folder, "absent"), backup.nl.fault.missing(join(folder, "absent"))],
      [database, restore.nl.sameFile],
    ] as const;
    for (const [file, said] of refusals)
      expect(await run("restore", file)).toEqual({ status: 1, stdout: "", stderr: `${said}\n` });
    expect(statSync(database).ino).toBe(before);
    expect(readdirSync(folder).filter((name) => name.includes("unfinished"))).toEqual([]);
  });
});
