import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { HistoryLine } from "../../../../bot/domain/incident/history.ts";
import { titlesOf } from "../../../card-text.ts";
import { nl } from "../../../dutch.ts";
import { pressedAt } from "../../../fixtures/incident.ts";
import { buildPolicy, toSteps } from "../../../fixtures/policy.ts";
import { buildPress } from "../../../fixtures/press.ts";
import { alarms, alice, bob, type Started, start } from "../../start.ts";

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

describe("the thread", () => {
  it("tells every line once, in order, under the card", async () => {
    const incident = await posted([claimed(alice), { kind: "also-coming", by: toPerson(bob), at: pressedAt + 1 }]);
    await sync();
    await bot.change(incident, {}, [{ kind: "arrived", by: toPerson(alice), at: pressedAt + 2 }]);
    await sync();
    await sync();
    const texts = bot.fake.replies.map(({ body }) => body.text);
    expect(texts).toHaveLength(3);
    expect(texts[0]).toContain("Alice Jansen");
    expect(texts[1]).toContain("Bob de Vries");
    expect(texts[2]).toContain("Alice Jansen");
    expect(new Set(bot.fake.replies.map(({ root }) => root))).toEqual(new Set([bot.fake.cards[0]?.id]));
  });

  it("tries four times what asks something of people, as what rings them, though the card is there", async () => {
    const asked = { kind: "check-asked", people: [toPerson(alice)], at: pressedAt } as const;
    for (const [times, said] of [
      [3, 1],
      [4, 0],
    ] as const) {
      await using other = await start({ fakeTeams: { unlimited: true } });
      await other.open({}, [asked]);
      await other.teams.postCard("i-1", other.signal);
      other.fake.fail("reply", { kind: "status", status: 403, times });
      for (let tries = 0; tries < 3; tries += 1)
        await expect(other.teams.syncCard("i-1", other.signal)).rejects.toMatchObject({ reason: "unreachable" });
      expect(await other.teams.syncCard("i-1", other.signal)).toEqual({ kind: "done" });
      expect(other.fake.replies).toHaveLength(said);
      expect(other.fake.cards).toHaveLength(1);
    }
  });

  it("goes on where it was when Teams fails in between", async () => {
    await posted([claimed(alice), claimed(bob, pressedAt + 1)]);
    bot.fake.onActivity = () => bot.fake.fail("reply", { kind: "status", status: 503, times: 1 });
    await expect(sync()).rejects.toMatchObject({ reason: "unreachable" });
    bot.fake.onActivity = () => undefined;
    await sync();
    expect(bot.fake.replies).toHaveLength(2);
  });

  it("mentions whom it asks by the id that the bot knows, else by the one of the configuration, and looks nobody up", async () => {
    await bot.store.write((tx) =>
      tx.saveMembers([
        { person: toPerson(alice), teamsId: alice.teamsId, conversation: null, serviceUrl: bot.fake.serviceUrl },
      ]),
    );
    await posted([{ kind: "check-asked", people: [alice, bob].map(toPerson), at: pressedAt }]);
    await sync();
    expect(bot.fake.replies[0]?.body.entities).toEqual([
      { type: "mention", text: "<at>Alice Jansen</at>", mentioned: { id: alice.teamsId, name: alice.name } },
      { type: "mention", text: "<at>Bob de Vries</at>", mentioned: { id: bob.aadObjectId, name: bob.name } },
    ]);
    expect(bot.fake.calls.map(({ route }) => route)).toEqual(["card", "reply"]);
  });

  it("mentions the others where Teams does not take the message because of one whom it may not know", async () => {
    await bot.store.write((tx) =>
      tx.saveMembers([
        { person: toPerson(alice), teamsId: alice.teamsId, conversation: null, serviceUrl: bot.fake.serviceUrl },
      ]),
    );
    await posted([{ kind: "check-asked", people: [alice, bob].map(toPerson), at: pressedAt }]);
    bot.fake.fail("reply", { kind: "status", status: 400, code: "BadArgument", times: 1 });
    await sync();
    expect(bot.fake.replies).toHaveLength(1);
    expect(bot.fake.replies[0]?.body.entities).toMatchObject([{ mentioned: { id: alice.teamsId } }]);
    expect(bot.fake.replies[0]?.body.text).toContain("Bob de Vries: gaat het goed?");
  });

  it("five at a time, so that after an outage the cards of other alarms need not wait for all of them", async () => {
    const lines = Array.from({ length: 12 }, (_, at) => claimed(alice, pressedAt + at));
    await posted(lines);
    for (const count of [5, 10]) {
      expect(await sync()).toEqual({ kind: "again", at: bot.clock.now() });
      expect(bot.fake.replies).toHaveLength(count);
    }
    expect(await sync()).toEqual({ kind: "done" });
    expect(bot.fake.replies).toHaveLength(12);
  });

  it("running out of time is no failure when there was progress", async () => {
    await posted([claimed(alice), claimed(bob, pressedAt + 1)]);
    const patience = new AbortController();
    bot.fake.onActivity = () => bot.fake.fail("reply", { kind: "hang" });
    const syncing = bot.teams.syncCard("i-1", patience.signal);
    await expect.poll(() => bot.fake.hanging).toBe(1);
    patience.abort();
    expect(await syncing).toEqual({ kind: "again", at: bot.clock.now() });
    bot.fake.onActivity = () => undefined;
    bot.fake.fail("reply", null);
    await sync();
    expect(bot.fake.replies.map(({ body }) => body.text?.split(" ")[0])).toEqual(["Alice", "Bob"]);
  });

  it("is remembered, each reply by its id, and a reply without one counts as posted", async () => {
    await bot[Symbol.asyncDispose]();
    bot = await start({ fakeTeams: { lenient: true } });
    await posted([claimed(alice), claimed(bob, pressedAt + 1)]);
    bot.fake.fail("reply", { kind: "no-id", times: 1 });
    expect(await sync()).toEqual({ kind: "done" });
    expect(bot.fake.replies).toHaveLength(2);
    const messages = await bot.store.read((reader) => reader.listMessages("i-1"));
    expect(messages.map(({ kind, activity }) => [kind, activity])).toEqual([
      ["card", bot.fake.cards[0]?.id],
      ["reply", bot.fake.replies[1]?.id],
    ]);
  });

  it("a line that is refused again and again while the card is there is left out", async () => {
    await posted([claimed(alice), claimed(bob, pressedAt + 1)]);
    bot.fake.fail("reply", { kind: "status", status: 403, code: "ServiceError", times: 3 });
    await expect(sync()).rejects.toMatchObject({ reason: "unreachable" });
    await expect(sync()).rejects.toMatchObject({ reason: "unreachable" });
    expect(await sync()).toEqual({ kind: "done" });
    expect(bot.fake.replies.map(({ body }) => body.text?.split(" ")[0])).toEqual(["Bob"]);
    expect(bot.fake.cards).toHaveLength(1);
  });

  it("comes to its end, whatever number of lines Teams refuses", async () => {
    await posted([claimed(alice), claimed(bob, pressedAt + 1)]);
    bot.fake.fail("reply", { kind: "status", status: 403, code: "ServiceError" });
    for (let tries = 1; tries < 5; tries += 1) await expect(sync()).rejects.toMatchObject({ reason: "unreachable" });
    expect(await sync()).toEqual({ kind: "done" });
    expect(bot.lines.filter(({ event }) => event === "reply-refused")).toHaveLength(2);
  });

  it("skips a line that Teams does not take, so that the card is not held up", async () => {
    const incident = await posted([claimed(alice)]);
    await bot.change(incident, { place: "Spreekkamer 4" }, [claimed(bob)]);
    bot.fake.fail("reply", { kind: "status", status: 400, code: "BadArgument", times: 1 });
    later(1_000);
    expect(await sync()).toEqual({ kind: "done" });
    expect(bot.fake.replies).toHaveLength(1);
    expect(shown()).toEqual([2]);
  });
});

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
    await bot.teams.postUnstored(press, { people: [toPerson(alice)], tag: null }, pressedAt, bot.signal);
    await posted();
    expect(bot.fake.cards).toHaveLength(1);
    expect(titlesOf(bot.fake.cards[0]?.shown.at(-1)?.attachments?.[0]?.content)).not.toEqual([]);
    later(1_000);
    expect(await sync()).toEqual({ kind: "done" });
  });

  it("goes on on it also when it rang a tag, which the card goes on to say", async () => {
    await using other = await start({ fakeTeams: { lenient: true } });
    const tag = { id: "tag-1", name: "BHV" };
    await other.teams.postUnstored(buildPress({ incident: "i-1" }), { people: [], tag }, pressedAt, other.signal);
    const steps = [{ kind: "tell", afterMs: 0, channel: "frontdesk", tag }, ...toSteps("desk").slice(1)] as const;
    await other.open({}, [], buildPolicy({ steps: [...steps] }));
    await other.teams.postCard("i-1", other.signal);
    expect(other.fake.cards).toHaveLength(1);
    const card = await other.store.read((reader) => reader.loadCard("i-1"));
    expect(card).toMatchObject({ isTagRung: true, rung: [tag.id] });
    expect(JSON.stringify(other.fake.cards[0]?.shown.at(-1))).toContain(nl.card.remark.tagRung(tag.name));
  });

  it("is a second one when the one from memory is gone by then", async () => {
    await bot.teams.postUnstored(buildPress({ incident: "i-1" }), { people: [], tag: null }, pressedAt, bot.signal);
    bot.fake.remove(bot.fake.cards[0]?.id ?? "");
    await posted();
    expect(bot.fake.cards).toHaveLength(1);
    expect(titlesOf(bot.fake.cards[0]?.shown[0]?.attachments?.[0]?.content)).not.toEqual([]);
  });
});
