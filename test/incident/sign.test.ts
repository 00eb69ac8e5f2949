import { describe, expect, it } from "vitest";
import { toAlarm } from "../../bot/incident/alarm.ts";
import { isKnownAlarm, lastOf, type Sign, toSigns } from "../../bot/incident/sign.ts";

const minute = 60_000;
const now = 100 * minute;
const sign = (kind: Sign["kind"], at: number): Sign => ({ source: "field", button: "a", kind, at, battery: null });

describe("what an alarm tells of its button", () => {
  it("is its kind, and its battery where it says that", () => {
    expect(toSigns("field", toAlarm("heartbeat", { button: "a" }), now)).toEqual([sign("heartbeat", now)]);
    expect(toSigns("field", toAlarm("press", { button: "a", battery: 0 }), now)).toEqual([
      sign("press", now),
      { ...sign("battery", now), battery: 0 },
    ]);
  });

  it("is last said at the latest of those moments", () => {
    const signs = [sign("press", 1), sign("heartbeat", 3), sign("test", 2)];
    expect(lastOf(signs, "press", "test")).toBe(2);
    expect(lastOf(signs, "cancel")).toBeNull();
  });
});

describe("still pressed", () => {
  it.each([
    ["nothing before it", [], false],
    ["a press half an hour ago", [sign("press", now - 30 * minute)], true],
    ["a press longer ago", [sign("press", now - 30 * minute - 1)], false],
    ["the same signal before", [sign("still-pressed", now - minute)], true],
    ["a press that was over since", [sign("press", now - 2 * minute), sign("heartbeat", now - minute)], false],
    ["a press after a sign of peace", [sign("press", now - minute), sign("heartbeat", now - 2 * minute)], true],
    ["a press that the holder took back", [sign("press", now - 2 * minute), sign("cancel", now - minute)], false],
    ["only its battery since", [sign("press", now - 2 * minute), sign("battery", now - minute)], true],
  ])("after %s", (_what, signs, isKnown) => {
    expect(isKnownAlarm(signs, now)).toBe(isKnown);
  });
});
