import { setImmediate } from "node:timers/promises";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DeliveryError } from "../../../../bot/errors.ts";
import { InFlight } from "../../../../bot/kit/in-flight.ts";
import { Budget } from "../../../../bot/teams/wire/budget/budget.ts";
import { noLimits, teamsLimits, type Window } from "../../../../bot/teams/wire/budget/limits.ts";
import type { Urgency } from "../../../../bot/teams/wire/budget/urgency.ts";
import { FakeClock } from "../../../fakes/clock.ts";

const beganAt = Date.parse("2026-11-24T09:00:00Z");
const second = 1_000;
const urgencies = ["card", "ring", "reply", "update", "quiet"] as const satisfies readonly Urgency[];

interface Asked {
  readonly of?: string;
  readonly urgency?: Urgency;
  readonly maxWaitMs?: number;
  readonly signal?: AbortSignal;
  readonly mentionsTag?: boolean;
  readonly call?: () => Promise<void>;
}

interface Made {
  readonly of: string;
  readonly urgency: Urgency;
  readonly at: number;
}

/** A budget, the calls that were made with it, and those that were handed back. */
class Spending {
  readonly clock = new FakeClock(beganAt);
  readonly inFlight = new InFlight();
  readonly budget: Budget;
  readonly made: Made[] = [];
  readonly heldBack: (DeliveryError & { readonly at: number })[] = [];

  constructor(limits = teamsLimits) {
    this.budget = new Budget({ limits, clock: this.clock, inFlight: this.inFlight });
  }

  /** Resolves once it was made or handed back: with whether it was made. */
  async spend(asked: Asked = {}): Promise<boolean> {
    return (await this.#trySpend(asked)) === null;
  }

  /** Resolves with when it is to come back; null: it was made. */
  async #trySpend({ of = "a", urgency = "card", maxWaitMs = 2 * second, ...asked }: Asked): Promise<number | null> {
    const { signal = new AbortController().signal, mentionsTag = false, call } = asked;
    const make = async () => {
      this.made.push({ of, urgency, at: this.clock.now() });
      await call?.();
    };
    const account = { kind: "message", of, mentionsTag } as const;
    try {
      await this.budget.spend(account, { urgency, maxWaitMs, signal }, make);
      return null;
    } catch (error) {
      if (!(error instanceof DeliveryError) || !error.isHeldBack) throw error;
      this.heldBack.push(Object.assign(error, { at: this.clock.now() }));
      return this.clock.now() + (error.retryAfterMs ?? 0);
    }
  }

  /** As the outbox does: comes back when it is told to, until it is made. */
  async insist(asked: Asked): Promise<void> {
    for (let at = await this.#trySpend(asked); at !== null; at = await this.#trySpend(asked)) {
      const comesAt = at;
      await new Promise<void>((resolve) => this.clock.wakeAt(comesAt, resolve));
    }
  }

  async pass(ms: number): Promise<void> {
    const until = this.clock.now() + ms;
    await setImmediate();
    for (let at = this.clock.nextAt; at <= until; at = this.clock.nextAt) {
      this.clock.to(at);
      await setImmediate();
    }
    this.clock.to(until);
    await setImmediate();
  }

  madeAt(of: string): readonly number[] {
    return this.made.filter((each) => each.of === of).map(({ at }) => at - beganAt);
  }
}

/** The most calls that lie in any stretch of that length. */
function mostWithin(times: readonly number[], { withinMs }: Window): number {
  return Math.max(0, ...times.map((from) => times.filter((at) => at >= from && at < from + withinMs).length));
}

const someCalls = fc.array(
  fc.record({
    of: fc.constantFrom("a", "b", "c", "d", "e", "f"),
    urgency: fc.constantFrom(...urgencies),
    afterMs: fc.integer({ min: 0, max: 400 }),
  }),
  { maxLength: 150 },
);

describe("the budget of calls to Teams", () => {
  it("makes a call at once where there is room", async () => {
    const spending = new Spending();
    await spending.spend();
    expect(spending.madeAt("a")).toEqual([0]);
  });

  it("never makes more than any window takes, makes each call in the end, and makes what is more urgent first", async () => {
    await fc.assert(
      fc.asyncProperty(someCalls, async (calls) => {
        const spending = new Spending();
        const all = calls.map(async (call, index) => {
          const at = beganAt + calls.slice(0, index + 1).reduce((sum, { afterMs }) => sum + afterMs, 0);
          await new Promise<void>((resolve) => spending.clock.wakeAt(at, resolve));
          await spending.insist(call);
        });
        await spending.pass(600 * second);
        await Promise.all(all);
        for (const window of teamsLimits.app)
          expect(
            mostWithin(
              spending.made.map(({ at }) => at),
              window,
            ),
          ).toBeLessThanOrEqual(window.most);
        for (const of of ["a", "b", "c", "d", "e", "f"])
          for (const window of teamsLimits.messages)
            expect(mostWithin(spending.madeAt(of), window)).toBeLessThanOrEqual(window.most);
        expect(spending.made).toHaveLength(calls.length);
      }),
      { numRuns: 40 },
    );
  });

  it("beside an emulator makes each call at once", async () => {
    const spending = new Spending(noLimits);
    for (let times = 0; times < 100; times += 1) void spending.spend({ urgency: "quiet" });
    await spending.pass(0);
    expect(spending.made).toHaveLength(100);
  });

  it("makes the most urgent first, and among equals who came first", async () => {
    const spending = new Spending();
    for (let times = 0; times < 7; times += 1) void spending.spend();
    const order: Urgency[] = ["quiet", "update", "reply", "ring", "card"];
    for (const urgency of order) void spending.spend({ urgency, maxWaitMs: 60 * second });
    await spending.pass(60 * second);
    expect(spending.made.slice(7).map(({ urgency }) => urgency)).toEqual(["card", "ring", "update", "reply", "quiet"]);
  });

  it("leaves room for a card whatever is said in that channel", async () => {
    const spending = new Spending();
    for (let times = 0; times < 20; times += 1) void spending.spend({ urgency: "reply" });
    await spending.pass(0);
    await spending.spend();
    expect(spending.made.at(-1)).toEqual({ of: "a", urgency: "card", at: beganAt });
  });

  it("hands back at once what would wait in vain, and says when to come again", async () => {
    const spending = new Spending();
    const all = Array.from({ length: 20 }, () => spending.spend());
    await spending.pass(0);
    // Seven now, one in a second and seven in two: the others would wait for longer.
    expect(spending.heldBack).toHaveLength(5);
    for (const error of spending.heldBack) {
      expect(error).toMatchObject({ reason: "throttled", isHeldBack: true, mayHaveArrived: false, at: beganAt });
      expect(error.retryAfterMs).toBeGreaterThan(2 * second);
    }
    await spending.pass(10 * second);
    expect((await Promise.all(all)).filter((isMade) => isMade)).toHaveLength(15);
  });

  it("brings forty cards of one channel out within ten seconds, whoever else wants to say something there", async () => {
    const spending = new Spending();
    for (const urgency of ["card", "ring", "reply", "update"] as const)
      for (let times = 0; times < 40; times += 1) void spending.insist({ urgency });
    await spending.pass(10 * second - 1);
    expect(spending.made.filter(({ urgency }) => urgency === "card")).toHaveLength(40);
  });

  it("counts a thread to its channel", async () => {
    const spending = new Spending();
    for (let times = 0; times < 9; times += 1) void spending.spend({ of: `a;messageid=${times}` });
    await spending.pass(0);
    expect(spending.made).toHaveLength(7);
  });

  it("has no conversation wait for another", async () => {
    const spending = new Spending();
    for (let times = 0; times < 20; times += 1) void spending.spend({ of: "a" });
    await spending.pass(0);
    await spending.spend({ of: "b" });
    expect(spending.madeAt("b")).toEqual([0]);
  });

  it("puts nobody off for ever: a sign has its turn while cards go on without end", async () => {
    const spending = new Spending();
    let isOver = false;
    const goOn = async () => {
      while (!isOver) await spending.insist({ urgency: "card" });
    };
    const cards = Array.from({ length: 30 }, goOn);
    const sign = spending.insist({ urgency: "quiet" });
    await spending.pass(120 * second);
    expect(spending.made.map(({ urgency }) => urgency)).toContain("quiet");
    isOver = true;
    await spending.pass(600 * second);
    await Promise.all([...cards, sign]);
  });

  it("stops waiting when the signal aborts, as one that was never sent", async () => {
    const spending = new Spending();
    for (let times = 0; times < 7; times += 1) void spending.spend();
    const end = new AbortController();
    const waiting = spending.spend({ signal: end.signal });
    await spending.pass(500);
    end.abort();
    expect(await waiting).toBe(false);
    expect(spending.heldBack[0]).toMatchObject({ reason: "throttled", mayHaveArrived: false });
    await spending.pass(5 * second);
    expect(spending.made).toHaveLength(7);
  });

  it("does not count as under way what waits for its turn", async () => {
    const spending = new Spending();
    for (let times = 0; times < 7; times += 1) void spending.spend();
    using _entry = spending.inFlight.enter();
    void spending.spend();
    await spending.pass(0);
    expect(spending.inFlight.count).toBe(0);
    await spending.pass(second);
    expect(spending.inFlight.count).toBe(1);
  });

  describe("that Teams answers with 429", () => {
    const throttled = (retryAfterMs: number | null) => async () => {
      throw new DeliveryError("throttled", "Teams answered 429", { retryAfterMs });
    };

    it("closes that conversation for as long as it says, and no other", async () => {
      const spending = new Spending();
      await expect(spending.spend({ call: throttled(30 * second) })).rejects.toMatchObject({ isHeldBack: false });
      expect(await spending.spend()).toBe(false);
      expect(spending.heldBack[0]?.retryAfterMs).toBe(30 * second);
      expect(await spending.spend({ of: "b" })).toBe(true);
      await spending.pass(30 * second);
      expect(await spending.spend()).toBe(true);
    });

    it("hands back those that wait there", async () => {
      const spending = new Spending();
      const failing = Promise.withResolvers<void>();
      const first = spending.spend({ call: () => failing.promise });
      for (let times = 0; times < 6; times += 1) void spending.spend();
      const waiting = spending.spend();
      await spending.pass(0);
      failing.reject(new DeliveryError("throttled", "Teams answered 429", { retryAfterMs: 30 * second }));
      await expect(first).rejects.toThrow();
      expect(await waiting).toBe(false);
    });

    it("closes nothing where it does not say for how long", async () => {
      const spending = new Spending();
      await expect(spending.spend({ call: throttled(null) })).rejects.toThrow();
      expect(await spending.spend()).toBe(true);
    });

    it("closes the tags of that conversation, and leaves it open, where a tag was mentioned", async () => {
      const spending = new Spending();
      await expect(spending.spend({ mentionsTag: true, call: throttled(5 * second) })).rejects.toThrow();
      expect(await spending.spend({ mentionsTag: true })).toBe(false);
      expect(await spending.spend()).toBe(true);
    });
  });

  it("has no card wait for its tag: the third within five seconds goes without", async () => {
    const spending = new Spending();
    for (let times = 0; times < 2; times += 1) expect(await spending.spend({ mentionsTag: true })).toBe(true);
    expect(await spending.spend({ mentionsTag: true })).toBe(false);
    expect(await spending.spend()).toBe(true);
    await spending.pass(5 * second);
    expect(await spending.spend({ mentionsTag: true })).toBe(true);
  });
});

describe("a conversation is busy", () => {
  it("where what is posted has to wait for its turn, and no other is", async () => {
    const spending = new Spending();
    expect(spending.budget.isBusy("a")).toBe(false);
    for (let count = 0; count < 7; count += 1) await spending.spend();
    expect(spending.budget.isBusy("a")).toBe(true);
    expect(spending.budget.isBusy("b")).toBe(false);
    spending.clock.to(beganAt + 2 * second);
    expect(spending.budget.isBusy("a")).toBe(false);
  });

  it("for as long as Teams asks for patience", async () => {
    const spending = new Spending();
    const tooMany = new DeliveryError("throttled", "no", { retryAfterMs: 7 * second });
    await expect(spending.spend({ call: () => Promise.reject(tooMany) })).rejects.toBe(tooMany);
    spending.clock.to(beganAt + 7 * second - 1);
    expect(spending.budget.isBusy("a")).toBe(true);
    spending.clock.to(beganAt + 7 * second);
    expect(spending.budget.isBusy("a")).toBe(false);
  });

  it("but is not when Teams did not answer what was asked last", async () => {
    const spending = new Spending();
    const silent = new DeliveryError("unreachable", "no");
    for (let count = 0; count < 7; count += 1)
      await expect(spending.spend({ call: () => Promise.reject(silent) })).rejects.toBe(silent);
    expect(spending.budget.isBusy("a")).toBe(false);
  });
});
