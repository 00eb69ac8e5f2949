import { describe, expect, it } from "vitest";
import {
  acceptTest,
  answerTest,
  confirmTest,
  endTest,
  failTest,
  failTry,
  isTestWanted,
  parseTestKey,
  type RouteTest,
  startTest,
  testLengthMs,
  toTestKey,
} from "../../../bot/domain/route-test/route-test.ts";

const at = Date.UTC(2026, 10, 24, 9, 0, 0);
const refused = { reason: "refused", retryAfterMs: null } as const;
const unreachable = { reason: "unreachable", retryAfterMs: null } as const;

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
    expect(isTestWanted(failTry(test, "desk", refused, at).test, "desk", at)).toBe(false);
    expect(isTestWanted(failTry(test, "desk", unreachable, at).test, "desk", at)).toBe(true);
  });

  it("is tried three times, 1 and 2 s apart, and then failed", () => {
    let { test, againAt } = failTry(start("desk", "phone"), "desk", unreachable, at);
    expect({ againAt, state: test.routes.desk?.state }).toEqual({ againAt: at + 1_000, state: "queued" });
    ({ test, againAt } = failTry(test, "desk", unreachable, at));
    expect({ againAt, state: test.routes.desk?.state }).toEqual({ againAt: at + 2_000, state: "queued" });
    ({ test, againAt } = failTry(test, "desk", unreachable, at));
    expect({ againAt, route: test.routes.desk }).toMatchObject({
      againAt: null,
      route: { state: "failed", failure: "unreachable", tries: 3 },
    });
  });

  it("waits as long as the other side asks, a minute at most, and never past the end", () => {
    const wait = (retryAfterMs: number, now = at) =>
      failTry(start("desk"), "desk", { reason: "throttled", retryAfterMs }, now).againAt;
    expect(wait(7_000)).toBe(at + 7_000);
    expect(wait(3_600_000)).toBe(at + 60_000);
    expect(wait(7_000, at + testLengthMs - 7_000)).toBeNull();
  });

  it.each(["refused", "misconfigured"] as const)("is not tried again when it is %s", (reason) => {
    const { test, againAt } = failTry(start("desk"), "desk", { reason, retryAfterMs: null }, at);
    expect({ againAt, state: test.routes.desk?.state }).toEqual({ againAt: null, state: "failed" });
  });

  it("a human's answer stands against everything, and everything the provider told against its receipt", () => {
    const answered = answerTest(start("desk"), "desk", at + 5);
    expect(answered.routes.desk).toMatchObject({ state: "answered", toldBy: "guard", at: at + 5 });
    expect(acceptTest(answered, "desk", at + 6)).toBe(answered);
    expect(failTry(answered, "desk", unreachable, at + 6)).toEqual({ test: answered, againAt: null });
    expect(failTest(answered, "desk", "no-answer", at + 6)).toBe(answered);
    expect(answerTest(answered, "desk", at + 6)).toBe(answered);

    const unheard = failTest(start("desk"), "desk", "no-answer", at);
    expect(acceptTest(unheard, "desk", at + 1)).toBe(unheard);
    // What we believed had not arrived.
    const failed = failTry(start("desk"), "desk", refused, at).test;
    expect(answerTest(failed, "desk", at + 1).routes.desk?.state).toBe("answered");
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
    const failed = failTry(test, "desk", refused, at).test;
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
    expect(failTry(one, "phone", unreachable, at + 61_000).test.nextAt).toBe(test.endsAt);
    expect(failTry(one, "phone", refused, at + 61_000).test.nextAt).toBe(at + 61_000);
    expect(answerTest(one, "phone", at + 62_000).nextAt).toBe(at + 62_000);
    // An answer to a test that is over is written, and said no second time.
    expect(answerTest(endTest(one), "phone", at + 62_000)).toMatchObject({ nextAt: null });
  });
});
