import { describe, expect, it } from "vitest";
import { undoWithinMs } from "../../../bot/domain/incident/decide.ts";
import { alice, bob, Course, minute, press, presser, second } from "./course.ts";

const inChat = { via: "chat" } as const;

describe("taking a press in Teams back (rule 19)", () => {
  it("cancels and ends nothing, up to ten seconds after the press", () => {
    expect(undoWithinMs).toBe(10 * second);
    const course = new Course().open(inChat);
    course.now = undoWithinMs;
    expect(course.do({ kind: "oops", by: presser })).toMatchObject({
      reason: "cancelled",
      history: [{ kind: "cancelled", at: undoWithinMs }],
      incident: { cancelledAt: undoWithinMs, closedAt: null },
    });
    expect(course.to(minute).pages).toEqual(["desk unclaimed 60"]);
  });

  it("is too late after that, because others may be on their way", () => {
    const course = new Course().open(inChat);
    course.now = undoWithinMs + 1;
    expect(course.do({ kind: "oops", by: presser }).reason).toBe("too-late");
    expect(course.incident?.cancelledAt).toBeNull();
  });

  it("counts from when that button last pressed", () => {
    const course = new Course().open(inChat).to(20 * second);
    course.do({ kind: "press", press: { ...press, ...inChat } });
    expect(course.do({ kind: "oops", by: presser }).reason).toBe("cancelled");
  });

  it("counts from the newest of several presses of one's own, and from nobody else's", () => {
    const bobs = { ...press, button: "bob", holder: { id: bob.id, name: bob.name } };
    const course = new Course().open({ ...bobs, via: "chat" }).to(20 * second);
    course.do({ kind: "press", press: { ...press, via: "chat" } });
    expect(course.do({ kind: "oops", by: bob }).reason).toBe("too-late");
    course.do({ kind: "press", press: { ...bobs, button: "bob-visit", via: "visit" } });
    expect(course.do({ kind: "oops", by: bob }).reason).toBe("cancelled");
  });

  it("is so once", () => {
    const course = new Course().open(inChat);
    course.do({ kind: "oops", by: presser });
    expect(course.do({ kind: "oops", by: presser }).reason).toBe("already-so");
    expect(course.do({ kind: "cancel" }).reason).toBe("already-so");
    course.now = minute - 1;
    expect(course.do({ kind: "oops", by: presser }).reason).toBe("already-so");
    expect(course.kinds.filter((kind) => kind === "cancelled")).toHaveLength(1);
  });

  it.each([
    ["by somebody else", inChat, alice],
    ["by the holder of a device, who has its own way to cancel", {}, presser],
    ["of a button that nobody carries", { ...inChat, holder: null }, presser],
  ])("is not allowed %s", (_who, part, by) => {
    expect(new Course().open(part).do({ kind: "oops", by }).reason).toBe("not-allowed");
  });

  it("is for the one of several who pressed in Teams", () => {
    const course = new Course().open();
    course.do({
      kind: "press",
      press: { ...press, button: "bob", via: "visit", holder: { id: bob.id, name: bob.name } },
    });
    expect(course.do({ kind: "oops", by: presser }).reason).toBe("not-allowed");
    expect(course.do({ kind: "oops", by: bob }).reason).toBe("cancelled");
  });
});

describe("a moment that comes", () => {
  it("changes nothing when it is not yet there, because two timekeepers may have seen it", () => {
    const course = new Course().open();
    const before = course.incident;
    course.now = minute - 1;
    expect(course.do({ kind: "deadline" })).toEqual({ incident: before, history: [], effects: [], reason: "not-due" });
    course.now = minute;
    expect(course.do({ kind: "deadline" }).reason).toBe("advanced");
  });
});
