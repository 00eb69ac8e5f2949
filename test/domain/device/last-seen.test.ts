import { describe, expect, it } from "vitest";
import { toAlarm } from "../../../bot/domain/alarm.ts";
import { isSameAlarm, type LastSeen, lastSeenAt, toLastSeen } from "../../../bot/domain/device/last-seen.ts";

const minute = 60_000;
const now = 100 * minute;
const toSeen = (kind: LastSeen["kind"], at: number): LastSeen => ({
  source: "field",
  button: "a",
  kind,
  at,
  battery: null,
});

describe("what an alarm tells of its button", () => {
  it("is its kind, and its battery where it says that", () => {
    expect(toLastSeen("field", toAlarm("heartbeat", { button: "a" }), now)).toEqual([toSeen("heartbeat", now)]);
    expect(toLastSeen("field", toAlarm("press", { button: "a", battery: 0 }), now)).toEqual([
      toSeen("press", now),
      { ...toSeen("battery", now), battery: 0 },
    ]);
  });

  it("is last said at the latest of those moments", () => {
    const seen = [toSeen("press", 1), toSeen("heartbeat", 3), toSeen("test", 2)];
    expect(lastSeenAt(seen, "press", "test")).toBe(2);
    expect(lastSeenAt(seen, "cancel")).toBeNull();
  });
});

describe("still pressed", () => {
  it.each([
    ["nothing since the closing", [toSeen("press", now - minute)], true],
    ["the same signal since", [toSeen("still-pressed", now + minute)], true],
    ["a sign of peace since", [toSeen("heartbeat", now + minute)], false],
    ["a sign of peace before it", [toSeen("heartbeat", now - minute)], true],
    ["a cancel since", [toSeen("cancel", now + minute)], false],
    ["only its battery since", [toSeen("battery", now + minute)], true],
  ])("is the alarm that was closed, with %s", (_what, seen, isSame) => {
    expect(isSameAlarm(seen, now)).toBe(isSame);
  });
});
