import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { insideOf, isAskable } from "../../../../bot/domain/incident/colleagues/inside.ts";
import { occupationsOf } from "../../../../bot/domain/incident/colleagues/occupied.ts";
import type { Incident } from "../../../../bot/domain/incident/incident.ts";
import type { Request } from "../../../../bot/engine/kernel/decisions.ts";
import { alice, bob, Course, carol, minute, press, presser, second } from "../course.ts";

const onDuty = [alice, bob, carol];
const incidentOf = (course: Course): Incident => {
  if (course.incident === null) throw new Error("nothing is open");
  return course.incident;
};
const rungSince = (course: Course, from: number) =>
  course.effects.slice(from).flatMap((effect) => {
    if (effect.kind === "notify" || effect.kind === "ring") return effect.people.map(({ id }) => id);
    return effect.kind === "call" ? [effect.person.id] : [];
  });

describe("who is inside an alarm, when its presser presses again (rules 3 and 7)", () => {
  it.each(["arrive", "help"] as const)("is not rung beside the aggressor: %s", (kind) => {
    const course = new Course({ onDuty }).open().to(5 * second);
    course.do({ kind: "claim", by: bob });
    course.do({ kind: "arrive", by: bob });
    course.do({ kind, by: alice });
    const before = course.effects.length;
    course.to(25 * second).do({ kind: "press", press });
    course.to(26 * second);
    expect(incidentOf(course).round.number).toBe(2);
    expect(new Set(rungSince(course, before))).toEqual(new Set([carol.id]));
    expect(occupationsOf(incidentOf(course)).map(({ person }) => person)).toEqual(
      expect.arrayContaining([presser.id, bob.id, alice.id]),
    );
  });

  it("is rung again once they have said that they can't come, also in a round after that", () => {
    const course = new Course({ onDuty }).open().to(5 * second);
    course.do({ kind: "arrive", by: alice });
    course.do({ kind: "arrive", by: bob });
    course.do({ kind: "decline", by: alice });
    expect(insideOf(incidentOf(course))).toEqual([presser.id, bob.id]);
    const before = course.effects.length;
    course.to(25 * second).do({ kind: "press", press });
    course.to(26 * second);
    expect(new Set(rungSince(course, before))).toEqual(new Set([alice.id, carol.id]));
  });

  it("is all who could be asked: security is paged at once", () => {
    const course = new Course({ onDuty: [alice] }).open().to(5 * second);
    course.do({ kind: "arrive", by: alice });
    course.to(25 * second).do({ kind: "press", press });
    expect(course.pages).toEqual(["desk nobody-free 25"]);
    expect(incidentOf(course).occupied ?? []).toEqual([]);
  });

  it("is known of what an earlier version wrote by their arrival", () => {
    const course = new Course({ onDuty }).open().to(5 * second);
    course.do({ kind: "arrive", by: alice });
    const { occupies: _, ...old } = incidentOf(course);
    const asked = { ...old, responders: old.responders.map((each) => ({ ...each, state: "none" as const })) };
    expect([alice, bob].map((person) => isAskable(asked, person))).toEqual([false, true]);
  });
});

it("in no order of presses and answers is anybody rung who is inside", () => {
  const anyone = fc.constantFrom(alice, bob, carol, presser);
  const request = fc.oneof(
    fc
      .tuple(fc.constantFrom("claim", "decline", "arrive", "help", "check-in"), anyone)
      .map(([kind, by]) => ({ kind, by }) as Request),
    anyone.map((holder): Request => ({ kind: "press", press: { ...press, button: holder.id, holder } })),
  );
  const moves = fc.array(fc.tuple(request, fc.integer({ min: 0, max: 5 * minute })), { maxLength: 20 });
  fc.assert(
    fc.property(moves, (all) => {
      const course = new Course({ onDuty }).open();
      /** Who pressed, arrived or asked for help, and did not say after it that they can't come. */
      const inside = new Set<string>([presser.id]);
      for (const [each, wait] of all) {
        course.to(course.now + wait);
        const before = course.effects.length;
        const { reason } = course.do(each);
        if (each.kind === "press") inside.add(each.press.holder?.id ?? "");
        if ("by" in each && ["arrived", "help-asked"].includes(reason)) inside.add(each.by.id);
        expect(rungSince(course, before).filter((id) => inside.has(id) && reason !== "declined")).toEqual([]);
        if ("by" in each && reason === "declined") inside.delete(each.by.id);
        const settled = course.effects.length;
        course.to(course.now + second);
        expect(rungSince(course, settled).filter((id) => inside.has(id))).toEqual([]);
      }
    }),
    { numRuns: Number(process.env.FC_RUNS ?? 400) },
  );
});
