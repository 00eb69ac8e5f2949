import { describe, expect, it } from "vitest";
import { toAlarm } from "../../../bot/domain/alarm.ts";
import { type LastSeen, lastSeenAt, toLastSeen } from "../../../bot/domain/device/last-seen.ts";

const now = 100 * 60_000;
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
