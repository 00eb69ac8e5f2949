import { performance } from "node:perf_hooks";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { toClickedWish, toTypedWish } from "../../../bot/teams/wire/wish.ts";

const minute = 60_000;

describe("what is typed", () => {
  it.each([
    ["alarm", { kind: "alarm", place: null }],
    ["SOS", { kind: "alarm", place: null }],
    ["sos!!!", { kind: "alarm", place: null }],
    ["!alarm!", { kind: "alarm", place: null }],
    ["s.o.s.", { kind: "alarm", place: null }],
    ["S.O.S. balie!", { kind: "alarm", place: "balie" }],
    ["s o s", { kind: "alarm", place: null }],
    ["alarm ik ben in spreekkamer 3", { kind: "alarm", place: null }],
    ["plek ik zit bij de balie", { kind: "place-too-long" }],
    ["plek Balie 2 links", { kind: "place", place: "Balie 2 links" }],
    ["alarm 😭", { kind: "alarm", place: null }],
    ["sos-sos balie", { kind: "alarm", place: "balie" }],
    ["alarm, (2e verdieping)", { kind: "alarm", place: "(2e verdieping)" }],
    ["alarm\nkamer 3\nsnel", { kind: "alarm", place: "kamer 3 snel" }],
    ["plek Balie", { kind: "place", place: "Balie" }],
    ["Place: Kamer 3.", { kind: "place", place: "Kamer 3" }],
    ["plek", { kind: "place", place: null }],
    ["bezoek 45m", { kind: "visit", lengthMs: 45 * minute }],
    ["bezoek 1u 30", { kind: "visit", lengthMs: 90 * minute }],
    ["visit 2 hours", { kind: "visit", lengthMs: 120 * minute }],
    ["bezoek klaar!", { kind: "visit-done" }],
    ["visit stop", { kind: "visit-done" }],
    ["test", { kind: "test" }],
    ["TEST", { kind: "test" }],
    ["I'm done", { kind: "visit-done" }],
    ["bezoek 14:30", { kind: "visit-unclear" }],
    ["bezoek 45m kerkstraat", { kind: "visit-unclear" }],
  ])("%j is understood", (text, wish) => {
    expect(toTypedWish(text)).toEqual(wish);
  });

  it.each([
    "testen",
    "test 1",
    "alarmen",
    "alarmcentrale",
    "sosjes",
    "geen alarm",
    "plekje",
    "bezoekers",
    "klaar?",
    "help",
    "status",
    "",
  ])("%j is nothing of it", (text) => {
    expect(toTypedWish(text)).toBeNull();
  });

  it("begins an alarm whatever stands behind the word", () => {
    const word = fc.constantFrom("alarm", "ALARM", "Sos", "sos!");
    fc.assert(
      fc.property(word, fc.string({ unit: "grapheme" }), (before, after) => {
        const wish = toTypedWish(`${before} ${after}`);
        expect(wish?.kind).toBe("alarm");
        if (wish?.kind === "alarm" && wish.place !== null) expect([...wish.place].length).toBeLessThanOrEqual(80);
      }),
    );
  });

  it.each([
    "alarm".repeat(50_000),
    `alarm${"m".repeat(200_000)}x`,
    "!".repeat(200_000),
    `bezoek ${" 1".repeat(100_000)}`,
  ])("a quarter of a megabyte takes no time", (text) => {
    const before = performance.now();
    toTypedWish(text);
    expect(performance.now() - before).toBeLessThan(500);
  });
});

describe("what is clicked", () => {
  it("needs an incident for oops alone", () => {
    expect(toClickedWish("alarm", {})).toEqual({ kind: "alarm", place: null });
    expect(toClickedWish("visit-longer", { incident: "i-1" })).toEqual({ kind: "visit-longer" });
    expect(toClickedWish("oops", { incident: "i-1" })).toEqual({ kind: "oops", incident: "i-1" });
    expect(toClickedWish("oops", {})).toBeNull();
  });

  it("needs a test, and to confirm one a pager too", () => {
    expect(toClickedWish("test-look", { test: "1" })).toEqual({ kind: "test-look", test: "1" });
    expect(toClickedWish("test-look", {})).toBeNull();
    expect(toClickedWish("test-confirm", { test: "1", pager: "desk" })).toEqual({
      kind: "test-confirm",
      test: "1",
      pager: "desk",
    });
    expect(toClickedWish("test-confirm", { test: "1" })).toBeNull();
  });
});
