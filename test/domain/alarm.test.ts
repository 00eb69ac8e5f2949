import { describe, expect, it } from "vitest";
import { type Alarm, limitAlarms, toAlarm } from "../../bot/domain/alarm.ts";

function make(kind: Alarm["kind"], count: number): Alarm[] {
  return Array.from({ length: count }, (_, index) => toAlarm(kind, { id: `${kind}-${index}`, button: String(index) }));
}

describe("the alarms of one message", () => {
  it("are all taken up to a hundred presses and a thousand signs of life", () => {
    const alarms = [...make("heartbeat", 500), ...make("press", 100), ...make("heartbeat", 500)];
    expect(limitAlarms(alarms)).toEqual(alarms);
  });

  it("are a hundred presses at most, and one that can't be read for all others, the same for each retry", () => {
    const alarms = make("press", 4_131);
    const taken = limitAlarms(alarms);
    expect(taken.slice(0, 100)).toEqual(alarms.slice(0, 100));
    expect(taken.slice(100)).toEqual([toAlarm("unreadable", { id: "rest press-100" })]);
    expect(limitAlarms(alarms)).toEqual(taken);
  });

  it("lose no press to signs of life before it", () => {
    const taken = limitAlarms([...make("heartbeat", 5_000), ...make("press", 1)]);
    expect(taken).toHaveLength(1_001);
    expect(taken.at(-1)?.kind).toBe("press");
  });
});
