import { describe, expect, it } from "vitest";
import { formatKey } from "../../../../bot/domain/message-key.ts";
import { alice, bob, Course, minute, presser } from "../course.ts";

const desk = formatKey({ kind: "page", incident: "incident-1", round: 1, step: 1 });
const phone = formatKey({ kind: "page", incident: "incident-1", round: 1, step: 2 });
const calledOff = (course: Course) =>
  course.effects.flatMap((effect) => (effect.kind === "call-off" ? [effect.pager] : []));

/** Paged at one minute, and Alice is there. */
function arrived(): Course {
  const course = new Course().open().to(minute);
  course.do({ kind: "arrive", by: alice });
  return course;
}

describe("calling off, by somebody who is there", () => {
  it("tells every pager that was paged, and ends nothing", () => {
    const course = arrived();
    expect(course.do({ kind: "call-off", by: alice }).reason).toBe("called-off");
    expect(calledOff(course)).toEqual(["desk"]);
    expect(course.incident).toMatchObject({ closedAt: null, pagers: { desk: { callOff: { state: "queued" } } } });
  });

  it.each([
    ["who only comes", bob, "not-there"],
    ["who pressed", presser, "presser"],
  ] as const)("is not for somebody %s", (_who, by, reason) => {
    const course = arrived();
    course.do({ kind: "claim", by: bob });
    expect(course.do({ kind: "call-off", by }).reason).toBe(reason);
    expect(calledOff(course)).toEqual([]);
  });

  it("is shown as taken or not, by what came back", () => {
    const course = arrived();
    course.do({ kind: "call-off", by: alice });
    expect(course.do({ kind: "call-off-taken", page: desk }).effects).toEqual([{ kind: "card" }]);
    expect(course.incident?.pagers.desk?.callOff?.state).toBe("taken");
    expect(course.do({ kind: "call-off-failed", page: desk, reason: "unreachable" }).reason).toBe("already-so");
  });

  it("ends the guard's errand, and a guard who comes all the same is believed", () => {
    const course = arrived();
    course.do({ kind: "guard", pageKey: desk, answer: "accept" });
    course.do({ kind: "call-off", by: alice });
    expect(course.incident?.round.guards).toEqual([]);
    course.do({ kind: "guard", pageKey: desk, answer: "accept" });
    expect(course.incident?.pagers.desk).toMatchObject({ state: "answered", callOff: null });
  });

  it("withdraws what has not left yet, and what is tried again", () => {
    const course = new Course().open().to(minute, "left");
    course.do({ kind: "page-starting", key: desk });
    course.do({ kind: "page-failed", key: desk, reason: "unreachable" });
    course.do({ kind: "arrive", by: alice });
    course.do({ kind: "call-off", by: alice });
    expect(course.do({ kind: "page-starting", key: desk }).reason).toBe("page-withheld");
    expect(calledOff(course)).toEqual(["desk"]);
    expect(course.do({ kind: "page-starting", key: phone }).reason).toBe("page-withheld");
  });

  it("a page that still waits in the outbox never leaves", () => {
    const course = new Course().open();
    course.do({ kind: "claim", by: bob });
    course.to(2 * minute, "left");
    course.do({ kind: "page-starting", key: desk });
    course.do({ kind: "page-accepted", key: desk });
    course.do({ kind: "arrive", by: alice });
    course.do({ kind: "call-off", by: alice });
    expect(course.do({ kind: "page-starting", key: phone }).reason).toBe("page-withheld");
    expect(course.incident?.pagers.phone).toBeUndefined();
    expect(calledOff(course)).toEqual(["desk"]);
  });

  it.each([
    ["asks for help", (course: Course) => course.do({ kind: "help", by: bob })],
    ["is asked whether all is well", (course: Course) => course.to(11 * minute + 30_000)],
  ])("is refused while somebody there %s: an old card sends no help away", (_what, happen) => {
    const course = arrived();
    course.do({ kind: "arrive", by: bob });
    happen(course);
    const pages = course.pages.length;
    expect(course.do({ kind: "call-off", by: alice }).reason).toBe("not-allowed");
    expect(calledOff(course)).toEqual([]);
    expect(course.pages).toHaveLength(pages);
  });

  it("somebody who says so and leaves, with nobody else there, calls all of it anew", () => {
    const course = arrived();
    course.do({ kind: "guard", pageKey: desk, answer: "accept" });
    course.do({ kind: "call-off", by: alice });
    course.do({ kind: "decline", by: alice });
    expect(course.pages.slice(1)).toEqual(["desk repeat 60", "phone repeat 60"]);
    expect(new Set(course.effects.flatMap((effect) => (effect.kind === "page" ? [effect.key] : []))).size).toBe(3);
  });

  it.each(["accept", "arrived"] as const)(
    "who leaves calls nobody anew while a guard comes all the same: %s",
    (answer) => {
      const course = arrived();
      course.do({ kind: "call-off", by: alice });
      course.do({ kind: "guard", pageKey: desk, answer });
      course.do({ kind: "decline", by: alice });
      expect(course.pages).toEqual(["desk unclaimed 60"]);
      expect(course.incident?.round.number).toBe(1);
    },
  );

  it("a guard who says no afterwards, or a phone that nobody picked up, brings nobody else", () => {
    const course = arrived();
    course.do({ kind: "call-off", by: alice });
    const pages = course.pages.length;
    course.do({ kind: "page-failed", key: desk, reason: "no-answer" });
    course.do({ kind: "guard", pageKey: desk, answer: "decline" });
    expect(course.pages).toHaveLength(pages);
  });

  it("no update goes to who was called off; silence on the spot pages anew, under a new key", () => {
    const course = arrived();
    course.do({ kind: "call-off", by: alice });
    const { effects } = course.do({ kind: "witness", by: alice });
    expect(effects.filter(({ kind }) => kind === "update")).toEqual([]);
    course.to(20 * minute);
    expect(course.pages.some((page) => page.startsWith("desk"))).toBe(true);
    expect(course.pages.length).toBeGreaterThan(1);
    expect(course.incident?.round.calledOffAt).toBeNull();
  });

  it.each([
    ["leaves", (course: Course) => course.do({ kind: "decline", by: alice })],
    ["asks for help", (course: Course) => course.do({ kind: "help", by: alice })],
    ["is silent", (course: Course) => course.to(14 * minute)],
  ])("who was called off is paged anew when who is there %s, whatever step was held", (_what, happen) => {
    const course = arrived().to(130_000);
    course.do({ kind: "call-off", by: alice });
    const before = course.pages.length;
    happen(course);
    expect(course.pages.slice(before).map((page) => page.split(" ")[0])).toEqual(["desk", "phone"]);
  });

  it("help asked for afterwards pages at once all the same", () => {
    const course = arrived();
    course.do({ kind: "call-off", by: alice });
    course.do({ kind: "help", by: alice });
    expect(course.pages.slice(1)).toEqual(["desk help 60", "phone help 60"]);
  });
});

describe("what a call-off leaves behind", () => {
  const both = () => {
    const course = new Course().open().to(2 * minute);
    course.do({ kind: "arrive", by: alice });
    return course;
  };

  it("is a line of who said so, and of what came of it", () => {
    const course = both();
    const at = 2 * minute;
    expect(course.do({ kind: "call-off", by: alice }).history).toEqual([{ kind: "called-off", by: alice, at }]);
    expect(course.do({ kind: "call-off-taken", page: phone })).toMatchObject({
      reason: "call-off-taken",
      history: [{ kind: "call-off-taken", pager: "phone", at }],
    });
    expect(course.incident?.pagers).toMatchObject({
      desk: { callOff: { state: "queued", at } },
      phone: { callOff: { state: "taken", at } },
    });
    expect(course.do({ kind: "call-off-failed", page: desk, reason: "unreachable" })).toMatchObject({
      reason: "call-off-failed",
      history: [{ kind: "call-off-failed", pager: "desk", reason: "unreachable", at }],
    });
    expect(course.incident?.pagers.phone?.callOff?.state).toBe("taken");
  });

  it("is nothing when nobody was paged, or all were called off before", () => {
    const unpaged = new Course().open();
    unpaged.do({ kind: "arrive", by: alice });
    expect(unpaged.do({ kind: "call-off", by: alice })).toMatchObject({ reason: "already-so", history: [] });
    const course = both();
    course.do({ kind: "call-off", by: alice });
    expect(course.do({ kind: "call-off", by: alice })).toMatchObject({ reason: "already-so", history: [] });
  });

  it("is nothing of a page that was not called off", () => {
    const course = both();
    expect(course.do({ kind: "call-off-taken", page: desk })).toMatchObject({ reason: "already-so", history: [] });
    expect(course.do({ kind: "call-off-failed", page: desk, reason: "unreachable" }).reason).toBe("already-so");
    course.do({ kind: "call-off", by: alice });
    expect(course.do({ kind: "call-off-taken", page: "incident-1-7-1" }).reason).toBe("already-so");
  });

  it("may be said again to a guard who comes all the same, and to that one alone", () => {
    const course = both();
    course.do({ kind: "call-off", by: alice });
    course.to(3 * minute).do({ kind: "guard", pageKey: desk, answer: "accept" });
    expect(course.do({ kind: "call-off", by: alice }).reason).toBe("called-off");
    expect(calledOff(course)).toEqual(["desk", "phone", "desk"]);
  });
});

describe("pages before the newest", () => {
  const repeated = () => new Course().open().to(6 * minute);

  it("are remembered while they are out, and end with it", () => {
    const course = repeated();
    const { earlier = [] } = course.incident?.pagers.desk ?? {};
    expect(earlier.map(({ key }) => key)).toContain(desk);
    expect(earlier.every(({ state }) => state === "accepted")).toBe(true);
  });

  it("are called off when the newest has not left", () => {
    const course = repeated();
    const before = course.incident?.pagers.desk?.key;
    course.to(9 * minute, "left");
    const newest = course.incident?.pagers.desk;
    expect(newest).toMatchObject({ state: "queued" });
    expect(newest?.key).not.toBe(before);
    course.do({ kind: "arrive", by: alice });
    course.do({ kind: "resolve", by: alice, isLead: false, outcome: "real" });
    expect(course.incident?.pagers.desk).toMatchObject({ key: before, callOff: { state: "queued" } });
    expect(calledOff(course)).toEqual(expect.arrayContaining(["desk", "phone"]));
  });

  it("are called off in place of a newest one that was refused, which nobody has", () => {
    const course = repeated().to(8 * minute - 1);
    const before = course.incident?.pagers.desk?.key;
    course.to(8 * minute, "left");
    const key = course.incident?.pagers.desk?.key ?? "";
    course.do({ kind: "page-starting", key });
    course.do({ kind: "page-failed", key, reason: "refused" });
    course.do({ kind: "resolve", by: alice, isLead: true, outcome: "real" });
    expect(before).not.toBe(key);
    expect(course.effects).toContainEqual({ kind: "call-off", pager: "desk", key: before, at: 8 * minute });
  });

  it("are not called off in place of a newest one that is out", () => {
    const course = repeated();
    const key = course.incident?.pagers.desk?.key;
    course.do({ kind: "resolve", by: alice, isLead: true, outcome: "real" });
    expect(course.effects).toContainEqual({ kind: "call-off", pager: "desk", key, at: 6 * minute });
  });

  it("are none where the only page was refused, so that there is nobody to call off", () => {
    const course = new Course().open().to(minute, "left");
    course.do({ kind: "page-starting", key: desk });
    course.do({ kind: "page-failed", key: desk, reason: "refused" });
    course.do({ kind: "resolve", by: alice, isLead: true, outcome: "real" });
    expect(calledOff(course)).toEqual([]);
    expect(course.incident?.pagers.desk).toMatchObject({ key: desk, failure: "refused", callOff: null });
  });

  it("are forgotten once they were called off", () => {
    const course = arrived();
    course.do({ kind: "call-off", by: alice });
    course.do({ kind: "call-off-taken", page: desk });
    course.do({ kind: "decline", by: alice });
    expect(course.incident?.pagers.desk?.earlier).toEqual([]);
  });

  it("are called off again at the end while nobody knows whether they received it", () => {
    const course = arrived();
    course.do({ kind: "call-off", by: alice });
    course.do({ kind: "decline", by: alice });
    expect(course.incident?.pagers.desk?.earlier.map(({ key }) => key)).toEqual([desk]);
    course.do({ kind: "arrive", by: alice });
    course.do({ kind: "resolve", by: alice, isLead: false, outcome: "real" });
    expect(calledOff(course).filter((pager) => pager === "desk")).toHaveLength(2);
  });
});

describe("a call-off that nobody received", () => {
  it("is shown as failed, although the provider had taken it", () => {
    const course = arrived();
    course.do({ kind: "call-off", by: alice });
    course.do({ kind: "call-off-taken", page: desk });
    course.do({ kind: "call-off-failed", page: desk, reason: "no-answer" });
    expect(course.incident?.pagers.desk?.callOff?.state).toBe("failed");
  });
});

describe("calling off, by closing", () => {
  it("records on the closed incident whether it was taken", () => {
    const course = arrived();
    course.do({ kind: "resolve", by: alice, isLead: false, outcome: "false" });
    expect(calledOff(course)).toEqual(["desk"]);
    const failed = course.do({ kind: "call-off-failed", page: desk, reason: "impossible" });
    expect(failed.reason).toBe("call-off-failed");
    expect(failed.incident).toMatchObject({ nextAt: null, pagers: { desk: { callOff: { state: "impossible" } } } });
    expect(calledOff(course)).toEqual(["desk"]);
  });

  it("says it once to a pager that received it before", () => {
    const course = arrived();
    course.do({ kind: "call-off", by: alice });
    course.do({ kind: "call-off-taken", page: desk });
    course.do({ kind: "resolve", by: alice, isLead: false, outcome: "real" });
    expect(calledOff(course)).toEqual(["desk"]);
  });
});

describe("what a provider tells afterwards", () => {
  it.each(["no-answer", "undelivered"] as const)("%s of an accepted page makes the next one due now", (reason) => {
    const course = new Course().open().to(minute);
    expect(course.do({ kind: "page-failed", key: desk, reason }).reason).toBe("page-failed");
    expect(course.pages).toEqual(["desk unclaimed 60", "phone unclaimed 60"]);
  });

  it("never overrules a human, whichever comes first", () => {
    const answeredFirst = new Course().open().to(minute);
    answeredFirst.do({ kind: "guard", pageKey: desk, answer: "accept" });
    expect(answeredFirst.do({ kind: "page-failed", key: desk, reason: "no-answer" }).reason).toBe("already-so");
    const toldFirst = new Course().open().to(minute);
    toldFirst.do({ kind: "page-failed", key: desk, reason: "no-answer" });
    toldFirst.do({ kind: "guard", pageKey: desk, answer: "accept" });
    expect(toldFirst.incident?.pagers.desk).toMatchObject({ state: "answered", failure: null });
  });

  it("may come before the receipt: the later word is not overwritten by the earlier", () => {
    const course = new Course().open().to(minute, "left");
    course.do({ kind: "page-starting", key: desk });
    course.do({ kind: "page-failed", key: desk, reason: "undelivered" });
    expect(course.do({ kind: "page-accepted", key: desk }).reason).toBe("already-so");
    expect(course.incident?.pagers.desk?.state).toBe("failed");
  });

  it("a failed try says nothing of a page that the provider has", () => {
    const course = new Course().open().to(minute);
    expect(course.do({ kind: "page-failed", key: desk, reason: "unreachable" }).reason).toBe("already-so");
  });
});
