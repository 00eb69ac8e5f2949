import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { type MigrateDatabaseWords, migrateDatabase } from "../../bot/words/database/migrate-database.ts";
import { changeDatabase } from "../damage.ts";
import { buildSettings } from "../fixtures/configuration.ts";
import { connectTo, dropPostgres, makePostgres } from "../storage/postgres/new-postgres.ts";
import { endProcess, freePort, startBotProcess } from "./processes.ts";

const folder = mkdtempSync(join(tmpdir(), "migrate-"));
const config = join(folder, "rugdekking.yaml");
const file = join(folder, "rugdekking.db");
const words: MigrateDatabaseWords = migrateDatabase.nl;
let port: number;
let url: string;
let bot: ChildProcess | null = null;

beforeAll(async () => {
  port = await freePort();
  url = await makePostgres("18", "empty");
  configure(`sqlite:${file}`);
});
afterAll(async () => {
  await stop();
  await dropPostgres("18", url);
  rmSync(folder, { recursive: true });
});

function configure(database: string): void {
  const buttons = ["0042", "0043"].map((id) => ({ source: "buttons", id, place: `Spreekkamer ${id}` }));
  const settings = buildSettings({ listen: { host: "127.0.0.1", port }, buttons, database });
  writeFileSync(config, stringify(settings), { mode: 0o600 });
}

async function start(): Promise<void> {
  bot = await startBotProcess(config);
  bot.stdout?.resume();
}

async function stop(): Promise<void> {
  if (bot !== null) await endProcess(bot);
  bot = null;
}

async function press(button: string): Promise<number> {
  const headers = { authorization: "Bearer een-lang-geheim-voor-knoppen" };
  const body = JSON.stringify({ button });
  return (await fetch(`http://127.0.0.1:${port}/alarms/buttons`, { method: "POST", headers, body })).status;
}

function begin(...typed: string[]): ChildProcess {
  return spawn(process.execPath, ["bot/cli/copies/migrate-database.ts", ...typed], {
    env: { ...process.env, RUGDEKKING_CONFIG: config },
    stdio: ["ignore", "pipe", "pipe"],
  });
}

async function run(...typed: string[]) {
  const child = begin(...typed);
  const said = { stdout: "", stderr: "" };
  for (const from of ["stdout", "stderr"] as const)
    child[from]?.on("data", (chunk) => {
      said[from] += chunk;
    });
  const [status] = await once(child, "close");
  return { status, ...said };
}

const move = () => run(`sqlite:${file}`, url);

async function query<Row>(text: string): Promise<readonly Row[]> {
  const client = connectTo(url);
  try {
    return (await client.query<Row>(text, [])).rows;
  } finally {
    await client.close();
  }
}

describe("npm run migrate-database", () => {
  it("moves nothing while the bot runs on the file, and the bot goes on taking presses", async () => {
    await start();
    expect(await press("0042")).toBe(202);
    expect(await move()).toEqual({ status: 1, stdout: "", stderr: `${words.fault["file-in-use"](file, "")}\n` });
    expect(await press("0043")).toBe(202);
    await stop();
  });

  it("leaves nothing where it is killed half-way", async () => {
    changeDatabase(
      file,
      `with recursive n(i) as (select 1 union all select i + 1 from n where i < 400000)
        insert into usual_places select 'person ' || i, 'Balie' from n`,
    );
    const child = begin(`sqlite:${file}`, url);
    const isCopying = "select 1 from pg_stat_activity where state = 'active' and query like 'copy \"usual_places\"%'";
    while ((await query(isCopying)).length === 0) {
      if (child.exitCode !== null) throw new Error("it ended before it was killed");
      await wait(5);
    }
    child.kill("SIGKILL");
    await once(child, "close");
    expect(await query("select 1 from incidents union all select 1 from usual_places")).toEqual([]);
    changeDatabase(file, "delete from usual_places");
  });

  it("begins anew then, says what it did, and changes nothing in the file", async () => {
    const before = readFileSync(file);
    const { status, stdout, stderr } = await move();
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    const rows = Number(/\((\d+) rijen/.exec(stdout)?.[1]);
    expect(rows).toBeGreaterThan(10);
    expect(stdout).toContain(words.open(2));
    expect(stdout).toContain(words.configure);
    expect(stdout).toContain(words.kept(file));
    expect(stdout).not.toContain("postgres:");
    expect(readFileSync(file)).toEqual(before);
  });

  it("lets the bot go on there with what was open, and number on", async () => {
    configure(url);
    await start();
    expect(await press("0042")).toBe(202);
    expect(await press("new")).toBe(202);
    const open = await query<{ number: number; button: string }>(
      "select number, button from incidents where closed_at is null order by number",
    );
    expect(open).toEqual([
      { number: 1, button: "0042" },
      { number: 2, button: "0043" },
      { number: 3, button: "new" },
    ]);
    const again = await query(
      `select 1 from history join incidents on id = incident where number = 1 and history.body like '%"pressed-again"%'`,
    );
    expect(again).toHaveLength(1);
  });

  it("moves nothing while the bot runs there, nor where something stands there already", async () => {
    expect(await move()).toEqual({ status: 1, stdout: "", stderr: `${words.fault["server-in-use"](file, "")}\n` });
    await stop();
    expect(await move()).toEqual({ status: 1, stdout: "", stderr: `${words.fault["not-empty"](file, "")}\n` });
  });

  it("says what was expected where something else is typed, or can't be read or reached", async () => {
    const absent = join(folder, "absent");
    const port1 = "postgres://rugdekking@127.0.0.1:1/rugdekking";
    const refusals = [
      [[file, url], words.from],
      [[`sqlite:${file}`, `sqlite:${absent}`], words.to],
      [[`sqlite:${absent}`, url], words.fault.missing(absent, "")],
      [[`sqlite:${config}`, url], words.fault["no-database"](config, "")],
      [
        [`sqlite:${file}`, url, "--password-file", absent],
        words.password(absent, "er is geen bestand of map die zo heet (ENOENT)"),
      ],
      [[`sqlite:${file}`, port1], words.fault.server("", "PostgreSQL: the connection failed (ECONNREFUSED)")],
    ] as const;
    for (const [typed, said] of refusals)
      expect(await run(...typed)).toEqual({ status: 1, stdout: "", stderr: `${said}\n` });
  });
});
