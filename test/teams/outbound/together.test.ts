import { setImmediate } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { DeliveryError } from "../../../bot/errors.ts";
import { InFlight } from "../../../bot/kit/in-flight.ts";
import { done, type SendOutcome } from "../../../bot/ports/send-outcome.ts";
import { Pace } from "../../../bot/teams/outbound/pace.ts";
import { Together } from "../../../bot/teams/outbound/together.ts";
import { FakeClock } from "../../fakes/clock.ts";

const second = 1_000;
const signal = new AbortController().signal;

function start(failure: DeliveryError | null = null) {
  const clock = new FakeClock(0);
  const sent: { readonly at: number; readonly items: readonly string[] }[] = [];
  const sendAll = (items: readonly string[]) => {
    sent.push({ at: clock.now(), items });
    return async () => {
      if (failure !== null) throw failure;
      return done;
    };
  };
  const inFlight = new InFlight();
  const together = new Together<string, SendOutcome>({ clock, inFlight, pace: new Pace(), sendAll });
  const pass = async (ms: number) => {
    clock.to(clock.now() + ms);
    await setImmediate();
  };
  return { sent, together, pass, inFlight };
}

describe("what rings the same person", () => {
  it("goes out one by one at first, and what comes too fast together", async () => {
    const { sent, together, pass } = start();
    const all = ["1", "2", "3", "4", "5", "6"].map((item) => together.send("alice", item, signal));
    expect(sent.map(({ items }) => items)).toEqual([["1"], ["2"], ["3"]]);
    await pass(2 * second);
    expect(sent.at(-1)).toEqual({ at: 2 * second, items: ["4", "5", "6"] });
    expect(await Promise.all(all)).toEqual(Array.from({ length: 6 }, () => done));
  });

  it("does not wait for what rings others", async () => {
    const { sent, together } = start();
    for (const item of ["1", "2", "3", "4"]) void together.send("alice", item, signal);
    await together.send("bob", "4", signal);
    expect(sent.at(-1)).toEqual({ at: 0, items: ["4"] });
  });

  it("goes out one by one again after a while", async () => {
    const { sent, together, pass } = start();
    for (const item of ["1", "2", "3"]) await together.send("alice", item, signal);
    await pass(6 * second);
    for (const item of ["4", "5", "6"]) await together.send("alice", item, signal);
    expect(sent).toHaveLength(6);
  });

  it("each learns that their message failed", async () => {
    const { together, pass } = start(new DeliveryError("refused", "no"));
    const all = ["1", "2", "3", "4", "5"].map((item) => together.send("alice", item, signal));
    const ends = Promise.allSettled(all);
    await pass(2 * second);
    expect((await ends).map(({ status }) => status)).toEqual(Array.from({ length: 5 }, () => "rejected"));
  });

  it("stops waiting when the signal aborts, and the others still go", async () => {
    const { sent, together, pass } = start();
    for (const item of ["1", "2", "3"]) void together.send("alice", item, signal);
    const end = new AbortController();
    const given = together.send("alice", "4", end.signal);
    const kept = together.send("alice", "5", signal);
    end.abort();
    await expect(given).rejects.toMatchObject({ reason: "throttled", isHeldBack: true });
    await pass(2 * second);
    expect(await kept).toBe(done);
    expect(sent.at(-1)?.items).toEqual(["5"]);
  });

  it("does not count as under way while it waits", async () => {
    const { together, pass, inFlight } = start();
    for (const item of ["1", "2", "3"]) void together.send("alice", item, signal);
    using _entry = inFlight.enter();
    const waiting = together.send("alice", "4", signal);
    expect(inFlight.count).toBe(0);
    await pass(2 * second);
    await waiting;
    expect(inFlight.count).toBe(1);
  });
});
