import { describe, expect, it } from "vitest";
import type { LastSeen } from "../../../bot/domain/device/last-seen.ts";
import { type Expected, findSourceTroubles } from "../../../bot/domain/device/trouble.ts";

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const now = Date.UTC(2026, 10, 24, 9, 0, 0);

const expected: Expected = {
  sources: [{ name: "radio", channel: "frontdesk", isExpectedDaily: true }],
  buttons: [
    { source: "radio", id: "A1", place: "Spreekkamer 3", parent: null, silentAfterMs: 25 * hour },
    { source: "radio", id: "f1", place: null, parent: null, silentAfterMs: 30 * minute },
  ],
};

function toSeen(button: string, kind: LastSeen["kind"], agoMs: number, battery: number | null = null): LastSeen {
  return { source: "radio", button, kind, at: now - agoMs, battery };
}

/** Both buttons were just seen, and what else there is. */
function find(...seen: LastSeen[]) {
  const alive = [toSeen("a1", "heartbeat", 0), toSeen("f1", "heartbeat", 0)];
  const others = alive.filter(
    ({ button, kind }) => !seen.some((each) => each.button.toLowerCase() === button && each.kind === kind),
  );
  return findSourceTroubles(expected, [...others, ...seen], now);
}

describe("a button", () => {
  it("that was just seen is no trouble, whatever the capitals of its id", () => {
    expect(find()).toEqual([]);
    expect(find(toSeen("A1", "press", 0))).toEqual([]);
  });

  it("is silent after 25 hours at a fixed place and 30 minutes in the field, and not before", () => {
    expect(find(toSeen("a1", "heartbeat", 25 * hour), toSeen("f1", "heartbeat", 30 * minute))).toEqual([]);
    expect(find(toSeen("a1", "heartbeat", 25 * hour + 1), toSeen("f1", "heartbeat", 30 * minute + 1))).toMatchObject([
      { kind: "button-silent", button: "A1", place: "Spreekkamer 3", lastAt: now - 25 * hour - 1 },
      { kind: "button-silent", button: "f1" },
    ]);
  });

  it("that was never seen is silent", () => {
    expect(findSourceTroubles(expected, [toSeen("f1", "heartbeat", 0)], now)).toMatchObject([
      { kind: "button-silent", button: "A1", lastAt: null },
    ]);
  });

  it("may be silent for ever where its source says so", () => {
    const buttons = expected.buttons.map((button) => ({ ...button, silentAfterMs: null }));
    expect(findSourceTroubles({ ...expected, buttons }, [], now)).toEqual([]);
  });

  it("runs low below a fifth, or when it says so, until its battery reads better", () => {
    expect(find(toSeen("a1", "battery", hour, 0.2))).toEqual([]);
    expect(find(toSeen("a1", "battery", hour, 0.19))).toMatchObject([
      { kind: "battery-low", button: "A1", battery: 0.19 },
    ]);
    expect(find(toSeen("a1", "battery-low", hour))).toMatchObject([{ kind: "battery-low", battery: null }]);
    expect(find(toSeen("a1", "battery-low", hour), toSeen("a1", "battery", 2 * hour, 0.9))).toHaveLength(1);
    expect(find(toSeen("a1", "battery-low", 2 * hour), toSeen("a1", "battery", hour, 0.9))).toEqual([]);
  });

  it("is in trouble when its network says so, until its next sign of life", () => {
    expect(find(toSeen("a1", "heartbeat", hour), toSeen("a1", "trouble", minute))).toMatchObject([
      { kind: "button-error", button: "A1", since: now - minute },
    ]);
    expect(find(toSeen("a1", "heartbeat", minute), toSeen("a1", "trouble", hour))).toEqual([]);
  });

  it("that sends what can't be read is a trouble for a day", () => {
    expect(find(toSeen("a1", "unreadable", day - 1))).toMatchObject([{ kind: "button-unreadable", button: "A1" }]);
    expect(find(toSeen("a1", "unreadable", day))).toEqual([]);
  });

  it("that nobody knows is a trouble for a day after it was seen, once", () => {
    expect(find(toSeen("zz", "heartbeat", day), toSeen("zz", "battery", day, 0.1))).toMatchObject([
      { kind: "button-unknown", button: "zz", at: now - day },
    ]);
    expect(find(toSeen("zz", "heartbeat", day + 1))).toEqual([]);
  });
});

describe("a button with a parent", () => {
  const zone = { source: "radio", id: "1A2B/7", place: "Balie", parent: "1A2B", silentAfterMs: 25 * hour };
  const zoned = { ...expected, buttons: [zone] };

  it("is not silent as long as its parent is not, which is no unknown button by that", () => {
    expect(findSourceTroubles(zoned, [toSeen("1a2b", "heartbeat", hour)], now)).toEqual([]);
    const quiet = [toSeen("1A2B", "heartbeat", 26 * hour), toSeen("", "heartbeat", 0)];
    expect(findSourceTroubles(zoned, quiet, now)).toMatchObject([{ kind: "button-silent", button: "1A2B/7" }]);
    expect(findSourceTroubles(zoned, [...quiet, toSeen("1a2b/7", "press", hour)], now)).toEqual([]);
  });

  it("says itself what else is wrong with it: its parent's battery is not its own", () => {
    const parent = [toSeen("1a2b", "heartbeat", 0), toSeen("1a2b", "battery", 0, 0.1), toSeen("1a2b", "unreadable", 0)];
    expect(findSourceTroubles(zoned, parent, now)).toEqual([]);
  });

  it("is in error with its parent, whose signs of life end nothing of its own, nor its own its parent's", () => {
    const of = (...seen: Parameters<typeof toSeen>[]) =>
      findSourceTroubles(
        zoned,
        seen.map((each) => toSeen(...each)),
        now,
      ).map(({ kind, ...rest }) => [kind, "since" in rest ? now - rest.since : null]);
    expect(of(["1A2B", "trouble", hour])).toEqual([["button-error", hour]]);
    expect(of(["1a2b", "trouble", hour], ["1a2b", "heartbeat", minute])).toEqual([]);
    expect(of(["1a2b", "trouble", hour], ["1a2b/7", "press", minute])).toEqual([["button-error", hour]]);
    expect(of(["1a2b/7", "trouble", hour], ["1a2b", "heartbeat", minute])).toEqual([["button-error", hour]]);
    expect(of(["1a2b/7", "trouble", hour], ["1a2b", "trouble", minute])).toEqual([["button-error", hour]]);
  });

  it("is known by what its adapter says, and by no slash in its id", () => {
    const seen = [toSeen("1a2b", "heartbeat", hour), toSeen("1a2b/7", "heartbeat", 26 * hour)];
    expect(findSourceTroubles({ ...expected, buttons: [{ ...zone, parent: null }] }, seen, now)).toMatchObject([
      { kind: "button-silent", button: "1A2B/7", lastAt: now - 26 * hour },
      { kind: "button-unknown", button: "1a2b" },
    ]);
  });
});

describe("a source", () => {
  it("that was seen yesterday and not today is one trouble, not one for each of its buttons", () => {
    const seen = [toSeen("a1", "heartbeat", 25 * hour + 1), toSeen("f1", "heartbeat", day)];
    expect(findSourceTroubles(expected, seen, now)).toEqual([
      { kind: "source-silent", source: "radio", lastAt: now - day },
    ]);
    expect(findSourceTroubles(expected, [...seen, toSeen("", "heartbeat", day - 1)], now)).toMatchObject([
      { kind: "button-silent" },
      { kind: "button-silent" },
    ]);
  });

  it("is down when it says so itself, until anything comes through it again", () => {
    const before = [toSeen("a1", "heartbeat", 2 * minute), toSeen("f1", "heartbeat", 2 * minute)];
    const down = toSeen("", "trouble", minute);
    expect(findSourceTroubles(expected, [...before, down], now)).toEqual([
      { kind: "source-down", source: "radio", since: now - minute },
    ]);
    expect(findSourceTroubles(expected, [...before, down, toSeen("", "heartbeat", 0)], now)).toEqual([]);
    expect(findSourceTroubles(expected, [...before, down, toSeen("zz", "press", 0)], now)).toMatchObject([
      { kind: "button-unknown" },
    ]);
  });

  it("that nobody watches is no trouble when it is silent, and neither are ids it makes up", () => {
    const sources = expected.sources.map((source) => ({ ...source, isExpectedDaily: false }));
    const buttons = expected.buttons.map((button) => ({ ...button, silentAfterMs: null }));
    const seen = [toSeen("zz", "press", hour), toSeen("a1", "heartbeat", 3 * day)];
    expect(findSourceTroubles({ sources, buttons }, seen, now)).toEqual([]);
  });

  it("of which nothing was ever seen is silent button by button", () => {
    expect(findSourceTroubles(expected, [], now).map(({ kind }) => kind)).toEqual(["button-silent", "button-silent"]);
  });
});
