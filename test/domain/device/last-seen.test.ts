import { describe, expect, it } from "vitest";
import { toAlarm } from "../../../bot/domain/alarm.ts";
import { isSameAlarm, type LastSeen, lastSeenAt, toLastSeen } from "../../../bot/domain/device/last-seen.ts";

const minute = 60_000;
const now = 100 * minute;
const sign = (kind: LastSeen["kind"], at: number): LastSeen => ({
  source: "field",
  button: "a",
  kind,
  at,
  battery: null,
});

describe("what an alarm tells of its button", () => {
  it("is its kind, and its battery where it says that", () => {
    expect(toLastSeen("field", toAlarm("heartbeat", { button: "a" }), now)).toEqual([sign("heartbeat", now)]);
    expect(toLastSeen("field", toAlarm("press", { button: "a", battery: 0 }), now)).toEqual([
      sign("press", now),
      { ...sign("battery", now), battery: 0 },
    ]);
  });

  it("is last said at the latest of those moments", () => {
    const signs = [sign("press", 1), sign("heartbeat", 3), sign("test", 2)];
    expect(lastSeenAt(signs, "press", "test")).toBe(2);
    expect(lastSeenAt(signs, "cancel")).toBeNull();
  });
});

describe("still pressed", () => {
  it.each([
    ["nothing since the closing", [sign("press", now - minute)], true],
    ["the same signal since", [sign("still-pressed", now + minute)], true],
    ["a sign of peace since", [sign("heartbeat", now + minute)], false],
    ["a sign of peace before it", [sign("heartbeat", now - minute)], true],
    ["a cancel since", [sign("cancel", now + minute)], false],
    ["only its battery since", [sign("battery", now + minute)], true],
  ])("is the alarm that was closed, with %s", (_what, signs, isSame) => {
    expect(isSameAlarm(signs, now)).toBe(isSame);
  });
});
