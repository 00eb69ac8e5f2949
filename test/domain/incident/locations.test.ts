import fc from "fast-check";
import { expect, it } from "vitest";
import type { Press } from "../../../bot/domain/incident/command.ts";
import type { Incident } from "../../../bot/domain/incident/incident.ts";
import { whereCorrected } from "../../../bot/domain/incident/whereabouts/correct-place.ts";
import { type Where, whereAfter, whereOf } from "../../../bot/domain/incident/whereabouts/move.ts";
import { type Location, respondersOf, type Stationed, toWhereabouts } from "../../../bot/domain/location.ts";
import type { Person } from "../../../bot/domain/person.ts";
import type { Request } from "../../../bot/engine/kernel/decisions.ts";
import { alice, bob, Course, carol, minute, press, presser } from "./course.ts";

const locations: ReadonlyMap<string, Location> = new Map([
  ["hall", { name: "Gemeentehuis", aliases: [], channels: ["frontdesk"], sources: ["buttons"] }],
  ["yard", { name: "Stadswerf", aliases: [], channels: ["back-office"], sources: ["buttons"] }],
]);

const anyStation = fc.constantFrom<Stationed["locations"]>(null, ["hall"], ["yard"], ["hall", "yard"]);
const anyRoster = fc
  .tuple(anyStation, anyStation, anyStation)
  .map((stations) => [alice, bob, carol].map((person, at) => ({ ...person, locations: stations[at] ?? null })));

const anyWhere = fc.constantFrom<Where>(
  { location: "hall" },
  { location: "yard" },
  { location: null },
  { location: null, mayBeAt: ["hall", "yard"] },
  { location: null, mayBeAt: ["yard", "gone"] },
);
/** The same button, as it is pressed where it is now; or another one; or typed, with a location or without. */
const pressing = fc
  .tuple(anyWhere, fc.boolean(), fc.constantFrom({}, { via: "chat" }, { via: "chat", isLocationNamed: true } as const))
  .map(([where, isSame, how]): Request => {
    const other = isSame ? {} : { button: "0043", holder: null };
    return { kind: "press", press: { ...press, ...where, ...how, ...other } as Press };
  });
const correcting = anyWhere.map((where): Request => ({ kind: "correct-place", by: presser, place: null, where }));
const clicking = fc
  .tuple(fc.constantFrom("claim", "decline", "arrive", "help", "check-in"), fc.constantFrom(alice, bob, carol, presser))
  .map(([kind, by]): Request => ({ kind, by }));
const posting = fc.constantFrom<Request>(
  { kind: "card-posted", ring: 0, rung: [] },
  { kind: "card-failed", reason: "misconfigured" },
  { kind: "deadline" },
);
const aRun = fc.record({
  roster: anyRoster,
  opened: pressing,
  moves: fc.array(
    fc.record({
      wait: fc.integer({ min: 0, max: 4 * minute }),
      request: fc.oneof(pressing, clicking, posting, correcting),
    }),
    { maxLength: 20 },
  ),
});

function toWhere(incident: Incident | null, request: Request, now: number): Where {
  if (incident === null) return request.kind === "press" ? request.press : { location: null };
  if (request.kind === "press") return whereAfter(incident, request.press);
  return request.kind === "correct-place" ? whereCorrected(incident, request, now) : whereOf(incident);
}

it("whoever is rung or called is a responder of where the alarm is, for any order of commands (rule 22)", () => {
  const call = { kind: "call", afterMs: minute / 2, pager: "phone" } as const;
  fc.assert(
    fc.property(aRun, ({ roster, opened, moves }) => {
      const course = new Course();
      course.policy = { ...course.policy, steps: [...course.policy.steps, call] };
      const inCharge = (request: Request): readonly Person[] => {
        const where = toWhere(course.incident, request, course.now);
        return respondersOf(
          roster,
          locations,
          toWhereabouts({ channel: press.channel, source: press.source, ...where }),
        );
      };
      const look = (request: Request) => {
        const from = course.effects.length;
        course.onDuty = inCharge(request);
        course.do(request);
        const allowed = inCharge({ kind: "deadline" }).map(({ id }) => id);
        const rung = course.effects.slice(from).flatMap((effect) => {
          if (effect.kind === "notify" || effect.kind === "ring") return effect.people;
          return effect.kind === "call" ? [effect.person] : [];
        });
        for (const { id } of rung) expect(allowed).toContain(id);
      };
      look(opened);
      for (const { wait, request } of moves) {
        const until = course.now + wait;
        for (
          let at = course.incident?.nextAt ?? null;
          at !== null && at <= until;
          at = course.incident?.nextAt ?? null
        ) {
          course.now = Math.max(course.now, at);
          look({ kind: "deadline" });
        }
        course.now = until;
        look(request);
      }
    }),
    { numRuns: Number(process.env.FC_RUNS ?? 300) },
  );
});

it("on a visit nobody is where they said to be, until they say it again", () => {
  const typed = { ...press, via: "chat", location: "hall", fixedPlace: null } as const;
  const course = new Course().open({ ...typed, isLocationNamed: true });
  course.do({ kind: "press", press: { ...typed, mayBeElsewhere: true } });
  expect(course.incident).not.toHaveProperty("mayBeElsewhere");
  course.do({ kind: "press", press: { ...typed, via: "visit", mayBeElsewhere: true } });
  expect(course.incident).toMatchObject({ mayBeElsewhere: true, location: "hall" });
  expect(course.incident).not.toHaveProperty("isLocationNamed");
  course.do({ kind: "press", press: { ...typed, isLocationNamed: true } });
  expect(course.incident).not.toHaveProperty("mayBeElsewhere");
});

it("of who pressed at the old place nobody makes it two people at the new one; who came along does", () => {
  const hall = { ...press, location: "hall", fixedPlace: "hall\nBalie", holder: null };
  const yard = { ...press, location: "yard", fixedPlace: "yard\nBalie" };
  const wornByBob = { button: "0043", holder: bob };
  const course = new Course().open(hall);
  course.do({ kind: "press", press: { ...hall, ...wornByBob } });
  course.do({ kind: "press", press: { ...yard, holder: null } });
  expect(course.incident?.verification).toBe("none");
  course.do({ kind: "press", press: { ...yard, button: "0044", holder: carol } });
  expect(course.incident?.verification).toBe("second-button");
  course.do({ kind: "press", press: { ...yard, ...wornByBob } });
  expect(course.incident).toMatchObject({ verification: "second-person", pressers: { length: 3 } });
});
