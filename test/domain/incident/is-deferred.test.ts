import { describe, expect, it } from "vitest";
import type { PageReason } from "../../../bot/domain/incident/incident.ts";
import { isDeferred } from "../../../bot/domain/incident/is-deferred.ts";
import { alice, bob, Course, minute, second } from "./course.ts";

/** `null`: the page of a step whose own moment has come. */
const reasons: readonly (PageReason | null)[] = [
  null,
  "unclaimed",
  "lapsed",
  "declined",
  "help",
  "check",
  "teams-unreachable",
  "teams-busy",
  "nobody-on-duty",
  "repeat",
];
const own: typeof reasons = [null, "unclaimed"];
const allButNeed = reasons.filter((reason) => reason !== "help" && reason !== "check");
const forced = allButNeed.filter((reason) => !own.includes(reason));

const heldBy = ({ incident, policy }: Course) =>
  reasons.filter((reason) => incident !== null && isDeferred({ incident, policy }, reason));
const opened = (claimsNeeded = 1) => new Course({ policy: { claimsNeeded } }).open();
const paged = () => opened().to(70 * second);
const guard = (course: Course, answer: "accept" | "arrived") => {
  course.do({ kind: "guard", pageKey: "incident-1-1-1", answer });
};

describe("which pages are held (rules 11 to 15)", () => {
  it.each<[situation: string, course: Course, happen: (course: Course) => void, held: typeof reasons]>([
    ["while nobody answers: none", opened(), () => {}, []],
    ["before the first page enough people hold what is due by itself", opened(), claim, own],
    ["rule 13: from the first page on a claim holds nothing", paged(), claim, []],
    ["rule 11: before the first page who is there holds all but a need of help", opened(), arrive, allButNeed],
    ["rule 11: and so after it", paged(), arrive, allButNeed],
    ["rule 11: but nothing once somebody asked for help", paged(), arriveAndAskHelp, []],
    ["rule 11: and nothing once they are silent", paged(), fallSilent, []],
    ["rule 15: a guard's promise holds all but a need of help", paged(), promise, allButNeed],
    ["rule 15: and so once a colleague asked for help", paged(), askHelpAndPromise, allButNeed],
    ["rule 15: a guard who is there does too", paged(), beThere, allButNeed],
    ["rule 15: a lapsed promise holds none", paged(), breakPromise, []],
    ["rule 15: a guard who is there and silent holds none", paged(), beThereAndSilent, []],
  ])("%s", (_situation, course, happen, held) => {
    happen(course);
    expect(heldBy(course)).toEqual(held);
  });

  it("rule 10: a promise that was not kept holds nothing more, though its page is still in the queue", () => {
    const course = opened().to(minute, "left");
    claim(course);
    expect(heldBy(course)).toEqual(own);
    course.to(minute + course.policy.arriveWithinMs - 1, "left");
    const { incident } = course;
    expect(incident?.round).toMatchObject({ pagedAt: null, lapsedAt: null });
    if (incident === null) return;
    const lapsed = { ...incident, round: { ...incident.round, lapsedAt: course.now } };
    expect(reasons.filter((reason) => isDeferred({ incident: lapsed, policy: course.policy }, reason))).toEqual([]);
  });

  it("rule 12: one of two who are needed holds only what was brought forward, and only by being there", () => {
    const course = opened(2);
    claim(course);
    expect(heldBy(course)).toEqual([]);
    arrive(course);
    expect(heldBy(course)).toEqual(forced);
    course.do({ kind: "claim", by: bob });
    expect(heldBy(course)).toEqual(allButNeed);
  });
});

function claim(course: Course): void {
  course.do({ kind: "claim", by: alice });
}

function arrive(course: Course): void {
  course.do({ kind: "arrive", by: alice });
}

function arriveAndAskHelp(course: Course): void {
  arrive(course);
  course.do({ kind: "help", by: alice });
}

function fallSilent(course: Course): void {
  arrive(course);
  course.to(20 * minute);
}

function promise(course: Course): void {
  guard(course, "accept");
}

function askHelpAndPromise(course: Course): void {
  arriveAndAskHelp(course);
  promise(course);
}

function beThere(course: Course): void {
  guard(course, "arrived");
}

function breakPromise(course: Course): void {
  promise(course);
  course.to(20 * minute);
}

function beThereAndSilent(course: Course): void {
  beThere(course);
  course.to(20 * minute);
}
