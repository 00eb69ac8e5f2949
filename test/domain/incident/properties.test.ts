import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Incident } from "../../../bot/domain/incident/incident.ts";
import type { Policy } from "../../../bot/domain/incident/policy.ts";
import type { Person } from "../../../bot/domain/person.ts";
import type { Request } from "../../../bot/engine/kernel/handle.ts";
import { alice, bob, carol, minute, Play, press, presser, second } from "./play.ts";

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

type Move = { wait: number; request: (play: Play) => Request | null };

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
const anyPageKey = (play: Play, at: number): string => {
  const pages = play.effects.flatMap((effect) => (effect.kind === "page" ? [effect.key] : []));
  return pages[at % Math.max(1, pages.length)] ?? "incident-1-1-0";
};
const paging = fc
  .tuple(
    fc.nat(9),
    fc.constantFrom("page-starting", "page-accepted", "page-failed", "accept", "decline", "arrived", "safe"),
  )
  .map(([at, kind]) => (play: Play): Request => {
    const key = anyPageKey(play, at);
    if (kind === "page-failed") return { kind, key, reason: "unreachable" };
    if (kind === "page-starting" || kind === "page-accepted") return { kind, key };
    return { kind: "guard", pageKey: key, answer: kind, outcome: "real" } as Request;
  });
const delivery = fc
  .tuple(fc.nat(9), fc.constantFrom("delivery-starting", "delivery-accepted", "delivery-failed"))
  .map(([at, kind]) => (play: Play): Request | null => {
    const deliveries = play.incident?.deliveries ?? [];
    const key = deliveries[at % Math.max(1, deliveries.length)]?.key;
    if (key === undefined) return null;
    return (kind === "delivery-failed" ? { kind, key, reason: "no-answer" } : { kind, key }) as Request;
  });
const afterwards = fc
  .tuple(fc.nat(9), fc.constantFrom("no-answer", "undelivered", "taken", "impossible"))
  .map(([at, what]) => (play: Play): Request => {
    const key = anyPageKey(play, at);
    if (what === "taken") return { kind: "call-off-taken", page: key };
    if (what === "impossible") return { kind: "call-off-failed", page: key, reason: what };
    return { kind: "page-failed", key, reason: what } as Request;
  });
const other = fc
  .constantFrom<Request>(
    { kind: "cancel" },
    { kind: "deadline" },
    { kind: "card-posted" },
    { kind: "card-failed", reason: "misconfigured" },
    { kind: "card-failed", reason: "unreachable" },
  )
  .map((each) => () => each);

const move: fc.Arbitrary<Move> = fc.record({
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

/** Plays a run and looks at the incident after every decision. */
function play(
  { policy, moves, roster }: { policy: Partial<Policy>; moves: Move[]; roster: readonly Person[] | null },
  look: (play: Play, before: Incident) => void,
): Play {
  const game = new Play({ policy, onDuty: roster });
  game.do({ kind: "press", press });
  for (const { wait, request } of moves) {
    game.to(game.now + wait, "left");
    const before = game.incident as Incident;
    const next = request(game);
    if (next !== null) game.do(next);
    look(game, before);
  }
  return game;
}

const runs = { numRuns: Number(process.env.FC_RUNS ?? 300) };

describe("for any order of commands and moments", () => {
  it("closed stays closed, and only a person closes (rule 18)", () => {
    fc.assert(
      fc.property(aRun, (run) => {
        play(run, (game, before) => {
          // Only whether they know that it is over may still become known.
          if (before.closedAt !== null) {
            const { pagers, version } = game.incident as Incident;
            expect(game.incident).toEqual({ ...before, pagers, version });
          }
          if (before.closedAt === null && game.incident?.closedAt != null) {
            const last = game.history.at(-1);
            expect(last).toMatchObject({ kind: "closed" });
            expect(game.incident.closedBy).not.toBeNull();
          }
        });
      }),
      runs,
    );
  });

  it("every open incident has a moment to come, and a closed one has none (rule 18)", () => {
    fc.assert(
      fc.property(aRun, (run) => {
        play(run, (game) => {
          const incident = game.incident as Incident;
          if (incident.closedAt !== null) expect(incident.nextAt).toBeNull();
          else {
            expect(Number.isFinite(incident.nextAt)).toBe(true);
            expect(incident.nextAt).toBeGreaterThan(game.now);
          }
        });
      }),
      runs,
    );
  });

  it("the presser never claims, witnesses or resolves, and is never rung (rule 7)", () => {
    fc.assert(
      fc.property(aRun, (run) => {
        const game = play(run, (game) => {
          const incident = game.incident as Incident;
          const pressers = incident.pressers.map((each) => each.holder?.id);
          for (const responder of incident.responders) expect(pressers).not.toContain(responder.person.id);
        });
        for (const effect of game.effects) {
          if (effect.kind === "call") expect(effect.person.id).not.toBe(presser.id);
          if (effect.kind === "notify") expect(effect.people.map((person) => person.id)).not.toContain(presser.id);
        }
      }),
      runs,
    );
  });

  it("what changes nothing gives back the very same incident, without history and effects (rule 8)", () => {
    fc.assert(
      fc.property(aRun, (run) => {
        play(run, (game, before) => {
          const incident = game.incident as Incident;
          if (incident !== before) expect(incident.version).toBe(before.version + 1);
        });
      }),
      runs,
    );
  });

  it("a page has one key: never twice within a round unless withheld before (rule 14)", () => {
    fc.assert(
      fc.property(aRun, (run) => {
        const game = play(run, () => {});
        const seen = new Set<string>();
        for (const [index, effect] of game.effects.entries()) {
          if (effect.kind !== "page") continue;
          if (seen.has(effect.key)) {
            expect(effect.key.startsWith("incident-1-")).toBe(true);
            const withheld = game.told.filter((kind) => kind === "page-held" || kind === "called-off");
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
        const game = play(run, () => {});
        const incident = game.incident as Incident;
        if (incident.closedAt !== null) return;
        const { arriveWithinMs, guardWithinMs, checkAfterMs, checkAnswerWithinMs, repeatEveryMs } = game.policy;
        const longest =
          arriveWithinMs + guardWithinMs + checkAfterMs + checkAnswerWithinMs + repeatEveryMs + 5 * minute;
        const before = game.pages.length;
        game.to(game.now + longest);
        expect(game.pages.length).toBeGreaterThan(before);
        expect(game.incident?.round.steps.filter((step) => step.state === "held")).toEqual([]);
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
          const game = new Play({ policy: part, onDuty: roster });
          game.do({ kind: "press", press });
          if (posted) game.do({ kind: "card-posted" });
          game.to(30 * minute, delivery);
          const at = game.effects.flatMap((effect) => (effect.kind === "page" ? [effect.at] : []));
          const firstStep = Math.min(
            ...game.policy.steps.flatMap((step) => (step.kind === "page" ? [step.afterMs] : [])),
          );
          expect(at[0]).toBeLessThanOrEqual(firstStep + second);
          const lastStep = Math.max(
            ...game.policy.steps.flatMap((step) => (step.kind === "page" ? [step.afterMs] : [])),
          );
          for (
            let from = Math.max(lastStep, at[0] ?? 0);
            from + game.policy.repeatEveryMs <= 30 * minute;
            from += game.policy.repeatEveryMs
          ) {
            const until = from + game.policy.repeatEveryMs + second;
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
          const game = new Play({ policy: part, onDuty: null });
          game.open().to(5 * minute + second);
          const before = game.pages.length;
          game.do({ kind: "claim", by });
          game.to(game.now + game.policy.repeatEveryMs + second);
          expect(game.pages.length).toBeGreaterThan(before);
        },
      ),
      runs,
    );
  });
});
