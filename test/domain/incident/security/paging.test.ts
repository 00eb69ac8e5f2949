import { describe, expect, it } from "vitest";
import { keysOf } from "../../../../bot/domain/incident/security/pager-progress.ts";
import { formatKey } from "../../../../bot/domain/message-key.ts";
import { toSteps } from "../../../fixtures/policy.ts";
import { alice, Course, minute, press, second } from "../course.ts";

const pageKey = (round: number, step: number) => formatKey({ kind: "page", incident: press.incident, round, step });
const desk = pageKey(1, 1);
const phone = pageKey(1, 2);
const pagerOf = (course: Course, pager = "desk") => course.incident?.pagers[pager];
const stepOf = (course: Course, index = 1) => course.incident?.round.steps[index];
/** The page to the desk is in the outbox at a minute, and five seconds have gone by. */
const queued = () =>
  new Course()
    .open()
    .to(minute, "left")
    .to(65 * second, "left");
const nothing = { history: [], effects: [] };

describe("a page that is about to be sent", () => {
  it("goes, and from then on claims hold nothing back (rule 13)", () => {
    const course = queued();
    expect(course.do({ kind: "page-starting", key: desk })).toMatchObject({ reason: "page-started", ...nothing });
    expect(stepOf(course)).toEqual({ state: "started", dueAt: minute, reason: "unclaimed", sentAt: minute });
    expect(pagerOf(course)).toMatchObject({ state: "started", at: 65 * second });
    expect(course.incident?.round.pagedAt).toBe(65 * second);
    course.now = 70 * second;
    course.do({ kind: "page-starting", key: desk });
    expect(course.incident?.round.pagedAt).toBe(65 * second);
  });

  it("is tried again when it failed, and counts as out from that moment", () => {
    const course = queued();
    course.do({ kind: "page-starting", key: desk });
    course.do({ kind: "page-failed", key: desk, reason: "unreachable" });
    course.now = 70 * second;
    expect(course.do({ kind: "page-starting", key: desk }).reason).toBe("page-started");
    expect(pagerOf(course)).toMatchObject({ state: "failed", failure: "unreachable", at: 70 * second });
    expect(stepOf(course)?.state).toBe("failed");
  });

  it("rule 12: is held with a line when it is for `unclaimed` and enough are coming by then", () => {
    const course = queued();
    course.do({ kind: "claim", by: alice });
    expect(course.do({ kind: "page-starting", key: desk })).toMatchObject({
      reason: "page-withheld",
      history: [{ kind: "page-held", pager: "desk", at: 65 * second }],
    });
    expect(stepOf(course)).toEqual({ state: "held", dueAt: minute, reason: null, sentAt: null });
    expect(course.incident?.round.pagedAt).toBeNull();
    const before = course.incident;
    expect(course.do({ kind: "page-starting", key: desk })).toMatchObject({ reason: "page-withheld", ...nothing });
    expect(course.do({ kind: "page-accepted", key: desk }).reason).toBe("already-so");
    expect(course.do({ kind: "page-failed", key: desk, reason: "unreachable" }).reason).toBe("already-so");
    expect(course.incident).toBe(before);
  });

  it.each(["claim", "arrive"] as const)(
    "rule 12: goes for any other reason, whoever may answer meanwhile: %s",
    (kind) => {
      const course = new Course({ onDuty: [] }).open();
      course.do({ kind, by: alice });
      expect(course.do({ kind: "page-starting", key: desk }).reason).toBe("page-started");
    },
  );

  it("is withheld while its step waits for another moment", () => {
    const course = new Course().open();
    expect(course.do({ kind: "page-starting", key: desk }).reason).toBe("page-withheld");
  });

  it("is withheld when a newer one to that pager has taken its place", () => {
    const course = new Course().open().to(6 * minute);
    expect(course.do({ kind: "page-starting", key: desk })).toMatchObject({ reason: "page-withheld", ...nothing });
  });

  it.each(["accept", "decline"] as const)("is withheld when the guard has answered it before: %s", (answer) => {
    const course = queued();
    course.do({ kind: "page-starting", key: desk });
    course.do({ kind: "page-failed", key: desk, reason: "unreachable" });
    course.do({ kind: "guard", pageKey: desk, answer });
    expect(course.do({ kind: "page-starting", key: desk })).toMatchObject({ reason: "page-withheld", ...nothing });
  });

  it("rule 3: goes when a press has begun a new round meanwhile, because its pager has no newer page yet", () => {
    const course = new Course({ onDuty: [] });
    course.open().do({ kind: "arrive", by: alice });
    course.onDuty = null;
    course.do({ kind: "press", press });
    const before = course.incident;
    expect(before?.round.number).toBe(2);
    expect(course.do({ kind: "page-starting", key: desk })).toMatchObject({ reason: "page-started", ...nothing });
    expect(course.incident?.round).toBe(before?.round);
    // So that a call-off tells the guards.
    expect(pagerOf(course)?.state).toBe("started");
  });

  it("of an earlier round does not go when it was taken back", () => {
    const course = new Course({ onDuty: [] });
    course.open().do({ kind: "arrive", by: alice });
    course.onDuty = null;
    course.do({ kind: "press", press });
    course.do({ kind: "arrive", by: alice });
    course.do({ kind: "call-off", by: alice });
    expect(pagerOf(course)).toBeUndefined();
    expect(course.do({ kind: "page-starting", key: desk }).reason).toBe("page-withheld");
  });

  it.each(["page-starting", "page-accepted"] as const)("is not known under another incident's key: %s", (kind) => {
    const course = queued();
    for (const key of ["incident-2-1-1", "incident-1-1-0", "incident-1-1-9", "incident-1-0-1", "incident-1-2-1"]) {
      expect(course.do({ kind, key }).reason, key).toBe("unknown-page");
      expect(course.do({ kind: "page-failed", key, reason: "refused" }).reason, key).toBe("unknown-page");
    }
  });
});

describe("a page that went out from memory", () => {
  const began = () => {
    const course = queued();
    course.do({ kind: "page-starting", key: desk });
    return course;
  };
  const keys = (course: Course) => keysOf(pagerOf(course) ?? { key: "" });

  it("is known to its provider by that key, and by its own for all we know", () => {
    const course = began();
    course.do({ kind: "page-accepted", key: desk, sentAs: "again" });
    expect(keys(course)).toEqual([desk, "again"]);
  });

  it("several times is known by its newest key last, whatever its provider reports of it", () => {
    const course = began();
    for (const sentAs of ["first", "second", "first"])
      course.do({ kind: "page-failed", key: desk, reason: sentAs === "second" ? "unreachable" : "refused", sentAs });
    expect(keys(course)).toEqual([desk, "second", "first"]);
    course.do({ kind: "page-failed", key: desk, reason: "no-answer" });
    course.do({ kind: "page-accepted", key: desk });
    expect(keys(course)).toEqual([desk, "second", "first"]);
  });

  it("after others is known beside them", () => {
    const course = began();
    course.do({ kind: "page-failed", key: desk, reason: "unreachable", sentAs: "again" });
    course.do({ kind: "page-accepted", key: desk });
    expect(keys(course)).toEqual(["again", desk]);
    course.to(6 * minute, "left");
    expect(pagerOf(course)?.earlier.map(keysOf)).toEqual([["again", desk]]);
    expect(keys(course)).toEqual([pageKey(2, 1)]);
  });
});

describe("a page from memory for a press, before that was recorded", () => {
  const before = { kind: "page-before", pager: "desk", sentAs: "again" } as const;
  const keys = (course: Course) => keysOf(pagerOf(course) ?? { key: "" });
  const earlier = (course: Course) => pagerOf(course)?.earlier.map(keysOf);

  it("is told what changes, once it is known, and is known once", () => {
    const course = new Course().open();
    expect(course.do(before)).toMatchObject({ reason: "page-accepted", effects: [{ kind: "card" }] });
    expect(keys(course)).toEqual([desk, "again"]);
    expect(course.do(before)).toMatchObject({ reason: "already-so", ...nothing });
    expect(course.do({ ...before, pager: "another" })).toMatchObject({ reason: "unknown-page", ...nothing });
    expect(course.do({ kind: "claim", by: alice }).effects).toContainEqual({
      kind: "update",
      pager: "desk",
      key: desk,
    });
  });

  it("stays known beside the page of its step, and where that is taken back", () => {
    const course = new Course().open();
    course.do(before);
    course.to(minute, "left");
    expect([keys(course), earlier(course)]).toEqual([[desk], [[desk, "again"]]]);
    course.do({ kind: "claim", by: alice });
    course.do({ kind: "page-starting", key: desk });
    expect([keys(course), earlier(course)]).toEqual([[desk, "again"], []]);
  });

  it("is known beside a page that went out before it was noted", () => {
    const course = queued();
    course.do(before);
    expect([keys(course), earlier(course)]).toEqual([[desk], [[desk, "again"]]]);
    expect(course.do(before).reason).toBe("already-so");
  });

  it("has the next page out at once where it reached nobody", () => {
    const course = new Course().open();
    course.do(before);
    expect(course.do({ kind: "page-failed", key: desk, reason: "no-answer" }).effects).toContainEqual(
      expect.objectContaining({ kind: "page", pager: "desk", key: desk }),
    );
  });

  it("is called off, also where the one before it was", () => {
    const course = queued();
    course.do({ kind: "page-starting", key: desk });
    course.do({ kind: "page-accepted", key: desk });
    course.do({ kind: "arrive", by: alice });
    course.do({ kind: "call-off", by: alice });
    course.do({ kind: "call-off-taken", page: desk });
    course.do(before);
    expect(pagerOf(course)).toMatchObject({ callOff: null, earlier: [], sentAs: ["again"] });
  });
});

describe("a page that has not left", () => {
  it("gets no update, because it will say everything itself", () => {
    const course = queued();
    const updates = (by: typeof alice) =>
      course.do({ kind: "claim", by }).effects.filter(({ kind }) => kind === "update");
    expect(updates(alice)).toEqual([]);
    course.do({ kind: "decline", by: alice });
    course.do({ kind: "page-starting", key: desk });
    expect(updates(alice)).toEqual([{ kind: "update", pager: "desk", key: desk }]);
  });

  it("is not remembered when a newer one takes its place, because nobody has it", () => {
    const course = new Course({ policy: { steps: toSteps("desk") } }).open().to(4 * minute, "left");
    expect(pagerOf(course)).toMatchObject({ key: pageKey(2, 1), earlier: [] });
  });
});

describe("a page that the provider has (rule 14)", () => {
  it("is accepted with a line, once, and has not failed any more", () => {
    const course = queued();
    course.do({ kind: "page-starting", key: desk });
    course.do({ kind: "page-failed", key: desk, reason: "unreachable" });
    course.now = 70 * second;
    expect(course.do({ kind: "page-accepted", key: desk })).toMatchObject({
      reason: "page-accepted",
      history: [{ kind: "page-accepted", pager: "desk", key: desk, at: 70 * second }],
    });
    expect(pagerOf(course)).toMatchObject({ state: "accepted", failure: null, at: 70 * second });
    expect(stepOf(course)?.state).toBe("accepted");
    expect(course.do({ kind: "page-accepted", key: desk })).toMatchObject({ reason: "already-so", ...nothing });
  });

  it.each(["accept", "decline"] as const)("says nothing any more when a guard answered before: %s", (answer) => {
    const course = queued();
    course.do({ kind: "page-starting", key: desk });
    course.do({ kind: "guard", pageKey: desk, answer });
    const before = course.incident;
    expect(course.do({ kind: "page-accepted", key: desk }).reason).toBe("already-so");
    expect(course.do({ kind: "page-failed", key: desk, reason: "no-answer" }).reason).toBe("already-so");
    expect(course.incident).toBe(before);
  });

  it("says nothing of a newer one", () => {
    const course = new Course().open().to(5 * minute, "left");
    for (const key of [desk, phone]) course.do({ kind: "page-starting", key });
    course.to(9 * minute, "left");
    const before = course.incident;
    expect(course.do({ kind: "page-accepted", key: desk }).reason).toBe("already-so");
    expect(course.do({ kind: "page-failed", key: desk, reason: "no-answer" }).reason).toBe("already-so");
    expect(course.incident).toBe(before);
  });
});

describe("a page that did not arrive (rule 14)", () => {
  it("is said with its reason, and makes the next one due for the same one", () => {
    const course = queued();
    course.do({ kind: "page-starting", key: desk });
    expect(course.do({ kind: "page-failed", key: desk, reason: "unreachable" })).toMatchObject({
      reason: "page-failed",
      history: [
        { kind: "page-failed", pager: "desk", key: desk, reason: "unreachable", at: 65 * second },
        { kind: "page-queued", pager: "phone", key: phone, reason: "unclaimed", at: 65 * second },
      ],
    });
    expect(pagerOf(course)).toMatchObject({ state: "failed", failure: "unreachable", at: 65 * second });
    expect(stepOf(course)?.state).toBe("failed");
    expect(stepOf(course, 2)).toMatchObject({ state: "queued", dueAt: 65 * second, reason: "unclaimed" });
  });

  it("brings one page forward and no second one when it fails in another way", () => {
    const course = new Course({ policy: { steps: toSteps("desk", "phone", "mail") } }).open().to(minute, "left");
    course.do({ kind: "page-failed", key: desk, reason: "unreachable" });
    expect(course.do({ kind: "page-failed", key: desk, reason: "refused" }).reason).toBe("page-failed");
    expect(course.pages).toEqual(["desk unclaimed 60", "phone unclaimed 60"]);
    expect(pagerOf(course)?.failure).toBe("refused");
    expect(course.do({ kind: "page-failed", key: desk, reason: "refused" }).reason).toBe("already-so");
  });

  it.each(["refused", "throttled", "unreachable", "misconfigured"] as const)(
    "is not so by a try that was %s after the provider had accepted it",
    (reason) => {
      const course = new Course().open().to(minute);
      const before = course.incident;
      expect(course.do({ kind: "page-failed", key: desk, reason }).reason).toBe("already-so");
      expect(course.incident).toBe(before);
    },
  );

  it("brings nobody else when security was called off", () => {
    const course = new Course().open().to(minute);
    course.do({ kind: "arrive", by: alice });
    course.do({ kind: "call-off", by: alice });
    expect(course.do({ kind: "page-failed", key: desk, reason: "no-answer" }).reason).toBe("page-failed");
    expect(course.incident?.round.steps[2]).toMatchObject({ state: "waiting", dueAt: 2 * minute, reason: null });
  });

  it("changes nothing more when no page is left", () => {
    const course = new Course({ policy: { steps: toSteps("desk") } }).open().to(minute, "unreachable");
    expect(course.pages).toEqual(["desk unclaimed 60"]);
    expect(pagerOf(course)?.state).toBe("failed");
  });
});

describe("the pages before the newest", () => {
  it("are forgotten beyond twenty, the oldest first", () => {
    const course = new Course({ policy: { steps: toSteps("desk") } }).open().to(minute + 25 * 3 * minute);
    const rounds = pagerOf(course)?.earlier.map(({ key }) => key);
    expect(rounds).toEqual(Array.from({ length: 20 }, (_, index) => pageKey(index + 6, 1)));
    expect(pagerOf(course)?.key).toBe(pageKey(26, 1));
  });

  it.each(["refused", "misconfigured"] as const)("do not count what was %s, which nobody has", (reason) => {
    const course = new Course({ policy: { steps: toSteps("desk") } }).open().to(minute, "left");
    course.do({ kind: "page-starting", key: desk });
    course.do({ kind: "page-failed", key: desk, reason });
    course.to(4 * minute, "left");
    expect(pagerOf(course)).toMatchObject({ key: pageKey(2, 1), earlier: [] });
  });

  it("count what may have arrived, without a call-off of their own", () => {
    const course = new Course({ policy: { steps: toSteps("desk") } }).open().to(minute, "left");
    course.do({ kind: "page-starting", key: desk });
    course.do({ kind: "page-failed", key: desk, reason: "throttled" });
    course.to(4 * minute, "left");
    const [first] = pagerOf(course)?.earlier ?? [];
    expect(first).toEqual({ key: desk, reason: "unclaimed", state: "failed", failure: "throttled", at: minute });
  });

  it("are the newest again when the newest is held before it left (rule 12)", () => {
    const steps = [...toSteps("desk"), { kind: "page" as const, afterMs: 2 * minute, pager: "desk" }];
    const course = new Course({ policy: { steps } }).open().to(minute);
    course.to(2 * minute, "left");
    expect(pagerOf(course)).toMatchObject({ key: phone, state: "queued" });
    course.do({ kind: "arrive", by: alice });
    expect(course.do({ kind: "page-starting", key: phone }).reason).toBe("page-withheld");
    expect(pagerOf(course)).toEqual({
      key: desk,
      reason: "unclaimed",
      state: "accepted",
      at: minute,
      failure: null,
      callOff: null,
      earlier: [],
    });
  });
});
