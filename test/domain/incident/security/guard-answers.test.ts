import { describe, expect, it } from "vitest";
import type { GuardId } from "../../../../bot/domain/incident/command.ts";
import { formatKey } from "../../../../bot/domain/message-key.ts";
import { toSteps } from "../../../fixtures/policy.ts";
import { alice, Course, minute, policy, press, second } from "../course.ts";

const toKey = (round: number, step: number) => formatKey({ kind: "page", incident: "incident-1", round, step });
const desk = toKey(1, 1);
const guard: GuardId = { who: "g", isCertain: true };
const paged = () => new Course().open().to(70 * second);
const say = (course: Course, answer: "accept" | "decline" | "arrived" | "help", pageKey = desk, by = guard) =>
  course.do({ kind: "guard", pageKey, answer, guard: by });
const deskOf = (course: Course) => course.incident?.pagers.desk;
const stepOf = (course: Course, index = 1) => course.incident?.round.steps[index];

describe("what a guard answers is on record", () => {
  it.each([
    ["accept", "guard-accepted", "answered", null],
    ["arrived", "guard-arrived", "answered", null],
    ["decline", "guard-declined", "failed", "guard-declined"],
  ] as const)("with a line, on the page and on its step: %s", (answer, reason, state, failure) => {
    const course = paged();
    const decision = say(course, answer);
    expect(decision.reason).toBe(reason);
    expect(decision.history[0]).toEqual({ kind: reason, pager: "desk", who: "g", at: 70 * second });
    expect(deskOf(course)).toMatchObject({ key: desk, state, failure, at: 70 * second });
    expect(stepOf(course)?.state).toBe(state);
  });

  it.each(["accept", "arrived", "decline", "help"] as const)("and none of a page that never was: %s", (answer) => {
    const course = paged();
    const before = course.incident;
    for (const key of [toKey(1, 0), toKey(9, 0), toKey(0, 1), "nonsense", desk.replace("incident-1", "incident-2")]) {
      expect(say(course, answer, key).reason, key).toBe("unknown-page");
    }
    expect(course.do({ kind: "guard", pageKey: toKey(1, 0), answer: "safe", outcome: "real" }).reason).toBe(
      "unknown-page",
    );
    expect(course.incident).toBe(before);
  });

  it.each([
    ["accept", "answered"],
    ["decline", "failed"],
  ] as const)("also by the link of an earlier page, which is no step of this round: %s", (answer, state) => {
    const course = new Course({ policy: { steps: toSteps("desk") } }).open().to(4 * minute);
    const key = toKey(2, 1);
    expect(deskOf(course)).toMatchObject({ key, state: "accepted" });
    say(course, answer);
    expect(deskOf(course)).toMatchObject({ key, state });
    expect(stepOf(course)?.state).toBe("accepted");
  });

  it("by a page whose step was taken back, which stays to be sent", () => {
    const course = new Course().open().to(minute, "left");
    course.do({ kind: "claim", by: alice });
    course.do({ kind: "page-starting", key: desk });
    expect(say(course, "accept").reason).toBe("guard-accepted");
    expect(stepOf(course)).toMatchObject({ state: "held", sentAt: null });
    expect(course.incident?.pagers).toEqual({});
  });
});

describe("a guard's second answer", () => {
  it("changes nothing while the page counts as answered, and undoes a call-off once more", () => {
    const course = paged();
    say(course, "accept");
    const before = course.incident;
    expect(say(course, "accept").reason).toBe("already-so");
    expect(course.incident).toBe(before);
    course.do({ kind: "arrive", by: alice });
    course.do({ kind: "call-off", by: alice });
    expect(say(course, "accept").reason).toBe("guard-accepted");
    expect(deskOf(course)).toMatchObject({ state: "answered", callOff: null });
  });

  it("is believed by who is there, after a call-off that left them there", () => {
    const course = paged();
    say(course, "arrived");
    course.do({ kind: "arrive", by: alice });
    course.do({ kind: "call-off", by: alice });
    expect(deskOf(course)?.callOff).not.toBeNull();
    expect(say(course, "accept").reason).toBe("guard-accepted");
    expect(deskOf(course)).toMatchObject({ state: "answered", callOff: null });
  });

  it("answers the page of a louder round too, though the promise stands since the one before", () => {
    const course = new Course({ policy: { steps: toSteps("desk") } }).open().to(70 * second);
    say(course, "accept");
    course.do({ kind: "help", by: alice });
    course.sendPages("accepted");
    const key = toKey(2, 1);
    expect(deskOf(course)).toMatchObject({ key, state: "accepted" });
    expect(say(course, "accept", key).reason).toBe("guard-accepted");
    expect(deskOf(course)).toMatchObject({ key, state: "answered" });
  });

  it("that they can't come is so once", () => {
    const course = paged();
    say(course, "decline");
    const before = course.incident;
    expect(say(course, "decline").reason).toBe("already-so");
    expect(course.incident).toBe(before);
  });

  it("that they are there answers the check, also when it is too late, and they are there since they came", () => {
    const course = paged();
    say(course, "arrived");
    expect(say(course, "arrived").reason).toBe("already-so");
    course.to(70 * second + policy.checkAfterMs + policy.checkAnswerWithinMs);
    expect(course.incident?.round.guards).toMatchObject([{ silentAt: course.now }]);
    expect(say(course, "arrived").reason).toBe("guard-arrived");
    expect(course.incident?.round.guards).toMatchObject([
      { state: "there", since: 70 * second, signAt: course.now, silentAt: null },
    ]);
  });

  it("that all is safe closes, when they are there", () => {
    const course = paged();
    say(course, "arrived");
    const closing = course.do({ kind: "guard", pageKey: desk, answer: "safe", outcome: "test", guard });
    expect(closing).toMatchObject({ reason: "resolved", incident: { closedBy: "guard", outcome: "test" } });
  });
});

describe("the page that goes when a guard can't come (rule 14)", () => {
  it("is the next one, for the reason of this one, and no step that is no page", () => {
    const call = { kind: "call" as const, afterMs: 80 * second, pager: "phone" };
    const [tell, first, next] = policy.steps;
    if (tell === undefined || first === undefined || next === undefined) throw new Error("the policy is shorter");
    const course = new Course({ onDuty: [], policy: { steps: [tell, first, call, next] } }).open();
    say(course, "decline");
    expect(course.pages).toEqual(["desk nobody-on-duty 0", "phone nobody-on-duty 0"]);
    expect(stepOf(course, 2)).toMatchObject({ state: "waiting", dueAt: 80 * second });
  });

  it("is the first of a new round, when the page that is declined was of the one before", () => {
    const course = new Course({ onDuty: [] }).open();
    course.do({ kind: "arrive", by: alice });
    course.onDuty = null;
    course.to(5 * second).do({ kind: "press", press });
    say(course, "decline");
    expect(course.pages).toEqual(["desk nobody-on-duty 0", "desk nobody-on-duty 5"]);
  });

  it("stays where it is after a call-off, because nobody need come", () => {
    const course = paged();
    course.do({ kind: "arrive", by: alice });
    course.do({ kind: "call-off", by: alice });
    say(course, "decline");
    expect(stepOf(course, 2)).toMatchObject({ state: "waiting", dueAt: 2 * minute, reason: null });
  });

  it("leaves this one as declined, though a guard of another pager is coming", () => {
    const course = new Course().open().to(2 * minute);
    say(course, "accept", toKey(1, 2));
    say(course, "decline");
    expect(deskOf(course)).toMatchObject({ state: "failed", failure: "guard-declined" });
    expect(course.incident?.pagers.phone).toMatchObject({ state: "answered" });
  });
});
