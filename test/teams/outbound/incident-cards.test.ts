import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { HistoryLine } from "../../../bot/domain/incident/history.ts";
import { pressedAt } from "../../fixtures/incident.ts";
import { alarms, alice, bob, type Started, start } from "../start.ts";

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

  it("goes on where it was when Teams fails in between", async () => {
    await posted([claimed(alice), claimed(bob, pressedAt + 1)]);
    bot.fake.onActivity = () => bot.fake.fail("reply", { kind: "status", status: 503, times: 1 });
    await expect(sync()).rejects.toMatchObject({ reason: "unreachable" });
    bot.fake.onActivity = () => undefined;
    await sync();
    expect(bot.fake.replies).toHaveLength(2);
  });

  it("mentions the people it rings, whom it looks up once; who is unknown keeps their name", async () => {
    const people = [alice, { ...bob, aadObjectId: "cccccccc-0000-4000-8000-000000000009", name: "Z. Vreemd" }];
    await posted([{ kind: "rung", people: people.map(toPerson), round: 1, at: pressedAt }]);
    await sync();
    const [reply] = bot.fake.replies;
    expect(reply?.body.text).toContain("<at>Alice Jansen</at>");
    expect(reply?.body.text).toContain("Z. Vreemd");
    expect(reply?.body.text).not.toContain("<at>Z. Vreemd</at>");
    expect(reply?.body.entities).toMatchObject([
      { type: "mention", text: "<at>Alice Jansen</at>", mentioned: { id: alice.teamsId } },
    ]);
    expect(bot.lines).toContainEqual(expect.objectContaining({ event: "member-unknown" }));
  });

  it("does not wait for a roster that hangs", async () => {
    await posted([{ kind: "rung", people: [toPerson(alice)], round: 1, at: pressedAt }]);
    bot.fake.fail("member", { kind: "hang" });
    const syncing = sync();
    await expect.poll(() => bot.fake.calls.some(({ route }) => route === "member")).toBe(true);
    later(1_500);
    await syncing;
    expect(bot.fake.replies[0]?.body.text).toContain("Alice Jansen");
    expect(bot.fake.replies[0]?.body.entities).toBeUndefined();
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
    expect(await sync()).toEqual({ kind: "done" });
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

  it("a bot that was removed is refused", async () => {
    const incident = await posted();
    await bot.change(incident, { place: "Spreekkamer 4" });
    bot.fake.fail("update", { kind: "status", status: 403, code: "BotNotInConversationRoster" });
    later(1_000);
    await expect(sync()).rejects.toMatchObject({ reason: "refused" });
  });
});
