import { describe, expect, it } from "vitest";
import { toAlarm } from "../../../bot/domain/alarm.ts";
import { judgeState, toButtonState, toStateName } from "../../../bot/domain/device/button-state.ts";

const on = { name: null, run: null, isOn: true };
const off = { ...on, isOn: false };
const hour = 3_600_000;
const alarm = (kind: "pressed" | "still-pressed" | "press" | "heartbeat", state: object, id: string | null = null) =>
  toAlarm(kind, { id, button: "Balie", state: { ...on, ...state } });

/** As of a state that was heard of since the bot started, unless that is said. */
const judge = (before: ReturnType<typeof heard>, each: ReturnType<typeof alarm>, now: number, isHeard = true) =>
  judgeState(before, each, now, isHeard);

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
    expect(judge(heard(...before), alarm("pressed", on), hour)).toBe(judgement);
  });

  it("is surely the same where the device itself says that it goes on", () => {
    expect(judge(heard(alarm("press", on)), alarm("still-pressed", on), hour)).toBe("repeated");
    expect(judge(heard(alarm("press", off)), alarm("still-pressed", on), hour)).toBe("new");
    expect(judge(null, alarm("still-pressed", on), hour)).toBe("new");
  });

  it("is the same run, or another one", () => {
    const before = heard(alarm("press", { run: "a" }));
    expect(judge(before, alarm("still-pressed", { run: "a" }), hour)).toBe("repeated");
    expect(judge(before, alarm("still-pressed", { run: "b" }), hour)).toBe("new");
  });

  it("may be pressed anew once it was not said for more than a day, for its end may have been missed", () => {
    const before = heard(alarm("heartbeat", off), alarm("pressed", on));
    for (const kind of ["pressed", "still-pressed"] as const) {
      expect(judge(before, alarm(kind, on), 1 + 24 * hour)).toBe("repeated");
      expect(judge(before, alarm(kind, on), 2 + 24 * hour)).toBe("doubtful");
    }
    const series = { run: "which alerts fire" };
    expect(judge(heard(alarm("press", off), alarm("pressed", series)), alarm("pressed", series), 100 * hour)).toBe(
      "doubtful",
    );
  });

  it("may be pressed anew where the bot started since, for its end may have been missed, and else as ever", () => {
    const before = heard(alarm("heartbeat", off), alarm("pressed", on));
    for (const kind of ["pressed", "still-pressed"] as const) {
      expect(judge(before, alarm(kind, on), hour, true)).toBe("repeated");
      expect(judge(before, alarm(kind, on), hour, false)).toBe("doubtful");
      expect(judge(heard(alarm("heartbeat", off)), alarm(kind, on), hour, false)).toBe("new");
    }
  });

  it("is surely the same, however much later, by the very same message or by the moment it began", () => {
    const before = heard(alarm("heartbeat", off), alarm("pressed", on, "a"));
    expect(judge(before, alarm("pressed", on, "a"), 100 * hour, false)).toBe("repeated");
    expect(judge(before, alarm("pressed", on, "b"), 100 * hour)).toBe("doubtful");
    const begun = heard(alarm("press", { run: "since" }));
    expect(judge(begun, alarm("still-pressed", { run: "since" }), 100 * hour, false)).toBe("repeated");
  });
});

it("is called by its own name, else by the button in lower case", () => {
  expect(toStateName(alarm("pressed", on))).toBe("balie");
  expect(toStateName(alarm("pressed", { name: "an-alert" }))).toBe("an-alert");
});
