import { describe, expect, it } from "vitest";
import { parsePageKey } from "../../../../bot/domain/message-key.ts";
import type { Request } from "../../../../bot/engine/kernel/decisions.ts";
import { toProgress } from "../../../../bot/engine/kernel/unrecorded/waiting.ts";
import { begunAt, second } from "../../open-kernel.ts";
import { openAway, toPageRow, ways } from "./open-away.ts";

const alice = { id: "alice", name: "Alice" };
const bob = { id: "bob", name: "Bob" };
const first = "i-1-1-1";
const next = "i-1-1-2";

describe.each(ways)("while a database %s", (way) => {
  /** What is waited for is a write that hangs. */
  const late = way === "hangs" ? 5 : 0;

  it("what is due goes out once, and is written afterwards as of its moment", async () => {
    await using bot = await openAway();
    bot.held.way = way;
    await bot.pass(59 * second);
    expect(bot.sent).toEqual([]);
    await bot.pass(6 * second);
    expect(bot.sent).toEqual([first]);
    await bot.pass(60 * second);
    expect(bot.sent).toEqual([first, next]);
    bot.comeBack();
    await bot.pass(3 * second);
    const [at, then] = [60 + late, 120];
    expect(await bot.events()).toEqual([
      ...[`page-queued ${at}`, `page-accepted ${at}`, `page-queued ${then}`, `page-accepted ${then}`],
    ]);
    expect(await bot.listWaitingPages()).toEqual([]);
    expect(bot.sent).toEqual([first, next]);
  });

  it("an answer that waits counts at once, and is written between what was decided before and after it", async () => {
    await using bot = await openAway();
    bot.held.way = way;
    await bot.pass(70 * second);
    await bot.say({ kind: "guard", pageKey: first, answer: "accept" }, "guard");
    await bot.pass(100 * second);
    expect(bot.sent).toEqual([first]);
    bot.comeBack();
    await bot.pass(3 * second);
    const at = 60 + late;
    const paged = [`page-queued ${at}`, `page-accepted ${at}`];
    expect(await bot.events()).toEqual([...paged, "guard-accepted 70", "page-held 120"]);
  });

  it("a provider's report that a page reached nobody brings the next one at once", async () => {
    await using bot = await openAway();
    bot.held.way = way;
    await bot.pass(70 * second);
    for (let times = 0; times < 2; times += 1)
      bot.sendings.report("i-1", { kind: "page-failed", key: first, reason: "no-answer" });
    await bot.pass(second);
    expect(bot.sent).toEqual([first, next]);
  });

  it("nobody is paged for an alarm that was closed before, or is closed meanwhile", async () => {
    await using bot = await openAway();
    const resolve = { kind: "resolve", by: alice, isLead: true, outcome: "false" } as const;
    bot.held.way = way;
    await bot.pass(40 * second);
    await bot.say(resolve);
    await bot.pass(100 * second);
    expect(bot.sent).toEqual([]);
  });

  it("help pages at once, and all of it repeats", async () => {
    await using bot = await openAway();
    bot.held.way = way;
    await bot.pass(second);
    await bot.say({ kind: "help", by: alice });
    await bot.pass(6 * second);
    expect(bot.sent).toEqual([first]);
    await bot.pass(320 * second);
    expect(bot.sent).toEqual([first, next, "i-1-2-1", "i-1-2-2"]);
  });

  it("the next pager is paged at once where one fails, and that one is tried on", async () => {
    await using bot = await openAway();
    bot.held.way = way;
    bot.held.arePagersDown = true;
    await bot.pass(66 * second);
    bot.held.arePagersDown = false;
    await bot.pass(20 * second);
    expect(bot.sent.toSorted()).toEqual([first, next]);
    // Each has one key of its own over all its tries, so that a pager takes neither for another step, nor it for that.
    expect(bot.tried.length).toBeGreaterThan(4);
    expect(new Set(bot.tried).size).toBe(2);
  });
});

describe("a page that the outbox has", () => {
  it("goes out once from memory, however often it is passed on", async () => {
    await using bot = await openAway();
    bot.held.way = "refuses writes";
    await bot.pass(61 * second);
    for (let looks = 0; looks < 3; looks += 1) bot.sendings.sendWaiting(toPageRow(first));
    await bot.pass(second);
    expect(bot.sent).toEqual([first]);
  });

  it("is not sent there where it went out from memory", async () => {
    await using bot = await openAway();
    bot.held.way = "fails";
    await bot.pass(61 * second);
    bot.comeBack();
    expect(await bot.takeOver(first)).toBe(true);
    expect(await bot.takeOver(next)).toBe(false);
  });

  it("is tried there alone from when it is taken over", async () => {
    await using bot = await openAway();
    Object.assign(bot.held, { way: "fails", arePagersDown: true });
    await bot.pass(61 * second);
    expect(await bot.takeOver(first)).toBe(false);
    bot.held.arePagersDown = false;
    await bot.pass(50 * second);
    expect(bot.sent).toEqual([next]);
  });
});

it("a step whose commit was done and never answered is paged once, and the outbox learns that it went out", async () => {
  await using bot = await openAway();
  await bot.pass(59 * second);
  bot.held.isAnswerLost = true;
  await bot.pass(second);
  bot.held.isAnswerLost = false;
  await bot.pass(3 * second);
  expect(bot.sent).toEqual([first]);
  expect(await bot.events()).toEqual(["page-queued 60", "page-accepted 60"]);
  expect((await bot.listWaitingPages()).map(({ key }) => key)).toEqual([first]);
  expect(await bot.takeOver(first)).toBe(true);
});

it("a page that was needless as far as the disk knows stands for no later one of that step", async () => {
  await using bot = await openAway();
  await bot.pass(50 * second);
  // Memory is never told of it.
  bot.held.isAnswerLost = true;
  await expect(bot.handler.handle("i-1", { kind: "claim", by: alice })).rejects.toThrow("cut off");
  Object.assign(bot.held, { isAnswerLost: false, way: "fails" });
  await bot.pass(15 * second);
  expect(bot.sent).toEqual([first]);
  bot.comeBack();
  await bot.pass(3 * second);
  expect(await bot.events()).toEqual(["page-held 60"]);
  // She does not come in time.
  await bot.pass(600 * second);
  expect((await bot.listWaitingPages()).map(({ key }) => key)).toContain(first);
  expect(await bot.takeOver(first)).toBe(false);
});

it("of what was to ring in several rounds, and did not, the newest alone is told afterwards", async () => {
  await using bot = await openAway();
  const before = await bot.listRings();
  Object.assign(bot.held, { way: "fails", isTeamsDown: true });
  await bot.pass(900 * second);
  bot.comeBack();
  await bot.pass(3 * second);
  const rings = await bot.listRings();
  expect(rings).toHaveLength(before.length + 1);
  expect(rings.at(-1)).toBeGreaterThan(2);
});

it("who was rung from memory in several rounds is rung no more afterwards, and what stands in Teams is known", async () => {
  await using bot = await openAway();
  const before = await bot.listRings();
  bot.held.way = "fails";
  await bot.pass(900 * second);
  expect(bot.rung.length).toBeGreaterThan(2);
  expect(new Set(bot.rung).size).toBe(bot.rung.length);
  bot.comeBack();
  await bot.pass(3 * second);
  expect(await bot.listRings()).toEqual(before);
  for (const key of bot.rung) expect(await bot.isRecorded(key)).toBe(true);
});

it("what is decided while earlier decisions are being written is written after them", async () => {
  await using bot = await openAway();
  bot.held.way = "fails";
  await bot.pass(61 * second);
  const handleIn = bot.handler.handleIn.bind(bot.handler);
  bot.handler.handleIn = (tx, ...each) => {
    const settle = Object.getOwnPropertyDescriptor(tx, "settle") ?? {};
    // The last that is done before the commit.
    tx.settle = (...row) => {
      Object.defineProperty(tx, "settle", settle);
      bot.unrecorded.decide("i-1", { kind: "page-failed", key: first, reason: "no-answer" });
      return tx.settle(...row);
    };
    return handleIn(tx, ...each);
  };
  bot.comeBack();
  await bot.pass(4 * second);
  expect((await bot.events()).map((each) => each.split(" ")[0])).toEqual([
    ...["page-queued", "page-accepted", "page-failed", "page-queued"],
  ]);
  expect(bot.unrecorded.isAhead("i-1")).toBe(false);
});

it("help pages at once, and repeats, for an alarm that memory does not know and that can be read", async () => {
  await using bot = await openAway(false);
  await bot.pass(10 * second);
  bot.held.way = "refuses writes";
  await bot.say({ kind: "help", by: alice });
  await bot.pass(second);
  expect(bot.sent).toEqual([first]);
  await bot.pass(320 * second);
  expect(bot.sent).toContain("i-1-2-1");
  bot.comeBack();
  await bot.pass(3 * second);
  expect(bot.unrecorded.isAhead("i-1")).toBe(false);
});

it("an answer that waits no more is not followed", async () => {
  await using bot = await openAway();
  const answered = { ...toProgress(begunAt, false), work: () => Promise.reject(new Error("nobody asks for it")) };
  const said = { ...answered, kind: "answer", receivedAt: begunAt, holds: [], waitsFor: [], closes: null } as const;
  bot.sendings.follow({ ...said, onFault() {}, onGivenUp() {} }, "i-1", { kind: "claim", by: alice }, begunAt);
  await bot.pass(second);
  expect(bot.unrecorded.isAhead("i-1")).toBe(false);
});

it("what was decided behind an answer that took long is written when that is, also where nobody writes", async () => {
  await using bot = await openAway();
  await bot.pass(10 * second);
  bot.held.way = "takes long";
  await bot.say({ kind: "help", by: alice });
  await bot.pass(10 * second);
  expect(bot.sent).toEqual([first]);
  bot.comeBack();
  await bot.pass(10 * second);
  expect(bot.unrecorded.isAhead("i-1")).toBe(false);
  expect(await bot.events()).toEqual(["page-queued 10", "page-accepted 15"]);
});

describe("where the disk has room for one of two that wait, and for the other one later", () => {
  /** `refuses`: that it has no room yet for that request. */
  async function openTight(refuses: (request: Request) => boolean) {
    const bot = await openAway();
    bot.held.way = "fails";
    const handleIn = bot.handler.handleIn.bind(bot.handler);
    let hasRoom = false;
    bot.handler.handleIn = async (tx, id, request, at) => {
      if (!hasRoom && refuses(request)) throw new Error("the disk is full");
      return handleIn(tx, id, request, at);
    };
    const makeRoom = () => {
      hasRoom = true;
    };
    return { bot, makeRoom };
  }

  it("an answer on a page is written after the round of that page", async () => {
    const { bot, makeRoom } = await openTight(({ kind }) => kind === "deadline");
    await using _bot = bot;
    await bot.pass(370 * second);
    expect(bot.sent).toContain("i-1-2-1");
    await bot.say({ kind: "guard", pageKey: "i-1-2-1", answer: "accept" }, "guard");
    bot.comeBack();
    await bot.pass(5 * second);
    expect(await bot.events()).toEqual([]);
    makeRoom();
    await bot.pass(10 * second);
    expect((await bot.events()).at(-1)).toBe("guard-accepted 370");
    expect(await bot.listWaitingPages()).toEqual([]);
  });

  it("an answer waits a minute for what can't be written, which is decided anew then, and goes out anew", async () => {
    const { bot, makeRoom } = await openTight(({ kind }) => kind === "page-accepted");
    await using _bot = bot;
    await bot.pass(70 * second);
    expect(bot.sent).toEqual([first]);
    bot.comeBack();
    await bot.pass(5 * second);
    await bot.say({ kind: "claim", by: alice });
    await bot.pass(20 * second);
    expect((await bot.load())?.responders).toEqual([]);
    await bot.pass(60 * second);
    expect((await bot.load())?.responders).toMatchObject([{ state: "coming", since: begunAt + 75 * second }]);
    makeRoom();
    await bot.pass(62 * second);
    expect(bot.unrecorded.isAhead("i-1")).toBe(false);
    // She does not come in time, and what went out before is not taken for the page of then.
    await bot.pass(600 * second);
    expect((await bot.listWaitingPages()).map(({ key }) => key)).toContain(first);
    expect(await bot.takeOver(first)).toBe(false);
  });

  it("what was decided on an answer is written after that", async () => {
    const { bot, makeRoom } = await openTight(({ kind }) => kind === "claim");
    await using _bot = bot;
    await bot.pass(50 * second);
    await bot.say({ kind: "claim", by: alice });
    await bot.pass(20 * second);
    bot.comeBack();
    await bot.pass(5 * second);
    expect(await bot.listWaitingPages()).toEqual([]);
    makeRoom();
    await bot.pass(10 * second);
    expect(await bot.events()).toEqual(["page-held 60"]);
    expect(bot.sent).toEqual([]);
  });
});

it("what can't be noted of one alarm holds it up no longer than that", async () => {
  await using bot = await openAway(false);
  await bot.pass(59 * second);
  const note = bot.openIncidents.note.bind(bot.openIncidents);
  bot.openIncidents.note = () => {
    throw new Error("a fault of ours");
  };
  await bot.pass(2 * second);
  bot.openIncidents.note = note;
  await bot.pass(60 * second);
  expect(await bot.events()).toEqual(["page-queued 60", "page-queued 120"]);
});

describe("where more was decided than is kept", () => {
  const minute = 60 * second;

  /** What is due goes on in memory alone. */
  async function openFull() {
    const bot = await openAway();
    bot.held.way = "fails";
    await bot.pass(10 * second);
    await bot.say({ kind: "correct-place", by: bob, place: "Hal" }, "bob");
    for (let count = 0; count < 1_000; count += 1)
      bot.unrecorded.decide("i-1", { kind: count % 2 === 0 ? "claim" : "decline", by: alice });
    expect(bot.unrecorded.isFull("i-1")).toBe(true);
    await bot.pass(20 * minute);
    expect(bot.sent.length).toBeGreaterThan(4);
    return bot;
  }

  it("what is paged for anew afterwards is no page that went out before", async () => {
    await using bot = await openFull();
    bot.comeBack();
    await bot.pass(20 * minute);
    expect(bot.unrecorded.isAhead("i-1")).toBe(false);
    const waiting = (await bot.listWaitingPages()).map(({ key }) => key);
    expect(waiting.length).toBeGreaterThan(4);
    expect(bot.tried.filter((key) => waiting.includes(key))).toEqual([]);
    for (const key of waiting) expect(await bot.takeOver(key)).toBe(false);
  });

  it("a guard's answer counts by the link of a page that is forgotten", async () => {
    await using bot = await openFull();
    const last = bot.sent.at(-1) ?? "";
    bot.comeBack();
    await bot.pass(3 * second);
    const round = (await bot.load())?.round.number ?? 0;
    expect(parsePageKey(last)?.round).toBeGreaterThan(round);
    await bot.say({ kind: "guard", pageKey: last, answer: "accept" }, "guard");
    expect((await bot.events()).at(-1)).toMatch(/^guard-accepted /);
  });

  it("what is decided anew in memory is paged for anew", async () => {
    await using bot = await openFull();
    const { length } = bot.sent;
    await bot.say({ kind: "correct-place", by: bob, place: "Balie" }, "bob");
    await bot.pass(10 * minute);
    expect(bot.sent.length).toBeGreaterThan(length + 2);
  });
});
