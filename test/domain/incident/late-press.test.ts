import { describe, expect, it } from "vitest";
import { thereOf } from "../../../bot/domain/incident/presence.ts";
import { alice, bob, Course, minute, press, second } from "./course.ts";

const desk = "incident-1-1-1";
const [older, newer] = [1, 2].map((lat) => ({ lat, lon: 5, accuracyM: 10 }));

/** The press is written as of the fifth second, behind what was said since. */
const pressLate = (course: Course) => course.do({ kind: "press", press }, 5 * second);

it("undoes no cancel after it", () => {
  const course = new Course().open().to(9 * second);
  course.do({ kind: "cancel" });
  pressLate(course);
  expect(course.incident).toMatchObject({ presses: 2, cancelledAt: 9 * second });
  course.to(10 * second).do({ kind: "press", press });
  expect(course.incident?.cancelledAt).toBeNull();
});

it("takes a carried button, whose place nobody knows, back to no position of before", () => {
  const carried = { ...press, place: null, fixedPlace: null };
  const course = new Course().open(carried).to(9 * second);
  course.do({ kind: "press", press: { ...carried, position: newer ?? null } });
  course.do({ kind: "press", press: { ...carried, position: older ?? null } }, 5 * second);
  expect(course.incident).toMatchObject({ presses: 3, position: newer });
});

describe("behind who came since", () => {
  it("begins no round, in which whoever came would be nobody", () => {
    const course = new Course().open().to(9 * second);
    course.do({ kind: "arrive", by: alice });
    pressLate(course);
    expect(course.incident).toMatchObject({ presses: 2, round: { number: 1 } });
    expect(course.to(2 * minute).pages).toEqual([]);
  });

  it("begins one over a guard, of whose answer it is not known whether it was given before", () => {
    const course = new Course().open().to(70 * second);
    course.do({ kind: "guard", pageKey: desk, answer: "accept" });
    pressLate(course);
    expect(course.incident).toMatchObject({ round: { number: 2, guards: [] } });
  });

  it("begins one where somebody was there before it, in which only these have to say it anew", () => {
    const course = new Course({ policy: { claimsNeeded: 2 } }).open().to(2 * second);
    course.do({ kind: "arrive", by: alice });
    course.to(9 * second).do({ kind: "arrive", by: bob });
    pressLate(course);
    expect(course.incident?.round.number).toBe(2);
    expect(course.incident && thereOf(course.incident).map(({ person }) => person)).toEqual([bob]);
  });

  it("waits for who promised since, for as long as a promise holds", () => {
    const course = new Course().open().to(2 * second);
    course.do({ kind: "arrive", by: alice });
    course.to(9 * second).do({ kind: "claim", by: bob });
    pressLate(course);
    expect(course.incident?.round).toMatchObject({ number: 2, firstClaimAt: 9 * second });
    expect(course.to(2 * minute).pages).toEqual([]);
    expect(course.to(3 * minute).pages[0]).toBe("desk lapsed 129");
  });
});
