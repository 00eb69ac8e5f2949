import { describe, expect, it } from "vitest";
import {
  acceptTest,
  answerTest,
  bringBackTest,
  confirmTest,
  endTest,
  failTest,
  failTry,
  isTestWanted,
  parseTestKey,
  type RouteTest,
  routeOf,
  startTest,
  testLengthMs,
  toTestKey,
} from "../../../bot/domain/route-test/route-test.ts";

const at = Date.UTC(2026, 10, 24, 9, 0, 0);
const refused = { reason: "refused", isRetried: false } as const;
const unreachable = { reason: "unreachable", isRetried: true } as const;

function start(...pagers: string[]): RouteTest {
  return startTest("a1", pagers, { by: null, channel: null }, at);
}

describe("the key of a test", () => {
  it("says which test and which pager", () => {
    expect(parseTestKey(toTestKey("a1", "desk"))).toEqual({ test: "a1", pager: "desk" });
    expect(parseTestKey("i-1-2")).toBeNull();
  });
});

describe("a route under test", () => {
  it("is wanted until it is out, answered, over or given up", () => {
    const test = start("desk");
    expect(isTestWanted(test, "desk", at)).toBe(true);
    expect(isTestWanted(test, "another", at)).toBe(false);
    expect(isTestWanted(test, "desk", at + testLengthMs)).toBe(false);
    expect(isTestWanted(endTest(test), "desk", at)).toBe(false);
    expect(isTestWanted(acceptTest(test, "desk", at), "desk", at)).toBe(false);
    expect(isTestWanted(answerTest(test, "desk", at), "desk", at)).toBe(false);
    expect(isTestWanted(failTry(test, "desk", refused, at), "desk", at)).toBe(false);
    expect(isTestWanted(failTry(test, "desk", unreachable, at), "desk", at)).toBe(true);
  });

  it("counts its tries, and is failed when it is not tried again", () => {
    const once = failTry(start("desk", "phone"), "desk", unreachable, at);
    expect(once.routes.desk).toMatchObject({ state: "queued", failure: "unreachable", tries: 1 });
    const twice = failTry(once, "desk", { reason: "throttled", isRetried: true }, at + 1_000);
    expect(twice.routes.desk).toMatchObject({ state: "queued", failure: "throttled", tries: 2 });
    const over = failTry(twice, "desk", { reason: "unreachable", isRetried: false }, at + 3_000);
    expect(over.routes.desk).toMatchObject({ state: "failed", failure: "unreachable", tries: 3, at: at + 3_000 });
    expect(over.routes.phone).toMatchObject({ state: "queued", failure: null });
  });

  it("a human's answer stands against everything, and everything the provider told against its receipt", () => {
    const answered = answerTest(start("desk"), "desk", at + 5);
    expect(answered.routes.desk).toMatchObject({ state: "answered", toldBy: "guard", at: at + 5 });
    expect(acceptTest(answered, "desk", at + 6)).toBe(answered);
    expect(failTry(answered, "desk", unreachable, at + 6)).toBe(answered);
    expect(failTest(answered, "desk", "no-answer", at + 6)).toBe(answered);
    expect(answerTest(answered, "desk", at + 6)).toBe(answered);

    const unheard = failTest(start("desk"), "desk", "no-answer", at);
    expect(acceptTest(unheard, "desk", at + 1)).toBe(unheard);
    // What we believed had not arrived.
    const failed = failTry(start("desk"), "desk", refused, at);
    expect(answerTest(failed, "desk", at + 1).routes.desk?.state).toBe("answered");
  });

  it.each(["constructor", "__proto__", "toString"])("is not %s, which every object has", (pager) => {
    const test = acceptTest(start("desk"), "desk", at);
    expect(routeOf(test, pager)).toBeUndefined();
    expect(isTestWanted(test, pager, at)).toBe(false);
    for (const change of [answerTest, confirmTest, acceptTest]) expect(change(test, pager, at)).toBe(test);
    expect(failTest(test, pager, "no-answer", at)).toBe(test);
  });

  it("counts no answer after the end", () => {
    const accepted = acceptTest(start("desk"), "desk", at);
    const end = at + testLengthMs;
    expect(answerTest(accepted, "desk", end)).toBe(accepted);
    expect(confirmTest(accepted, "desk", end)).toBe(accepted);
    expect(failTest(accepted, "desk", "no-answer", end)).toBe(accepted);
    expect(answerTest(accepted, "desk", end - 1).routes.desk?.state).toBe("answered");
  });

  it("is confirmed by a colleague only when the provider took it", () => {
    const test = start("desk");
    expect(confirmTest(test, "desk", at)).toBe(test);
    expect(confirmTest(test, "another", at)).toBe(test);
    const failed = failTry(test, "desk", refused, at);
    expect(confirmTest(failed, "desk", at)).toBe(failed);
    expect(confirmTest(acceptTest(test, "desk", at), "desk", at + 9).routes.desk).toMatchObject({
      state: "answered",
      toldBy: "colleague",
      at: at + 9,
    });
  });
});

describe("the result of a test", () => {
  it("is due after 30 minutes, or once every route was answered or given up", () => {
    const test = start("desk", "phone");
    expect(test).toMatchObject({ endsAt: at + 30 * 60_000, nextAt: at + 30 * 60_000 });
    const one = answerTest(acceptTest(test, "desk", at), "desk", at + 60_000);
    expect(one.nextAt).toBe(test.endsAt);
    expect(acceptTest(one, "phone", at + 61_000).nextAt).toBe(test.endsAt);
    expect(failTry(one, "phone", unreachable, at + 61_000).nextAt).toBe(test.endsAt);
    expect(failTry(one, "phone", refused, at + 61_000).nextAt).toBe(at + 61_000);
    expect(answerTest(one, "phone", at + 62_000).nextAt).toBe(at + 62_000);
    // An answer to a test that is over is written, and said no second time.
    expect(answerTest(endTest(one), "phone", at + 62_000)).toMatchObject({ nextAt: null });
  });

  it("is due now when a clock that was ahead began the test, or noted a route of it", () => {
    const test = acceptTest(start("desk"), "desk", at + 1_000);
    const now = at - 3_600_000;
    const by = test.endsAt - now;
    const routes = { desk: { ...test.routes.desk, at: at + 1_000 - by } };
    const back = { startedAt: at - by, endsAt: now, nextAt: now, routes };
    expect(bringBackTest(test, now)).toEqual({ ...test, ...back });
    expect(bringBackTest(test, at + 1_000)).toBe(test);
    expect(bringBackTest(test, at + 999).nextAt).toBe(at + 999);
    const over = endTest(test);
    expect(bringBackTest(over, now)).toBe(over);
  });
});
