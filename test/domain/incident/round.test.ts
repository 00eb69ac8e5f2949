import { describe, expect, it } from "vitest";
import { toRepeatAt } from "../../../bot/domain/incident/round.ts";
import { buildIncident } from "../../fixtures/incident.ts";
import { toSteps } from "../../fixtures/policy.ts";
import { alice, bob, Course, minute, policy, press, presser, second } from "./course.ts";

const again = (course: Course) => course.do({ kind: "press", press });
const desk = "incident-1-1-1";

describe("the round of a press after an arrival or a guard's acceptance (rule 3)", () => {
  it("begins as the first one did, and all are asked anew but who was there", () => {
    const course = new Course({ onDuty: [alice, bob, presser] }).open().to(minute);
    course.do({ kind: "arrive", by: alice });
    course.do({ kind: "claim", by: bob });
    course.do({ kind: "guard", pageKey: desk, answer: "accept" });
    course.to(4 * minute);
    expect(again(course).history.slice(0, 3)).toMatchObject([
      { kind: "pressed-again" },
      { kind: "round-started", round: 2, reason: "press", at: 4 * minute },
      { kind: "rung", people: [bob], round: 2 },
    ]);
    const own = { reason: null, sentAt: null };
    expect(course.incident?.round).toMatchObject({
      number: 2,
      startedAt: 4 * minute,
      firstClaimAt: null,
      lapsedAt: null,
      allDeclinedAt: null,
      pagedAt: null,
      checkAskedAt: null,
      calledOffAt: null,
      helpAskedAt: null,
      onDuty: [alice, bob],
      steps: [
        { ...own, state: "told", dueAt: 4 * minute, sentAt: 4 * minute },
        { ...own, state: "waiting", dueAt: 5 * minute },
        { ...own, state: "waiting", dueAt: 6 * minute },
      ],
    });
    const asked = { state: "none", since: 4 * minute, signAt: null, silentAt: null };
    expect(course.incident?.responders).toMatchObject([
      { ...asked, person: alice, arrivedAt: minute },
      { ...asked, person: bob, arrivedAt: null },
    ]);
    expect(course.incident?.deliveries.map(({ person, state }) => `${person.id} ${state}`)).toEqual(["bob queued"]);
  });

  it("leaves to who has been there what they may do, and to nobody else", () => {
    const course = new Course().open();
    course.do({ kind: "arrive", by: alice });
    again(course);
    expect(course.do({ kind: "resolve", by: bob, isLead: false, outcome: "real" }).reason).toBe("not-there");
    expect(course.do({ kind: "resolve", by: alice, isLead: false, outcome: "real" }).reason).toBe("resolved");
  });

  it("forgets that somebody was silent", () => {
    const course = new Course().open();
    course.do({ kind: "arrive", by: alice });
    course.to(13 * minute);
    expect(course.incident?.responders[0]?.silentAt).not.toBeNull();
    again(course);
    expect(course.incident?.responders[0]?.silentAt).toBeNull();
  });

  it("rule 9: pages at once where nobody is on duty any more", () => {
    const course = new Course().open();
    course.do({ kind: "arrive", by: alice });
    course.to(5 * second).onDuty = [];
    again(course);
    expect(course.pages).toEqual(["desk nobody-on-duty 5"]);
  });

  it("rule 11: still asks for help, and remembers since when claims hold nothing", () => {
    const course = new Course().open();
    course.do({ kind: "arrive", by: alice });
    course.to(5 * second).do({ kind: "help", by: alice });
    course.to(8 * second);
    again(course);
    expect(course.incident?.round).toMatchObject({ number: 2, helpAskedAt: 5 * second, pagedAt: 5 * second });
    expect(course.pages).toEqual(["desk help 5", "desk help 8"]);
  });

  it("is not begun by a press while people are only coming", () => {
    const course = new Course().open();
    course.do({ kind: "claim", by: alice });
    again(course);
    expect(course.incident?.round.number).toBe(1);
  });
});

describe("the round in which all goes out again (rule 14)", () => {
  it("has every step due at once, and keeps who is coming and what was so", () => {
    const course = new Course().open().to(3 * minute);
    course.do({ kind: "claim", by: bob });
    course.onDuty = [bob, presser];
    course.to(5 * minute - 1);
    expect(course.incident?.round.number).toBe(1);
    course.to(5 * minute, "left");
    expect(course.history).toContainEqual({ kind: "round-started", round: 2, reason: "repeat", at: 5 * minute });
    expect(course.incident?.round).toMatchObject({
      number: 2,
      startedAt: 5 * minute,
      firstClaimAt: 3 * minute,
      pagedAt: minute,
      calledOffAt: null,
      onDuty: [bob],
      steps: [
        { state: "told", dueAt: 5 * minute, reason: "repeat", sentAt: 5 * minute },
        { state: "queued", dueAt: 5 * minute, reason: "repeat", sentAt: 5 * minute },
        { state: "queued", dueAt: 5 * minute, reason: "repeat", sentAt: 5 * minute },
      ],
    });
    expect(course.incident?.responders).toMatchObject([{ person: bob, state: "coming" }]);
  });

  it("waits for every page, and for nothing that is no page", () => {
    const late = { afterMs: 20 * minute, pager: "phone" };
    const call = [...policy.steps, { ...late, kind: "call" as const }];
    expect(
      new Course({ policy: { steps: call } })
        .open()
        .to(5 * minute)
        .pages.slice(2),
    ).toEqual(["desk repeat 300", "phone repeat 300"]);
    const page = [...toSteps("desk"), { ...late, kind: "page" as const }];
    expect(new Course({ policy: { steps: page } }).open().to(20 * minute).pages).toEqual([
      "desk unclaimed 60",
      "phone unclaimed 1200",
    ]);
  });

  it.each([
    ["waiting", null],
    ["held", null],
    ["queued", 60],
    ["accepted", 60],
    ["failed", 60],
    ["answered", 60],
  ] as const)("has no moment while a page is left: %s", (state, sentAt) => {
    const { round } = buildIncident();
    const first = { state: "accepted", dueAt: 0, reason: null, sentAt: 0 } as const;
    const steps = [...round.steps.slice(0, 1), first, { ...first, state, sentAt }];
    const at = sentAt === null ? null : sentAt + policy.repeatEveryMs;
    expect(toRepeatAt(buildIncident({ round: { ...round, startedAt: 0, steps } }), policy)).toBe(at);
  });

  it("counts from the last page, whichever step that was", () => {
    const steps = [...toSteps("desk", "phone"), { kind: "page" as const, afterMs: 90 * second, pager: "mail" }];
    expect(
      new Course({ policy: { steps } })
        .open()
        .to(5 * minute)
        .pages.slice(3),
    ).toEqual(["desk repeat 300", "phone repeat 300", "mail repeat 300"]);
  });

  it("lets claims hold nothing back, though nothing had been paged", () => {
    const course = new Course({ policy: { steps: toSteps("desk") } }).open().to(minute, "left");
    course.to(4 * minute, "left");
    expect(course.incident?.round).toMatchObject({ number: 2, pagedAt: 4 * minute });
  });

  it("waits while somebody is there, and goes when they leave", () => {
    const course = new Course({ policy: { steps: toSteps("desk") } }).open().to(2 * minute);
    course.do({ kind: "arrive", by: alice });
    course.to(6 * minute);
    expect(course.pages).toEqual(["desk unclaimed 60"]);
    course.do({ kind: "decline", by: alice });
    expect(course.pages).toEqual(["desk unclaimed 60", "desk repeat 360"]);
  });
});
