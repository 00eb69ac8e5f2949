import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { CallBackOutcome, PageEvent } from "../../../bot/contracts.ts";
import { startTest } from "../../../bot/domain/route-test/route-test.ts";
import { AnswerBuffer } from "../../../bot/engine/incident/answer-buffer.ts";
import { Guards } from "../../../bot/engine/incident/guards.ts";
import { OpenIncidents } from "../../../bot/engine/kernel/open/open-incidents.ts";
import { UnrecordedQueue } from "../../../bot/engine/kernel/unrecorded/unrecorded-queue.ts";
import { openKernel } from "../open-kernel.ts";
import { unstoredNothing } from "../unstored-nothing.ts";

const alice = { id: "00000000-0000-0000-0000-00000000000c", name: "Alice" };

/** One open incident, of which the second step has paged the desk. */
async function openCase() {
  await using stack = new AsyncDisposableStack();
  const base = stack.use(await openKernel());
  const { kernel, handler, directory, policy } = base;
  const { store, clock } = kernel;
  await base.press();
  const step = policy.steps.findIndex(({ kind }) => kind === "page");
  const pager = policy.steps.flatMap((each) => (each.kind === "page" ? [each.pager] : []))[0] ?? "";
  clock.to(clock.now() + 10 * 60_000);
  const open = await handler.handle("i-1", { kind: "deadline" });
  const page = `i-1-1-${step}`;
  const tested: string[] = [];
  const reported: string[] = [];
  const isAhead = { now: false };
  const guards = new Guards({
    store,
    clock,
    handler,
    answers: new AnswerBuffer(
      kernel,
      handler,
      new UnrecordedQueue(kernel, handler),
      new OpenIncidents(kernel.clock),
      unstoredNothing,
    ),
    siteFor: () => null,
    unrecorded: { of: () => (isAhead.now ? open : null), isAhead: () => isAhead.now },
    sendings: { report: (incident, { kind }) => void reported.push(`${incident} ${kind}`) },
    directory: { ...directory, personOf: (id) => (id === alice.id ? alice : null) },
    tests: {
      load: async (id) => (id === "a1" ? startTest("a1", [pager], { by: null, channel: null }, clock.now()) : null),
      recordEvent: async (key, { kind }) => {
        tested.push(`${key} ${kind}`);
        return "taken";
      },
    },
    ringTests: {
      recordEvent: async ({ route, test, person }, pager, { kind }) => {
        tested.push([route, test, person, pager, kind].join(" "));
        return "taken";
      },
    },
  });
  const running = stack.move();
  return {
    guards,
    page,
    pager,
    tested,
    reported,
    isAhead,
    holdDisk: base.holdDisk,
    pass: base.pass,
    record: (event: PageEvent, by = pager): Promise<CallBackOutcome> => guards.recordEvents(by, [event]),
    answered: (key: string): PageEvent => ({ kind: "answered", key, answer: "accept" }),
    failed: (key: string): PageEvent => ({ kind: "failed", key, reason: "no-answer" }),
    kinds: async () => (await store.read((reader) => reader.loadHistory("i-1", 0))).map(({ kind }) => kind),
    proven: () => store.read((reader) => reader.loadSetting("route-proven", pager)),
    close: () =>
      handler.handle("i-1", { kind: "resolve", by: { id: "lead", name: "Lead" }, isLead: true, outcome: "real" }),
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

describe("what a provider reports", () => {
  let bot: Awaited<ReturnType<typeof openCase>>;
  beforeEach(async () => {
    bot = await openCase();
  });
  afterEach(() => bot[Symbol.asyncDispose]());

  it("of a page is its guard's answer, and proves the route", async () => {
    expect(await bot.record(bot.answered(bot.page))).toBe("taken");
    expect(await bot.kinds()).toContain("guard-accepted");
    expect(await bot.proven()).not.toBeNull();
  });

  it("of a page that went out again is of the page itself", async () => {
    expect(await bot.record(bot.failed(`${bot.page}:again:2`))).toBe("taken");
    expect(await bot.kinds()).toContain("page-failed");
    expect(await bot.record(bot.answered(`${bot.page}:again:2`))).toBe("taken");
    expect(await bot.kinds()).toContain("guard-accepted");
  });

  it("of a page whose round was in memory and is forgotten is its guard's answer, and of no sending that is known", async () => {
    const key = "i-1-9-1";
    expect(await bot.record(bot.failed(key))).toBe("unknown");
    expect(await bot.record(bot.answered(key))).toBe("taken");
    expect(await bot.kinds()).toContain("guard-accepted");
    expect(await bot.guards.load(key)).toMatchObject({ incident: { id: "i-1" }, pager: bot.pager });
  });

  it("of another one's page or test counts for nothing", async () => {
    for (const key of [bot.page, `${bot.page}:again:1`, `test.${bot.pager}.a1`]) {
      expect(await bot.record(bot.answered(key), "another")).toBe("unknown");
      expect(await bot.record(bot.failed(key), "another")).toBe("unknown");
    }
    expect(await bot.kinds()).not.toContain("guard-accepted");
    expect(bot.tested).toEqual([]);
  });

  it("of a call is the colleague's answer, when they are known", async () => {
    expect(await bot.record(bot.answered(`${bot.page}@somebody`))).toBe("unknown");
    expect(await bot.record(bot.answered(`${bot.page}@${alice.id}`))).toBe("taken");
    expect(await bot.kinds()).toContain("claimed");
    expect(await bot.record(bot.failed(`${bot.page}@somebody`))).toBe("unknown");
  });

  it("of a call-off is that it reached nobody; nobody answers one", async () => {
    await bot.record(bot.failed(bot.page));
    await bot.close();
    expect(await bot.record(bot.answered(`${bot.page}:call-off:9`))).toBe("unknown");
    expect(await bot.record(bot.failed(`${bot.page}:call-off:9`))).toBe("taken");
    expect(await bot.kinds()).toContain("call-off-failed");
  });

  it("of its test goes to the test", async () => {
    const key = `test.${bot.pager}.a1`;
    expect(await bot.record(bot.failed(key))).toBe("taken");
    expect(bot.tested).toEqual([`${key} failed`]);
  });

  it("of a call that tests a colleague's phone goes to that test, with the pager that reports it", async () => {
    expect(await bot.record(bot.answered("ring-test.phone.a1.alice"))).toBe("taken");
    expect(bot.tested).toEqual([`phone a1 alice ${bot.pager} answered`]);
  });

  it.each(["", "card:i-1", "i-2-1-1", "i-1-9-0", "i-1-1-0", "i-1-1-1:update:2"])(
    "of %j is nothing we know",
    async (key) => {
      expect(await bot.record(bot.answered(key))).toBe("unknown");
      expect(await bot.record(bot.failed(key))).toBe("unknown");
    },
  );

  it("of a page that reached nobody counts in memory where it can't be written, and is to be told again", async () => {
    {
      using _disk = bot.holdDisk();
      const recording = expect(bot.record(bot.failed(bot.page))).rejects.toThrow();
      await bot.pass(6_000);
      await recording;
    }
    bot.isAhead.now = true;
    await expect(bot.record(bot.failed(bot.page))).rejects.toThrow("is not on disk");
    expect(bot.reported).toEqual(["i-1 page-failed", "i-1 page-failed"]);
    bot.isAhead.now = false;
    expect(await bot.record(bot.failed(bot.page))).toBe("taken");
    expect(bot.reported).toHaveLength(2);
  });

  it("of a call or a call-off counts so as well, but for a call-off of what is over", async () => {
    const [call, callOff] = [bot.failed(`${bot.page}@${alice.id}`), bot.failed(`${bot.page}:call-off:9`)];
    {
      using _disk = bot.holdDisk();
      for (const event of [call, callOff]) {
        const recording = expect(bot.record(event)).rejects.toThrow();
        await bot.pass(6_000);
        await recording;
      }
    }
    expect(bot.reported).toEqual(["i-1 delivery-failed"]);
    bot.isAhead.now = true;
    for (const event of [call, callOff]) await expect(bot.record(event)).rejects.toThrow("is not on disk");
    expect(bot.reported.slice(1)).toEqual(["i-1 delivery-failed", "i-1 call-off-failed"]);
  });

  it("of what is over is that it is over", async () => {
    await bot.close();
    expect(await bot.record(bot.answered(bot.page))).toBe("over");
  });

  it("is answered as the last of it was", async () => {
    const { page } = bot;
    expect(await bot.guards.recordEvents(bot.pager, [])).toBe("taken");
    expect(await bot.guards.recordEvents(bot.pager, [bot.answered(page), bot.answered("i-2-1-1")])).toBe("unknown");
    expect(await bot.kinds()).toContain("guard-accepted");
  });
});

describe("the page behind a guard's link", () => {
  it("shows the incident or the test of exactly that key", async () => {
    await using bot = await openCase();
    expect(await bot.guards.load(bot.page)).toMatchObject({ incident: { id: "i-1" }, pager: bot.pager });
    expect(await bot.guards.load(`test.${bot.pager}.a1`)).toMatchObject({ test: { answeredAt: null } });
    for (const key of [
      `test.${bot.pager}.a2`,
      "test.another.a1",
      `${bot.page}:again:1`,
      `${bot.page}@${alice.id}`,
      "i-1-9-0",
    ])
      expect(await bot.guards.load(key)).toBeNull();
  });

  it("records what is answered there", async () => {
    await using bot = await openCase();
    expect(await bot.guards.answer(bot.page, "arrived", "real")).toBe("recorded");
    expect(await bot.guards.answer(bot.page, "safe", "false")).toBe("recorded");
    expect(await bot.kinds()).toEqual(expect.arrayContaining(["guard-arrived", "closed"]));
    expect(await bot.proven()).not.toBeNull();
  });

  it("says when somebody else's answer stands, and tells a key on the phone from the link", async () => {
    await using bot = await openCase();
    expect(await bot.guards.answer(bot.page, "accept", "real", { who: "abcdefghijk", isCertain: false })).toBe(
      "recorded",
    );
    expect(await bot.guards.answer(bot.page, "decline", "real")).toBe("stands");
    expect(await bot.record({ kind: "answered", key: bot.page, answer: "decline" })).toBe("taken");
    expect(await bot.guards.load(bot.page)).toMatchObject({
      incident: {
        round: {
          guards: [
            { who: "abcdefghijk", state: "coming" },
            { who: "route", state: "declined" },
          ],
        },
      },
    });
  });

  it("records what is answered to a test", async () => {
    await using bot = await openCase();
    const key = `test.${bot.pager}.a1`;
    expect(await bot.guards.answer(key, "accept", "real")).toBe("recorded");
    expect(bot.tested).toEqual([`${key} answered`]);
  });
});
