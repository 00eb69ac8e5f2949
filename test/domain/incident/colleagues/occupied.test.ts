import { describe, expect, it } from "vitest";
import { countReached, isNobodyFree, occupiedOf } from "../../../../bot/domain/incident/colleagues/deliveries.ts";
import { isInForce, occupationsOf, occupiedForMs } from "../../../../bot/domain/incident/colleagues/occupied.ts";
import type { Incident } from "../../../../bot/domain/incident/incident.ts";
import { formatKey } from "../../../../bot/domain/message-key.ts";
import { alice, bob, Course, carol, minute, policy, press, presser, second } from "../course.ts";

const messageTo = (person: { id: string }) =>
  formatKey({ kind: "message", incident: "incident-1", ring: 1, person: person.id });
const incidentOf = (course: Course): Incident => {
  if (course.incident === null) throw new Error("nothing is open");
  return course.incident;
};
const rungIn = (course: Course) =>
  course.effects.flatMap((effect) => (effect.kind === "notify" ? effect.people.map(({ id }) => id) : []));

/** Open, with these of those on duty at another alarm from the beginning. */
function openBeside(occupied: readonly { id: string }[], onDuty = [alice, bob, carol]): Course {
  const course = new Course({ onDuty });
  course.occupied = new Set(occupied.map(({ id }) => id));
  return course.open();
}

describe("whom an alarm keeps from being asked for others (rule 7)", () => {
  it("is who pressed, who is there, and who asked for help, since they did so last", () => {
    const course = new Course({ onDuty: [alice, bob] }).open();
    course.to(minute).do({ kind: "claim", by: alice });
    expect(occupationsOf(incidentOf(course))).toEqual([{ person: presser.id, at: 0 }]);
    course.to(2 * minute).do({ kind: "arrive", by: alice });
    course.to(3 * minute).do({ kind: "claim", by: bob });
    course.do({ kind: "help", by: bob });
    const at = (person: { id: string }, minutes: number) => ({ person: person.id, at: minutes * minute });
    expect(occupationsOf(incidentOf(course))).toEqual([at(presser, 0), at(alice, 2), at(bob, 3)]);
    course.to(4 * minute).do({ kind: "press", press });
    expect(occupationsOf(incidentOf(course))).toContainEqual(at(presser, 4));
  });

  it("is not who has left, and nobody once it is closed", () => {
    const course = new Course().open();
    course.do({ kind: "arrive", by: alice });
    course.do({ kind: "decline", by: alice });
    expect(occupationsOf(incidentOf(course)).map(({ person }) => person)).toEqual([presser.id]);
    course.do({ kind: "resolve", by: bob, isLead: true, outcome: "false" });
    expect(incidentOf(course).closedAt).not.toBeNull();
    expect(occupationsOf(incidentOf(course))).toEqual([]);
  });

  it("is not whoever has been for half an hour: that is over on disk too, at its moment", () => {
    const course = new Course({ policy: { checkAfterMs: 60 * minute } }).open();
    course.to(5 * minute).do({ kind: "arrive", by: alice });
    course.to(occupiedForMs, "left");
    expect(occupationsOf(incidentOf(course))).toHaveLength(2);
    course.to(occupiedForMs + 1, "left");
    expect(occupationsOf(incidentOf(course))).toEqual([{ person: alice.id, at: 5 * minute }]);
    expect(incidentOf(course).occupies).toContainEqual({ person: presser.id, at: 0, isOver: true });
  });

  it("is whoever asked for help, also on the way, as long as nobody is there who answers", () => {
    const course = new Course({ onDuty: [alice, bob] }).open();
    course.do({ kind: "claim", by: alice });
    course.do({ kind: "help", by: alice });
    course.to(2 * occupiedForMs);
    const people = occupationsOf(incidentOf(course)).map(({ person }) => person);
    expect(people.toSorted()).toEqual([alice.id, presser.id]);
  });

  it("is who answers the check, from then on", () => {
    const course = new Course().open();
    course.do({ kind: "arrive", by: alice });
    course.to(policy.checkAfterMs);
    course.do({ kind: "check-in", by: alice });
    const answered = { person: alice.id, at: policy.checkAfterMs, since: 0 };
    expect(occupationsOf(incidentOf(course))).toContainEqual(answered);
  });

  it.each([
    [0, true],
    [occupiedForMs, true],
    [occupiedForMs + 1, false],
    // Pressed while a press of before was still being decided on; and by a clock that was a day ahead.
    [-second, true],
    [-24 * 60 * minute, false],
  ])("%i ms after that: %s", (after, isSo) => {
    expect(isInForce({ person: alice.id, at: 0 }, after)).toBe(isSo);
  });

  it("is nobody in an alarm that an earlier version wrote, until they press again", () => {
    const course = new Course().open();
    const { occupies: _, ...old } = incidentOf(course);
    expect(occupationsOf(old)).toEqual([]);
  });
});

describe("whoever is at another alarm", () => {
  it("is rung neither by message, by mention nor by phone, and named as that while they do not answer", () => {
    const course = openBeside([alice]);
    expect(rungIn(course)).toEqual([bob.id, carol.id]);
    expect(countReached(incidentOf(course))).toEqual({ asked: 2, reached: 0 });
    expect(occupiedOf(incidentOf(course))).toEqual([alice]);
    course.do({ kind: "claim", by: alice });
    expect(occupiedOf(incidentOf(course))).toEqual([]);
  });

  it("is asked with whatever comes next once they are not, alone", () => {
    const course = openBeside([alice]);
    course.occupied = new Set();
    const { effects } = course.do({ kind: "deadline" });
    expect(effects).toContainEqual(expect.objectContaining({ kind: "notify", people: [alice], ringsTag: false }));
    expect(effects).toContainEqual(expect.objectContaining({ kind: "ring", people: [alice], ringsTag: false }));
    expect(occupiedOf(incidentOf(course))).toEqual([]);
    expect(countReached(incidentOf(course))).toEqual({ asked: 3, reached: 0 });
  });

  it("is asked with everybody while no card stands, because that mentions the newest ring", () => {
    const course = new Course({ onDuty: [alice, bob, carol] });
    course.occupied = new Set([alice.id]);
    course.do({ kind: "press", press });
    course.occupied = new Set();
    const { effects } = course.do({ kind: "deadline" });
    expect(effects).toContainEqual(expect.objectContaining({ kind: "notify", people: [alice, bob, carol] }));
  });

  it("is not asked once their shift is over", () => {
    const course = openBeside([alice]);
    course.onDuty = [bob, carol];
    course.occupied = new Set();
    course.do({ kind: "deadline" });
    expect(rungIn(course)).not.toContain(alice.id);
    expect(occupiedOf(incidentOf(course))).toEqual([]);
  });

  it("is not asked while a guard is there; nor does the card say that nobody is free", () => {
    const course = openBeside([alice], [alice]);
    const pageKey = formatKey({ kind: "page", incident: "incident-1", round: 1, step: 1 });
    course.do({ kind: "guard", pageKey, answer: "arrived" });
    course.occupied = new Set();
    course.do({ kind: "deadline" });
    expect([rungIn(course), isNobodyFree(incidentOf(course))]).toEqual([[], false]);
  });

  it("is not mentioned by the reply that follows a card which left them out", () => {
    const course = new Course({ onDuty: [alice, bob] });
    course.do({ kind: "press", press });
    course.occupied = new Set([alice.id]);
    const { effects } = course.do({ kind: "card-posted", ring: 1, rung: [bob.id] });
    expect(effects.filter(({ kind }) => kind === "ring")).toEqual([]);
  });

  it.each(["delivery-withheld", "delivery-starting"] as const)("%s: was not asked, once it came to that", (kind) => {
    const course = new Course({ onDuty: [alice, bob] }).open();
    course.occupied = new Set([alice.id]);
    expect(course.do({ kind, key: messageTo(alice) }).reason).toBe("delivery-withheld");
    expect(countReached(incidentOf(course))).toEqual({ asked: 1, reached: 0 });
    expect(occupiedOf(incidentOf(course))).toEqual([alice]);
    expect(course.history.at(-1)).toMatchObject({ kind: "withheld", person: alice, route: "message" });
    expect(incidentOf(course).messaged ?? []).not.toContainEqual(alice);
    expect(course.pages).toEqual([]);
  });

  it("and had answered before: that stays", () => {
    const course = new Course({ onDuty: [alice, bob] }).open();
    course.do({ kind: "claim", by: alice });
    const before = course.incident;
    course.occupied = new Set([alice.id]);
    course.do({ kind: "delivery-withheld", key: messageTo(alice) });
    expect(course.incident).toBe(before);
  });
});

describe("where nobody on duty is left to ask", () => {
  it("pages at once for that, and says so once", () => {
    const course = openBeside([alice, bob, carol]);
    expect(course.pages).toEqual(["desk nobody-free 0"]);
    expect(course.kinds.filter((kind) => kind === "nobody-free" || kind === "occupied")).toEqual([
      "nobody-free",
      "occupied",
    ]);
    expect(course.kinds).not.toContain("all-declined");
    expect(isNobodyFree(incidentOf(course))).toBe(true);
  });

  it("pages by each later step for what is so then", () => {
    const course = openBeside([alice, bob, carol]);
    expect(course.to(2 * minute).pages).toEqual(["desk nobody-free 0", "phone nobody-free 120"]);
    const other = openBeside([alice, bob, carol]);
    other.occupied = new Set();
    expect(other.to(2 * minute).pages.at(-1)).toBe("phone unclaimed 120");
  });

  it("because the others declined: as soon as the last one does", () => {
    const course = openBeside([alice]);
    course.do({ kind: "decline", by: bob });
    expect(course.pages).toEqual([]);
    course.to(5 * second).do({ kind: "decline", by: carol });
    expect(course.pages).toEqual(["desk nobody-free 5"]);
    expect(isNobodyFree(incidentOf(course))).toBe(true);
  });

  it("but all of them declined: that is why", () => {
    const course = openBeside([alice]);
    for (const by of [alice, bob, carol]) course.do({ kind: "decline", by });
    expect(course.pages).toEqual(["desk declined 0"]);
  });

  it("because the last one is not asked after all: at that moment", () => {
    const course = openBeside([alice], [alice, bob]);
    course.occupied = new Set([alice.id, bob.id]);
    course.to(2 * second).do({ kind: "delivery-withheld", key: messageTo(bob) });
    expect(course.pages).toEqual(["desk nobody-free 2"]);
  });

  it("because who was asked is at another alarm since: with whatever comes next", () => {
    const course = new Course({ onDuty: [alice, bob] }).open();
    course.occupied = new Set([alice.id, bob.id]);
    course.to(2 * second).do({ kind: "deadline" });
    expect(course.pages).toEqual(["desk nobody-free 2"]);
    expect(isNobodyFree(incidentOf(course))).toBe(true);
  });

  it("waits for enough who come by themselves, and pages once they do not", () => {
    const course = new Course({ onDuty: [alice, bob] }).open();
    course.do({ kind: "claim", by: carol });
    course.occupied = new Set([alice.id, bob.id]);
    course.to(2 * second).do({ kind: "deadline" });
    expect(course.pages).toEqual([]);
    course.to(3 * second).do({ kind: "decline", by: carol });
    expect(course.pages).toEqual(["desk nobody-free 3"]);
  });

  it("because all others come, and they are too few: as soon as the last one promises that", () => {
    const course = new Course({ onDuty: [alice, bob, carol], policy: { claimsNeeded: 2 } });
    course.occupied = new Set([alice.id, bob.id]);
    course.open();
    expect(course.pages).toEqual([]);
    course.to(5 * second).do({ kind: "claim", by: carol });
    expect(course.pages).toEqual(["desk nobody-free 5"]);
  });

  it("brings the next page forward at each press that can ring nobody", () => {
    const course = openBeside([alice, bob, carol]);
    course.to(5 * second).do({ kind: "press", press });
    expect(course.pages).toEqual(["desk nobody-free 0", "phone nobody-free 5"]);
    expect(isNobodyFree(incidentOf(course))).toBe(true);
  });

  it("says so anew in the round of a new press", () => {
    const course = openBeside([alice, bob, carol]);
    course.do({ kind: "arrive", by: alice });
    course.occupied = new Set([bob.id, carol.id, alice.id]);
    course.to(10 * second).do({ kind: "press", press });
    expect(course.pages).toEqual(["desk nobody-free 0", "desk nobody-free 10"]);
  });

  it("is no matter where nobody was on duty, or there is no roster", () => {
    expect(openBeside([alice], []).pages).toEqual(["desk nobody-on-duty 0"]);
    const course = new Course({ onDuty: null });
    course.occupied = new Set([alice.id]);
    expect(course.open().pages).toEqual([]);
  });
});
