import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { get } from "node:http";
import { connect, type Socket } from "node:net";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import Database from "better-sqlite3";
import { expect, it } from "vitest";
import { stringify } from "yaml";
import { startBot } from "../bench/process.ts";
import { startDesk } from "../fakes/desk.ts";
import { until } from "../fakes/listener-host.ts";
import { type Colleague, FakeTeams } from "../fakes/teams.ts";
import { toActivity } from "../fakes/teams-activity.ts";
import { scratch } from "../scratch.ts";

const secret = "een-lang-geheim-voor-knoppen";
const conversation = "19:alarms@thread.tacv2";
const alice: Colleague = { teamsId: "29:1", aadObjectId: "00000000-0000-4000-8000-000000000001", name: "Alice Jansen" };

/** The real process, one open incident that was paged, and what a guard and a colleague are about to send. */
async function openCase() {
  await using stack = new AsyncDisposableStack();
  const folder = await mkdtemp(join(scratch, "stopping-"));
  stack.defer(() => rm(folder, { recursive: true }));
  const database = join(folder, "rugdekking.db");
  const teams = stack.use(await new FakeTeams({ channels: [conversation], colleagues: [alice] }).start());
  const desk = stack.use(await startDesk({ secret }));
  const path = join(folder, "rugdekking.yaml");
  await writeFile(path, stringify(toSettings(database, teams.serviceUrl, desk.url)));
  const bot = stack.use(await startBot(path, join(folder, "bot.log")));
  const pressed = await fetch(`http://127.0.0.1:${bot.port}/alarms/buttons`, {
    method: "POST",
    headers: { authorization: `Bearer ${secret}`, "content-type": "application/json" },
    body: JSON.stringify({ button: "0042", place: "Spreekkamer 3" }),
  });
  const { incident } = (await pressed.json()) as { incident: string };
  const { acceptUrl } = await desk.expectPage();
  const action = { type: "Action.Execute", title: "", verb: "claim", data: { incident } };
  const claim = { type: "invoke", name: "adaptiveCard/action", value: { action } };
  const events = () => {
    using opened = new DisposableStack();
    const file = opened.adopt(new Database(database, { readonly: true }), (each) => void each.close());
    const rows = file.prepare<[string], { body: string }>("select body from history where incident = ?").all(incident);
    return rows.map(({ body }) => (JSON.parse(body) as { kind: string }).kind);
  };
  // What follows the press is on disk before anything is asked of that disk.
  await until(() => ["card-posted", "page-accepted"].every((kind) => events().includes(kind)));
  const held = stack.move();
  return {
    bot,
    events,
    guard: {
      path: new URL(acceptUrl ?? "").pathname,
      type: "application/x-www-form-urlencoded",
      body: "answer=accept",
    },
    click: {
      path: "/api/messages",
      type: "application/json",
      body: JSON.stringify(toActivity(teams, alice, conversation, claim)),
    },
    /** Another process holds the only write lock of the file, as a backup does. */
    holdDisk() {
      const other = new Database(database);
      other.exec("begin immediate");
      return { [Symbol.dispose]: () => other.close() };
    },
    async ended() {
      if (bot.child.exitCode === null && bot.child.signalCode === null) await once(bot.child, "exit");
      return bot.child.exitCode;
    },
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  };
}

interface Message {
  readonly path: string;
  readonly type: string;
  readonly body: string;
}

/** Sends the first half of a message. */
async function sendHalf(port: number, { path, type, body }: Message) {
  const socket = connect({ port, host: "127.0.0.1", noDelay: true });
  await once(socket, "connect");
  const head = [`POST ${path} HTTP/1.1`, "host: 127.0.0.1", `content-type: ${type}`, `content-length: ${body.length}`];
  const half = Math.floor(body.length / 2);
  socket.write(`${head.join("\r\n")}\r\n\r\n${body.slice(0, half)}`);
  return { socket, rest: body.slice(half) };
}

/** The status of the answer. */
async function finish({ socket, rest }: { socket: Socket; rest: string }): Promise<number> {
  const [chunk] = await Promise.all([once(socket, "data"), socket.write(rest)]);
  socket.destroy();
  return Number(/^HTTP\/1.1 (\d+)/.exec(String(chunk[0]))?.[1]);
}

async function send(port: number, { path, type, body }: Message): Promise<number> {
  const headers = { "content-type": type };
  const answered = await fetch(`http://127.0.0.1:${port}${path}`, {
    method: "POST",
    headers,
    body,
    redirect: "manual",
  });
  await answered.text();
  return answered.status;
}

it("finishes what was half sent when it was told to stop", async () => {
  await using held = await openCase();
  const { bot, guard, click } = held;
  const halves = [await sendHalf(bot.port, guard), await sendHalf(bot.port, click)];
  // Whoever connects later is answered later: by now it has both halves.
  await once(get(`http://127.0.0.1:${bot.port}/health/live`), "response");
  bot.child.kill("SIGTERM");
  await until(() => bot.log().includes('"event":"stopping"'));
  expect(await Promise.all(halves.map(finish))).toEqual([303, 200]);
  expect(await held.ended()).toBe(0);
  expect(held.events()).toEqual(expect.arrayContaining(["guard-accepted", "claimed"]));
});

it("keeps an answer that comes while another process holds the disk for 3 s, and writes it then", async () => {
  await using held = await openCase();
  const { bot, guard, click } = held;
  {
    using _held = held.holdDisk();
    await Promise.all([send(bot.port, guard), send(bot.port, click), setTimeout(3_000)]);
    expect(held.events()).not.toContain("guard-accepted");
  }
  await until(() => ["guard-accepted", "claimed"].every((kind) => held.events().includes(kind)));
});

it("keeps it as well when it is told to stop meanwhile, and the disk is held for 8 s", async () => {
  await using held = await openCase();
  const { bot, guard, click } = held;
  {
    using _held = held.holdDisk();
    const until = setTimeout(8_000);
    await Promise.all([send(bot.port, guard), send(bot.port, click)]);
    bot.child.kill("SIGTERM");
    await until;
    expect(bot.child.exitCode).toBeNull();
  }
  expect(await held.ended()).toBe(0);
  expect(held.events()).toEqual(expect.arrayContaining(["guard-accepted", "claimed"]));
});

function toSettings(database: string, serviceUrl: string, desk: string): Record<string, unknown> {
  const steps = [
    { after: "0s", tell: "frontdesk" },
    { after: "0s", page: "desk" },
  ];
  return {
    organisation: "Gemeente Voorbeeld",
    listen: { host: "127.0.0.1", port: 0 },
    publicUrl: "http://127.0.0.1:1",
    database: `sqlite:${database}`,
    teams: { local: true, serviceUrl },
    channels: { frontdesk: { conversation } },
    sources: { buttons: { type: "webhook", secret, policy: "now", channel: "frontdesk" } },
    policies: { now: { repeatEvery: "6h", steps } },
    pagers: { desk: { type: "webhook", url: desk, secret } },
  };
}
