import { describe, expect, it } from "vitest";
import { toSteps } from "../../../fixtures/policy.ts";
import { alice, bob, Course, minute, presser, second } from "../course.ts";

/** As `toSteps`, but the first page goes at that moment. */
const pageAt = (afterMs: number, pager: string) => [
  ...toSteps().slice(0, 1),
  { kind: "page", afterMs, pager } as const,
];
const onlyDesk = { policy: { steps: toSteps("desk") } };
/** When a page went out, and by which pager. */
const from = (course: Course, at: number) => course.pages.filter((page) => Number(page.split(" ")[2]) >= at / second);

describe("the policy of now takes over (rule 6)", () => {
  it("with its own moments, counted from the press, under keys that no page had", () => {
    const course = new Course(onlyDesk).open().to(30 * second);
    const { incident, reason, history } = course.replacePolicy({ steps: pageAt(90 * second, "guards") }, ["desk"]);
    expect(reason).toBe("policy-replaced");
    expect(history).toEqual([{ kind: "policy-replaced", gone: ["desk"], at: 30 * second }]);
    expect(incident).toMatchObject({
      policy: "policy-2",
      formerPolicies: [{ lastRound: 1, pagers: [null, "desk"], gone: ["desk"] }],
    });
    course.to(2 * minute);
    expect(course.pages).toEqual(["guards unclaimed 90"]);
    expect(Object.values(course.incident?.pagers ?? {})).toMatchObject([{ key: "incident-1-2-1" }]);
  });

  it("at once where the pager that left was called on, though the new moment is later", () => {
    const course = new Course(onlyDesk).open().to(minute);
    course.now = 70 * second;
    course.replacePolicy({ steps: pageAt(10 * minute, "guards") }, ["desk"]);
    expect(course.pages).toEqual(["desk unclaimed 60", "guards unclaimed 70"]);
  });

  it("at once where its page was to go sooner than at its own moment, and had not gone", () => {
    const course = new Course(onlyDesk).open();
    course.do({ kind: "claim", by: alice });
    course.to(minute + second);
    course.do({ kind: "page-failed", key: "incident-1-1-1", reason: "refused" });
    course.do({ kind: "arrive", by: alice });
    course.do({ kind: "help", by: alice });
    course.replacePolicy({ steps: pageAt(10 * minute, "guards") }, ["desk"]);
    expect(from(course, minute)).toContain("guards help 61");
    expect(course.incident?.round.steps[1]?.state).toBe("queued");
  });

  it("no later than a loud round before it, and as loud", () => {
    const course = new Course(onlyDesk).open().to(4 * minute);
    expect(course.pages.at(-1)).toBe("desk repeat 240");
    course.now = 4 * minute + second;
    course.replacePolicy({ steps: toSteps("guards", "phone") }, ["desk"]);
    expect(from(course, course.now)).toEqual(["guards repeat 241", "phone repeat 241"]);
  });

  it("and pages again without end", () => {
    const course = new Course(onlyDesk).open().to(minute);
    course.replacePolicy({ steps: toSteps("guards") }, ["desk"]);
    course.to(20 * minute);
    expect(from(course, minute + 1).length).toBeGreaterThan(5);
    expect(from(course, minute + second).every((page) => page.startsWith("guards"))).toBe(true);
  });

  it("while enough people are coming, who hold it as before", () => {
    const course = new Course(onlyDesk).open();
    course.do({ kind: "claim", by: bob });
    course.to(30 * second);
    course.replacePolicy({ steps: toSteps("guards") }, ["desk"]);
    course.to(minute + second);
    expect(course.pages).toEqual([]);
    expect(course.incident?.responders).toMatchObject([{ person: bob, state: "coming" }]);
    course.to(2 * minute);
    expect(course.pages).toEqual(["guards lapsed 120"]);
  });

  it("while a guard of the pager that left is coming, whose promise holds it and lapses", () => {
    const course = new Course(onlyDesk).open().to(minute);
    course.do({ kind: "guard", pageKey: "incident-1-1-1", answer: "accept" });
    course.replacePolicy({ steps: toSteps("guards") }, ["desk"]);
    course.to(10 * minute);
    expect(from(course, minute + second)).toEqual([]);
    course.to(16 * minute);
    expect(from(course, minute + second)).toEqual(["guards lapsed 960"]);
  });

  it("and what was done through who is still there is not done again", () => {
    const course = new Course({ policy: { steps: toSteps("phone", "desk") } }).open().to(minute);
    const told = course.kinds.filter((kind) => kind === "rung").length;
    course.now = 70 * second;
    course.replacePolicy({ steps: toSteps("phone") }, ["desk"]);
    expect(course.kinds.filter((kind) => kind === "rung")).toHaveLength(told);
    expect(course.pages).toEqual(["phone unclaimed 60"]);
    course.to(5 * minute);
    expect(course.pages[1]).toBe("phone repeat 240");
  });
});

describe("what was done once stands for one step", () => {
  const twice = (pager: string) => [
    ...pageAt(minute, "desk"),
    { kind: "page", afterMs: 2 * minute, pager } as const,
    { kind: "page", afterMs: 3 * minute, pager: "desk" } as const,
  ];

  it("of a pager that is called on twice", () => {
    const course = new Course({ policy: { steps: twice("phone") } }).open().to(70 * second);
    course.replacePolicy({ steps: twice("guards") }, ["phone"]);
    course.to(3 * minute);
    expect(course.pages).toEqual(["desk unclaimed 60", "guards unclaimed 120", "desk unclaimed 180"]);
  });

  it("of a pager that was called on twice already", () => {
    const course = new Course({ policy: { steps: twice("phone") } }).open().to(3 * minute);
    course.now = 3 * minute + second;
    course.replacePolicy({ steps: twice("guards") }, ["phone"]);
    expect(from(course, 3 * minute + second)).toEqual(["guards unclaimed 181"]);
  });

  it("of a channel that is told twice", () => {
    const tells = (pager: string) => [
      ...toSteps(pager),
      { kind: "tell", afterMs: 2 * minute, channel: "frontdesk" } as const,
    ];
    const course = new Course({ policy: { steps: tells("desk") } }).open().to(30 * second);
    course.replacePolicy({ steps: tells("guards") }, ["desk"]);
    course.to(2 * minute - 1);
    expect(course.incident?.round.steps[2]?.state).toBe("waiting");
    course.to(2 * minute);
    expect(course.incident?.round.steps[2]).toMatchObject({ state: "told", sentAt: 2 * minute });
  });
});

describe("a page of the policy before", () => {
  it("is not sent any more where its pager left, and is where it did not", () => {
    const course = new Course().open().to(2 * minute, "left");
    course.replacePolicy({ steps: toSteps("phone") }, ["desk"]);
    expect(course.do({ kind: "page-starting", key: "incident-1-1-1" }).reason).toBe("page-withheld");
    expect(course.do({ kind: "page-starting", key: "incident-1-1-2" }).reason).toBe("page-started");
    expect(course.incident?.pagers.desk).toBeUndefined();
  });

  it("is sent when it still waited, and its step knows that it has left, arrived or failed", () => {
    const course = new Course({ policy: { steps: toSteps("phone", "desk") } }).open().to(minute, "left");
    course.replacePolicy({ steps: toSteps("phone") }, ["desk"]);
    const stateOf = () => [course.incident?.pagers.phone?.state, course.incident?.round.steps[1]?.state];
    expect(stateOf()).toEqual(["queued", "queued"]);
    const key = "incident-1-1-1";
    course.do({ kind: "page-starting", key });
    expect(stateOf()).toEqual(["started", "started"]);
    expect(course.incident?.round.pagedAt).toBe(minute);
    course.do({ kind: "page-failed", key, reason: "unreachable" });
    expect(stateOf()).toEqual(["failed", "failed"]);
    course.do({ kind: "page-accepted", key });
    expect(stateOf()).toEqual(["accepted", "accepted"]);
    course.do({ kind: "guard", pageKey: key, answer: "accept" });
    expect(stateOf()).toEqual(["answered", "answered"]);
  });

  it("is held when it still waited and somebody is coming by now (rule 12)", () => {
    const course = new Course({ policy: { steps: toSteps("phone", "desk") } }).open().to(minute, "left");
    course.replacePolicy({ steps: toSteps("phone") }, ["desk"]);
    course.do({ kind: "claim", by: alice });
    expect(course.do({ kind: "page-starting", key: "incident-1-1-1" }).reason).toBe("page-withheld");
    expect(course.incident?.round.steps[1]?.state).toBe("held");
    expect(course.incident?.pagers).toEqual({});
    course.do({ kind: "decline", by: alice });
    expect(course.incident?.pagers.phone?.key).toBe("incident-1-2-1");
  });

  it("keeps its link, also when another pager stands at its step now, or none", () => {
    for (const steps of [toSteps("phone", "guards"), toSteps("guards").slice(1)]) {
      const course = new Course().open().to(2 * minute);
      course.replacePolicy({ steps }, ["desk"]);
      expect(course.do({ kind: "guard", pageKey: "incident-1-1-1", answer: "accept" }).reason).toBe("guard-accepted");
      expect(course.incident?.round.guards).toMatchObject([{ pager: "desk", state: "coming" }]);
    }
  });

  it("keeps its link when the policy is replaced once more", () => {
    const course = new Course(onlyDesk).open().to(minute);
    course.replacePolicy({ steps: toSteps("guards") }, ["desk"]);
    course.to(2 * minute);
    course.replacePolicy({ steps: toSteps("phone") }, ["guards"]);
    for (const pageKey of ["incident-1-1-1", "incident-1-2-1"]) course.do({ kind: "guard", pageKey, answer: "accept" });
    expect(course.incident?.round.guards.map(({ pager }) => pager)).toEqual(["desk", "guards"]);
  });

  it("and a page that never was is unknown", () => {
    const course = new Course().open().to(2 * minute);
    course.replacePolicy({ steps: toSteps("guards") }, ["desk", "phone"]);
    for (const pageKey of ["incident-1-1-0", "incident-1-1-3", "incident-1-2-2", "incident-1-3-0"])
      expect(course.do({ kind: "guard", pageKey, answer: "accept" }).reason).toBe("unknown-page");
  });
});

it("a closed incident keeps its policy", () => {
  const course = new Course(onlyDesk).open();
  course.do({ kind: "resolve", by: presser, isLead: true, outcome: "test" });
  course.do({ kind: "arrive", by: alice });
  course.do({ kind: "resolve", by: alice, isLead: true, outcome: "test" });
  expect(course.replacePolicy({ steps: toSteps("guards") }, ["desk"])).toMatchObject({ reason: "already-closed" });
});
