import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { occupiedOf } from "../../../../bot/domain/incident/colleagues/deliveries.ts";
import { listInside } from "../../../../bot/domain/incident/colleagues/elsewhere.ts";
import { isAskable } from "../../../../bot/domain/incident/colleagues/inside.ts";
import { concernedOf, isAffected, occupiedForMs } from "../../../../bot/domain/incident/colleagues/occupied.ts";
import type { Elsewhere } from "../../../../bot/domain/incident/command.ts";
import type { Incident } from "../../../../bot/domain/incident/incident.ts";
import { isDeferred } from "../../../../bot/domain/incident/is-deferred.ts";
import type { Policy } from "../../../../bot/domain/incident/policy.ts";
import { comingOf, thereOf } from "../../../../bot/domain/incident/presence.ts";
import { formatKey } from "../../../../bot/domain/message-key.ts";
import type { Person } from "../../../../bot/domain/person.ts";
import type { Request } from "../../../../bot/engine/kernel/decisions.ts";
import { alice, bob, Course, carol, minute, policy, press, presser, second } from "../course.ts";

const incidentOf = (course: Course): Incident => {
  if (course.incident === null) throw new Error("nothing is open");
  return course.incident;
};
const onDuty = [alice, bob, carol];
const ids = (people: readonly Person[]) => people.map(({ id }) => id);

/** From now on Bob is in another alarm, since that moment. */
function takeBob(course: Course, since: number, thereSince: number | null = null): void {
  course.occupied = new Set([bob.id]);
  course.elsewhere = new Map([[bob.id, { since, thereSince }]]);
}

/** From now on nobody is in another alarm. */
function takeNobody(course: Course): void {
  course.occupied = new Set();
  course.elsewhere = new Map();
}

/** How often Bob was rung since he had answered. */
function ringsOfBob(course: Course): number {
  const rings = course.effects.filter((each) => each.kind === "notify" && each.at > 0);
  return rings.filter((each) => each.kind === "notify" && each.people.includes(bob)).length;
}

/** Open; Bob has said that after some seconds, and ten seconds later he is in another alarm. */
function openWithout(kind: "claim" | "arrive", part: Partial<Policy> = {}): Course {
  const course = new Course({ onDuty, policy: part }).open().to(5 * second);
  course.do({ kind, by: bob });
  course.to(15 * second, "left");
  takeBob(course, course.now);
  return course;
}

describe("since when an alarm has somebody (rule 7)", () => {
  it("is when they last pressed, arrived or asked for help, whatever goes on since", () => {
    const course = new Course({ onDuty }).open();
    expect(listInside(incidentOf(course))).toEqual(new Map([[presser.id, { since: 0, thereSince: null }]]));
    course.to(minute).do({ kind: "arrive", by: alice });
    course.to(2 * minute).do({ kind: "help", by: bob });
    course.to(3 * minute).do({ kind: "press", press: { ...press, isOngoing: true } });
    course.to(12 * minute).do({ kind: "check-in", by: alice });
    expect(listInside(incidentOf(course))).toEqual(
      new Map([
        [presser.id, { since: 0, thereSince: null }],
        [alice.id, { since: minute, thereSince: minute }],
        [bob.id, { since: 2 * minute, thereSince: null, helpSince: 2 * minute }],
      ]),
    );
    course.to(13 * minute).do({ kind: "press", press });
    expect(listInside(incidentOf(course)).get(presser.id)).toEqual({ since: 13 * minute, thereSince: null });
  });

  it("stays that where it goes on because nobody is there, and where it has lasted its time", () => {
    const course = new Course({ onDuty, policy: { checkAfterMs: 60 * minute } }).open();
    course.to(occupiedForMs + minute, "left");
    expect(incidentOf(course).occupies).toMatchObject([{ at: occupiedForMs + 1 }]);
    expect(listInside(incidentOf(course)).get(presser.id)).toEqual({ since: 0, thereSince: null });
    course.do({ kind: "arrive", by: alice });
    course.to(3 * occupiedForMs, "left");
    expect(incidentOf(course).occupies).toMatchObject([{ isOver: true }, {}]);
    expect(listInside(incidentOf(course)).get(presser.id)).toEqual({ since: 0, thereSince: null });
  });

  it("is never older by what is written late", () => {
    const course = new Course({ onDuty }).open().to(minute);
    course.do({ kind: "arrive", by: alice });
    course.to(2 * minute).do({ kind: "help", by: alice, saidAt: 30 * second });
    expect(listInside(incidentOf(course)).get(alice.id)).toMatchObject({ since: minute, thereSince: minute });
    course.do({ kind: "help", by: alice });
    expect(listInside(incidentOf(course)).get(alice.id)).toMatchObject({ since: 2 * minute, thereSince: minute });
  });

  it("is nothing of who has left, and of nobody once it is closed", () => {
    const course = new Course({ onDuty }).open();
    course.do({ kind: "arrive", by: alice });
    course.do({ kind: "decline", by: alice });
    expect([...listInside(incidentOf(course)).keys()]).toEqual([presser.id]);
    course.do({ kind: "resolve", by: bob, isLead: true, outcome: "false" });
    expect(listInside(incidentOf(course))).toEqual(new Map());
  });
});

describe("whoever promised to come and is in another alarm since", () => {
  it("does not count any more, which the history says once", () => {
    const course = openWithout("claim");
    const { history } = course.do({ kind: "deadline" });
    expect(history[0]).toEqual({ kind: "now-elsewhere", by: bob, inDanger: true, at: 15 * second });
    expect(comingOf(incidentOf(course))).toEqual([]);
    expect(occupiedOf(incidentOf(course))).toEqual([bob]);
    const after = course.incident;
    expect(course.do({ kind: "deadline" }).incident).toBe(after);
  });

  it("so that all who have not answered are asked once more, by both ways, and they are not", () => {
    const course = openWithout("claim");
    course.do({ kind: "decline", by: carol });
    const { effects } = course.do({ kind: "deadline" });
    expect(effects).toEqual([]);
    const asked = course.effects.filter(({ kind, at }) => at > 0 && (kind === "notify" || kind === "ring"));
    expect(asked).toMatchObject([
      { kind: "notify", people: [alice] },
      { kind: "ring", people: [alice] },
    ]);
  });

  it("and the page goes at its own moment, or now where it was held for them", () => {
    const early = openWithout("claim");
    early.do({ kind: "deadline" });
    expect(early.to(59 * second).pages).toEqual([]);
    expect(early.to(minute).pages).toEqual(["desk unclaimed 60"]);
    const late = new Course({ onDuty }).open().to(50 * second);
    late.do({ kind: "claim", by: bob });
    late.to(100 * second);
    expect(late.pages).toEqual([]);
    takeBob(late, late.now);
    late.do({ kind: "deadline" });
    expect(late.pages).toEqual(["desk unclaimed 100"]);
  });

  it("is missed where enough others come: nobody is asked for that", () => {
    const course = openWithout("claim");
    course.elsewhere = new Map();
    course.do({ kind: "claim", by: alice });
    takeBob(course, course.now);
    const { history, effects } = course.do({ kind: "deadline" });
    expect(history.map(({ kind }) => kind)).toEqual(["now-elsewhere"]);
    expect(effects.map(({ kind }) => kind)).toEqual(["card"]);
    expect(ids(comingOf(incidentOf(course)).map(({ person }) => person))).toEqual([alice.id]);
  });

  it("nor while a guard is there", () => {
    const course = openWithout("claim");
    course.elsewhere = new Map();
    const pageKey = formatKey({ kind: "page", incident: "incident-1", round: 1, step: 1 });
    course.do({ kind: "guard", pageKey, answer: "arrived" });
    takeBob(course, course.now);
    expect(course.do({ kind: "deadline" }).effects.map(({ kind }) => kind)).toEqual(["card"]);
  });

  it("rings once where the same decision rings everybody", () => {
    const course = openWithout("claim");
    const { effects } = course.do({ kind: "press", press });
    expect(effects.filter(({ kind }) => kind === "notify")).toHaveLength(1);
  });

  it("is rung by the card, with the others, where none stands yet", () => {
    const course = new Course({ onDuty });
    course.do({ kind: "press", press });
    course.to(second).do({ kind: "claim", by: bob });
    takeBob(course, course.now);
    const { effects } = course.do({ kind: "deadline" });
    expect(effects).toContainEqual(expect.objectContaining({ kind: "notify", people: [alice, carol] }));
  });

  it("is the last who could be asked: security is paged at once", () => {
    const course = openWithout("claim");
    for (const by of [alice, carol]) course.do({ kind: "decline", by });
    expect(course.pages).toEqual(["desk nobody-free 15"]);
  });

  it("is asked as all are once they are free, while too few come", () => {
    const course = openWithout("claim");
    course.do({ kind: "deadline" });
    [course.occupied, course.elsewhere] = [new Set(), new Map()];
    const { effects } = course.to(20 * second).do({ kind: "deadline" });
    expect(effects).toContainEqual(expect.objectContaining({ kind: "notify", people: [bob] }));
  });

  it("is missed where nobody is asked by name: the tag is warned", () => {
    const tag = { id: "t", name: "Bhv" };
    const steps: Policy["steps"] = [{ kind: "tell", afterMs: 0, channel: "frontdesk", tag }, ...policy.steps.slice(1)];
    const course = new Course({ onDuty: null, policy: { steps } }).open().to(5 * second);
    course.do({ kind: "claim", by: bob });
    takeBob(course, course.now);
    const { effects } = course.do({ kind: "deadline" });
    expect(effects).toContainEqual(expect.objectContaining({ kind: "ring", people: [], ringsTag: true }));
  });

  it("counts when they say after that that they come", () => {
    const course = openWithout("claim");
    course.to(16 * second, "left");
    // Before it was noticed, too: the new promise is not the old one.
    expect(course.do({ kind: "claim", by: bob }).reason).toBe("claimed");
    expect(course.history.slice(-2).map(({ kind }) => kind)).toEqual(["now-elsewhere", "claimed"]);
    const after = course.incident;
    expect(course.do({ kind: "deadline" }).incident).toBe(after);
    expect(comingOf(incidentOf(course))).toHaveLength(1);
  });

  it.each(["claim", "arrive"] as const)("does not count by what is written late: %s", (kind) => {
    const course = new Course({ onDuty }).open().to(40 * second);
    takeBob(course, 20 * second);
    const { history } = course.do({ kind, by: bob, saidAt: 10 * second });
    expect(history.map((each) => each.kind).slice(0, 2)).toEqual([
      kind === "claim" ? "claimed" : "arrived",
      "now-elsewhere",
    ]);
    expect([...comingOf(incidentOf(course)), ...thereOf(incidentOf(course))]).toEqual([]);
    // Whoever was there may still close it.
    const closing = course.do({ kind: "resolve", by: bob, isLead: false, outcome: "false" });
    expect(closing.reason).toBe(kind === "claim" ? "not-there" : "resolved");
  });

  it("at the very same moment does not count, because nobody knows what came last", () => {
    const course = new Course({ onDuty }).open().to(5 * second);
    takeBob(course, course.now);
    course.do({ kind: "claim", by: bob });
    expect(comingOf(incidentOf(course))).toEqual([]);
  });
});

describe("whoever is there and is in another alarm since", () => {
  it("is not there any more, and what was held for them goes", () => {
    const course = new Course({ onDuty }).open().to(5 * second);
    course.do({ kind: "arrive", by: bob });
    course.to(90 * second);
    expect(course.pages).toEqual([]);
    takeBob(course, course.now, course.now);
    course.do({ kind: "deadline" });
    expect(thereOf(incidentOf(course))).toEqual([]);
    expect(course.pages).toEqual(["desk unclaimed 90"]);
    expect(incidentOf(course).responders).toMatchObject([{ person: bob, state: "none", arrivedAt: 5 * second }]);
  });

  it("leaves it to a new round where all had been paged, or called off", () => {
    const course = new Course({ onDuty }).open().to(3 * minute);
    course.do({ kind: "arrive", by: bob });
    course.do({ kind: "call-off", by: bob });
    course.to(5 * minute);
    const before = course.pages.length;
    takeBob(course, course.now);
    course.do({ kind: "deadline" });
    expect(course.kinds).toContain("round-started");
    expect(course.pages.slice(before)).toEqual(["desk repeat 300", "phone repeat 300"]);
  });

  it("may not answer the check here, nor call security off", () => {
    const course = openWithout("arrive");
    for (const kind of ["check-in", "call-off"] as const) expect(course.do({ kind, by: bob }).reason).toBe("not-there");
  });

  it("stays where they ask for help in both at once, whichever is written first", () => {
    const course = openWithout("arrive");
    course.do({ kind: "help", by: bob });
    expect(thereOf(incidentOf(course))).toHaveLength(1);
    expect(course.kinds).not.toContain("now-elsewhere");
  });

  it("stays where they asked for help here too, until they say that they are there", () => {
    const course = new Course({ onDuty }).open().to(5 * second);
    course.do({ kind: "arrive", by: bob });
    course.do({ kind: "help", by: bob });
    course.to(15 * second, "left");
    takeBob(course, course.now);
    const before = course.incident;
    expect(course.do({ kind: "deadline" }).incident).toBe(before);
    takeBob(course, 20 * second, 20 * second);
    course.to(20 * second, "left").do({ kind: "deadline" });
    expect(thereOf(incidentOf(course))).toEqual([]);
    expect(incidentOf(course).round.helpAskedAt).toBe(5 * second);
    // Nor are they asked to come here.
    expect(isAskable(incidentOf(course), bob)).toBe(false);
  });
});

describe("whoever is there and presses where nobody knows where that is", () => {
  /** Bob is there, or on the way, and has pressed another button since, of which nobody knows the place. */
  function openLost(kind: "claim" | "arrive"): Course {
    const course = openWithout(kind);
    loseBob(course);
    return course;
  }

  /** Bob has pressed such a button now; of him another alarm knows that besides. */
  function loseBob(course: Course, known: Partial<Elsewhere> = {}): void {
    course.elsewhere = new Map([[bob.id, { since: null, thereSince: null, ...known, lostSince: course.now }]]);
  }

  /** Bob was there, and has said ten seconds ago that he goes to another alarm. */
  function openLeft(): { course: Course; comingSince: number } {
    const course = openWithout("arrive");
    const comingSince = course.now;
    course.elsewhere = new Map([[bob.id, { since: null, thereSince: null, comingSince }]]);
    course.do({ kind: "deadline" });
    course.to(25 * second, "left");
    return { course, comingSince };
  }

  it("asks for help here too, at once, and stays", () => {
    const course = openLost("arrive");
    const { history } = course.do({ kind: "deadline" });
    expect(history.map(({ kind }) => kind)).not.toContain("now-elsewhere");
    expect(history[0]).toMatchObject({ kind: "help", by: bob });
    expect(course.pages).toEqual(["desk help 15"]);
    expect(thereOf(incidentOf(course))).toMatchObject([{ person: bob, helpAt: 15 * second }]);
    const rung = course.effects.filter(({ kind, at }) => kind === "notify" && at > 0);
    expect(rung).toMatchObject([{ people: [alice, carol] }]);
    const after = course.incident;
    expect(course.do({ kind: "deadline" }).incident).toBe(after);
  });

  it("until they say that they are somewhere else", () => {
    const course = openLost("arrive");
    course.do({ kind: "deadline" });
    takeBob(course, 20 * second, 20 * second);
    course.to(20 * second, "left").do({ kind: "deadline" });
    expect(thereOf(incidentOf(course))).toEqual([]);
  });

  it("asks for help also where they had said that they leave, as long as they came nowhere", () => {
    const { course } = openLeft();
    loseBob(course);
    expect(isAffected(incidentOf(course), policy, new Set(), course.elsewhere)).toBe(true);
    const { history } = course.do({ kind: "deadline" });
    expect(history[0]).toMatchObject({ kind: "help", by: bob });
    expect(course.pages).toEqual(["desk help 25"]);
    expect(thereOf(incidentOf(course))).toEqual([]);
    const after = course.incident;
    expect(course.do({ kind: "deadline" }).incident).toBe(after);
    // Nor anew in a new round, as long as they press no more.
    course.to(minute, "left").do({ kind: "press", press });
    expect(course.history.filter(({ kind }) => kind === "help")).toHaveLength(1);
  });

  it.each([
    ["they said that they are there elsewhere", { since: 20 * second, thereSince: 20 * second }],
    ["they pressed since where that is known", { since: 20 * second }],
    ["they said after that press that they go", { comingSince: 30 * second }],
  ])("but not where %s", (_, known) => {
    const { course } = openLeft();
    loseBob(course, known);
    course.do({ kind: "deadline" });
    expect(course.history.map(({ kind }) => kind)).not.toContain("help");
    expect(course.pages).toEqual([]);
  });

  it("nor where they said that they can't", () => {
    const { course, comingSince } = openLeft();
    course.do({ kind: "decline", by: bob });
    loseBob(course, { comingSince });
    course.do({ kind: "deadline" });
    expect(course.pages).toEqual([]);
  });

  it("is not waited for where they were on the way", () => {
    const course = openLost("claim");
    const { history } = course.do({ kind: "deadline" });
    expect(history[0]).toMatchObject({ kind: "now-elsewhere", by: bob, inDanger: true });
    expect(course.pages).toEqual([]);
  });

  it("is what the other alarm says of who pressed it, as long as it has neither a place nor a position", () => {
    const lost = new Course({ onDuty });
    lost.do({ kind: "press", press: { ...press, place: null, fixedPlace: null } });
    expect(listInside(incidentOf(lost)).get(presser.id)).toEqual({ since: null, thereSince: null, lostSince: 0 });
    lost.do({ kind: "position", position: { latitude: 52, longitude: 5, accuracy: 10 } as never });
    expect(listInside(incidentOf(lost)).get(presser.id)).toEqual({ since: 0, thereSince: null });
  });
});

describe("whoever is there and goes to another alarm", () => {
  /** From now on Bob is on the way to another alarm. */
  function letBobGo(course: Course): void {
    course.occupied = new Set();
    course.elsewhere = new Map([[bob.id, { since: null, thereSince: null, comingSince: course.now }]]);
    course.do({ kind: "deadline" });
  }

  it("is there no more, and where they were only on the way they go on to both", () => {
    for (const kind of ["arrive", "claim"] as const) {
      const course = openWithout(kind);
      letBobGo(course);
      expect([...comingOf(incidentOf(course)), ...thereOf(incidentOf(course))]).toHaveLength(kind === "claim" ? 1 : 0);
      const gone = course.history.filter((line) => line.kind === "now-elsewhere");
      expect(gone).toEqual(
        kind === "claim" ? [] : [{ kind: "now-elsewhere", by: bob, isLeaving: true, at: 15 * second }],
      );
    }
  });

  it("may be beside the aggressor still, and so hears nothing of it, also when they go there no more", () => {
    const course = openWithout("arrive");
    letBobGo(course);
    expect(occupiedOf(incidentOf(course))).toEqual([bob]);
    course.elsewhere = new Map();
    expect(isAffected(incidentOf(course), policy, new Set(), course.elsewhere)).toBe(true);
    course.do({ kind: "deadline" });
    expect(occupiedOf(incidentOf(course))).toEqual([]);
    expect(ringsOfBob(course)).toBe(0);
  });

  it("is asked to come back once that is over, when they had said that they are there", () => {
    for (const isGoingFirst of [true, false]) {
      const course = openWithout("arrive");
      if (isGoingFirst) letBobGo(course);
      takeBob(course, 20 * second, 20 * second);
      course.to(20 * second, "left").do({ kind: "deadline" });
      expect(ringsOfBob(course)).toBe(0);
      expect(occupiedOf(incidentOf(course))).toEqual([bob]);
      takeNobody(course);
      expect(isAffected(incidentOf(course), policy, course.occupied, course.elsewhere)).toBe(true);
      course.to(30 * second, "left").do({ kind: "deadline" });
      expect(ringsOfBob(course)).toBe(1);
      course.to(40 * second, "left").do({ kind: "deadline" });
      expect(ringsOfBob(course)).toBe(1);
    }
  });

  it("which the other alarm says of them, where they said so in Teams and this version heard it", () => {
    const course = new Course({ onDuty }).open().to(5 * second);
    course.do({ kind: "claim", by: bob });
    const promise = { since: null, thereSince: null, comingSince: 5 * second };
    expect(listInside(incidentOf(course)).get(bob.id)).toEqual(promise);
    const responders = incidentOf(course).responders.map(({ promisedAt: _, ...responder }) => responder);
    expect(listInside({ ...incidentOf(course), responders }).get(bob.id)).toBeUndefined();
  });

  it("also where they say once more what an earlier version wrote", () => {
    const course = new Course({ onDuty }).open().to(5 * second);
    course.do({ kind: "claim", by: bob });
    const responders = incidentOf(course).responders.map(({ promisedAt: _, ...responder }) => responder);
    course.incident = { ...incidentOf(course), responders };
    course.to(9 * second).do({ kind: "claim", by: bob });
    expect(listInside(incidentOf(course)).get(bob.id)).toMatchObject({ comingSince: 9 * second });
  });

  it("not so by a key on the phone, which anybody may have picked up, until they say it in Teams", () => {
    const course = new Course({ onDuty }).open().to(5 * second);
    course.do({ kind: "claim", by: bob, byPhone: true });
    expect(listInside(incidentOf(course)).get(bob.id)).toBeUndefined();
    course.to(9 * second).do({ kind: "claim", by: bob });
    expect(listInside(incidentOf(course)).get(bob.id)).toMatchObject({ comingSince: 9 * second });
    expect(comingOf(incidentOf(course))).toMatchObject([{ since: 5 * second }]);
    course.to(10 * second).do({ kind: "decline", by: bob });
    course.do({ kind: "claim", by: bob, byPhone: true });
    expect(listInside(incidentOf(course)).get(bob.id)).toBeUndefined();
  });
});

describe("an alarm of a visit that nobody ended", () => {
  const ofVisit = { ...press, button: bob.id, holder: bob, via: "visit", place: null, fixedPlace: null } as const;

  it("says nothing of where its person is: they did nothing then", () => {
    const visit = new Course({ onDuty });
    visit.do({ kind: "press", press: ofVisit });
    expect(listInside(incidentOf(visit)).get(bob.id)).toBeUndefined();
    visit.to(minute).do({ kind: "press", press: { ...ofVisit, via: "chat" } });
    expect(listInside(incidentOf(visit)).get(bob.id)).toMatchObject({ lostSince: minute });
  });
});

describe("whoever needs help in another alarm and promises to come here", () => {
  function openClaimed(): Course {
    const course = new Course({ onDuty }).open().to(5 * second);
    course.elsewhere = new Map([[bob.id, { since: 0, thereSince: null, helpSince: 0 }]]);
    course.do({ kind: "claim", by: bob });
    return course;
  }

  it("is on the way, and holds no page back", () => {
    const course = openClaimed();
    expect(comingOf(incidentOf(course))).toMatchObject([{ person: bob }]);
    expect(course.to(70 * second).pages).toEqual(["desk unclaimed 60"]);
  });

  it.each(["claim", "arrive"] as const)(
    "holds it once they say so again when that is over, or are there: %s",
    (kind) => {
      const course = openClaimed();
      if (kind === "claim") takeNobody(course);
      course.to(10 * second).do({ kind, by: bob });
      expect(course.to(70 * second).pages).toEqual([]);
    },
  );

  it("is known to need it for as long as that alarm is open and they have not left it", () => {
    const course = new Course({ onDuty }).open().to(5 * second);
    course.do({ kind: "claim", by: bob });
    course.do({ kind: "help", by: bob });
    expect(listInside(incidentOf(course)).get(bob.id)).toMatchObject({ helpSince: 5 * second });
    course.do({ kind: "decline", by: bob });
    expect(listInside(incidentOf(course)).has(bob.id)).toBe(false);
  });
});

describe("whoever is on the way and asks for help", () => {
  it("does not count as on the way, and is not asked why they are late", () => {
    const course = new Course({ onDuty }).open().to(5 * second);
    course.do({ kind: "claim", by: bob });
    course.do({ kind: "help", by: bob });
    expect(comingOf(incidentOf(course))).toEqual([]);
    course.to(5 * minute);
    expect(course.history.find(({ kind }) => kind === "lapsed")).toMatchObject({ people: [] });
    course.do({ kind: "claim", by: bob });
    expect(comingOf(incidentOf(course))).toHaveLength(1);
  });
});

/** Two open alarms, of which each is decided on as soon as the other one matters for it, as the engine does. */
class TwoAlarms {
  now = 0;
  readonly courses = [new Course({ onDuty }), new Course({ onDuty })] as const;
  /** When each said last that they come, are there or are safe; and when they pressed, arrived or asked for help. */
  readonly said = [new Map<string, number>(), new Map<string, number>()] as const;
  readonly deeds = [new Map<string, number>(), new Map<string, number>()] as const;

  constructor() {
    this.do(0, { kind: "press", press });
    this.do(1, { kind: "press", press: { ...press, incident: "incident-2", button: "0043", holder: bob } });
  }

  do(at: 0 | 1, request: Request): void {
    this.#look(at);
    const { reason } = this.courses[at].do(request);
    this.#note(at, request, reason);
    this.settle();
  }

  to(now: number): void {
    for (const at of [0, 1] as const) {
      this.#look(at);
      this.courses[at].to(now, "left");
    }
    this.now = now;
    this.settle();
  }

  /** Decides until nothing matters any more. */
  settle(): void {
    for (let turns = 0; turns < 10; turns += 1) {
      const affected = ([0, 1] as const).filter((at) => {
        const { incident, occupied, elsewhere, policy: own } = this.#look(at);
        return incident !== null && incident.closedAt === null && isAffected(incident, own, occupied, elsewhere);
      });
      if (affected.length === 0) return;
      for (const at of affected) this.#look(at).do({ kind: "deadline" });
    }
    throw new Error("never done");
  }

  #look(at: 0 | 1): Course {
    const course = this.courses[at];
    const other = this.courses[at === 0 ? 1 : 0].incident;
    const inside = other === null ? new Map() : listInside(other);
    course.elsewhere = inside;
    const people = course.incident === null ? [] : [...concernedOf(course.incident), ...onDuty];
    course.occupied = new Set(ids(people).filter((id) => (inside.get(id)?.since ?? null) !== null));
    return course;
  }

  #note(at: 0 | 1, request: Request, reason: string): void {
    const { now } = this;
    const pressedBy = request.kind === "press" && reason !== "still-pressed" ? request.press.holder?.id : null;
    if (pressedBy != null) this.deeds[at].set(pressedBy, now);
    if (!("by" in request)) return;
    if (["claimed", "also-coming", "arrived", "checked-in"].includes(reason)) this.said[at].set(request.by.id, now);
    if (["arrived", "help-asked"].includes(reason)) this.deeds[at].set(request.by.id, now);
  }
}

const ofThem = fc.constantFrom(alice, bob, carol, presser);
const aMove = fc.record({
  at: fc.constantFrom<0 | 1>(0, 1),
  wait: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 20_000 }), fc.integer({ min: 1, max: 15 * minute })),
  request: fc.oneof(
    fc
      .tuple(fc.constantFrom("claim", "decline", "arrive", "help", "check-in", "call-off"), ofThem)
      .map(([kind, by]) => ({ kind, by }) as Request),
    fc.tuple(ofThem, fc.boolean()).map(
      ([holder, isOngoing]): Request => ({
        kind: "press",
        press: { ...press, button: holder.id, holder, isOngoing },
      }),
    ),
    fc.constant<Request>({ kind: "deadline" }),
    ofThem.map((by): Request => ({ kind: "resolve", by, isLead: false, outcome: "false" })),
  ),
});

/** Plays these moves, and looks at both alarms after each. */
function play(moves: readonly (typeof aMove extends fc.Arbitrary<infer Each> ? Each : never)[], look: Look): void {
  const alarms = new TwoAlarms();
  for (const { at, wait, request } of moves) {
    alarms.to(alarms.now + wait);
    alarms.do(at, request);
    look(alarms);
  }
}
type Look = (alarms: TwoAlarms) => void;

const runs = { numRuns: Number(process.env.FC_RUNS ?? 400) };

describe("for any order of answers and presses in two alarms", () => {
  it("nobody counts in one who pressed, arrived or asked for help in the other after they had said so", () => {
    fc.assert(
      fc.property(fc.array(aMove, { maxLength: 25 }), (moves) => {
        play(moves, ({ courses, said, deeds }) => {
          for (const [here, there] of [
            [0, 1],
            [1, 0],
          ] as const) {
            const [own, other] = [incidentOf(courses[here]), incidentOf(courses[there])];
            if (own.closedAt !== null || other.closedAt !== null) continue;
            for (const { person, state, helpAt } of own.responders) {
              const deed = deeds[there].get(person.id);
              if (deed === undefined || isAskable(other, person) || helpAt !== undefined) continue;
              if (state === "coming" || state === "there") expect(said[here].get(person.id)).toBeGreaterThan(deed);
            }
          }
        });
      }),
      runs,
    );
  });

  it("nobody's arrival is taken back by a timer, and nobody is rung in an alarm who is inside it", () => {
    const thereIn = ({ courses }: TwoAlarms) =>
      courses.map((course) => {
        const { closedAt, responders } = incidentOf(course);
        return closedAt === null
          ? responders.filter(({ state }) => state === "there").map(({ person }) => person.id)
          : [];
      });
    fc.assert(
      fc.property(fc.array(fc.tuple(aMove, fc.option(ofThem)), { maxLength: 20 }), (moves) => {
        const alarms = new TwoAlarms();
        for (const [{ at, wait, request }, visitor] of moves) {
          const before = thereIn(alarms);
          alarms.to(alarms.now + wait);
          expect(thereIn(alarms)).toEqual(before);
          const other = incidentOf(alarms.courses[at === 0 ? 1 : 0]);
          if (visitor !== null && other.closedAt === null && !before[at === 0 ? 1 : 0]?.includes(visitor.id)) {
            const button = `visit of ${visitor.id}`;
            const ofVisit = { ...press, button, holder: visitor, via: "visit", place: null, isOngoing: false } as const;
            alarms.do(at === 0 ? 1 : 0, { kind: "press", press: ofVisit });
            expect(thereIn(alarms)[at]).toEqual(before[at]);
          }
          const course = alarms.courses[at];
          const [known, inside] = [course.effects.length, incidentOf(course)];
          alarms.do(at, request);
          const rung = course.effects.slice(known).flatMap((each) => (each.kind === "notify" ? each.people : []));
          const hasLeft = request.kind === "decline" ? request.by.id : null;
          expect(rung.filter((person) => person.id !== hasLeft && !isAskable(inside, person))).toEqual([]);
        }
      }),
      runs,
    );
  });

  it("nobody is there in one who has gone to the other", () => {
    fc.assert(
      fc.property(fc.array(aMove, { maxLength: 25 }), (moves) => {
        play(moves, ({ courses }) => {
          const [one, other] = courses.map((course) => {
            const { closedAt, responders } = incidentOf(course);
            return closedAt === null ? responders.filter(({ helpAt }) => helpAt === undefined) : [];
          });
          const pairs = [...(one ?? []), ...(other ?? [])].map(({ person: { id } }) =>
            [one, other].map((each) => each?.find(({ person }) => person.id === id)?.state).sort(),
          );
          expect(pairs.filter(([first, second]) => first === "coming" && second === "there")).toEqual([]);
        });
      }),
      runs,
    );
  });

  it("nobody is there in two at once", () => {
    fc.assert(
      fc.property(fc.array(aMove, { maxLength: 25 }), (moves) => {
        play(moves, ({ courses }) => {
          const [one, other] = courses.map((course) => {
            const { closedAt, responders } = incidentOf(course);
            const there = responders.filter(({ state }) => closedAt === null && state === "there");
            return ids(there.map(({ person }) => person));
          });
          expect(one?.filter((id) => other?.includes(id))).toEqual([]);
        });
      }),
      runs,
    );
  });

  it("what was held for somebody who does not count any more is out, and each open alarm has a moment to come", () => {
    fc.assert(
      fc.property(fc.array(aMove, { maxLength: 25 }), (moves) => {
        play(moves, ({ courses, now }) => {
          for (const course of courses) {
            const incident = incidentOf(course);
            if (incident.closedAt !== null) continue;
            expect(incident.nextAt).toBeGreaterThan(now);
            const held = incident.round.steps.filter(({ state }) => state === "held");
            if (!isDeferred({ incident, policy: course.policy }, null)) expect(held).toEqual([]);
          }
        });
      }),
      runs,
    );
  });
});
