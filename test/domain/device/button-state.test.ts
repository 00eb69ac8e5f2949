import { describe, expect, it } from "vitest";
import { toAlarm } from "../../../bot/domain/alarm.ts";
import { judgeState, toButtonState, toStateName } from "../../../bot/domain/device/button-state.ts";

const on = { name: null, run: null, isOn: true };
const off = { ...on, isOn: false };
const alarm = (kind: "pressed" | "still-pressed" | "press" | "heartbeat", state: object) =>
  toAlarm(kind, { button: "Balie", state: { ...on, ...state } });

/** The state after these messages, oldest first. */
function heard(...alarms: ReturnType<typeof alarm>[]) {
  return alarms.reduce<ReturnType<typeof toButtonState> | null>(
    (before, each, at) => toButtonState(before, "zigbee", each, at),
    null,
  );
}

describe("a state that is on", () => {
  it.each([
    ["nothing", [], "new"],
    ["off", [alarm("heartbeat", off)], "new"],
    ["on", [alarm("pressed", on)], "doubtful"],
    ["on after off", [alarm("heartbeat", off), alarm("pressed", on)], "repeated"],
    ["on, on after off", [alarm("heartbeat", off), alarm("pressed", on), alarm("pressed", on)], "repeated"],
    ["on, off", [alarm("pressed", on), alarm("heartbeat", off)], "new"],
    ["a press that began it", [alarm("press", on)], "doubtful"],
    ["another run", [alarm("heartbeat", off), alarm("pressed", { run: "earlier" })], "new"],
  ])("is, after %s: %j", (_what, before, judgement) => {
    expect(judgeState(heard(...before), alarm("pressed", on))).toBe(judgement);
  });

  it("is surely the same where the device itself says that it goes on", () => {
    expect(judgeState(heard(alarm("press", on)), alarm("still-pressed", on))).toBe("repeated");
    expect(judgeState(heard(alarm("press", off)), alarm("still-pressed", on))).toBe("new");
    expect(judgeState(null, alarm("still-pressed", on))).toBe("new");
  });

  it("is the same run, or another one", () => {
    const before = heard(alarm("press", { run: "a" }));
    expect(judgeState(before, alarm("still-pressed", { run: "a" }))).toBe("repeated");
    expect(judgeState(before, alarm("still-pressed", { run: "b" }))).toBe("new");
  });
});

it("is called by its own name, else by the button in lower case", () => {
  expect(toStateName(alarm("pressed", on))).toBe("balie");
  expect(toStateName(alarm("pressed", { name: "an-alert" }))).toBe("an-alert");
});
