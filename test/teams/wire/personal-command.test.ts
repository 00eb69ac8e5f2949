import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseClickedCommand, parseTypedCommand } from "../../../bot/teams/wire/personal-command.ts";

const minute = 60_000;

describe("what is typed", () => {
  it.each([
    ["alarm", { kind: "alarm", typed: null }],
    ["SOS", { kind: "alarm", typed: null }],
    ["sos!!!", { kind: "alarm", typed: null }],
    ["!alarm!", { kind: "alarm", typed: null }],
    ["s.o.s.", { kind: "alarm", typed: null }],
    ["S.O.S. balie!", { kind: "alarm", typed: "balie" }],
    ["s o s", { kind: "alarm", typed: null }],
    ["alarm ik ben in spreekkamer 3", { kind: "alarm", typed: "ik ben in spreekkamer 3" }],
    ["plek ik zit bij de balie", { kind: "place-too-long" }],
    ["plek Balie 2 links", { kind: "place", place: "Balie 2 links" }],
    ["alarm 😭", { kind: "alarm", typed: null }],
    ["sos-sos balie", { kind: "alarm", typed: "balie" }],
    ["alarm, (2e verdieping)", { kind: "alarm", typed: "(2e verdieping)" }],
    ["alarm\nkamer 3\nsnel", { kind: "alarm", typed: "kamer 3\nsnel" }],
    ["plek Balie", { kind: "place", place: "Balie" }],
    ["Place: Kamer 3.", { kind: "place", place: "Kamer 3" }],
    ["plek", { kind: "place", place: null }],
    ["plaats Balie", { kind: "place", place: "Balie" }],
    ["Plaats", { kind: "place", place: null }],
    ["bezoek 45m", { kind: "visit", lengthMs: 45 * minute }],
    ["bezoek 1u 30", { kind: "visit", lengthMs: 90 * minute }],
    ["visit 2 hours", { kind: "visit", lengthMs: 120 * minute }],
    ["bezoek klaar!", { kind: "visit-done" }],
    ["visit stop", { kind: "visit-done" }],
    ["test", { kind: "test", code: null }],
    ["TEST", { kind: "test", code: null }],
    ["test 1234-5678", { kind: "test", code: "1234-5678" }],
    ["Test 1234 5678", { kind: "test", code: "1234 5678" }],
    ["oproeptest", { kind: "ring-test", code: null }],
    ["Oproep-test ", { kind: "ring-test", code: null }],
    ["ring test", { kind: "ring-test", code: null }],
    ["ringtest 1234-5678", { kind: "ring-test", code: "1234-5678" }],
    ["test geheim-van-2026", { kind: "test", code: "geheim-van-2026" }],
    ["I'm done", { kind: "visit-done" }],
    ["bezoek 14:30", { kind: "visit-unclear" }],
    ["bezoek 45m kerkstraat", { kind: "visit-unclear" }],
  ])("%j is understood", (text, command) => {
    expect(parseTypedCommand(text)).toEqual(command);
  });

  it.each([
    "testen",
    "oproeptest morgen",
    "ring",
    "test 1",
    "test beveiliging",
    "test bij deur 12345678 graag",
    "alarmen",
    "alarmcentrale",
    "sosjes",
    "geen alarm",
    "alarm afsluiten",
    "Alarm afsluiten.",
    "plekje",
    "plaatsing",
    "bezoekers",
    "klaar?",
    "help",
    "status",
    "",
  ])("%j is nothing of it", (text) => {
    expect(parseTypedCommand(text)).toBeNull();
  });

  it("begins an alarm whatever stands behind the word", () => {
    const word = fc.constantFrom("alarm", "ALARM", "Sos", "sos!");
    fc.assert(
      fc.property(word, fc.string({ unit: "grapheme" }), (before, after) => {
        const command = parseTypedCommand(`${before} ${after}`);
        expect(command?.kind).toBe("alarm");
        if (command?.kind === "alarm" && command.typed !== null) expect(command.typed.length).toBeLessThanOrEqual(400);
      }),
    );
  });

  it.each([
    ["alarm".repeat(50_000), null],
    [`alarm${"m".repeat(200_000)}x`, null],
    ["!".repeat(200_000), null],
    [`bezoek ${" 1".repeat(100_000)}`, { kind: "visit-unclear" }],
  ])("a quarter of a megabyte is read to its end, as long as the test may take", (text, command) => {
    expect(parseTypedCommand(text)).toEqual(command);
  });
});

describe("what is clicked", () => {
  it("needs an incident for oops", () => {
    expect(parseClickedCommand("alarm", {})).toEqual({ kind: "alarm", typed: null });
    expect(parseClickedCommand("visit-longer", { incident: "i-1" })).toEqual({ kind: "visit-longer" });
    expect(parseClickedCommand("oops", { incident: "i-1" })).toEqual({ kind: "oops", incident: "i-1" });
    expect(parseClickedCommand("oops", {})).toBeNull();
  });

  it("needs an alarm and a location to say where that is", () => {
    const named = { incident: "i-1", location: "yard" };
    expect(parseClickedCommand("at-location", named)).toEqual({ kind: "at-location", ...named });
    expect(parseClickedCommand("at-location", { incident: "i-1" })).toBeNull();
    expect(parseClickedCommand("at-location", { location: "yard" })).toBeNull();
  });

  it("needs a test, and to confirm one a pager too", () => {
    expect(parseClickedCommand("test-look", { test: "1" })).toEqual({ kind: "test-look", test: "1" });
    expect(parseClickedCommand("ring-heard", { test: "1" })).toEqual({ kind: "ring-heard", test: "1" });
    expect(parseClickedCommand("ring-look", {})).toBeNull();
    expect(parseClickedCommand("test-look", {})).toBeNull();
    expect(parseClickedCommand("test-confirm", { test: "1", pager: "desk" })).toEqual({
      kind: "test-confirm",
      test: "1",
      pager: "desk",
    });
    expect(parseClickedCommand("test-confirm", { test: "1" })).toBeNull();
  });
});
