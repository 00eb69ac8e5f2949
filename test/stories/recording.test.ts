import Database from "better-sqlite3";
import { expect, it } from "vitest";
import { alice, hour, lea, minute, second, sourceSecret, startBot, startWithAlarm } from "../harness.ts";

const panel = { type: "webhook", secret: sourceSecret, policy: "building", channel: "frontdesk" };

it("rule 1: what was answered 202 stands on disk, whatever happens next", async () => {
  await using bot = await startBot();
  const disk = new Database(`${bot.folder}/rugdekking.db`, { readonly: true });
  const answer = await bot.press("0042");
  expect(answer.status).toBe(202);
  expect(disk.prepare("select id from incidents where closed_at is null").all()).toEqual([{ id: answer.incident }]);
  disk.close();
});

it("rule 1: an alarm that was answered before the process stopped is posted by the next one", async () => {
  await using bot = await startBot();
  bot.teams.fail("card", { kind: "hang" });
  const { status, incident } = await bot.press("0042");
  expect(status).toBe(202);
  await bot.stop();
  bot.expectNoCard();
  bot.teams.fail("card", null);
  await bot.start();
  await bot.fastForward(10 * second);
  expect((await bot.expectCard("Spreekkamer 3")).incident).toBe(incident);
});

it("rule 2: the same message again is answered with the first incident and changes nothing", async () => {
  await using bot = await startBot();
  const first = await bot.press("0042", { id: "the-same" });
  const card = await bot.expectCard("Spreekkamer 3");
  await bot.fastForward(5 * second);
  const before = bot.look(card);
  const rung = bot.teams.told.length;
  expect(await bot.press("0042", { id: "the-same" })).toMatchObject({
    status: 202,
    outcome: "duplicate",
    incident: first.incident,
  });
  await bot.fastForward(5 * second);
  expect(bot.look(card)).toEqual(before);
  expect(bot.teams.told).toHaveLength(rung);
  bot.expectNoCard();
});

it("rule 2: the same message twice at the same moment is one alarm", async () => {
  await using bot = await startBot();
  const send = () => bot.press("0042", { id: "the-same" });
  const answers = await Promise.all([send(), send(), send()]);
  expect(answers.map((answer) => answer.outcome).toSorted()).toEqual(["duplicate", "duplicate", "opened"]);
  expect(new Set(answers.map((answer) => answer.incident)).size).toBe(1);
  expect(bot.look(await bot.expectCard("Spreekkamer 3")).text).not.toContain("keer alarm");
  bot.expectNoCard();
});

it("rule 2: still a duplicate after closing and across a restart, and a new alarm exactly 24 hours later", async () => {
  await using bot = await startBot();
  const first = await bot.press("0042", { id: "the-same" });
  const receivedAt = bot.clock.now();
  await bot.click(lea, await bot.expectCard("Spreekkamer 3"), "resolve", "false");
  const duplicate = { status: 202, outcome: "duplicate", incident: first.incident };
  expect(await bot.press("0042", { id: "the-same" })).toMatchObject(duplicate);
  await bot.restart();
  expect(await bot.press("0042", { id: "the-same" })).toMatchObject(duplicate);
  bot.clock.to(receivedAt + 24 * hour - 1);
  expect(await bot.press("0042", { id: "the-same" })).toMatchObject(duplicate);
  bot.expectNoCard();
  bot.clock.to(receivedAt + 24 * hour);
  const next = await bot.press("0042", { id: "the-same" });
  expect(next).toMatchObject({ status: 202, outcome: "opened" });
  expect(next.incident).not.toBe(first.incident);
  expect((await bot.expectCard("Spreekkamer 3")).incident).toBe(next.incident);
  bot.clock.to(receivedAt + 30 * hour);
  expect(await bot.press("0042", { id: "the-same" })).toMatchObject({ outcome: "duplicate", incident: next.incident });
});

it("rule 2: the same id with another body is a new alarm", async () => {
  await using bot = await startBot();
  const first = await bot.press("0042", { id: "the-same" });
  expect(await bot.press("0042", { id: "the-same", battery: 0.5 })).toMatchObject({
    outcome: "repeated",
    incident: first.incident,
  });
  expect(await bot.press("0051", { id: "the-same" })).toMatchObject({ outcome: "opened" });
});

it("rule 2: the same id and body from another source is a new alarm", async () => {
  await using bot = await startBot();
  await bot.restart({ sources: { ...(bot.settings.sources as object), panel } });
  const first = await bot.press("0042", { id: "the-same" });
  const other = await bot.press("0042", { id: "the-same" }, "panel");
  expect(other).toMatchObject({ status: 202, outcome: "opened" });
  expect(other.incident).not.toBe(first.incident);
});

it("rule 2: a message without an id is never a duplicate", async () => {
  await using bot = await startBot();
  const body = JSON.stringify({ button: "0042" });
  expect(await bot.post("buttons", body)).toMatchObject({ outcome: "opened" });
  expect(await bot.post("buttons", body)).toMatchObject({ outcome: "repeated" });
});

it("rule 2: a duplicate of the second button's press is answered with the incident it joined", async () => {
  await using bot = await startWithAlarm();
  const { incident } = bot.card;
  expect(await bot.press("0044", { id: "second" })).toMatchObject({ outcome: "verified", incident });
  await bot.click(alice, bot.card, "claim");
  expect(await bot.press("0044", { id: "second" })).toMatchObject({ outcome: "duplicate", incident });
  expect((await bot.events(incident ?? "")).filter((kind) => kind === "pressed-again")).toHaveLength(1);
});

it.each(["heartbeat", "test", "cancel", "battery-low"])(
  "rule 1: a %s as the first message ever does not cost the press after it its card",
  async (kind) => {
    await using bot = await startBot();
    expect(await bot.press("0042", { kind })).toMatchObject({ status: 202, outcome: "seen", incident: null });
    expect(await bot.press("0042")).toMatchObject({ status: 202, outcome: "opened" });
    await bot.expectCard("Spreekkamer 3");
    await bot.fastForward(minute);
    await bot.desk.expectPage("unclaimed");
  },
);
