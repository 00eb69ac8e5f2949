import { describe, expect, it } from "vitest";
import type { Policy } from "../../../bot/domain/incident/policy.ts";
import { isGuardComing, isGuardThere } from "../../../bot/domain/incident/presence.ts";
import { formatKey } from "../../../bot/domain/message-key.ts";
import { toSteps } from "../../fixtures/policy.ts";
import { alice, bob, Course, carol, minute, policy, press, presser, second } from "./course.ts";

const pageKey = (round: number, step: number) => formatKey({ kind: "page", incident: press.incident, round, step });
const three = toSteps("desk", "phone", "mail");
const withStep = (step: Policy["steps"][number]) => ({ steps: [...policy.steps, step] });
/** A press of which Teams knows nothing yet. */
const pressed = (options: ConstructorParameters<typeof Course>[0] = {}) => {
  const course = new Course(options);
  course.do({ kind: "press", press });
  return course;
};
const nextAt = (course: Course) => course.incident?.nextAt ?? null;
const stepsOf = (course: Course) => course.incident?.round.steps.map(({ state }) => state);

describe("the next moment of an open incident (rule 18)", () => {
  it("is the wait for Teams, and then the first step", () => {
    const course = pressed();
    expect(nextAt(course)).toBe(10 * second);
    course.do({ kind: "card-posted", ring: 1, rung: ["alice", "bob"] });
    expect(nextAt(course)).toBe(minute);
  });

  it("is the first step too when Teams was given up", () => {
    const course = pressed({ policy: { steps: toSteps("desk") } }).to(10 * second);
    expect(course.incident).toMatchObject({ teamsLostAt: 10 * second, cardPostedAt: null });
    expect(nextAt(course)).toBe(10 * second + policy.repeatEveryMs);
  });

  it("is when a claim lapses, while its page is held", () => {
    const course = new Course({ policy: { steps: toSteps("desk") } }).open().to(30 * second);
    course.do({ kind: "claim", by: alice });
    expect(nextAt(course)).toBe(minute);
    course.to(minute);
    expect(nextAt(course)).toBe(30 * second + policy.arriveWithinMs);
  });

  it("is the check of who is there, then the end of its time, and never the repeat that they hold", () => {
    const course = new Course({ policy: { steps: toSteps("desk") } }).open().to(70 * second);
    course.do({ kind: "arrive", by: alice });
    expect(nextAt(course)).toBe(70 * second + policy.checkAfterMs);
    course.to(70 * second + policy.checkAfterMs);
    expect(nextAt(course)).toBe(70 * second + policy.checkAfterMs + policy.checkAnswerWithinMs);
  });

  it("is when a guard's promise lapses, and never the repeat that it holds", () => {
    const course = new Course({ policy: { steps: toSteps("desk") } }).open().to(70 * second);
    course.do({ kind: "guard", pageKey: pageKey(1, 1), answer: "accept" });
    expect(nextAt(course)).toBe(70 * second + policy.guardWithinMs);
  });

  it("is none once it is closed", () => {
    const course = pressed();
    course.do({ kind: "resolve", by: alice, isLead: true, outcome: "real" });
    expect(course.incident?.nextAt).toBeNull();
  });
});

describe("Teams that does not take the card (rule 16)", () => {
  it.each(["misconfigured", "refused"] as const)(
    "pages at once when it is %s, which does not pass by itself",
    (reason) => {
      const course = pressed();
      expect(course.do({ kind: "card-failed", reason }).reason).toBe("card-failed");
      expect(course.pages).toEqual(["desk teams-unreachable 0"]);
      expect(course.kinds).toEqual(["opened", "rung", "teams-unreachable", "page-queued"]);
    },
  );

  it.each(["throttled", "unreachable"] as const)("has its time when it is %s", (reason) => {
    const course = pressed();
    const before = course.incident;
    expect(course.do({ kind: "card-failed", reason })).toEqual({
      incident: before,
      history: [],
      effects: [],
      reason: "card-failed",
    });
  });

  it("pages because it takes no more messages now, where that is so, for as long as it is", () => {
    const course = pressed();
    course.isTeamsBusy = true;
    course.to(minute);
    expect(course.pages).toEqual(["desk teams-busy 10"]);
    expect(course.kinds).toContain("teams-busy");
    expect(course.kinds).not.toContain("teams-unreachable");
    course.isTeamsBusy = false;
    course.to(2 * minute);
    expect(course.pages).toEqual(["desk teams-busy 10", "phone teams-unreachable 120"]);
  });

  it("can't be reached when it refuses the card, however busy it is", () => {
    const course = pressed();
    course.isTeamsBusy = true;
    course.do({ kind: "card-failed", reason: "refused" });
    expect(course.pages).toEqual(["desk teams-unreachable 0"]);
  });

  it("is given up once, and not at all after the card was posted", () => {
    const course = pressed().to(5 * minute);
    course.do({ kind: "card-failed", reason: "refused" });
    expect(course.kinds.filter((kind) => kind === "teams-unreachable")).toHaveLength(1);
    const posted = new Course().open();
    posted.do({ kind: "card-failed", reason: "refused" });
    posted.to(30 * second);
    expect(posted.kinds).not.toContain("teams-unreachable");
    expect(posted.pages).toEqual([]);
  });

  it("brings no second page forward when the first is out already", () => {
    const course = pressed({ onDuty: [] }).to(30 * second);
    expect(course.kinds).toContain("teams-unreachable");
    expect(course.pages).toEqual(["desk nobody-on-duty 0"]);
  });

  it("sends a page that a claim held", () => {
    const course = pressed({ policy: { teamsWithinMs: 90 * second } });
    course.do({ kind: "claim", by: alice });
    course.to(90 * second);
    expect(course.pages).toEqual(["desk teams-unreachable 90"]);
  });

  it("posts a late card once", () => {
    const course = pressed().to(30 * second);
    expect(course.do({ kind: "card-posted", ring: 1, rung: ["alice", "bob"] }).reason).toBe("card-posted");
    course.now = 31 * second;
    expect(course.do({ kind: "card-posted", ring: 1, rung: ["alice", "bob"] }).reason).toBe("already-so");
    expect(course.incident?.cardPostedAt).toBe(30 * second);
  });
});

describe("a promise that was not kept (rule 10)", () => {
  it("names who was coming, once, and brings only the next page forward", () => {
    const course = new Course({ policy: { steps: three, arriveWithinMs: 50 * second }, onDuty: [alice, bob, carol] });
    course.open().do({ kind: "claim", by: alice });
    course.do({ kind: "decline", by: bob });
    course.do({ kind: "claim", by: carol });
    course.to(50 * second - 1);
    expect(course.kinds).not.toContain("lapsed");
    course.to(110 * second);
    expect(course.history.filter(({ kind }) => kind === "lapsed")).toEqual([
      { kind: "lapsed", people: [alice, carol], at: 50 * second },
    ]);
    expect(course.incident?.round).toMatchObject({ firstClaimAt: 0, lapsedAt: 50 * second });
    expect(course.pages).toEqual(["desk lapsed 50"]);
  });

  it("does not lapse when a guard is there instead", () => {
    const course = new Course({ policy: { steps: three, arriveWithinMs: 3 * minute } }).open().to(70 * second);
    course.do({ kind: "claim", by: alice });
    course.do({ kind: "guard", pageKey: pageKey(1, 1), answer: "arrived" });
    course.to(5 * minute);
    expect(course.kinds).not.toContain("lapsed");
  });

  it("lets a page go that waited in the queue until then, though somebody still says to be coming", () => {
    const course = new Course({ policy: { steps: toSteps("desk") } }).open().to(minute, "left");
    course.do({ kind: "claim", by: alice });
    course.to(minute + policy.arriveWithinMs, "left");
    expect(course.do({ kind: "page-starting", key: pageKey(1, 1) }).reason).toBe("page-started");
  });
});

describe("everybody on duty declines (rule 9)", () => {
  it("is noted once, also for who declines again", () => {
    const course = new Course().open();
    course.do({ kind: "decline", by: alice });
    expect(course.kinds).not.toContain("all-declined");
    course.do({ kind: "decline", by: bob });
    course.do({ kind: "claim", by: bob });
    course.do({ kind: "decline", by: bob });
    expect(course.kinds.filter((kind) => kind === "all-declined")).toHaveLength(1);
    expect(course.pages).toEqual(["desk declined 0"]);
  });

  it("counts who pressed since then as one who can't come", () => {
    const course = new Course().open();
    course.do({ kind: "press", press: { ...press, button: "0043", holder: { id: bob.id, name: bob.name } } });
    course.do({ kind: "decline", by: alice });
    expect(course.pages).toEqual(["desk declined 0"]);
  });

  it.each([
    ["with somebody who has not answered", [alice, bob, carol], []],
    ["of whom nobody is configured", null, []],
    ["of whom nobody was there to begin with", [], ["desk nobody-on-duty 0"]],
  ] as const)("is not so %s", (_who, onDuty, pages) => {
    const course = new Course({ onDuty }).open();
    course.do({ kind: "decline", by: alice });
    course.do({ kind: "decline", by: bob });
    expect(course.kinds).not.toContain("all-declined");
    expect(course.pages).toEqual(pages);
  });
});

describe("the check of who is there (rule 11)", () => {
  it("asks those who are there, by name, at its own moment", () => {
    const course = new Course({ onDuty: [alice, bob, carol] }).open();
    course.do({ kind: "arrive", by: alice });
    course.do({ kind: "arrive", by: bob });
    course.do({ kind: "claim", by: carol });
    course.to(policy.checkAfterMs - 1);
    expect(course.kinds).not.toContain("check-asked");
    course.to(policy.checkAfterMs);
    expect(course.history.at(-1)).toEqual({ kind: "check-asked", people: [alice, bob], at: policy.checkAfterMs });
    expect(course.incident?.round.checkAskedAt).toBe(policy.checkAfterMs);
  });

  it("is withdrawn when nobody is there any more", () => {
    const course = new Course().open();
    course.do({ kind: "arrive", by: alice });
    course.to(policy.checkAfterMs).do({ kind: "decline", by: alice });
    expect(course.incident?.round.checkAskedAt).toBeNull();
  });

  it("marks as silent who is there, guards too, from when they first were", () => {
    const missedAt = policy.checkAfterMs + policy.checkAnswerWithinMs;
    const course = new Course({ onDuty: null }).open().to(minute);
    course.do({ kind: "arrive", by: alice });
    course.do({ kind: "guard", pageKey: pageKey(1, 1), answer: "arrived" });
    course.do({ kind: "claim", by: carol });
    course.to(minute + missedAt);
    const silentAt = () => course.incident?.responders.map((each) => each.silentAt);
    expect(silentAt()).toEqual([minute + missedAt, null]);
    expect(course.incident?.round.checkAskedAt).toBeNull();
    expect(course.incident && isGuardThere(course.incident)).toBe(false);
    course.to(20 * minute).do({ kind: "arrive", by: bob });
    course.to(20 * minute + missedAt);
    expect(silentAt()).toEqual([minute + missedAt, null, 20 * minute + missedAt]);
  });

  it("leaves alone a guard who is still on the way, whose promise goes on holding", () => {
    const course = new Course({ policy: { guardWithinMs: 60 * minute } }).open().to(minute);
    course.do({ kind: "guard", pageKey: pageKey(1, 1), answer: "accept" });
    course.do({ kind: "arrive", by: alice });
    course.to(15 * minute);
    expect(course.kinds).toContain("check-missed");
    expect(course.incident && isGuardComing(course.incident)).toBe(true);
    expect(course.incident?.round.guards).toMatchObject([{ state: "coming", silentAt: null }]);
  });

  it("missed with no step left begins a new round, for that reason", () => {
    const course = new Course({ policy: { steps: toSteps("desk") } }).open().to(minute);
    course.do({ kind: "arrive", by: alice });
    course.to(minute + policy.checkAfterMs + policy.checkAnswerWithinMs);
    expect(course.pages).toEqual(["desk unclaimed 60", "desk check 780"]);
    expect(course.history).toContainEqual({ kind: "round-started", round: 2, reason: "check", at: 780 * second });
  });
});

describe("the reason of a page whose own moment has come", () => {
  const last = (course: Course) => course.pages.at(-1);

  it("is help, once somebody asked for it", () => {
    const course = new Course({ policy: { steps: three } }).open();
    course.do({ kind: "help", by: alice });
    course.to(2 * minute);
    expect(course.pages).toEqual(["desk help 0", "phone help 120"]);
  });

  it("is the check, while nobody there answers", () => {
    const course = new Course({ policy: { steps: three, checkAfterMs: 0, checkAnswerWithinMs: 10 * second } }).open();
    course.do({ kind: "arrive", by: alice });
    course.to(2 * minute);
    expect(course.pages).toEqual(["desk check 10", "phone check 120"]);
  });

  it("is the lapse, also after new promises", () => {
    const course = new Course({ policy: { arriveWithinMs: 10 * second } }).open();
    course.do({ kind: "claim", by: alice });
    course.to(11 * second).do({ kind: "claim", by: bob });
    course.to(2 * minute);
    expect(course.pages).toEqual(["desk lapsed 10", "phone lapsed 120"]);
  });

  it("is no lapse when a guard said in time that they can't come", () => {
    const course = new Course({ policy: { steps: three } }).open().to(70 * second);
    course.do({ kind: "guard", pageKey: pageKey(1, 1), answer: "decline" });
    expect(last(course.to(3 * minute))).toBe("mail unclaimed 180");
  });

  it("is that nobody is on duty, unless somebody comes all the same", () => {
    expect(last(new Course({ onDuty: [] }).open().to(2 * minute))).toBe("phone nobody-on-duty 120");
    const course = new Course({ onDuty: [] }).open().to(20 * second);
    course.do({ kind: "claim", by: carol });
    expect(last(course.to(2 * minute))).toBe("phone unclaimed 120");
    const onDuty = new Course({ onDuty: [alice] }).open().to(2 * minute);
    expect(last(onDuty)).toBe("phone unclaimed 120");
  });

  it("is that all declined, unless somebody comes all the same", () => {
    const declined = () => {
      const course = new Course().open();
      course.do({ kind: "decline", by: alice });
      course.do({ kind: "decline", by: bob });
      return course;
    };
    expect(last(declined().to(2 * minute))).toBe("phone declined 120");
    const course = declined().to(20 * second);
    course.do({ kind: "claim", by: carol });
    expect(last(course.to(2 * minute))).toBe("phone unclaimed 120");
  });

  it("is that Teams has no card, until it has one", () => {
    const course = pressed().to(2 * minute);
    expect(course.pages).toEqual(["desk teams-unreachable 10", "phone teams-unreachable 120"]);
    const early = [...toSteps(), { kind: "page" as const, afterMs: 5 * second, pager: "desk" }];
    expect(last(pressed({ policy: { steps: early } }).to(5 * second))).toBe("desk unclaimed 5");
    const late = pressed().to(30 * second);
    late.do({ kind: "card-posted", ring: 1, rung: ["alice", "bob"] });
    expect(last(late.to(2 * minute))).toBe("phone unclaimed 120");
  });
});

describe("a step whose moment comes", () => {
  it("tells the own channel by the card and the messages, and another by a notice", () => {
    const course = new Course({ policy: withStep({ kind: "tell", afterMs: 30 * second, channel: "other" }) }).open();
    expect(stepsOf(course)).toEqual(["told", "waiting", "waiting", "waiting"]);
    course.to(30 * second);
    expect(course.effects.slice(-2)).toEqual([
      { kind: "card", at: 30 * second },
      { kind: "notice", channel: "other", round: 1, step: 3, at: 30 * second },
    ]);
    expect(course.history.at(-1)).toEqual({ kind: "told", channel: "other", at: 30 * second });
    expect(course.incident?.round.steps[3]).toEqual({
      state: "told",
      dueAt: 30 * second,
      reason: null,
      sentAt: 30 * second,
    });
  });

  it("says nothing more in the own channel at 0 s, where the card is enough", () => {
    expect(new Course({ onDuty: null }).open().kinds).toEqual(["opened", "card-posted"]);
  });

  it("rings in the own channel again, later, whoever is on duty", () => {
    const again = withStep({ kind: "tell", afterMs: 30 * second, channel: "frontdesk" });
    const course = new Course({ policy: again }).open().to(30 * second);
    expect(course.kinds).toEqual(["opened", "rung", "card-posted", "rung"]);
  });

  it("queues its page with all that the guard's desk needs to know of it", () => {
    const course = new Course().open().to(minute, "left");
    const key = pageKey(1, 1);
    expect(course.incident?.pagers).toEqual({
      desk: { key, reason: "unclaimed", state: "queued", at: minute, failure: null, callOff: null, earlier: [] },
    });
    expect(course.incident?.round.steps[1]).toEqual({
      state: "queued",
      dueAt: minute,
      reason: "unclaimed",
      sentAt: minute,
    });
    expect(course.history.at(-1)).toMatchObject({
      kind: "page-queued",
      pager: "desk",
      key,
      reason: "unclaimed",
      at: minute,
    });
    expect(course.effects.slice(-2)).toEqual([
      { kind: "card", at: minute },
      { kind: "page", pager: "desk", key, reason: "unclaimed", at: minute },
    ]);
  });

  it("rule 13: lets claims hold nothing back from the first page on that can't be withheld, and remembers when", () => {
    const course = new Course({ policy: { steps: three } }).open().to(minute, "left");
    expect(course.incident?.round.pagedAt).toBeNull();
    course.to(70 * second, "left").do({ kind: "help", by: alice });
    course.to(80 * second, "left").do({ kind: "help", by: alice });
    expect(course.incident?.round.pagedAt).toBe(70 * second);
  });

  it("holds a page with a line, once, and a call without one", () => {
    const course = new Course({ policy: withStep({ kind: "call", afterMs: 50 * second, pager: "phone" }) }).open();
    course.do({ kind: "claim", by: alice });
    course.to(110 * second);
    expect(stepsOf(course)).toEqual(["told", "held", "waiting", "held"]);
    expect(course.history.filter(({ kind }) => kind === "page-held")).toEqual([
      { kind: "page-held", pager: "desk", at: minute },
    ]);
  });

  it("calls each colleague on duty under a key of their own, with one line for all", () => {
    const call = withStep({ kind: "call", afterMs: 30 * second, pager: "phone" });
    const course = new Course({ policy: call, onDuty: [alice, bob, presser] }).open().to(30 * second);
    const keyTo = (person: string) => formatKey({ kind: "call", incident: press.incident, round: 1, step: 3, person });
    expect(course.effects.filter(({ kind }) => kind === "call")).toEqual([
      { kind: "call", pager: "phone", person: alice, key: keyTo("alice"), at: 30 * second },
      { kind: "call", pager: "phone", person: bob, key: keyTo("bob"), at: 30 * second },
    ]);
    expect(course.history.at(-1)).toEqual({ kind: "called", people: [alice, bob], pager: "phone", at: 30 * second });
    expect(course.incident?.round.steps[3]).toMatchObject({ state: "told", sentAt: 30 * second });
    expect(course.incident?.deliveries.slice(-2)).toEqual(
      [alice, bob].map((person) => ({
        person,
        route: "call",
        key: keyTo(person.id),
        state: "queued",
        failure: null,
        at: 30 * second,
      })),
    );
  });

  it.each([null, [presser]])("calls nobody, and says nothing of it, when only %j could be called", (onDuty) => {
    const call = withStep({ kind: "call", afterMs: 30 * second, pager: "phone" });
    const course = new Course({ policy: call, onDuty }).open().to(30 * second);
    expect(course.kinds).not.toContain("called");
    expect(stepsOf(course)?.[3]).toBe("told");
  });
});
