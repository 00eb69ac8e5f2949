import { expect, it } from "vitest";
import { toAlarm } from "../../../../bot/domain/alarm.ts";
import { EndedStates } from "../../../../bot/engine/kernel/taking/ended-states.ts";

const on = toAlarm("pressed", { button: "balie", state: { name: null, run: null, isOn: true } });
const off = toAlarm("heartbeat", { button: "Balie", state: { name: null, run: null, isOn: false } });
const hour = 3_600_000;

it("that a state is over is written once an hour, and each time after it was on", () => {
  const states = new EndedStates();
  const writes = (alarm: typeof on, at: number) => {
    const noteEnd = states.follow("zigbee", alarm, at);
    noteEnd?.();
    return noteEnd !== null;
  };
  expect([writes(off, 0), writes(off, 1), writes(off, hour - 1), writes(off, hour)]).toEqual([
    true,
    false,
    false,
    true,
  ]);
  expect([writes(on, hour + 1), writes(off, hour + 2), writes(off, hour + 3)]).toEqual([true, true, false]);
  expect(writes(toAlarm("heartbeat", { button: "balie" }), 0)).toBe(false);
});

it("is not known before the commit, nor when the state was on meanwhile", () => {
  const states = new EndedStates();
  const noteEnd = states.follow("zigbee", off, 0);
  expect(states.follow("zigbee", off, 1)).not.toBeNull();
  states.follow("zigbee", on, 2);
  noteEnd?.();
  expect(states.follow("zigbee", off, 3)).not.toBeNull();
  expect(states.follow("another", off, 3)).not.toBeNull();
});
