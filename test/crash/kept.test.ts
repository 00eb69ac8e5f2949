import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import Database from "better-sqlite3";
import { expect, it } from "vitest";
import { stringify } from "yaml";
import { type Running, startBot } from "../bench/process.ts";
import { startDesk } from "../fakes/desk.ts";
import { buildPager, buildSettings, toPolicy } from "../fixtures/configuration.ts";

const secret = "een-lang-geheim-voor-de-bewaking";
const common = { policy: "short", channel: "frontdesk" };

/** The real process, whose one source says that it is on and that it is off, each once. */
async function openCase() {
  await using stack = new AsyncDisposableStack();
  const folder = mkdtempSync(join(tmpdir(), "kept-"));
  stack.defer(() => rmSync(folder, { recursive: true }));
  const desk = stack.use(await startDesk({ secret }));
  const database = join(folder, "rugdekking.db");
  const path = join(folder, "rugdekking.yaml");
  const settings = buildSettings({
    listen: { host: "127.0.0.1", port: 0 },
    publicUrl: "http://127.0.0.1:1",
    database: `sqlite:${database}`,
    teams: { local: true, serviceUrl: "http://127.0.0.1:1" },
    channels: { frontdesk: { conversation: "19:alarms@thread.tacv2" } },
    sources: { monitoring: { type: "pagerduty-events", secret, ...common } },
    buttons: [],
    policies: { short: toPolicy([{ after: "10m", page: "desk" }], { teamsWithin: "10m" }) },
    pagers: { desk: buildPager(desk.url, secret) },
  });
  writeFileSync(path, stringify(settings));
  const starts: Running[] = [];
  const held = stack.move();
  return {
    async start(): Promise<Running> {
      const running = await startBot(path, join(folder, `bot-${starts.length}.log`));
      starts.push(running);
      held.use(running);
      return running;
    },
    /** What is answered to that its one alert fires, or does no more. */
    async say({ port }: Running, isOn: boolean) {
      const firing = isOn ? "Labels:\n - alertname = ButtonPressed\n" : "";
      const payload = {
        summary: "x",
        source: "Balie",
        severity: "critical",
        custom_details: { firing, num_firing: 1 },
      };
      const event_action = isOn ? "trigger" : "resolve";
      const answer = await fetch(`http://127.0.0.1:${port}/alarms/monitoring`, {
        method: "POST",
        body: JSON.stringify({ routing_key: secret, event_action, dedup_key: "a-group", client: "x", payload }),
      });
      return { status: answer.status, ...((await answer.json()) as object) };
    },
    isOnDisk(): unknown {
      using opened = new DisposableStack();
      const file = opened.adopt(new Database(database, { readonly: true }), (each) => void each.close());
      return file.prepare("select is_on from button_states").pluck().get();
    },
    /** Another process holds the only write lock of the file, so that it takes nothing, as a disk that is full. */
    holdDisk(): Disposable {
      const other = new Database(database);
      other.exec("begin immediate");
      return { [Symbol.dispose]: () => void other.close() };
    },
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  };
}

/** Says that it is on, off and on, so that it is known to say both. */
async function sayBoth(held: Awaited<ReturnType<typeof openCase>>, bot: Running): Promise<void> {
  for (const isOn of [true, false, true]) expect(await held.say(bot, isOn)).toMatchObject({ status: 202 });
  expect(await held.say(bot, true)).toMatchObject({ outcome: "seen" });
}

it("writes that a state is over when it is told to stop meanwhile, and the disk is held for a while", async () => {
  await using held = await openCase();
  const bot = await held.start();
  await sayBoth(held, bot);
  {
    using _held = held.holdDisk();
    expect(await held.say(bot, false)).toMatchObject({ status: 503 });
    bot.child.kill("SIGTERM");
    await setTimeout(4_000);
    expect(bot.child.exitCode).toBeNull();
  }
  if (bot.child.exitCode === null) await once(bot.child, "exit");
  expect([bot.child.exitCode, held.isOnDisk()]).toEqual([0, 0]);
});

it("rings for a state that is on again, whose end a process had in memory that was killed", async () => {
  await using held = await openCase();
  const first = await held.start();
  await sayBoth(held, first);
  {
    using _held = held.holdDisk();
    expect(await held.say(first, false)).toMatchObject({ status: 503 });
    await first.kill();
  }
  const next = await held.start();
  expect(await held.say(next, true)).toMatchObject({ status: 202, outcome: "repeated" });
  expect(await held.say(next, true)).toMatchObject({ status: 202, outcome: "seen" });
});

it("rings for it as well where that process had begun on a disk that took nothing, and left no trace", async () => {
  await using held = await openCase();
  const first = await held.start();
  await sayBoth(held, first);
  first.child.kill("SIGTERM");
  await once(first.child, "exit");
  {
    using _held = held.holdDisk();
    const second = await held.start();
    expect(await held.say(second, false)).toMatchObject({ status: 503 });
    await second.kill();
  }
  const next = await held.start();
  expect(await held.say(next, true)).toMatchObject({ status: 202, outcome: "repeated" });
});
