import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "vitest";
import { stringify } from "yaml";
import { type Running, startBot } from "../bench/process.ts";
import { changeDatabase } from "../damage.ts";
import { type Desk, startDesk } from "../fakes/desk.ts";
import { buildPager, buildSettings, buildSource, toPolicy } from "../fixtures/configuration.ts";

const deskSecret = "een-lang-geheim-voor-de-desk";
const sourceSecret = "een-lang-geheim-voor-knoppen";
const metricsToken = "een-geheim-voor-de-metingen";

function toPolicyAfter(after: string) {
  return toPolicy([{ after, page: "desk" }], { teamsWithin: "10m" });
}

/** The real process, its disk and a desk. */
export class BrokenBot implements AsyncDisposable {
  readonly database: string;
  readonly desk: Desk;
  readonly #folder: string;
  readonly #settings: string;
  #starts = 0;
  #running: Running | null = null;

  constructor(folder: string, desk: Desk, teamsUrl: string) {
    this.#folder = folder;
    this.desk = desk;
    this.database = join(folder, "rugdekking.db");
    this.#settings = join(folder, "rugdekking.yaml");
    const settings = buildSettings({
      listen: { host: "127.0.0.1", port: 0 },
      publicUrl: "http://127.0.0.1:1",
      database: `sqlite:${this.database}`,
      metricsToken,
      teams: { local: true, serviceUrl: teamsUrl },
      channels: { frontdesk: { conversation: "19:alarms@thread.tacv2" } },
      sources: { buttons: buildSource(sourceSecret, "short"), hasty: buildSource(sourceSecret, "soon") },
      policies: { short: toPolicyAfter("10m"), soon: toPolicyAfter("8s") },
      pagers: { desk: buildPager(desk.url, deskSecret) },
    });
    writeFileSync(this.#settings, stringify(settings));
  }

  get running(): Running {
    return this.#running ?? expect.fail("the process does not run");
  }

  async start(env: Readonly<Record<string, string>> = {}): Promise<void> {
    this.#starts += 1;
    this.#running = await startBot(this.#settings, join(this.#folder, `bot-${this.#starts}.log`), env);
  }

  /** `source`: `buttons` pages after ten minutes, `hasty` after eight seconds. */
  async press(button: string, place?: string, source: "buttons" | "hasty" = "buttons"): Promise<number> {
    const { status } = await fetch(`http://127.0.0.1:${this.running.port}/alarms/${source}`, {
      method: "POST",
      headers: { authorization: `Bearer ${sourceSecret}`, "content-type": "application/json" },
      body: JSON.stringify({ id: `druk-${button}`, button, place }),
    });
    return status;
  }

  async isReady(): Promise<boolean> {
    return (await fetch(`http://127.0.0.1:${this.running.port}/health/ready`)).ok;
  }

  async isAlive(): Promise<boolean> {
    return (await fetch(`http://127.0.0.1:${this.running.port}/health/live`)).ok;
  }

  async metrics(): Promise<string> {
    const headers = { authorization: `Bearer ${metricsToken}` };
    return (await fetch(`http://127.0.0.1:${this.running.port}/metrics`, { headers })).text();
  }

  /** Kills the process; while it is gone all steps come due, and the log is brought into the file. */
  async kill(): Promise<void> {
    await this.running.kill();
    const steps = "(select json_group_array(json_set(value, '$.dueAt', 0)) from json_each(body, '$.round.steps'))";
    const due = `update incidents set next_at = 0, body = json_set(body, '$.round.steps', json(${steps}))`;
    changeDatabase(this.database, `${due}; pragma wal_checkpoint(truncate)`);
  }

  /** Resolves with the code with which the process ends by itself. */
  async ended(): Promise<unknown> {
    const { child } = this.running;
    if (child.exitCode === null) await once(child, "exit");
    return child.exitCode;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#running?.[Symbol.asyncDispose]();
    await this.desk[Symbol.asyncDispose]();
    rmSync(this.#folder, { recursive: true });
  }
}

/** Its Teams does not answer, unless one is named. `disk`: the folder in which it has a folder of its own. */
export async function openBot(
  teamsUrl = "http://127.0.0.1:1",
  env: Readonly<Record<string, string>> = {},
  disk = tmpdir(),
) {
  const bot = new BrokenBot(mkdtempSync(join(disk, "disk-")), await startDesk({ secret: deskSecret }), teamsUrl);
  await bot.start(env);
  return bot;
}
