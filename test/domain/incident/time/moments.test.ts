import { describe, expect, it } from "vitest";
import { decide } from "../../../../bot/domain/incident/decide.ts";
import type { Incident } from "../../../../bot/domain/incident/incident.ts";
import { toRestored } from "../../../../bot/domain/incident/press.ts";
import { bringBack } from "../../../../bot/domain/incident/time/moments.ts";
import { buildIncident, buildPresser } from "../../../fixtures/incident.ts";
import { buildPolicy, toSteps } from "../../../fixtures/policy.ts";
import { buildPress } from "../../../fixtures/press.ts";
import { alice, bob, minute } from "../course.ts";

const day = 24 * 60 * minute;
const policy = buildPolicy({ steps: toSteps("desk", "phone") });
const now = Date.UTC(2026, 10, 24, 9);
/** The clock was a day ahead when everything below happened, one thing a second. */
const tomorrow = now + day;

/** Every part is there, and none is null. */
type Full<T> = T extends string | number | boolean
  ? T
  : T extends readonly (infer Each)[]
    ? readonly [Full<Each>, ...Full<Each>[]]
    : { readonly [Key in keyof T]-?: Full<NonNullable<T[Key]>> };

let seconds = 0;
/** The next moment; no two are alike. */
function next(): number {
  seconds += 1;
  return tomorrow + seconds * 1_000;
}

const page = {
  key: "p-1",
  sentAs: ["p-1"],
  reason: "unclaimed",
  state: "answered",
  at: next(),
  failure: "no-answer",
} as const;

const full: Full<Incident> = {
  ...buildIncident(),
  ...{
    location: "town-hall",
    mayBeAt: ["town-hall"],
    isLocationNamed: true,
    locationNamedAt: next(),
    mayBeElsewhere: true,
    place: "Spreekkamer 3",
    isPlaceUsual: true,
    fixedPlace: "Spreekkamer 3",
    directions: "links",
    outcome: "real",
    closedBy: bob,
  },
  position: { lat: 52, lon: 5, accuracyM: 10 },
  formerPolicies: [{ lastRound: 1, pagers: ["desk"], gone: ["desk"] }],
  openedAt: next(),
  lateMs: 90_000,
  lastPressAt: next(),
  pressers: [
    {
      ...buildPresser(),
      ...{ holder: { name: "Paul Drager", id: "paul" }, at: next(), isElsewhere: true, isWhereKnown: false },
      namedLocation: "yard",
    },
  ],
  cancelledAt: next(),
  responders: [
    {
      ...{ person: alice, state: "there", byPhone: true, isInNeed: true },
      ...{ since: next(), arrivedAt: next(), signAt: next(), silentAt: next(), helpAt: next(), promisedAt: next() },
      witnessedAt: next(),
    },
  ],
  round: {
    ...{ number: 2, startedAt: next(), firstClaimAt: next(), lapsedAt: next(), allDeclinedAt: next() },
    ...{ nobodyFreeAt: next() },
    ...{ pagedAt: next(), checkAskedAt: next(), calledOffAt: next(), helpAskedAt: next(), helpAskedBy: "guard" },
    helpOfAnyGuard: { desk: next() },
    guards: [
      {
        ...{ pager: "desk", who: "link", state: "coming" },
        ...{ since: next(), signAt: next(), silentAt: next(), lapsedAt: next(), helpAt: next() },
      },
    ],
    steps: [{ state: "waiting", dueAt: next(), reason: "repeat", sentAt: next() }],
    onDuty: [alice],
  },
  pagers: { desk: { ...page, callOff: { at: next(), state: "taken" }, earlier: [{ ...page, at: next() }] } },
  deliveries: [{ person: bob, route: "call", key: "c-1", state: "failed", failure: "no-answer", at: next() }],
  unmentioned: [bob],
  occupied: [bob],
  freed: [bob],
  occupies: [{ person: "bob", at: next(), since: next(), isOver: true }],
  ...{ tagRing: 1, isTagUnmentioned: true },
  messaged: [alice],
  cardPostedAt: next(),
  restoredAt: next(),
  returned: { at: next(), copiedAt: 1 },
  called112At: next(),
  policeThereAt: next(),
  teamsLostAt: next(),
  closedAt: next(),
  nextAt: next(),
};

/** Every moment in what is stored, by where it stands. */
function momentsIn(value: unknown, path = ""): [path: string, at: number][] {
  if (typeof value === "number") return value > day ? [[path, value]] : [];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, part]) => momentsIn(part, `${path}.${name}`));
}

describe("an incident whose moments were made by a clock that was ahead", () => {
  it("is brought back as a whole: what comes next is due now, and each distance stays", () => {
    const before = momentsIn(full);
    expect(before).toHaveLength(seconds);
    const aheadMs = full.nextAt - now;
    const after = bringBack(full, policy, now);
    expect(momentsIn(after)).toEqual(before.map(([path, at]) => [path, at - aheadMs]));
    expect(after.nextAt).toBe(now);
    // All else is as it was.
    const blank = (incident: Incident) => JSON.stringify(incident, (_, value) => (value > day ? "at" : value));
    expect(blank(after)).toBe(blank(full));
  });

  it.each(momentsIn(full).filter(([path]) => !/nextAt|dueAt/.test(path)))(
    "is known by %s alone, for that can't be yet",
    (_, at) => {
      const then = tomorrow + day;
      const sound = { ...full, nextAt: then };
      expect(bringBack(sound, policy, then)).toBe(sound);
      const moved = JSON.parse(JSON.stringify(sound), (_, value) => (value === at ? then + 1 : value));
      expect(bringBack(moved, policy, then)).not.toBe(moved);
    },
  );
});

describe("the deadline of an incident", () => {
  const decideAt = (incident: Incident, at: number) => decide(incident, { kind: "deadline", onDuty: null }, at, policy);
  const pagesOf = (incident: Incident, at: number) =>
    decideAt(incident, at).effects.flatMap((effect) => (effect.kind === "page" ? [effect.pager] : []));
  const opened = decide(
    null,
    { kind: "press", onDuty: null, press: buildPress({ incident: "i-1", hasDownlink: true }) },
    tomorrow,
    policy,
  ).incident;
  const posted = decide(opened, { kind: "card-posted", ring: 0, rung: [], onDuty: null }, tomorrow, policy).incident;

  it("that is further ahead than can be pages now, and the next page follows as far behind as it would have", () => {
    const { incident, reason, effects } = decideAt(posted, now);
    expect(reason).toBe("advanced");
    expect(effects.map(({ kind }) => kind)).not.toContain("feedback");
    expect(pagesOf(posted, now)).toEqual(["desk"]);
    expect(incident).toMatchObject({ openedAt: now - minute, version: posted.version + 1, nextAt: now + minute });
    expect(pagesOf(incident, now + minute - 1)).toEqual([]);
    expect(pagesOf(incident, now + minute)).toEqual(["phone"]);
  });

  it("that is ahead of a policy in which nothing waits that long is due now, whatever else is known", () => {
    const sound = bringBack(posted, policy, now);
    const longestMs = policy.guardWithinMs;
    expect(decideAt({ ...sound, nextAt: now + longestMs + 1 }, now).reason).toBe("advanced");
    expect(decideAt({ ...sound, nextAt: now + longestMs }, now).reason).toBe("not-due");
  });

  it("that can be right waits for its moment", () => {
    expect(decideAt(posted, tomorrow + minute - 1)).toMatchObject({ reason: "not-due", incident: posted });
    expect(decideAt(posted, tomorrow + minute).reason).toBe("advanced");
  });

  it("shows the card anew with the moments that it has now, also when nothing else happened", () => {
    const calls = { ...policy, steps: [...toSteps(), { kind: "call", afterMs: minute, pager: "phone" } as const] };
    const page = { kind: "page", afterMs: 5 * minute, pager: "desk" } as const;
    const withCall = { ...calls, steps: [...calls.steps, page] };
    const steps = [...posted.round.steps.slice(0, 2), { ...posted.round.steps[1], dueAt: tomorrow + page.afterMs }];
    const incident = { ...posted, round: { ...posted.round, steps: steps as typeof posted.round.steps } };
    const decided = decide(incident, { kind: "deadline", onDuty: null }, now, withCall);
    expect(decided.history).toEqual([]);
    expect(decided.effects).toEqual([{ kind: "card" }]);
    expect(decided.incident).toMatchObject({ openedAt: now - minute, nextAt: now + 4 * minute });
  });

  it("of one that is made anew of what is left of it is not brought back a second time", () => {
    const { id, number, version, source, button, channel, fixedPlace, openedAt, closedAt } = posted;
    const remains = { id, number, version, source, button, channel, fixedPlace, openedAt, closedAt };
    const again = toRestored(remains, buildPress({ incident: id }), policy, openedAt);
    const restored = decide(again, { kind: "restore", onDuty: null }, now, policy).incident;
    expect(restored.openedAt).toBe(now);
    expect(pagesOf(restored, now)).toEqual([]);
    expect(decideAt(restored, now).reason).toBe("not-due");
  });
});
