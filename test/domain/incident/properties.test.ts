import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Incident } from "../../../bot/domain/incident/incident.ts";
import type { Policy } from "../../../bot/domain/incident/policy.ts";
import type { Person } from "../../../bot/domain/person.ts";
import type { Request } from "../../../bot/engine/kernel/decisions.ts";
import { alice, bob, Course, carol, minute, press, presser, second } from "./course.ts";

const people: Person[] = [alice, bob, carol, presser];
const ofThem = fc.constantFrom(...people);

const aPolicy: fc.Arbitrary<Partial<Policy>> = fc.record({
  claimsNeeded: fc.integer({ min: 1, max: 3 }),
  arriveWithinMs: fc.integer({ min: 1, max: 300 }).map((s) => s * second),
  guardWithinMs: fc.integer({ min: 1, max: 900 }).map((s) => s * second),
  checkAfterMs: fc.integer({ min: 1, max: 600 }).map((s) => s * second),
  repeatEveryMs: fc.integer({ min: 1, max: 300 }).map((s) => s * second),
  steps: fc
    .array(fc.tuple(fc.integer({ min: 0, max: 300 }), fc.constantFrom("desk", "phone", "tell-other", "call")), {
      minLength: 1,
      maxLength: 4,
    })
    .map((steps): Policy["steps"] => [
      { kind: "tell", afterMs: 0, channel: "frontdesk" },
      { kind: "page", afterMs: minute, pager: "desk" },
      ...steps.map(([at, to]) =>
        to === "tell-other"
          ? { kind: "tell" as const, afterMs: at * second, channel: "other" }
          : to === "call"
            ? { kind: "call" as const, afterMs: at * second, pager: "phone" }
            : { kind: "page" as const, afterMs: at * second, pager: to },
      ),
    ]),
});

type Move = { wait: number; occupied: readonly Person[]; request: (course: Course) => Request | null };

const click = fc
  .tuple(fc.constantFrom("claim", "decline", "arrive", "witness", "help", "check-in", "call-off"), ofThem)
  .map(
    ([kind, by]) =>
      () =>
        ({ kind, by }) as Request,
  );
const resolve = fc.tuple(ofThem, fc.boolean(), fc.constantFrom("real", "false", "test")).map(
  ([by, isLead, outcome]) =>
    () =>
      ({ kind: "resolve", by, isLead, outcome }) as Request,
);
const pressing = fc
  .constantFrom(
    press,
    { ...press, button: "0043", holder: { id: bob.id, name: bob.name } },
    { ...press, button: "0044", holder: null, fixedPlace: null, place: "elders" },
  )
  .map((each) => () => ({ kind: "press", press: each }) as Request);
const anyPageKey = (course: Course, at: number): string => {
  const pages = course.effects.flatMap((effect) => (effect.kind === "page" ? [effect.key] : []));
  return pages[at % Math.max(1, pages.length)] ?? "incident-1-1-0";
};
const paging = fc
  .tuple(
    fc.nat(9),
    fc.constantFrom("page-starting", "page-accepted", "page-failed", "accept", "decline", "arrived", "safe"),
  )
  .map(([at, kind]) => (course: Course): Request => {
    const key = anyPageKey(course, at);
    if (kind === "page-failed") return { kind, key, reason: "unreachable" };
    if (kind === "page-starting" || kind === "page-accepted") return { kind, key };
    return { kind: "guard", pageKey: key, answer: kind, outcome: "real" } as Request;
  });
const delivery = fc
  .tuple(fc.nat(9), fc.constantFrom("delivery-starting", "delivery-withheld", "delivery-accepted", "delivery-failed"))
  .map(([at, kind]) => (course: Course): Request | null => {
    const deliveries = course.incident?.deliveries ?? [];
    const key = deliveries[at % Math.max(1, deliveries.length)]?.key;
    if (key === undefined) return null;
    return (kind === "delivery-failed" ? { kind, key, reason: "no-answer" } : { kind, key }) as Request;
  });
const afterwards = fc
  .tuple(fc.nat(9), fc.constantFrom("no-answer", "undelivered", "taken", "impossible"))
  .map(([at, what]) => (course: Course): Request => {
    const key = anyPageKey(course, at);
    if (what === "taken") return { kind: "call-off-taken", page: key };
    if (what === "impossible") return { kind: "call-off-failed", page: key, reason: what };
    return { kind: "page-failed", key, reason: what } as Request;
  });
const other = fc
  .constantFrom<Request>(
    { kind: "cancel" },
    { kind: "deadline" },
    { kind: "card-posted", ring: 1, rung: ["alice", "bob"] },
    { kind: "card-failed", reason: "misconfigured" },
    { kind: "card-failed", reason: "unreachable" },
  )
  .map((each) => () => each);

const move: fc.Arbitrary<Move> = fc.record({
  occupied: fc.oneof({ weight: 3, arbitrary: fc.constant<readonly Person[]>([]) }, fc.subarray([alice, bob, carol])),
  wait: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 240_000 })),
  request: fc.oneof(
    { weight: 4, arbitrary: click },
    { weight: 1, arbitrary: resolve },
    { weight: 1, arbitrary: pressing },
    { weight: 3, arbitrary: paging },
    { weight: 1, arbitrary: delivery },
    { weight: 1, arbitrary: afterwards },
    { weight: 1, arbitrary: other },
  ),
});
const aRun = fc.record({
  policy: aPolicy,
  moves: fc.array(move, { maxLength: 25 }),
  roster: fc.constantFrom(null, [], [alice], [alice, bob, presser]),
});

/** Follows a run and looks at the incident after every decision. */
function follow(
  { policy, moves, roster }: { policy: Partial<Policy>; moves: Move[]; roster: readonly Person[] | null },
  look: (course: Course, before: Incident) => void,
): Course {
  const course = new Course({ policy, onDuty: roster });
  course.do({ kind: "press", press });
  for (const { wait, occupied, request } of moves) {
    course.occupied = new Set(occupied.map(({ id }) => id));
    course.to(course.now + wait, "left");
    const before = course.incident as Incident;
    const next = request(course);
    if (next !== null) course.do(next);
    look(course, before);
  }
  return course;
}

const runs = { numRuns: Number(process.env.FC_RUNS ?? 300) };

describe("for any order of commands and moments", () => {
  it("whoever is at another alarm is neither messaged, mentioned nor called (rule 7)", () => {
    fc.assert(
      fc.property(aRun, (run) => {
        let seen = 0;
        follow(run, (course) => {
          for (const effect of course.effects.slice(seen)) {
            const isOfPeople = effect.kind === "notify" || effect.kind === "ring";
            const rung = isOfPeople ? effect.people : effect.kind === "call" ? [effect.person] : [];
            if (seen > 0) expect(rung.filter(({ id }) => course.occupied.has(id))).toEqual([]);
          }
          seen = course.effects.length;
        });
      }),
      runs,
    );
  });

  it("closed stays closed, and only a person closes (rule 18)", () => {
    fc.assert(
      fc.property(aRun, (run) => {
        follow(run, (course, before) => {
          // Only whether they know that it is over may still become known.
          if (before.closedAt !== null) {
            const { pagers, version } = course.incident as Incident;
            expect(course.incident).toEqual({ ...before, pagers, version });
          }
          if (before.closedAt === null && course.incident?.closedAt != null) {
            const last = course.history.at(-1);
            expect(last).toMatchObject({ kind: "closed" });
            expect(course.incident.closedBy).not.toBeNull();
          }
        });
      }),
      runs,
    );
  });

  it("every open incident has a moment to come, and a closed one has none (rule 18)", () => {
    fc.assert(
      fc.property(aRun, (run) => {
        follow(run, (course) => {
          const incident = course.incident as Incident;
          if (incident.closedAt !== null) expect(incident.nextAt).toBeNull();
          else {
            expect(Number.isFinite(incident.nextAt)).toBe(true);
            expect(incident.nextAt).toBeGreaterThan(course.now);
          }
        });
      }),
      runs,
    );
  });

  it("the presser never claims, witnesses or resolves, and is never rung (rule 7)", () => {
    fc.assert(
      fc.property(aRun, (run) => {
        const course = follow(run, (course) => {
          const incident = course.incident as Incident;
          const pressers = incident.pressers.map((each) => each.holder?.id);
          for (const responder of incident.responders) expect(pressers).not.toContain(responder.person.id);
        });
        for (const effect of course.effects) {
          if (effect.kind === "call") expect(effect.person.id).not.toBe(presser.id);
          if (effect.kind === "notify" || effect.kind === "ring")
            expect(effect.people.map((person) => person.id)).not.toContain(presser.id);
        }
      }),
      runs,
    );
  });

  it("what changes nothing gives back the very same incident, without history and effects (rule 8)", () => {
    fc.assert(
      fc.property(aRun, (run) => {
        follow(run, (course, before) => {
          const incident = course.incident as Incident;
          if (incident !== before) expect(incident.version).toBe(before.version + 1);
        });
      }),
      runs,
    );
  });

  it("a page has one key: never twice within a round unless withheld before (rule 14)", () => {
    fc.assert(
      fc.property(aRun, (run) => {
        const course = follow(run, () => {});
        const seen = new Set<string>();
        for (const [index, effect] of course.effects.entries()) {
          if (effect.kind !== "page") continue;
          if (seen.has(effect.key)) {
            expect(effect.key.startsWith("incident-1-")).toBe(true);
            const withheld = course.kinds.filter((kind) => kind === "page-held" || kind === "called-off");
            expect(withheld.length, `page ${index}`).toBeGreaterThan(0);
          }
          seen.add(effect.key);
        }
      }),
      runs,
    );
  });

  it("a held page goes, or somebody closes: nobody answers any more, and it is out within the promises' time (rule 12)", () => {
    fc.assert(
      fc.property(aRun, (run) => {
        const course = follow(run, () => {});
        const incident = course.incident as Incident;
        if (incident.closedAt !== null) return;
        const { arriveWithinMs, guardWithinMs, checkAfterMs, checkAnswerWithinMs, repeatEveryMs } = course.policy;
        const longest =
          arriveWithinMs + guardWithinMs + checkAfterMs + checkAnswerWithinMs + repeatEveryMs + 5 * minute;
        const before = course.pages.length;
        course.to(course.now + longest);
        expect(course.pages.length).toBeGreaterThan(before);
        expect(course.incident?.round.steps.filter((step) => step.state === "held")).toEqual([]);
      }),
      runs,
    );
  });

  it("when no human ever answers, a page goes at the first page step and again every repeatEvery (rule 14)", () => {
    const deliveries = fc.constantFrom<"accepted" | "unreachable">("accepted", "unreachable");
    fc.assert(
      fc.property(
        aPolicy,
        deliveries,
        fc.constantFrom(null, [alice], []),
        fc.boolean(),
        (part, delivery, roster, posted) => {
          const course = new Course({ policy: part, onDuty: roster });
          course.do({ kind: "press", press });
          if (posted) course.do({ kind: "card-posted", ring: 1, rung: ["alice", "bob"] });
          course.to(30 * minute, delivery);
          const at = course.effects.flatMap((effect) => (effect.kind === "page" ? [effect.at] : []));
          const firstStep = Math.min(
            ...course.policy.steps.flatMap((step) => (step.kind === "page" ? [step.afterMs] : [])),
          );
          expect(at[0]).toBeLessThanOrEqual(firstStep + second);
          const lastStep = Math.max(
            ...course.policy.steps.flatMap((step) => (step.kind === "page" ? [step.afterMs] : [])),
          );
          for (
            let from = Math.max(lastStep, at[0] ?? 0);
            from + course.policy.repeatEveryMs <= 30 * minute;
            from += course.policy.repeatEveryMs
          ) {
            const until = from + course.policy.repeatEveryMs + second;
            expect(
              at.some((moment) => moment > from && moment <= until),
              `between ${from} and ${until}`,
            ).toBe(true);
          }
        },
      ),
      runs,
    );
  });

  it("from the first page on, a claim alone holds nothing back (rule 13)", () => {
    fc.assert(
      fc.property(
        aPolicy,
        ofThem.filter((person) => person.id !== presser.id),
        (part, by) => {
          const course = new Course({ policy: part, onDuty: null });
          course.open().to(5 * minute + second);
          const before = course.pages.length;
          course.do({ kind: "claim", by });
          course.to(course.now + course.policy.repeatEveryMs + second);
          expect(course.pages.length).toBeGreaterThan(before);
        },
      ),
      runs,
    );
  });
});
