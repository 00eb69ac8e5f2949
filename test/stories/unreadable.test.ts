import { gzipSync } from "node:zlib";
import { expect, it } from "vitest";
import { toPlacesSentence } from "../../bot/words/shared/places.ts";
import { nl, upTo } from "../dutch.ts";
import { alice, lea, minute, second, sourceSecret, startBot, startWithAlarm } from "../harness.ts";

const types = ["text/plain", "application/xml", "application/x-www-form-urlencoded", "image/png", "nonsense", ""];

it.each(types)("rule 5: a press is taken with content type “%s”", async (type) => {
  await using bot = await startBot();
  const answer = await bot.post("buttons", JSON.stringify({ button: "0042" }), { "content-type": type });
  expect(answer).toMatchObject({ status: 202, outcome: "opened" });
  await bot.expectCard("Spreekkamer 3");
});

const bodies: [string, string | Uint8Array<ArrayBuffer>][] = [
  ["nothing", ""],
  ["half a message", '{"button":"00'],
  ["XML", "<alarm>Mevrouw Bakker</alarm>"],
  ["null", "null"],
  ["a number", "17"],
  ["an empty list", "[]"],
  ["a list of rubbish", '[1,"Mevrouw Bakker",null]'],
  ["no button", '{"place":"Mevrouw Bakker"}'],
  ["a button of another kind", '{"button":{"id":"Mevrouw Bakker"}}'],
  ["an empty button", '{"button":"  ","kind":"press"}'],
  ["a kind we do not know, without a button", '{"kind":"Mevrouw Bakker"}'],
  ["bytes that are no text", new Uint8Array([0xff, 0xfe, 0x00, 0xc3, 0x28])],
];

it.each(bodies)("rule 5: an authenticated message of %s opens “unreadable message”", async (_what, body) => {
  await using bot = await startBot();
  expect(await bot.post("buttons", body)).toMatchObject({ status: 202, outcome: "opened" });
  const card = await bot.expectCard(nl.terms.unreadable("buttons"));
  expect(card.text).toContain(nl.card.remark.unreadable);
  const where = toPlacesSentence(["Spreekkamer 3", "Balie", "Buitendienst"], "nl") ?? "";
  // In the place of the place: before anybody is asked whether they go.
  expect(card.text.split("\n")[2]).toBe(where);
  await bot.fastForward(minute);
  expect(await bot.guardPage(await bot.desk.expectPage("unclaimed"))).toContain(where);
  expect(card.buttons).toContain(nl.card.button.claim);
  bot.expectNoCard();
});

it("rule 5: a message that breaks off behind its button says whose it is", async () => {
  await using bot = await startBot();
  expect(await bot.post("buttons", '{"button":"0042","battery":')).toMatchObject({ status: 202, outcome: "opened" });
  expect((await bot.expectCard("Spreekkamer 3")).text).toContain(nl.card.remark.unreadable);
});

it("rule 5: one wrong field costs a press neither its place nor an alarm of its own", async () => {
  await using bot = await startBot();
  expect(await bot.post("buttons", '{"button":"0042","battery":unknown}')).toMatchObject({ outcome: "opened" });
  const card = await bot.expectCard("Spreekkamer 3");
  expect(card.text).not.toContain(nl.card.remark.unreadable);
  expect(await bot.post("buttons", "{'button':'elders','battery':None}")).toMatchObject({ outcome: "opened" });
});

it("rule 5: a long message of a proven sender is read", async () => {
  await using bot = await startBot();
  const gateways = Array.from({ length: 70 }, (_, index) => ({ gateway: `dak-${index}`, token: "x".repeat(1000) }));
  expect(await bot.post("buttons", JSON.stringify({ gateways, button: "0042", kind: "heartbeat" }))).toMatchObject({
    outcome: "seen",
  });
  bot.expectNoCard();
  expect(await bot.post("buttons", JSON.stringify({ gateways, button: "0042" }))).toMatchObject({ outcome: "opened" });
  await bot.expectCard("Spreekkamer 3");
});

it.each([
  ["gzip", "gzip", gzipSync(JSON.stringify({ button: "0042" }))],
  ["an encoding that is not what it says", "gzip", JSON.stringify({ button: "0042" })],
  ["an encoding we do not know", "x-own", JSON.stringify({ button: "0042" })],
])("rule 5: %s is taken", async (_what, encoding, body) => {
  await using bot = await startBot();
  const bytes = typeof body === "string" ? body : new Uint8Array(body);
  const answer = await bot.post("buttons", bytes, { "content-encoding": encoding });
  expect(answer).toMatchObject({ status: 202, outcome: "opened" });
  expect(bot.teams.cards).toHaveLength(1);
});

it.each([
  ["a kind we do not know", { kind: "panic" }],
  ["a date that is none", { at: "yesterday" }],
  ["a position that is none", { position: { lat: 200, lon: "x" } }],
  ["a battery that is none", { battery: "full" }],
  ["an id that is none", { id: 17 }],
])("rule 5: a press with %s is still that button's press", async (_what, part) => {
  await using bot = await startBot();
  expect(await bot.press("0042", part)).toMatchObject({ status: 202, outcome: "opened" });
  await bot.expectCard("Spreekkamer 3");
});

it("rule 5: the body of what can't be read stays out of Teams, of pages and of the log", async () => {
  await using bot = await startBot();
  await bot.post("buttons", '{"buton":"0042","place":"bij mevrouw Bakker","position":{"lat":52.51,"lon":5.47}}');
  const card = await bot.expectCard(nl.terms.unreadable("buttons"));
  await bot.click(alice, card, "decline");
  await bot.fastForward(minute);
  await bot.desk.expectPage("unclaimed");
  for (const out of [bot.teams.calls, bot.desk.pages, bot.lines]) {
    expect(JSON.stringify(out)).not.toContain("Bakker");
    expect(JSON.stringify(out)).not.toContain("52.51");
  }
});

it("rule 5: later unreadable messages of that source join while it is open; after closing one opens anew", async () => {
  await using bot = await startBot();
  const first = await bot.post("buttons", "rubbish");
  const card = await bot.expectCard(nl.terms.unreadable("buttons"));
  expect(await bot.post("buttons", "other rubbish")).toMatchObject({ outcome: "repeated", incident: first.incident });
  expect(await bot.post("buttons", "other rubbish")).toMatchObject({ outcome: "repeated", incident: first.incident });
  await bot.fastForward(second);
  bot.expectNoCard();
  expect(bot.look(card).text).toContain("3 keer");
  expect((await bot.press("0042")).outcome).toBe("opened");
  await bot.expectCard("Spreekkamer 3");
  await bot.click(lea, card, "resolve", "false");
  await bot.fastForward(2 * second);
  const next = await bot.post("buttons", "rubbish");
  expect(next).toMatchObject({ status: 202, outcome: "opened" });
  expect(next.incident).not.toBe(first.incident);
  await bot.expectCard(nl.terms.unreadable("buttons"));
});

it("rule 5: unreadable messages of another source do not join", async () => {
  await using bot = await startBot();
  const panel = { type: "webhook", secret: sourceSecret, policy: "building", channel: "frontdesk" };
  await bot.restart({ sources: { ...(bot.settings.sources as object), panel } });
  expect((await bot.post("buttons", "rubbish")).outcome).toBe("opened");
  expect((await bot.post("panel", "rubbish")).outcome).toBe("opened");
  await bot.expectCard(nl.terms.unreadable("buttons"));
  await bot.expectCard(nl.terms.unreadable("panel"));
});

it("rule 5: what can't be read in a list hides none of its presses", async () => {
  await using bot = await startBot();
  const answer = await bot.post("buttons", '[{"button":"0051"},{"buton":1},{"button":"0042"}]');
  expect(answer).toMatchObject({ status: 202, outcome: "opened" });
  expect(answer.incidents).toHaveLength(3);
  const shown = bot.teams.cards.map((card) => bot.look(card).text).join("\n");
  for (const place of ["Balie", nl.terms.unreadable("buttons"), "Spreekkamer 3"]) expect(shown).toContain(place);
});

it.each(["heartbeat", "test", "battery-low"])("rule 5: a %s opens nothing and touches nothing", async (kind) => {
  await using bot = await startWithAlarm();
  await bot.fastForward(second);
  const before = bot.card;
  const seen = { status: 202, outcome: "seen", incident: null };
  expect(await bot.press("0042", { kind, battery: 0.03 })).toMatchObject(seen);
  expect(await bot.press("0051", { kind })).toMatchObject(seen);
  expect(await bot.press("9999", { kind, place: "Kelder" })).toMatchObject(seen);
  expect(await bot.post("buttons", JSON.stringify({ kind }))).toMatchObject(seen);
  await bot.fastForward(2 * second);
  bot.expectNoCard();
  expect(bot.card).toEqual(before);
  await bot.fastForward(57 * second);
  await bot.desk.expectPage("unclaimed");
});

it("rule 5: more than a minute between the device's time and arrival shows as late, and moves no step", async () => {
  await using bot = await startBot();
  const at = new Date(bot.clock.now() - 3 * minute).toISOString();
  await bot.press("0042", { at });
  const card = await bot.expectCard("Spreekkamer 3");
  expect(card.text).toContain(nl.terms.late(nl.terms.minutes(3)));
  expect((await bot.history(card.incident))[0]).toContain(nl.terms.late(nl.terms.minutes(3)));
  await bot.fastForward(minute - 1);
  bot.desk.expectNothing();
  await bot.fastForward(1);
  await bot.desk.expectPage("unclaimed");
});

it.each([
  ["not at exactly a minute", 60_000, false],
  ["from a millisecond more", 60_001, true],
])("rule 5: late counts %s", async (_when, ms, isLate) => {
  await using bot = await startBot();
  await bot.press("0042", { at: new Date(bot.clock.now() - ms).toISOString() });
  expect((await bot.expectCard("Spreekkamer 3")).text.includes(upTo(nl.terms.late))).toBe(isLate);
});
