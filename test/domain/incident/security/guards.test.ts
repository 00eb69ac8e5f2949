import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { GuardId } from "../../../../bot/domain/incident/command.ts";
import type { Guard, Incident } from "../../../../bot/domain/incident/incident.ts";
import { isExpected } from "../../../../bot/domain/incident/security/guard-answers.ts";
import { formatKey } from "../../../../bot/domain/message-key.ts";
import type { Request } from "../../../../bot/engine/kernel/decisions.ts";
import { alice, bob, Course, carol, minute, press, second } from "../course.ts";

const toKey = (round: number, step: number) => formatKey({ kind: "page", incident: "incident-1", round, step });
const desk = toKey(1, 1);
const phone = toKey(1, 2);
type Answer = "accept" | "decline" | "arrived" | "help";

/** Whoever presses a button in a message, or on a page from before guards were told apart. */
const nameless = undefined;
/** On a page that was opened before anybody answered. */
const fresh = (who: string): GuardId => ({ who, isCertain: false });
/** On the page that their own answer led to, or after "I am somebody else". */
const certain = (who: string): GuardId => ({ who, isCertain: true });
/** A key on the phone that was called. */
const key = certain("route");

function paged(): Course {
  return new Course().open().to(minute);
}

function say(course: Course, guard: GuardId | undefined, answer: Answer, pageKey = desk): string {
  return course.do({ kind: "guard", pageKey, answer, ...(guard && { guard }) }).reason;
}

function guardsOf(course: Course): string[] {
  const guards = course.incident?.round.guards ?? [];
  return guards.map(({ pager, who, state, lapsedAt }) => `${pager} ${who} ${lapsedAt === null ? state : "late"}`);
}

describe("several guards of one link", () => {
  it.each([
    ["a page opened before", fresh("b")],
    ["a button in a message", nameless],
  ])("a decline by %s undoes no promise and no arrival of another", (_by, stale) => {
    const course = paged();
    say(course, fresh("a"), "accept");
    expect(say(course, stale, "decline")).toBe("stands");
    expect(guardsOf(course)).toEqual(["desk a coming"]);
    say(course, certain("a"), "arrived");
    expect(say(course, stale, "decline")).toBe("stands");
    expect(guardsOf(course)).toEqual(["desk a there"]);
    expect(course.incident?.pagers.desk).toMatchObject({ state: "answered", failure: null });
    expect(course.pages).toEqual(["desk unclaimed 60"]);
  });

  it("a guard who declines after arriving is there all the same", () => {
    const course = paged();
    say(course, fresh("a"), "arrived");
    expect(say(course, certain("a"), "decline")).toBe("stands");
    expect(guardsOf(course)).toEqual(["desk a there"]);
  });

  it("each takes back their own promise; while one comes no other way is tried, and then the next one is", () => {
    const course = paged();
    say(course, fresh("a"), "accept");
    say(course, fresh("b"), "accept");
    expect(say(course, certain("a"), "decline")).toBe("guard-declined");
    expect(guardsOf(course)).toEqual(["desk a declined", "desk b coming"]);
    expect(course.incident?.pagers.desk?.state).toBe("answered");
    expect(course.pages).toEqual(["desk unclaimed 60"]);
    expect(say(course, certain("b"), "decline")).toBe("guard-declined");
    expect(course.incident?.pagers.desk).toMatchObject({ state: "failed", failure: "guard-declined" });
    expect(course.pages).toEqual(["desk unclaimed 60", "phone unclaimed 60"]);
  });

  it("somebody who said to be another guard may decline, accept and arrive beside the first one", () => {
    const course = paged();
    say(course, nameless, "accept");
    expect(say(course, certain("b"), "decline")).toBe("guard-declined");
    expect(say(course, certain("b"), "decline")).toBe("already-so");
    expect(say(course, certain("b"), "accept")).toBe("guard-accepted");
    expect(say(course, certain("b"), "arrived")).toBe("guard-arrived");
    expect(guardsOf(course)).toEqual(["desk link coming", "desk b there"]);
  });

  it("a promise that is taken back on the page it was given on, before it was left, is one's own", () => {
    const course = paged();
    say(course, fresh("a"), "accept");
    expect(say(course, fresh("a"), "decline")).toBe("guard-declined");
    expect(course.pages.at(-1)).toBe("phone unclaimed 60");
  });

  it("the same button twice may be two guards: neither is lost, and only one holds back pages", () => {
    const course = paged();
    expect(say(course, nameless, "accept")).toBe("guard-accepted");
    expect(say(course, nameless, "accept")).toBe("stands");
    expect(guardsOf(course)).toEqual(["desk link coming", "desk another late"]);
    expect(say(course, certain("link"), "decline")).toBe("guard-declined");
    expect(guardsOf(course)).toEqual(["desk link declined", "desk another late"]);
    // Nobody says that the desk can't come, and still somebody else is called.
    expect(course.incident?.pagers.desk).toMatchObject({ state: "answered", failure: null });
    expect(course.pages).toEqual(["desk unclaimed 60", "phone unclaimed 60"]);
  });

  it("a promise in a message counts when the guard who is there fell silent, and leaves that one's arrival", () => {
    const course = paged();
    say(course, nameless, "arrived");
    course.to(14 * minute);
    expect(course.kinds).toContain("check-missed");
    say(course, nameless, "accept");
    expect(guardsOf(course)).toEqual(["desk link there", "desk another coming"]);
  });

  it("lapse each by themselves, and paging rests while one is still expected", () => {
    const course = paged();
    say(course, fresh("a"), "accept");
    course.to(5 * minute);
    say(course, fresh("b"), "accept");
    course.to(16 * minute);
    expect(guardsOf(course)).toEqual(["desk a late", "desk b coming"]);
    expect(course.pages).toEqual(["desk unclaimed 60"]);
    course.to(20 * minute);
    expect(guardsOf(course)).toEqual(["desk a late", "desk b late"]);
    expect(course.pages.at(1)).toBe("phone lapsed 1200");
  });

  it("are asked anew in a louder round, and those who come are still coming", () => {
    const course = paged();
    say(course, fresh("a"), "decline");
    course.to(2 * minute);
    say(course, fresh("b"), "accept", phone);
    course.do({ kind: "help", by: alice });
    expect(guardsOf(course)).toEqual(["phone b coming"]);
    expect(say(course, certain("a"), "decline", toKey(2, 1))).toBe("guard-declined");
  });

  it("a press after nothing but declines begins no new round, for nobody stopped looking for one", () => {
    const course = paged();
    say(course, fresh("a"), "decline");
    course.do({ kind: "press", press });
    expect(course.incident?.round.number).toBe(1);
  });

  it("are no more than a link can have: those after them count as one", () => {
    const course = paged();
    for (let index = 0; index < 60; index += 1) say(course, fresh(`guard-${index}`), "accept");
    expect(course.incident?.round.guards.length).toBeLessThan(45);
    expect(say(course, certain("guard-0"), "arrived")).toBe("guard-arrived");
  });

  it("a second pager's guard keeps the promise when the first one's declines", () => {
    const course = new Course().open().to(2 * minute);
    say(course, nameless, "accept");
    expect(say(course, nameless, "accept", phone)).toBe("guard-accepted");
    say(course, certain("link"), "decline");
    expect(guardsOf(course)).toEqual(["desk link declined", "phone link coming"]);
    course.to(10 * minute);
    expect(course.pages).toEqual(["desk unclaimed 60", "phone unclaimed 120"]);
  });

  it("a call-off ends what was promised, and no arrival, not even of a guard who fell silent", () => {
    const course = paged();
    say(course, fresh("a"), "arrived");
    course.to(14 * minute);
    say(course, fresh("b"), "accept");
    course.do({ kind: "arrive", by: alice });
    expect(course.do({ kind: "call-off", by: alice }).reason).toBe("called-off");
    expect(guardsOf(course)).toEqual(["desk a there"]);
  });
});

describe("a key on the phone", () => {
  it("takes back what the same number said, also about an earlier page, and nothing that was said by link", () => {
    const course = paged();
    say(course, certain("a"), "accept");
    expect(say(course, key, "decline")).toBe("guard-declined");
    expect(guardsOf(course)).toEqual(["desk a coming", "desk route declined"]);
    expect(course.incident?.pagers.desk?.state).toBe("answered");
    say(course, key, "accept");
    course.do({ kind: "help", by: alice });
    expect(say(course, key, "decline", toKey(1, 1))).toBe("guard-declined");
    expect(guardsOf(course)).toEqual(["desk a coming", "desk route declined"]);
  });

  it("of a colleague takes back what was said by phone, and nothing that was said in Teams", () => {
    const course = new Course().open();
    course.do({ kind: "claim", by: alice });
    const before = course.incident;
    expect(course.do({ kind: "decline", by: alice, byPhone: true }).reason).toBe("stands");
    expect(course.incident).toBe(before);
    course.do({ kind: "claim", by: bob, byPhone: true });
    expect(course.do({ kind: "decline", by: bob, byPhone: true }).reason).toBe("declined");
    expect(course.do({ kind: "claim", by: bob, byPhone: true }).reason).toBe("also-coming");
    course.do({ kind: "claim", by: bob });
    expect(course.do({ kind: "decline", by: bob, byPhone: true }).reason).toBe("stands");
    course.do({ kind: "arrive", by: bob });
    expect(course.do({ kind: "decline", by: bob, byPhone: true }).reason).toBe("stands");
    expect(course.do({ kind: "decline", by: bob }).reason).toBe("declined");
  });
});

describe("a guard who needs help", () => {
  it("pages at once, as a colleague does, and is on record", () => {
    const course = paged();
    say(course, fresh("a"), "arrived");
    course.to(2 * minute);
    expect(say(course, certain("a"), "help")).toBe("help-asked");
    expect(course.pages).toEqual(["desk unclaimed 60", "phone help 120"]);
    expect(course.history).toContainEqual({ kind: "guard-help", pager: "desk", who: "a", at: 2 * minute });
    expect(course.incident?.round).toMatchObject({ helpAskedAt: 2 * minute, helpAskedBy: "guard" });
    expect(guardsOf(course)).toEqual(["desk a there"]);
  });

  it("is no help: being there holds nothing back, and another guard's promise does", () => {
    const course = new Course().open().to(2 * minute);
    say(course, fresh("a"), "arrived");
    say(course, certain("a"), "help");
    expect(course.pages.slice(2)).toEqual(["desk help 120", "phone help 120"]);
    course.to(6 * minute);
    expect(course.pages.slice(4)).toEqual(["desk repeat 300", "phone repeat 300"]);
    // A sign of life makes nobody a help who asked for it.
    course.to(13 * minute);
    expect(say(course, certain("a"), "arrived")).toBe("guard-arrived");
    course.to(15 * minute);
    expect(course.pages.slice(-2)).toEqual(["desk repeat 840", "phone repeat 840"]);
    const { length } = course.pages;
    say(course, fresh("b"), "accept", toKey(6, 2));
    course.to(20 * minute);
    expect(course.pages).toHaveLength(length);
  });

  it.each([
    ["the link as it was sent", fresh("b")],
    ["a button in a message", nameless],
  ])("may be any of its link by %s: who was there before is no help, who comes after it is", (_by, asker) => {
    const course = new Course().open().to(2 * minute);
    say(course, fresh("a"), "arrived");
    course.to(3 * minute);
    expect(say(course, asker, "help")).toBe("help-asked");
    expect(course.pages.slice(2)).toEqual(["desk help 180", "phone help 180"]);
    course.to(7 * minute);
    expect(course.pages.slice(4)).toEqual(["desk repeat 360", "phone repeat 360"]);
    say(course, certain("c"), "arrived");
    course.to(15 * minute);
    expect(course.pages).toHaveLength(6);
  });

  it("and is of one pager leaves the guard of another one, who is there, the help", () => {
    const course = new Course().open().to(2 * minute);
    say(course, fresh("a"), "arrived", phone);
    say(course, nameless, "help");
    course.to(10 * minute);
    expect(course.pages.slice(2)).toEqual(["desk help 120", "phone help 120"]);
  });

  it("is told apart by their own page: another one of the link who is there is the help", () => {
    const course = new Course().open().to(2 * minute);
    say(course, fresh("a"), "arrived");
    say(course, fresh("b"), "arrived");
    say(course, certain("b"), "help");
    course.to(10 * minute);
    expect(course.pages.slice(2)).toEqual(["desk help 120", "phone help 120"]);
  });

  it("is believed whatever was said before, also by a message or an old page", () => {
    const course = paged();
    expect(say(course, nameless, "help")).toBe("help-asked");
    expect(course.pages.at(-1)).toBe("phone help 60");
    expect(course.do({ kind: "call-off", by: alice }).reason).toBe("not-there");
    course.do({ kind: "arrive", by: alice });
    expect(course.do({ kind: "call-off", by: alice }).reason).toBe("not-allowed");
  });

  it("is not forgotten by a new press", () => {
    const course = paged();
    say(course, fresh("a"), "arrived");
    say(course, certain("a"), "help");
    course.do({ kind: "press", press });
    expect(course.incident?.round).toMatchObject({ helpAskedBy: "guard", guards: [] });
    expect(course.pages.at(-1)).toBe("desk help 60");
  });
});

/** One who may answer, in one of the ways there are. */
type Voice =
  | { readonly kind: "guard"; readonly pager: "desk" | "phone"; readonly guard: GuardId | undefined }
  | { readonly kind: "colleague"; readonly by: typeof alice; readonly byPhone: boolean };

const names = ["a", "b", "link", "another"];
const aGuard: fc.Arbitrary<Voice> = fc
  .tuple(
    fc.constantFrom("desk", "phone"),
    fc.oneof(
      fc.constantFrom(...names).map(certain),
      fc.constantFrom("a", "b", "c").map(fresh),
      fc.constant(nameless),
      fc.constant(key),
    ),
  )
  .map(([pager, guard]) => ({ kind: "guard", pager, guard }) as const);
const aColleague: fc.Arbitrary<Voice> = fc
  .tuple(fc.constantFrom(alice, bob, carol), fc.boolean())
  .map(([by, byPhone]) => ({ kind: "colleague", by, byPhone }) as const);

interface Said {
  readonly wait: number;
  readonly voice: Voice;
  readonly answer: Answer;
  /** How many rounds old the page is that it is answered on. */
  readonly age: number;
}
const aRun = fc.array(
  fc.record<Said>({
    wait: fc.oneof(
      fc.constant(0),
      fc.integer({ min: 0, max: 120 }).map((each) => each * second),
    ),
    voice: fc.oneof({ weight: 3, arbitrary: aGuard }, { weight: 1, arbitrary: aColleague }),
    answer: fc.constantFrom("accept", "accept", "decline", "decline", "arrived", "help"),
    age: fc.nat(2),
  }),
  { maxLength: 20 },
);

function toRequest({ voice, answer, age }: Said, incident: Incident): Request {
  if (voice.kind === "guard") {
    const pageKey = toKey(Math.max(1, incident.round.number - age), voice.pager === "desk" ? 1 : 2);
    return { kind: "guard", pageKey, answer, ...(voice.guard && { guard: voice.guard }) };
  }
  const { by, byPhone } = voice;
  if (answer === "accept") return { kind: "claim", by, byPhone };
  return answer === "decline" ? { kind: "decline", by, byPhone } : { kind: answer === "help" ? "help" : "arrive", by };
}

function isOwn(voice: Voice, guard: Guard): boolean {
  return voice.kind === "guard" && voice.pager === guard.pager && (voice.guard?.who ?? "link") === guard.who;
}

it("nobody's answer undoes another's promise or arrival, whoever shares the link, however old the page", () => {
  const expectedOf = (incident: Incident, pager: string) =>
    incident.round.guards.filter((guard) => guard.pager === pager && isExpected(guard));
  fc.assert(
    fc.property(aRun, (run) => {
      const course = new Course({ onDuty: [alice, bob] }).open().to(2 * minute);
      for (const said of run) {
        course.to(course.now + said.wait);
        const before = course.incident as Incident;
        const { voice, answer } = said;
        course.do(toRequest(said, before));
        const after = course.incident as Incident;
        for (const guard of before.round.guards.filter((each) => each.state !== "declined")) {
          const now = after.round.guards.find(({ pager, who }) => pager === guard.pager && who === guard.who);
          if (!isOwn(voice, guard)) expect(now).toEqual(guard);
          else if (guard.state === "there") expect(now?.state).toBe("there");
          // Of those who did not say who they are none takes back what another one said.
          else if (voice.kind === "guard" && voice.guard === nameless) expect(now?.state).not.toBe("declined");
        }
        for (const responder of before.responders) {
          const now = after.responders.find(({ person }) => person.id === responder.person.id);
          if (voice.kind === "guard" || voice.by.id !== responder.person.id) expect(now).toEqual(responder);
          else if (voice.byPhone && responder.byPhone !== true && responder.state !== "none" && answer === "decline") {
            expect(now?.state).toBe(responder.state);
          }
        }
        for (const pager of ["desk", "phone"]) {
          if (expectedOf(after, pager).length > 0) expect(after.pagers[pager]?.failure).not.toBe("guard-declined");
        }
        // Nobody is said to come twice because a button was pressed twice.
        if (voice.kind === "guard" && voice.guard === nameless && answer === "accept") {
          const count = expectedOf(before, voice.pager).filter(({ silentAt }) => silentAt === null).length;
          if (count > 0) expect(expectedOf(after, voice.pager)).toEqual(expectedOf(before, voice.pager));
        }
      }
    }),
    { numRuns: Number(process.env.FC_RUNS ?? 500) },
  );
});
