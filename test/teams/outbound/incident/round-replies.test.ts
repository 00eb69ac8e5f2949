import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { HistoryLine } from "../../../../bot/domain/incident/history.ts";
import { pressedAt } from "../../../fixtures/incident.ts";
import { alarms, alice, bob, type Started, start } from "../../start.ts";

let bot: Started;
/** Teams says the id of each reply, unless a test is about one that it does not say. */
beforeEach(async () => {
  bot = await start({ fakeTeams: { lenient: true } });
});
afterEach(() => bot[Symbol.asyncDispose]());

const toPerson = ({ aadObjectId, name }: typeof alice) => ({ id: aadObjectId, name });
const claimed = (by: typeof alice, at = pressedAt): HistoryLine => ({ kind: "claimed", by: toPerson(by), at });
const arrived = (by: typeof alice, at = pressedAt): HistoryLine => ({ kind: "arrived", by: toPerson(by), at });
const lapsed: HistoryLine = { kind: "lapsed", people: [toPerson(alice)], at: pressedAt };
const round: HistoryLine = { kind: "round-started", round: 2, reason: "repeat", at: pressedAt };
/** As long as one may be; some fifty of them fill a reply. */
const long = (at: number): HistoryLine => ({ kind: "told", channel: `${at} ${"_".repeat(60)}`, at: pressedAt });
const refused = { kind: "status", status: 403, code: "ServiceError" } as const;
const sync = () => bot.teams.syncCard("i-1", bot.signal);
const later = (ms: number) => bot.clock.to(bot.clock.now() + ms);

async function posted(lines: readonly HistoryLine[] = []) {
  const incident = await bot.open({}, lines);
  await bot.teams.postCard("i-1", bot.signal);
  return incident;
}

/** What each reply says now, in the order in which they were posted. */
const replies = () =>
  bot.fake.replies.map(({ id, body }) => bot.fake.edits.findLast((edit) => edit.id === id)?.body.text ?? body.text);
/** Who or what each line begins with, a list for each reply. */
const begun = () => replies().map((text) => text?.split("\n\n").map((line) => line.split(" ")[0]));
const calls = () => bot.fake.calls.map(({ route }) => route);

describe("what happens in a round", () => {
  it("is told in one reply under the card, line by line, and that is edited", async () => {
    let incident = await posted([claimed(alice), claimed(bob, pressedAt + 1_000)]);
    await sync();
    incident = await bot.change(incident, {}, [arrived(alice, pressedAt + 2_000)]);
    await sync();
    await sync();
    expect(replies()).toEqual([
      [
        "Alice Jansen gaat. (10:00:00)",
        "Bob de Vries gaat. (10:00:01)",
        "🟢 Alice Jansen is ter plaatse. (10:00:02)",
      ].join("\n\n"),
    ]);
    expect(bot.fake.replies.map(({ root }) => root)).toEqual([bot.fake.cards[0]?.id]);
    expect(calls()).toEqual(["card", "reply", "update"]);
    const [reply] = bot.fake.replies;
    expect(bot.fake.calls.at(-1)).toMatchObject({
      method: "PUT",
      path: `/v3/conversations/${alarms};messageid=${reply?.root}/activities/${reply?.id}`,
    });
    // After a restart it is still the same one.
    await bot.change(incident, {}, [arrived(bob)]);
    await bot.again().syncCard("i-1", bot.signal);
    expect(begun()).toEqual([["Alice", "Bob", "🟢", "🟢"]]);
  });

  it("takes one call, however much it is", async () => {
    await posted(Array.from({ length: 40 }, (_, at) => claimed(alice, pressedAt + at)));
    expect(await sync()).toEqual({ kind: "done" });
    expect(calls()).toEqual(["card", "reply"]);
    expect(begun()[0]).toHaveLength(40);
  });

  it("waits until the card shows it, together with what happens meanwhile; what asks people does not", async () => {
    let incident = await posted([]);
    incident = await bot.change(incident, { place: "Spreekkamer 4" }, [claimed(alice), lapsed]);
    expect(await sync()).toEqual({ kind: "again", at: pressedAt + 1_000 });
    expect(replies()).toEqual([expect.stringContaining("<at>Alice Jansen</at>")]);
    await bot.change(incident, { place: "Spreekkamer 5" }, [claimed(bob)]);
    later(1_000);
    expect(await sync()).toEqual({ kind: "done" });
    expect(calls()).toEqual(["card", "reply", "update", "reply"]);
    expect(begun()).toEqual([["⏰"], ["Alice", "⏰", "Bob"]]);
  });

  it("goes on in a second reply where one is full, and in no third", async () => {
    const lines = Array.from({ length: 30 }, (_, at) => long(at));
    const incident = await posted(lines);
    await sync();
    expect(replies()).toHaveLength(1);
    await bot.change(
      incident,
      {},
      Array.from({ length: 30 }, (_, at) => long(at + 30)),
    );
    await sync();
    expect(replies()).toHaveLength(2);
    const numbers = replies().flatMap((text) =>
      [...(text ?? "").matchAll(/kanaal (\d+)/g)].map(([, at]) => Number(at)),
    );
    expect(numbers).toEqual(Array.from({ length: 60 }, (_, at) => at));
    for (const text of replies()) expect(Buffer.byteLength(text ?? "", "utf16le")).toBeLessThanOrEqual(20_000);
  });

  it("is told in a reply of its own where another round begins, with what was not told by then", async () => {
    const incident = await posted([claimed(alice)]);
    await sync();
    await bot.change(incident, {}, [arrived(alice), round, claimed(bob)]);
    await sync();
    expect(begun()).toEqual([["Alice"], ["🟢", "🔔", "Bob"]]);
  });

  it("goes on in a new reply under a new card", async () => {
    let incident = await posted([claimed(alice)]);
    await sync();
    incident = await bot.change(incident, { place: "Spreekkamer 4" });
    bot.fake.remove(bot.fake.cards[0]?.id ?? "");
    later(1_000);
    for (let tries = 0; tries < 2; tries += 1) await expect(sync()).rejects.toMatchObject({ reason: "unreachable" });
    await sync();
    await bot.change(incident, {}, [claimed(bob)]);
    later(1_000);
    await sync();
    expect(begun()).toEqual([["Alice"], ["Bob"]]);
    expect(bot.fake.replies[1]?.root).toBe(bot.fake.cards.at(-1)?.id);
  });

  it("is told anew when somebody deleted its reply", async () => {
    let incident = await posted([claimed(alice)]);
    await sync();
    bot.fake.remove(bot.fake.replies[0]?.id ?? "", 403);
    incident = await bot.change(incident, {}, [claimed(bob)]);
    expect(await sync()).toEqual({ kind: "done" });
    expect(begun()).toEqual([["Alice"], ["Alice", "Bob"]]);
    expect(bot.fake.cards).toHaveLength(1);
    await bot.change(incident, {}, [arrived(bob)]);
    await sync();
    expect(begun()).toEqual([["Alice"], ["Alice", "Bob", "🟢"]]);
  });

  it("is remembered by the id of its reply; one without an id counts as posted, and another goes on", async () => {
    const incident = await posted([claimed(alice)]);
    bot.fake.fail("reply", { kind: "no-id", times: 1 });
    expect(await sync()).toEqual({ kind: "done" });
    await bot.change(incident, {}, [claimed(bob)]);
    await sync();
    expect(begun()).toEqual([["Alice"], ["Bob"]]);
    const messages = await bot.store.read((reader) => reader.listMessages("i-1"));
    expect(messages.map(({ kind, activity }) => [kind, activity])).toEqual([
      ["card", bot.fake.cards[0]?.id],
      ["reply", bot.fake.replies[1]?.id],
    ]);
  });

  it("goes on where it was when Teams fails in between", async () => {
    await posted(Array.from({ length: 60 }, (_, at) => long(at)));
    bot.fake.onActivity = () => bot.fake.fail("reply", { kind: "status", status: 503, times: 1 });
    await expect(sync()).rejects.toMatchObject({ reason: "unreachable" });
    bot.fake.onActivity = () => undefined;
    await sync();
    expect(replies()).toHaveLength(2);
    expect(
      replies()
        .join()
        .match(/kanaal/g),
    ).toHaveLength(60);
  });

  it("running out of time is no failure when there was progress", async () => {
    await posted(Array.from({ length: 60 }, (_, at) => long(at)));
    const patience = new AbortController();
    bot.fake.onActivity = () => bot.fake.fail("reply", { kind: "hang" });
    const syncing = bot.teams.syncCard("i-1", patience.signal);
    await expect.poll(() => bot.fake.hanging).toBe(1);
    patience.abort();
    expect(await syncing).toEqual({ kind: "again", at: bot.clock.now() });
    bot.fake.onActivity = () => undefined;
    bot.fake.fail("reply", null);
    await sync();
    expect(
      replies()
        .join()
        .match(/kanaal/g),
    ).toHaveLength(60);
  });

  it("five replies at a time, so that after an outage the cards of other alarms need not wait for all of them", async () => {
    await posted(Array.from({ length: 500 }, (_, at) => long(at)));
    expect(await sync()).toEqual({ kind: "again", at: bot.clock.now() });
    expect(replies()).toHaveLength(5);
    while ((await sync()).kind === "again") expect(replies().length).toBeLessThan(20);
    expect(
      replies()
        .join()
        .match(/kanaal/g),
    ).toHaveLength(500);
  });
});

describe("a reply that Teams refuses", () => {
  it("again and again, while the card is there, is told with what happens next", async () => {
    const incident = await posted([claimed(alice), claimed(bob)]);
    bot.fake.fail("reply", { ...refused, times: 3 });
    for (let tries = 0; tries < 2; tries += 1) await expect(sync()).rejects.toMatchObject({ reason: "unreachable" });
    expect(await sync()).toEqual({ kind: "done" });
    expect(replies()).toEqual([]);
    expect(bot.lines.filter(({ event }) => event === "reply-refused")).toHaveLength(1);
    await bot.change(incident, {}, [arrived(alice)]);
    await sync();
    expect(begun()).toEqual([["Alice", "Bob", "🟢"]]);
    expect(bot.fake.cards).toHaveLength(1);
  });

  it("for what it says is told line by line, without the one that Teams does not take, and holds up no card", async () => {
    const incident = await posted([claimed(alice)]);
    await bot.change(incident, { place: "Spreekkamer 4" }, [claimed(bob), arrived(bob)]);
    bot.fake.fail("reply", { kind: "status", status: 400, code: "BadArgument", times: 2 });
    later(1_000);
    expect(await sync()).toEqual({ kind: "done" });
    expect(begun()).toEqual([["Bob"], ["🟢"]]);
    expect(bot.lines.filter(({ event }) => event === "reply-refused")).toHaveLength(1);
    expect(bot.fake.cards[0]?.shown).toHaveLength(2);
  });

  it("for what an edit says leaves the reply as it is, and goes on in another", async () => {
    const incident = await posted([claimed(alice)]);
    await sync();
    await bot.change(incident, {}, [claimed(bob)]);
    bot.fake.fail("update", { kind: "status", status: 400, code: "BadArgument", times: 1 });
    expect(await sync()).toEqual({ kind: "done" });
    expect(begun()).toEqual([["Alice"], ["Bob"]]);
  });
});

describe("what asks something of people", () => {
  beforeEach(async () => {
    await bot[Symbol.asyncDispose]();
    bot = await start();
  });
  const check: HistoryLine = { kind: "check-asked", people: [alice, bob].map(toPerson), at: pressedAt };
  const asking = () => bot.fake.replies.filter(({ body }) => body.entities !== undefined);
  const known = () =>
    bot.store.write((tx) =>
      tx.saveMembers([
        { person: toPerson(alice), teamsId: alice.teamsId, conversation: null, serviceUrl: bot.fake.serviceUrl },
      ]),
    );

  it("mentions them in a reply of its own, by the ids that the bot knows, and looks nobody up", async () => {
    await known();
    await posted([check]);
    await sync();
    expect(bot.fake.replies[0]?.body.entities).toEqual([
      { type: "mention", text: "<at>Alice Jansen</at>", mentioned: { id: alice.teamsId, name: alice.name } },
      { type: "mention", text: "<at>Bob de Vries</at>", mentioned: { id: bob.aadObjectId, name: bob.name } },
    ]);
    expect(calls()).toEqual(["card", "reply", "reply"]);
    expect(bot.fake.replies[1]?.body).not.toHaveProperty("entities");
  });

  it("mentions the others where Teams does not take the message because of one whom it may not know", async () => {
    await known();
    await posted([check]);
    bot.fake.fail("reply", { kind: "status", status: 400, code: "BadArgument", times: 1 });
    await sync();
    expect(bot.fake.replies[0]?.body.entities).toMatchObject([{ mentioned: { id: alice.teamsId } }]);
    expect(bot.fake.replies[0]?.body.text).toContain("Bob de Vries: gaat het goed?");
  });

  it.each([
    [3, 1],
    [4, 0],
  ])("refused %i times is tried 1, 3 and 8 s later, as what rings them, and holds up nothing", async (times, asked) => {
    let incident = await posted([check]);
    bot.fake.fail("reply", { ...refused, mentions: true, times });
    for (const [at, wait] of [0, 1_000, 3_000].entries()) {
      later(pressedAt + wait - bot.clock.now());
      const again = pressedAt + ([1_000, 3_000, 8_000][at] ?? 0);
      expect(await sync()).toEqual({ kind: "again", at: again });
      // What happens meanwhile is told at once, and nobody is asked before it is time.
      incident = await bot.change(incident, {}, [claimed(bob, pressedAt + wait)]);
      expect(await sync()).toEqual({ kind: "again", at: again });
      expect(
        replies()
          .join()
          .match(/Bob de Vries gaat/g),
      ).toHaveLength(at + 1);
    }
    expect(asking()).toHaveLength(0);
    later(5_000);
    expect(await sync()).toEqual({ kind: "done" });
    expect(asking()).toHaveLength(asked);
    expect(await sync()).toEqual({ kind: "done" });
    expect(
      replies()
        .join()
        .match(/Gevraagd of het goed gaat: Alice Jansen, Bob de Vries\./g),
    ).toHaveLength(1);
    expect(bot.lines.filter(({ event }) => event === "reply-refused")).toHaveLength(1 - asked);
    expect(bot.fake.cards).toHaveLength(1);
  });

  it("and was refused is asked once after a restart, though what came after it is told", async () => {
    const incident = await posted([check]);
    bot.fake.fail("reply", { ...refused, mentions: true, times: 1 });
    await sync();
    await bot.change(incident, {}, [claimed(bob)]);
    await sync();
    const restarted = bot.again();
    expect(await restarted.syncCard("i-1", bot.signal)).toEqual({ kind: "done" });
    await restarted.syncCard("i-1", bot.signal);
    expect(asking()).toHaveLength(1);
  });

  it.each([
    ["is gone", false],
    ["goes once all is told", true],
  ])("is asked under the new card where the one before %s", async (_, isTold) => {
    await posted([check]);
    bot.fake.fail("reply", { ...refused, mentions: true, times: 1 });
    if (isTold) expect(await sync()).toMatchObject({ kind: "again" });
    bot.fake.remove(bot.fake.cards[0]?.id ?? "");
    let last: string | null = null;
    for (let seconds = 0; seconds < 9; seconds += 1) {
      last = await sync().then(
        ({ kind }) => kind,
        () => null,
      );
      later(1_000);
    }
    expect(last).toBe("done");
    expect(bot.fake.cards).toHaveLength(1);
    expect(asking().map(({ root }) => root)).toEqual([bot.fake.cards[0]?.id]);
  });

  it("is not asked again where telling it fails afterwards, nor after a restart", async () => {
    await posted([check]);
    bot.fake.onActivity = () => bot.fake.fail("reply", { kind: "status", status: 503, times: 1 });
    await expect(sync()).rejects.toMatchObject({ reason: "unreachable" });
    bot.fake.onActivity = () => undefined;
    await bot.again().syncCard("i-1", bot.signal);
    expect(bot.fake.replies.map(({ body }) => body.entities !== undefined)).toEqual([true, false]);
  });

  it("is asked of nobody once the alarm is closed", async () => {
    const incident = await posted([check]);
    await bot.change(incident, { closedAt: pressedAt, closedBy: "guard", outcome: "real", nextAt: null });
    later(1_000);
    await sync();
    expect(bot.fake.replies.map(({ body }) => body.entities)).toEqual([undefined]);
  });
});
