import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { stringify } from "yaml";
import { startBot } from "../bench/process.ts";
import { type AlarmCentre, startAlarmCentre } from "../fakes/alarm-centre.ts";
import { startDesk } from "../fakes/desk.ts";
import { buildPager, buildSettings, buildSource, toPolicy } from "../fixtures/configuration.ts";

const deskSecret = "een-lang-geheim-voor-de-desk";
const sourceSecret = "een-lang-geheim-voor-knoppen";
/** Generous for a busy machine, and less than the 24 s after which a stop that hangs is broken off. */
const inTimeMs = 20_000;
const key = "000102030405060708090A0B0C0D0E0F";

/** The real process with one servant that fails, an alarm centre that it pages first, and a desk that it pages then. */
async function openBot(servant: string) {
  await using stack = new AsyncDisposableStack();
  const folder = mkdtempSync(join(tmpdir(), "servants-"));
  stack.defer(() => rmSync(folder, { recursive: true }));
  const desk = stack.use(await startDesk({ secret: deskSecret }));
  const centre = stack.use(await startAlarmCentre({ now: Date.now, key: Buffer.from(key, "hex") }));
  const path = join(folder, "rugdekking.yaml");
  writeFileSync(path, stringify(toSettings(folder, desk.url, centre)));
  const bot = stack.use(
    await startBot(path, join(folder, "bot.log"), {
      NODE_OPTIONS: "--import ./test/crash/bad-servants.ts",
      SERVANT: servant,
    }),
  );
  const held = stack.move();
  return {
    bot,
    desk,
    centre,
    async press(): Promise<number> {
      const { status } = await fetch(`http://127.0.0.1:${bot.port}/alarms/buttons`, {
        method: "POST",
        headers: { authorization: `Bearer ${sourceSecret}`, "content-type": "application/json" },
        body: JSON.stringify({ button: "0042", place: "Kamer 42" }),
      });
      return status;
    },
    /** Sends SIGTERM; resolves with the code with which the process ends. */
    async end(): Promise<unknown> {
      bot.child.kill("SIGTERM");
      if (bot.child.exitCode === null && bot.child.signalCode === null) await once(bot.child, "exit");
      return bot.child.exitCode;
    },
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  };
}

function toSettings(folder: string, desk: string, { port }: AlarmCentre) {
  const steps = [
    { after: "1s", page: "centre" },
    { after: "2s", page: "desk" },
  ];
  return buildSettings({
    listen: { host: "127.0.0.1", port: 0 },
    publicUrl: "http://127.0.0.1:1",
    database: `sqlite:${join(folder, "rugdekking.db")}`,
    teams: { local: true, serviceUrl: "http://127.0.0.1:1" },
    sources: { buttons: buildSource(sourceSecret, "short") },
    policies: { short: toPolicy(steps, { teamsWithin: "10m" }) },
    pagers: {
      centre: { type: "sia-dc09", account: "1234", key, primary: { host: "127.0.0.1", port, pollEvery: "10s" } },
      desk: buildPager(desk, deskSecret),
    },
  });
}

it.each(["calendar that throws", "calendar that strikes", "calendar that hangs"])(
  "beside a %s the real process pages in time, and ends at SIGTERM",
  async (servant) => {
    await using opened = await openBot(servant);
    const pressedAt = performance.now();
    expect(await opened.press()).toBe(202);
    await opened.desk.expectPage();
    // The second page is due after 2 s.
    expect(performance.now() - pressedAt).toBeLessThan(inTimeMs);
    const endedAt = performance.now();
    // No code: it ended itself in the middle of a line of its log, which a calendar that strikes on always has.
    expect([0, null]).toContain(await opened.end());
    expect(performance.now() - endedAt).toBeLessThan(inTimeMs);
    expect(opened.bot.log()).not.toContain('"event":"unhandled-rejection"');
  },
);

it("beside a supervision that throws the real process pages by the next route, and ends at SIGTERM", async () => {
  await using opened = await openBot("supervision that throws");
  const { bot } = opened;
  await opened.centre.received();
  bot.child.kill("SIGUSR2");
  await expect.poll(() => bot.log()).toContain('"event":"pager-supervision-ended"');
  const pressedAt = performance.now();
  expect(await opened.press()).toBe(202);
  await opened.desk.expectPage();
  expect(performance.now() - pressedAt).toBeLessThan(inTimeMs);
  expect(bot.log()).toMatch(/"part":"supervision","event":"pager-lost"/);
  expect(await opened.end()).toBe(0);
});

it.each(["hang", "reset", "garbage"] as const)(
  "beside a pager that does nothing but %s the real process pages by the next route, and ends at SIGTERM, also where that hangs",
  async (kind) => {
    await using opened = await openBot("none");
    const { desk, centre } = opened;
    centre.behave({ kind });
    centre.behaveToPolls({ kind });
    desk.answerWith({ kind: "hang" });
    const pressedAt = performance.now();
    expect(await opened.press()).toBe(202);
    await desk.expectPage();
    expect(performance.now() - pressedAt).toBeLessThan(inTimeMs);
    await expect.poll(() => centre.events.length).toBeGreaterThan(0);
    const endedAt = performance.now();
    expect(await opened.end()).toBe(0);
    expect(performance.now() - endedAt).toBeLessThan(inTimeMs);
  },
);

const proof = `authorization: Bearer ${sourceSecret}\r\n`;

it("beside connections that hang, lie and break off the real process pages in time, and ends at SIGTERM", async () => {
  await using opened = await openBot("none");
  const { bot, desk } = opened;
  using sockets = new DisposableStack();
  const begun = [
    "",
    "POST /alarms/buttons HTTP/1.1\r\nhost: x\r\n",
    `POST /alarms/buttons HTTP/1.1\r\nhost: x\r\n${proof}content-length: 50\r\n\r\n{"button":"0051","pl`,
    `POST /alarms/buttons HTTP/1.1\r\nhost: x\r\n${proof}content-length: 9\r\n\r\n{"button":"0051"}`,
    `POST /alarms/buttons HTTP/1.1\r\nhost: x\r\n${proof}transfer-encoding: chunked\r\n\r\nffffff\r\n{"bu`,
    "POST /guard/x HTTP/1.1\r\nhost: x\r\ncontent-length: 50\r\n\r\nanswer=",
    "POST /api/messages HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: 50\r\n\r\n{",
    "CONNECT teams.example:443 HTTP/1.1\r\nhost: x\r\n\r\n",
    "GET /health/live HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n",
    `GET /health/ready HTTP/1.1\r\nhost: x\r\n\r\n`.repeat(500),
  ];
  for (const isLeft of [false, true])
    for (const bytes of begun) {
      const socket = sockets.adopt(connect(bot.port, "127.0.0.1"), (each) => each.destroy());
      socket.on("error", () => undefined).pause();
      await once(socket, "connect");
      await new Promise((resolve) => socket.write(bytes, resolve));
      if (!isLeft) socket.resetAndDestroy();
    }
  const pressedAt = performance.now();
  expect(await opened.press()).toBe(202);
  await expect.poll(() => desk.pages.map(({ incident }) => incident.place)).toContain("Kamer 42");
  expect(performance.now() - pressedAt).toBeLessThan(inTimeMs);
  const endedAt = performance.now();
  expect(await opened.end()).toBe(0);
  expect(performance.now() - endedAt).toBeLessThan(inTimeMs);
});
