import { closeSync, copyFileSync, openSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { AuditLine, auditEvents } from "../../bot/log-events/audit.ts";
import { openLog } from "../../bot/logging/open-log.ts";
import { saveEnded, writeCopy } from "../../bot/store/copy/write-copy.ts";
import { nl } from "../dutch.ts";
import { accountSid, authToken, startTwilio, toCallBack } from "../fakes/twilio.ts";
import {
  alice,
  type Bot,
  carol,
  frontdesk,
  hour,
  lea,
  minute,
  people,
  type Settings,
  sourceSecret,
  startBot,
  startWithAlarm,
} from "../harness.ts";

const doctorToken = "q8Lw3Tz7Rm2Xd9Kv5Hb1Pn6Yc4Jf0GaS";
const metricsToken = "Zt5Wc8Qn1Vx4Mb7Ks2Lj9Hg6Fd3Pr0Ye";
const newSecret = "Hb1Pn6Yc4Jf0GaSq8Lw3Tz7Rm2Xd9Kv5";
const byToken = { kind: "token", setting: "doctorToken" };
const byMachine = { kind: "machine" };
const byStranger = { kind: "stranger" };
const by = ({ aadObjectId }: { aadObjectId: string }) => ({ kind: "person", id: aadObjectId });
/** Each event that a story below has seen. */
const seen = new Set<string>();

/** Who did what until now, each line as the schema has it. */
function audited(bot: Bot): object[] {
  return bot.lines
    .filter(({ facts }) => "audit" in facts)
    .map(({ level, event, facts }) => {
      const { audit } = AuditLine.parse({ time: new Date(bot.clock.now()).toISOString(), level, event, ...facts });
      seen.add(event);
      return { event, ...audit };
    });
}

/** Calls a door with that token. */
async function call(bot: Bot, path: string, token: string, body?: object): Promise<number> {
  const answered = await fetch(`${bot.url}${path}`, {
    method: body === undefined ? "GET" : "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  await answered.text();
  await bot.settle();
  return answered.status;
}

async function type(bot: Bot, who: typeof alice, where: string, text: string): Promise<void> {
  await bot.teams.say(who, where, text);
  await bot.settle();
}

describe("the configuration", () => {
  it("was read again by who has the token: what changed stands there by its path, and that a secret did", async () => {
    await using bot = await startBot({ settings: { doctorToken } });
    const { sources, pagers } = bot.settings as { sources: { buttons: Settings }; pagers: { desk: Settings } };
    const buttons = { ...sources.buttons, secret: [newSecret, sources.buttons.secret] };
    const desk = { ...pagers.desk, label: "de meldkamer" };
    bot.settings = { ...bot.settings, people: people.slice(1), sources: { buttons }, pagers: { ...pagers, desk } };
    expect(await call(bot, "/doctor/configuration", doctorToken, {})).toBe(200);
    expect(audited(bot)).toEqual([
      {
        event: "configuration-reloaded",
        by: byToken,
        on: ["people", "sources.buttons", "pagers.desk"],
        result: "done",
      },
      { event: "secrets-changed", by: byToken, on: ["sources.buttons"], result: "done" },
    ]);
    expect(JSON.stringify(bot.lines)).not.toContain(newSecret);
  });

  it("is another one at a start than when the bot last ran: what changed is said once, and that a secret did", async () => {
    await using bot = await startBot({ settings: { doctorToken } });
    await bot.restart();
    expect(audited(bot)).toEqual([]);
    await bot.restart({ people: people.slice(1), doctorToken: newSecret });
    const told = [
      { event: "configuration-changed", by: byMachine, on: ["doctorToken", "people"], result: "done" },
      { event: "secrets-changed", by: byMachine, on: ["doctorToken"], result: "done" },
    ];
    expect(audited(bot)).toEqual(told);
    await bot.reload({ people });
    await bot.restart();
    expect(audited(bot).slice(told.length)).toMatchObject([{ event: "configuration-reloaded" }]);
    // The database tells nobody what the settings are.
    const kept = await bot.read((reader) => reader.loadSetting("configuration", "secrets"));
    expect(kept?.split("\n")).toContainEqual(expect.stringMatching(/^[0-9a-f]{4} doctorToken$/));
  });

  it("was to be read again by a signal, and was wrong or could not be stored", async () => {
    await using bot = await startBot();
    await bot.reload({ people: [] });
    await bot.reload({ people: "nobody" });
    {
      using _held = bot.holdDisk();
      await bot.reload({ people });
    }
    expect(audited(bot)).toEqual([
      { event: "configuration-reloaded", by: byMachine, on: ["people"], result: "done" },
      { event: "configuration-not-reloaded", by: byMachine, on: [], result: "refused" },
      { event: "configuration-not-reloaded", by: byMachine, on: [], result: "failed" },
    ]);
  });
});

describe("in Teams", () => {
  it("a channel is linked by a lead, and not by somebody else; names stand nowhere", async () => {
    await using bot = await startBot({ settings: { channels: { frontdesk: {}, "back-office": {} } } });
    await type(bot, alice, frontdesk, "koppel frontdesk");
    await type(bot, lea, frontdesk, "koppel frontdesk");
    expect(audited(bot)).toEqual([
      { event: "command-refused", by: by(alice), on: ["channels"], result: "refused" },
      { event: "channel-linked", by: by(lea), on: ["channels.frontdesk"], result: "done" },
    ]);
    expect(JSON.stringify(audited(bot))).not.toMatch(/Alice|Lea/);
  });

  it("the ways to security and to people are tested by a lead, and not by somebody else", async () => {
    await using bot = await startBot();
    for (const who of [carol, lea])
      for (const text of ["test", "oproeptest"]) await type(bot, who, bot.teams.chatOf(who), text);
    expect(audited(bot)).toEqual([
      { event: "command-refused", by: by(carol), on: ["pagers"], result: "refused" },
      { event: "command-refused", by: by(carol), on: ["people"], result: "refused" },
      { event: "routes-under-test", by: by(lea), on: ["pagers.desk", "pagers.phone"], result: "done" },
      { event: "people-under-test", by: by(lea), on: ["people"], result: "done" },
    ]);
    bot.desk.ignoreRest();
    bot.phone.ignoreRest();
  });
});

it("the doctor tests the ways to security, and Teams", async () => {
  await using bot = await startBot({ settings: { doctorToken } });
  expect(await call(bot, "/doctor/pagers", doctorToken, {})).toBe(202);
  expect(await call(bot, "/doctor/teams", doctorToken, { channel: "frontdesk", person: null })).toBe(202);
  expect(audited(bot)).toEqual([
    { event: "routes-under-test", by: byToken, on: ["pagers.desk", "pagers.phone"], result: "done" },
    { event: "teams-under-test", by: byToken, on: ["channels.frontdesk"], result: "done" },
  ]);
  await bot.fastForward(minute);
  bot.desk.ignoreRest();
  bot.phone.ignoreRest();
});

describe("a proof that is wrong", () => {
  it("is refused at every door, and the line says which secret it was to be of", async () => {
    await using twilio = await startTwilio();
    await using bot = await startBot({ settings: { doctorToken, metricsToken }, registered: { lifeSeconds: 3_600 } });
    const { pagers } = bot.settings as { pagers: object };
    const parts = { accountSid, authToken, from: "+31850000000", to: "+31612345678" };
    await bot.restart({ pagers: { ...pagers, calls: { type: "twilio-voice", baseUrl: twilio.baseUrl, ...parts } } });
    bot.lines.length = 0;

    const guess = "a-guess-of-somebody";
    await call(bot, "/alarms/buttons", guess, { button: "0042" });
    await call(bot, "/metrics", guess);
    await call(bot, "/doctor/pagers", guess, {});
    await call(bot, "/guard/made-up", guess);
    await call(bot, "/api/messages", guess, {});
    const { headers, body } = toCallBack(`${bot.url}/pagers/calls`, { Digits: "5" }, { token: "another" });
    await fetch(`${bot.url}/pagers/calls`, {
      method: "POST",
      headers: headers as Record<string, string>,
      body: new Uint8Array(body),
    });
    expect(audited(bot)).toEqual(
      [
        ["alarm-refused", "sources.buttons"],
        ["metrics-refused", "metricsToken"],
        ["doctor-refused", "doctorToken"],
        ["guard-link-refused", "guardKeys"],
        ["activity-refused", "teams"],
        ["call-back-refused", "pagers.calls"],
      ].map(([event, path]) => ({ event, by: byStranger, on: [path], result: "refused" })),
    );
    expect(JSON.stringify(bot.lines)).not.toContain(guess);
  });

  it("is not what is refused for something else", async () => {
    await using bot = await startBot();
    expect((await bot.post("nothing", "{}")).status).toBe(404);
    expect(await call(bot, "/alarms/buttons", sourceSecret)).toBe(405);
    expect(await call(bot, "/api/messages", "", { type: 5 })).toBe(401);
    expect(bot.lines.filter(({ event }) => event === "alarm-refused")).toHaveLength(2);
    expect(bot.lines).toContainEqual(expect.objectContaining({ event: "activity-refused" }));
    expect(audited(bot)).toEqual([]);
  });
});

it("a database that was put back is accounted for at its first start, and at no other", async () => {
  await using bot = await startWithAlarm();
  const file = join(bot.folder, "copy.db");
  const at = bot.clock.now();
  writeCopy(join(bot.folder, "rugdekking.db"), file, at);
  await bot.stop();
  const database = join(bot.folder, "rugdekking.db");
  for (const part of ["-wal", "-shm"]) rmSync(`${database}${part}`, { force: true });
  copyFileSync(file, database);
  saveEnded(database, { [bot.card.incident]: "false" });
  bot.clock.to(at + hour);
  await bot.start();
  const told = { event: "database-put-back", by: byMachine, on: ["database"], result: "done" };
  expect(audited(bot)).toEqual([told]);
  const { facts } = bot.lines.find(({ event }) => event === told.event) ?? {};
  expect(facts).toMatchObject({ copiedAt: new Date(at).toISOString(), closed: 1 });
  await bot.restart();
  expect(audited(bot)).toEqual([told]);
});

it("each event of audit was seen above", () => {
  expect([...seen].sort()).toEqual([...auditEvents]);
});

it("they are JSON lines of one schema in the log, and sifted by one field", async () => {
  await using bot = await startBot();
  const path = join(bot.folder, "log");
  using open = new DisposableStack();
  const log = openLog("info", open.adopt(openSync(path, "w"), closeSync));
  await using logged = await startBot({ log });
  await logged.reload({ people: people.slice(1) });
  await logged.press("0042");
  await logged.expectCard(nl.card.headline.open);
  const readLines = () =>
    readFileSync(path, "utf8")
      .split("\n")
      .filter((line) => line !== "")
      .map((line): { audit?: object; event: string } => JSON.parse(line));
  await expect.poll(() => readLines().map(({ event }) => event)).toContain("alarm-taken");
  const sifted = readLines().filter(({ audit }) => audit !== undefined);
  expect(sifted.map((line) => AuditLine.parse(line).event)).toEqual(["configuration-reloaded"]);
});
