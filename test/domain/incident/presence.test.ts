import { describe, expect, it } from "vitest";
import { hasArrived, isSilent, lastCheckInAt } from "../../../bot/domain/incident/presence.ts";
import { alice, bob, Course, policy, second } from "./course.ts";

const missedAfter = policy.checkAfterMs + policy.checkAnswerWithinMs;
const paged = () => new Course().open().to(70 * second);
const guard = (course: Course, answer: "accept" | "arrived") => {
  course.do({ kind: "guard", pageKey: "incident-1-1-1", answer });
};
const standOf = ({ incident }: Course) => incident && [hasArrived(incident), isSilent(incident)];
const checkInOf = ({ incident }: Course) => incident && lastCheckInAt(incident);

describe("who is there", () => {
  it("rules 10 and 11: nobody has arrived, and so nobody is silent, while they only promise to come", () => {
    const course = paged();
    expect(standOf(course)).toEqual([false, false]);
    course.do({ kind: "claim", by: alice });
    guard(course, "accept");
    expect(standOf(course)).toEqual([false, false]);
    expect(checkInOf(course)).toBeNull();
  });

  it("rules 10 and 11: a colleague has arrived once they were there, also when they fall silent", () => {
    const course = paged();
    course.do({ kind: "arrive", by: alice });
    expect(standOf(course)).toEqual([true, false]);
    course.to(course.now + missedAfter);
    expect(standOf(course)).toEqual([true, true]);
    expect(checkInOf(course)).toBeNull();
  });

  it("rules 10 and 11: so has a guard", () => {
    const course = paged();
    guard(course, "arrived");
    expect(standOf(course)).toEqual([true, false]);
    course.to(course.now + missedAfter);
    expect(standOf(course)).toEqual([true, true]);
  });

  it("rule 11: is silent only when nobody of them answers any more", () => {
    const course = paged();
    course.do({ kind: "arrive", by: alice });
    course.to(course.now + missedAfter);
    course.do({ kind: "arrive", by: bob });
    expect(standOf(course)).toEqual([true, false]);
    const withGuard = paged();
    withGuard.do({ kind: "arrive", by: alice });
    withGuard.to(withGuard.now + missedAfter);
    guard(withGuard, "arrived");
    expect(standOf(withGuard)).toEqual([true, false]);
  });

  it("rule 11: was last known to be safe when the newest of them showed it", () => {
    const course = paged();
    course.do({ kind: "arrive", by: alice });
    expect(checkInOf(course)).toBe(70 * second);
    course.to(80 * second);
    guard(course, "arrived");
    expect(checkInOf(course)).toBe(80 * second);
    course.to(90 * second).do({ kind: "arrive", by: bob });
    expect(checkInOf(course)).toBe(90 * second);
  });

  it("counts from the arrival where an older database has no sign of somebody", () => {
    const course = paged();
    course.do({ kind: "arrive", by: alice });
    const { incident } = course;
    const [known] = incident?.responders ?? [];
    if (incident === null || known === undefined) throw new Error("nobody is there");
    expect(lastCheckInAt({ ...incident, responders: [{ ...known, since: 60 * second, signAt: null }] })).toBe(
      60 * second,
    );
  });
});
