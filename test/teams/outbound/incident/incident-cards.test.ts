import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { HistoryLine } from "../../../../bot/domain/incident/history.ts";
import { titlesOf } from "../../../card-text.ts";
import { nl } from "../../../dutch.ts";
import { pressedAt } from "../../../fixtures/incident.ts";
import { buildPolicy, toSteps } from "../../../fixtures/policy.ts";
import { buildPress } from "../../../fixtures/press.ts";
import { alarms, alice, type Started, start } from "../../start.ts";

let bot: Started;
beforeEach(async () => {
  bot = await start();
});
afterEach(() => bot[Symbol.asyncDispose]());

const toPerson = ({ aadObjectId, name }: typeof alice) => ({ id: aadObjectId, name });
const claimed = (by: typeof alice, at = pressedAt): HistoryLine => ({ kind: "claimed", by: toPerson(by), at });
const sync = () => bot.teams.syncCard("i-1", bot.signal);
const later = (ms: number) => bot.clock.to(bot.clock.now() + ms);
const shown = () => bot.fake.cards.map((card) => card.shown.length);

async function posted(lines: readonly HistoryLine[] = []) {
  const incident = await bot.open({}, lines);
  await bot.teams.postCard("i-1", bot.signal);
  return incident;
}

describe("the card", () => {
  it("shows the newest state, at most once a second", async () => {
    let incident = await posted();
    incident = await bot.change(incident, { place: "Spreekkamer 4" });
    expect(await sync()).toEqual({ kind: "again", at: pressedAt + 1_000 });
    incident = await bot.change(incident, { place: "Spreekkamer 5" });
    later(999);
    expect(await sync()).toEqual({ kind: "again", at: pressedAt + 1_000 });
    later(1);
    expect(await sync()).toEqual({ kind: "done" });
    expect(shown()).toEqual([2]);
    expect(bot.fake.cards[0]?.shown.at(-1)?.summary).toMatch(/^Spreekkamer 5/);
    expect(bot.fake.calls.at(-1)).toMatchObject({
      method: "PUT",
      path: `/v3/conversations/${alarms}/activities/${bot.fake.cards[0]?.id}`,
    });
  });

  it("shows the version that was posted, as long as nothing is left to tell", async () => {
    const rung = { kind: "rung", people: [toPerson(alice)], round: 1, at: pressedAt } as const;
    await bot.open({ version: 3 }, [rung]);
    expect((await bot.teams.postCard("i-1", bot.signal)).shown?.()).toBe(3);
    const elsewhere = { id: "i-2", button: "0043", place: "Balie", fixedPlace: "Balie" };
    await bot.open(elsewhere, [rung, { kind: "nobody-on-duty", at: pressedAt }]);
    expect((await bot.teams.postCard("i-2", bot.signal)).shown?.()).toBe(null);
  });

  it("is posted without reading anything where all of it is known", async () => {
    const incident = await bot.open();
    await bot.change(incident, { place: "Spreekkamer 4" });
    const noDuty = { kind: "nobody-on-duty", at: pressedAt } as const;
    const { shown } = await bot.teams.postCard("i-1", bot.signal, { incident, lines: [] });
    expect([shown?.(), bot.fake.cards[0]?.shown[0]?.summary?.startsWith(incident.place ?? "")]).toEqual([1, true]);
    const other = await bot.open({ id: "i-2", button: "0043", place: "Balie", fixedPlace: "Balie" });
    const told = await bot.teams.postCard("i-2", bot.signal, { incident: other, lines: [noDuty] });
    expect(told.shown?.()).toBe(null);
  });

  it("is posted from memory once, and shows no version where its history is not known", async () => {
    const opened = { incident: await bot.open(), lines: null };
    const { shown, rang } = await bot.teams.postCard("i-1", bot.signal, opened);
    expect(shown?.()).toBe(null);
    const again = await bot.teams.postCard("i-1", bot.signal, opened);
    expect(again).toEqual({ kind: "done", rang });
    expect(again.rang).toMatchObject({ ring: 0, rung: [] });
    expect(bot.fake.cards).toHaveLength(1);
  });

  it("shows no version once alarms of its channel go elsewhere", async () => {
    await using other = await start({ channels: { frontdesk: { conversation: null } } });
    await other.fake.say(alice, alarms, "koppel frontdesk");
    await other.open();
    const { shown } = await other.teams.postCard("i-1", other.signal);
    expect(shown?.()).toBe(1);
    await other.fake.say(alice, "19:other@thread.tacv2", "koppel frontdesk");
    expect(shown?.()).toBe(null);
  });

  it("is left alone when nothing is new", async () => {
    await posted();
    later(5_000);
    expect(await sync()).toEqual({ kind: "done" });
    expect(shown()).toEqual([1]);
  });

  it("is not there yet: nothing to do", async () => {
    await bot.open();
    expect(await sync()).toEqual({ kind: "done" });
    expect(bot.fake.calls).toEqual([]);
  });

  it("is still the same one after a restart", async () => {
    const incident = await posted();
    await bot.change(incident, { place: "Spreekkamer 4" });
    later(1_000);
    await bot.again().syncCard("i-1", bot.signal);
    expect(shown()).toEqual([2]);
  });

  it("not found twice may be a whim of Teams; the third time a new card takes its place and its thread", async () => {
    let incident = await posted();
    incident = await bot.change(incident, { place: "Spreekkamer 4" });
    bot.fake.remove(bot.fake.cards[0]?.id ?? "");
    later(1_000);
    await expect(sync()).rejects.toMatchObject({ reason: "unreachable" });
    await expect(sync()).rejects.toMatchObject({ reason: "unreachable" });
    expect(await sync()).toEqual({ kind: "again", at: bot.clock.now() });
    expect(bot.fake.cards).toHaveLength(1);
    await bot.change(incident, { place: "Spreekkamer 5" }, [claimed(alice)]);
    later(1_000);
    // The one that is gone might still be there, and is tried too.
    for (const again of [true, true, false])
      expect(await sync()).toEqual(again ? { kind: "again", at: bot.clock.now() + 1_000 } : { kind: "done" });
    expect(bot.fake.replies).toMatchObject([{ root: bot.fake.cards[0]?.id }]);
    expect(shown()).toEqual([2]);
  });

  it("a whim that passes leaves the card where it is", async () => {
    const incident = await posted();
    await bot.change(incident, { place: "Spreekkamer 4" });
    bot.fake.fail("update", { kind: "status", status: 404, code: "ActivityNotFoundInConversation", times: 2 });
    later(1_000);
    await expect(sync()).rejects.toMatchObject({ reason: "unreachable" });
    await expect(sync()).rejects.toMatchObject({ reason: "unreachable" });
    await sync();
    expect(shown()).toEqual([2]);
  });

  it("is not sent again when nothing on it would look different", async () => {
    const incident = await posted();
    await bot.change(incident, { nextAt: pressedAt + 5_000 });
    later(1_000);
    expect(await sync()).toEqual({ kind: "done" });
    expect(shown()).toEqual([1]);
  });

  it.each([
    [403, "ServiceError"],
    [302, "Found"],
    [404, "ActivityNotFoundInConversation"],
  ])("refused three times with %i is lost, whatever the code, and a new one takes its place", async (status, code) => {
    const incident = await posted();
    await bot.change(incident, { place: "Spreekkamer 4" });
    for (const route of ["update", "reply"] as const) bot.fake.fail(route, { kind: "status", status, code });
    later(1_000);
    await expect(sync()).rejects.toMatchObject({ reason: "unreachable" });
    await expect(sync()).rejects.toMatchObject({ reason: "unreachable" });
    expect(await sync()).toEqual({ kind: "again", at: bot.clock.now() });
    expect(bot.fake.cards.map(({ body }) => body.summary?.split(":")[0])).toEqual(["Spreekkamer 3", "Spreekkamer 4"]);
  });

  it("is never given up while Teams refuses everything, and shown once it takes it again", async () => {
    const incident = await posted();
    await bot.change(incident, { place: "Spreekkamer 4" });
    const refused = { kind: "status", status: 403, code: "BotNotInConversationRoster" } as const;
    for (const route of ["update", "card"] as const) bot.fake.fail(route, refused);
    later(1_000);
    for (const reason of ["unreachable", "unreachable", "refused", "refused"])
      await expect(sync()).rejects.toMatchObject({ reason });
    for (const route of ["update", "card"] as const) bot.fake.fail(route, null);
    expect(await sync()).toEqual({ kind: "done" });
    expect(shown()).toEqual([2]);
  });

  it("is given up a day after closing", async () => {
    const incident = await posted();
    await bot.change(incident, { closedAt: pressedAt, closedBy: "guard", outcome: "real", nextAt: null });
    for (const route of ["update", "card"] as const)
      bot.fake.fail(route, { kind: "status", status: 403, code: "BotNotInConversationRoster" });
    later(24 * 3_600_000 + 1_000);
    for (let tries = 0; tries < 2; tries += 1) await expect(sync()).rejects.toMatchObject({ reason: "unreachable" });
    expect(await sync()).toEqual({ kind: "done" });
  });

  it("goes on on the one that was posted from memory, when its press is written after all", async () => {
    const press = buildPress({ incident: "i-1" });
    await bot.teams.postUnstored(press, { people: [toPerson(alice)], tag: null, needed: 1 }, pressedAt, bot.signal);
    await posted();
    expect(bot.fake.cards).toHaveLength(1);
    expect(titlesOf(bot.fake.cards[0]?.shown.at(-1)?.attachments?.[0]?.content)).not.toEqual([]);
    later(1_000);
    expect(await sync()).toEqual({ kind: "done" });
  });

  it("goes on on it also when it rang a tag, which the card goes on to say", async () => {
    await using other = await start({ fakeTeams: { lenient: true } });
    const tag = { id: "tag-1", name: "BHV" };
    await other.teams.postUnstored(
      buildPress({ incident: "i-1" }),
      { people: [], tag, needed: 1 },
      pressedAt,
      other.signal,
    );
    const steps = [{ kind: "tell", afterMs: 0, channel: "frontdesk", tag }, ...toSteps("desk").slice(1)] as const;
    await other.open({}, [], buildPolicy({ steps: [...steps] }));
    await other.teams.postCard("i-1", other.signal);
    expect(other.fake.cards).toHaveLength(1);
    const card = await other.store.read((reader) => reader.loadCard("i-1"));
    expect(card).toMatchObject({ isTagRung: true, rung: [tag.id] });
    expect(JSON.stringify(other.fake.cards[0]?.shown.at(-1))).toContain(nl.card.remark.tagRung(tag.name));
  });

  it("is a second one when the one from memory is gone by then", async () => {
    await bot.teams.postUnstored(
      buildPress({ incident: "i-1" }),
      { people: [], tag: null, needed: 1 },
      pressedAt,
      bot.signal,
    );
    bot.fake.remove(bot.fake.cards[0]?.id ?? "");
    await posted();
    expect(bot.fake.cards).toHaveLength(1);
    expect(titlesOf(bot.fake.cards[0]?.shown[0]?.attachments?.[0]?.content)).not.toEqual([]);
  });
});
