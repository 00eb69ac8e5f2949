import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { stringify } from "yaml";
import { type Running, startBot } from "../bench/process.ts";
import { type Desk, startDesk } from "../fakes/desk.ts";
import { buildPager, buildSettings, buildSource, toPolicy } from "../fixtures/configuration.ts";

const deskSecret = "een-lang-geheim-voor-de-desk";
const sourceSecret = "een-lang-geheim-voor-knoppen";
const hourMs = 3_600_000;
/** There is no Teams here, and that alone pages nobody. */
const patient = { teamsWithin: "2h" };

/** The real process on a machine whose clocks the test moves, and a desk that believes what a page says of time. */
class MovedBot implements AsyncDisposable {
  readonly desk: Desk;
  readonly #folder: string;
  readonly #settings: string;
  #running: Running | null = null;
  #starts = 0;

  constructor(folder: string, desk: Desk, firstPageAfter: string) {
    this.#folder = folder;
    this.desk = desk;
    this.#settings = join(folder, "rugdekking.yaml");
    const steps = [{ after: firstPageAfter, page: "desk" }];
    const settings = buildSettings({
      listen: { host: "127.0.0.1", port: 0 },
      publicUrl: "http://127.0.0.1:1",
      database: `sqlite:${join(folder, "rugdekking.db")}`,
      teams: { local: true, serviceUrl: "http://127.0.0.1:1" },
      channels: { frontdesk: { conversation: "19:alarms@thread.tacv2" } },
      sources: { buttons: buildSource(sourceSecret, "usual"), quick: buildSource(sourceSecret, "quick") },
      policies: { usual: toPolicy(steps, patient), quick: toPolicy([{ after: "1s", page: "desk" }], patient) },
      pagers: { desk: buildPager(desk.url, deskSecret) },
    });
    writeFileSync(this.#settings, stringify(settings));
  }

  get running(): Running {
    return this.#running ?? expect.fail("the process does not run");
  }

  /** Kills the process that runs, if any, and starts one whose machine's clock is off by so much. */
  async start(movedMs = 0): Promise<void> {
    await this.#running?.kill();
    this.#starts += 1;
    const env = { NODE_OPTIONS: "--import ./test/crash/moved-clock.ts", MOVED_MS: String(movedMs) };
    this.#running = await startBot(this.#settings, join(this.#folder, `bot-${this.#starts}.log`), env);
  }

  async press(source = "buttons"): Promise<number> {
    const { status } = await fetch(`http://127.0.0.1:${this.running.port}/alarms/${source}`, {
      method: "POST",
      headers: { authorization: `Bearer ${sourceSecret}`, "content-type": "application/json" },
      body: JSON.stringify({ id: "druk", button: "0042" }),
    });
    return status;
  }

  /** Waits until the log has that event. */
  async logs(event: string): Promise<void> {
    await expect.poll(() => this.running.log()).toContain(`"event":"${event}"`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#running?.kill();
    await this.desk[Symbol.asyncDispose]();
    rmSync(this.#folder, { recursive: true });
  }
}

async function openBot(firstPageAfter: string, deskOffMs = 0): Promise<MovedBot> {
  // The desk's own clock shows what the machine's will show when it pages.
  const desk = await startDesk({ secret: deskSecret, now: () => Date.now() + deskOffMs });
  const bot = new MovedBot(mkdtempSync(join(tmpdir(), "clock-")), desk, firstPageAfter);
  await bot.start();
  expect(await bot.press()).toBe(202);
  return bot;
}

it("a machine that was suspended for an hour pages at once what was due meanwhile", async () => {
  await using bot = await openBot("30m", hourMs);
  bot.running.child.kill("SIGUSR2");
  await bot.desk.expectPage("unclaimed");
  expect(bot.running.log()).toContain('"event":"machine-suspended"');
  expect(bot.running.log()).not.toContain('"event":"clock-stepped"');
});

it("a clock that is set an hour on pages nothing before its moment", async () => {
  await using bot = await openBot("30m", hourMs);
  bot.running.child.kill("SIGWINCH");
  await bot.logs("clock-stepped");
  expect(await bot.press("quick")).toBe(202);
  // The second alarm comes due in a second; what the step had made due would have gone before.
  expect((await bot.desk.expectPage("unclaimed")).incident.number).toBe(2);
  bot.desk.expectNothing();
});

it("a process that is killed, on a machine whose clock is 40 s behind then, pages as soon as before", async () => {
  await using bot = await openBot("3s");
  const begunAt = performance.now();
  await bot.start(-40_000);
  await bot.desk.expectPage("unclaimed");
  expect(performance.now() - begunAt).toBeLessThan(30_000);
  expect(bot.running.log()).toContain('"event":"clock-somewhat-behind"');
});

it("a process that is killed, on a machine whose clock is an hour behind then, pages at once", async () => {
  await using bot = await openBot("30m", -hourMs);
  await bot.start(-hourMs);
  await bot.desk.expectPage("unclaimed");
  expect(bot.running.log()).toContain('"event":"clock-behind"');
});
