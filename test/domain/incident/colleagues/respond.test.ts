import { describe, expect, it } from "vitest";
import { alice, bob, Course, carol, minute, policy, presser, second } from "../course.ts";

const responders = (course: Course) => course.incident?.responders;
const [first] = [{ state: "none", since: 0, arrivedAt: null, signAt: null, silentAt: null }];
/** Alice is there and was asked at ten minutes whether all is well. */
function asked(): Course {
  const course = new Course().open();
  course.do({ kind: "arrive", by: alice });
  return course.to(policy.checkAfterMs + 5 * second);
}

describe("a claim (rules 7 and 10)", () => {
  it("is the first one while nobody else comes, and has a line", () => {
    const course = new Course().open().to(5 * second);
    expect(course.do({ kind: "claim", by: alice })).toMatchObject({
      reason: "claimed",
      history: [{ kind: "claimed", by: alice, at: 5 * second }],
      effects: [{ kind: "card" }],
    });
    expect(course.to(6 * second).do({ kind: "claim", by: bob })).toMatchObject({
      reason: "also-coming",
      history: [{ kind: "also-coming", by: bob, at: 6 * second }],
    });
    expect(responders(course)).toMatchObject([
      { ...first, person: alice, state: "coming", since: 5 * second },
      { ...first, person: bob, state: "coming", since: 6 * second },
    ]);
  });

  it("is counted from the first one of the round, also when that one was given back", () => {
    const course = new Course().open().to(5 * second);
    course.do({ kind: "claim", by: alice });
    course.to(6 * second).do({ kind: "decline", by: alice });
    course.to(7 * second).do({ kind: "claim", by: bob });
    expect(course.incident?.round.firstClaimAt).toBe(5 * second);
    expect(course.kinds.slice(-3)).toEqual(["claimed", "declined", "claimed"]);
  });

  it("of somebody who is there already changes nothing", () => {
    const course = new Course().open();
    course.do({ kind: "arrive", by: alice });
    expect(course.do({ kind: "claim", by: alice }).reason).toBe("already-so");
    expect(responders(course)).toMatchObject([{ state: "there" }]);
  });
});

describe("an answer of who pressed (rule 7)", () => {
  it.each(["claim", "decline", "arrive", "witness", "call-off"] as const)("is none: %s", (kind) => {
    const course = new Course().open();
    const before = course.incident;
    expect(course.do({ kind, by: presser }).reason).toBe("presser");
    expect(course.incident).toBe(before);
  });
});

describe("somebody who can't come (rule 9)", () => {
  it("says so once, also after a claim or an arrival, and may come after all", () => {
    const course = new Course({ onDuty: null }).open();
    course.do({ kind: "arrive", by: alice });
    expect(course.to(5 * second).do({ kind: "decline", by: alice })).toMatchObject({
      reason: "declined",
      history: [{ kind: "declined", by: alice, at: 5 * second }],
    });
    expect(responders(course)).toMatchObject([
      { person: alice, state: "declined", since: 5 * second, arrivedAt: 0, signAt: 0, silentAt: null },
    ]);
    expect(course.do({ kind: "decline", by: alice }).reason).toBe("already-so");
    expect(course.do({ kind: "claim", by: alice }).reason).toBe("claimed");
  });
});

describe("somebody who is there (rule 11)", () => {
  it("is so with or without a claim, since their first arrival", () => {
    const course = new Course({ onDuty: null }).open().to(5 * second);
    expect(course.do({ kind: "arrive", by: alice })).toMatchObject({
      reason: "arrived",
      history: [{ kind: "arrived", by: alice, at: 5 * second }],
    });
    course.to(6 * second).do({ kind: "decline", by: alice });
    course.to(7 * second).do({ kind: "arrive", by: alice });
    const at = { since: 7 * second, arrivedAt: 5 * second, signAt: 7 * second };
    expect(responders(course)).toMatchObject([{ person: alice, state: "there", ...at, silentAt: null }]);
  });

  it("need not say so again, unless they were asked", () => {
    const course = new Course().open();
    course.do({ kind: "arrive", by: alice });
    expect(course.do({ kind: "arrive", by: alice }).reason).toBe("already-so");
    expect(course.do({ kind: "check-in", by: alice }).reason).toBe("already-so");
    expect(asked().do({ kind: "arrive", by: alice }).reason).toBe("checked-in");
  });

  it("answers the check, and stays there since they came", () => {
    const course = asked();
    expect(course.do({ kind: "check-in", by: alice })).toMatchObject({
      reason: "checked-in",
      history: [{ kind: "checked-in", by: alice, at: course.now }],
    });
    const at = { since: 0, arrivedAt: 0, signAt: course.now };
    expect(responders(course)).toMatchObject([{ person: alice, state: "there", ...at, silentAt: null }]);
    expect(course.incident?.round.checkAskedAt).toBeNull();
  });

  it("answers it for all who are there, as somebody who comes now does", () => {
    const course = asked();
    course.do({ kind: "arrive", by: bob });
    expect(course.incident?.round.checkAskedAt).toBeNull();
  });

  it("may answer when it is too late, and counts again", () => {
    const course = asked().to(20 * minute);
    expect(responders(course)?.[0]?.silentAt).not.toBeNull();
    expect(course.do({ kind: "check-in", by: alice }).reason).toBe("checked-in");
    expect(responders(course)).toMatchObject([{ silentAt: null, signAt: 20 * minute }]);
  });

  it.each([
    ["who only comes", (course: Course) => course.do({ kind: "claim", by: bob })],
    ["who said nothing", () => {}],
  ])("answers no check for somebody %s", (_who, happen) => {
    const course = asked();
    happen(course);
    expect(course.do({ kind: "check-in", by: bob }).reason).toBe("not-there");
    expect(course.incident?.round.checkAskedAt).not.toBeNull();
  });

  it("who arrives again after silence counts again", () => {
    const course = asked().to(20 * minute);
    course.do({ kind: "decline", by: alice });
    course.do({ kind: "arrive", by: alice });
    expect(responders(course)).toMatchObject([{ state: "there", silentAt: null }]);
  });
});

describe("a call for help (rule 11)", () => {
  it("has a line, and rings and pages at once for it", () => {
    const course = new Course().open().to(5 * second);
    expect(course.do({ kind: "help", by: alice })).toMatchObject({
      reason: "help-asked",
      history: [
        { kind: "help", by: alice, at: 5 * second },
        { kind: "rung", people: [bob] },
        { kind: "page-queued", reason: "help" },
      ],
    });
    expect(course.incident?.round).toMatchObject({ helpAskedAt: 5 * second, helpAskedBy: "colleague" });
  });

  it("begins no new round while a page is left", () => {
    const course = new Course().open();
    course.do({ kind: "help", by: alice });
    expect(course.incident?.round.number).toBe(1);
  });
});

describe("who may close (rule 18)", () => {
  it("is somebody who has been there, also when they left; the line says who and how it was", () => {
    const course = new Course().open();
    course.do({ kind: "arrive", by: alice });
    course.do({ kind: "decline", by: alice });
    course.to(5 * second);
    expect(course.do({ kind: "resolve", by: alice, isLead: false, outcome: "test" })).toMatchObject({
      reason: "resolved",
      history: [{ kind: "closed", outcome: "test", by: alice, at: 5 * second }],
      incident: { closedAt: 5 * second, closedBy: alice, outcome: "test", nextAt: null },
    });
  });

  it.each(["claim", "decline", "help"] as const)("is nobody who only said so: %s", (kind) => {
    const course = new Course({ onDuty: [alice, bob, carol] }).open();
    course.do({ kind, by: alice });
    expect(course.do({ kind: "resolve", by: alice, isLead: false, outcome: "real" }).reason).toBe("not-there");
    expect(course.do({ kind: "witness", by: alice }).reason).toBe("not-there");
  });
});
