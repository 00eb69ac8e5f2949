import { describe, expect, it } from "vitest";
import { listInside, listLost, toNewer } from "../../../../bot/domain/incident/colleagues/elsewhere.ts";
import type { Elsewhere, Press } from "../../../../bot/domain/incident/command.ts";
import type { Incident } from "../../../../bot/domain/incident/incident.ts";
import { buildIncident } from "../../../fixtures/incident.ts";
import { bob, Course, minute, press, presser, second } from "../course.ts";

const nowhere = { via: "chat", place: null, fixedPlace: null, updatesPlace: false } as const;
const position = { lat: 52, lon: 5, accuracyM: 10 };

/** The presser's alarm, after each of these presses a minute later. */
function pressed(...presses: readonly Partial<Press>[]): Course {
  const course = new Course();
  for (const [index, part] of presses.entries())
    course.to(index * minute, "left").do({ kind: "press", press: { ...press, ...nowhere, ...part } });
  return course;
}

/** What that alarm says to others of its presser. */
function presserOf({ incident }: Course): Elsewhere | undefined {
  return incident === null ? undefined : listInside(incident).get(presser.id);
}

describe("where somebody pressed", () => {
  it.each([
    ["a place", { place: "Zolder" }],
    ["a position", { position }],
    ["a location", { location: "yard", isLocationNamed: true as const }],
  ])("is not known by what they said with a press before: %s", (_, part) => {
    const course = pressed(part, {});
    expect(presserOf(course)).toEqual({ since: null, thereSince: null, lostSince: minute });
  });

  it("is known by the newest press, whatever was unknown before", () => {
    expect(presserOf(pressed({}, { place: "Zolder" }))).toEqual({ since: minute, thereSince: null });
  });

  it("is as known as with the newest of all that they pressed with", () => {
    const belt = { via: "button", button: "belt" } as const;
    expect(presserOf(pressed({}, { ...belt, position }))).toEqual({ since: minute, thereSince: null });
    expect(presserOf(pressed({ place: "Zolder" }, belt))).toMatchObject({ lostSince: minute });
  });

  it("is not known by the press of somebody else in the same alarm", () => {
    const course = pressed({}, { source: "buttons", button: "other", holder: bob, place: "Zolder" });
    expect(presserOf(course)).toEqual({ since: null, thereSince: null, lostSince: 0 });
  });

  it("is as known as their alarm is where an earlier version wrote the press", () => {
    const course = pressed({ place: "Zolder" }, {});
    const { incident } = course;
    if (incident === null) throw new Error("nothing is open");
    const pressers = incident.pressers.map(({ isWhereKnown: _, ...presser }) => presser);
    course.incident = { ...incident, pressers };
    expect(presserOf(course)).toEqual({ since: minute, thereSince: null });
    course.incident = { ...incident, pressers, place: null };
    expect(presserOf(course)).toEqual({ since: null, thereSince: null, lostSince: minute });
  });

  it("is known once their button says it, or they correct what they typed", () => {
    const located = pressed({});
    located.do({ kind: "position", position });
    expect(presserOf(located)).toEqual({ since: 0, thereSince: null });
    const corrected = pressed({});
    corrected.do({ kind: "correct-place", by: presser, place: "Kelder" });
    expect(presserOf(corrected)).toEqual({ since: 0, thereSince: null });
    const ongoing = pressed({}, { isOngoing: true, position });
    expect(presserOf(ongoing)).toEqual({ since: 0, thereSince: null });
  });

  it("is not known by what they had said before a press and was written late", () => {
    const course = pressed({}, {});
    course.do({ kind: "correct-place", by: presser, place: "Kelder", saidAt: 30 * second });
    expect(presserOf(course)).toMatchObject({ lostSince: minute });
  });

  it("is known by its location alone where that was named, with the press or since", () => {
    const lost = { since: null, thereSince: null, lostSince: 0, lostAt: "yard" };
    expect(presserOf(pressed({ location: "yard", isLocationNamed: true }))).toEqual(lost);
    const corrected = pressed({});
    const where = { location: "yard" };
    corrected.do({ kind: "correct-place", by: presser, place: null, where });
    expect(presserOf(corrected)).toEqual(lost);
    expect(presserOf(pressed({ location: "yard" }))).toEqual({ since: null, thereSince: null, lostSince: 0 });
  });
});

describe("whoever is there and names a location with their press", () => {
  /** Whether Bob may have pressed in that alarm, where he is there. */
  function mayBeHere(part: Partial<Incident>): boolean {
    const there = { person: bob, state: "there", since: 0, arrivedAt: 0, signAt: 0, silentAt: null } as const;
    const elsewhere = new Map([[bob.id, { since: null, thereSince: null, lostSince: second, lostAt: "yard" }]]);
    return listLost(buildIncident({ responders: [there], ...part }), elsewhere).length > 0;
  }

  it("may need help where that alarm is there, or may be", () => {
    expect(mayBeHere({ location: "yard" })).toBe(true);
    expect(mayBeHere({ mayBeAt: ["hall", "yard"] })).toBe(true);
    expect(mayBeHere({})).toBe(true);
    expect(mayBeHere({ location: "hall", mayBeElsewhere: true })).toBe(true);
  });

  it("needs none where that alarm is somewhere else", () => {
    expect(mayBeHere({ location: "hall" })).toBe(false);
    expect(mayBeHere({ mayBeAt: ["hall", "pool"] })).toBe(false);
  });
});

it("of two alarms the newer one says at which location its presser is, and of one moment neither does", () => {
  const lost = (lostSince: number, lostAt?: string): Elsewhere => {
    return { since: null, thereSince: null, lostSince, ...(lostAt === undefined ? {} : { lostAt }) };
  };
  for (const [newer, older] of [
    [lost(2, "yard"), lost(1)],
    [lost(2), lost(1, "yard")],
    [lost(2, "yard"), { since: 1, thereSince: null }],
  ] as const) {
    expect(toNewer(newer, older).lostAt).toBe(newer.lostAt);
    expect(toNewer(older, newer).lostAt).toBe(newer.lostAt);
  }
  expect(toNewer(lost(1, "yard"), lost(1, "hall"))).not.toHaveProperty("lostAt");
  expect(toNewer(lost(1, "yard"), lost(1, "yard")).lostAt).toBe("yard");
});
