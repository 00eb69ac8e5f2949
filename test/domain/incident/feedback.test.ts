import { describe, expect, it } from "vitest";
import type { Press } from "../../../bot/domain/incident/command.ts";
import { alice, bob, Course, minute, press, second } from "./course.ts";

const hearing: Press = { ...press, hasDownlink: true };
const pressed = (course: Course, part: Partial<Press> = {}) =>
  course.do({ kind: "press", press: { ...hearing, ...part } });
const heard = (course: Course) =>
  course.effects.flatMap((effect) =>
    effect.kind === "feedback" ? [`${effect.source} ${effect.button} ${effect.what} ${effect.at / second}`] : [],
  );

describe("what a device with a down-link shows who pressed", () => {
  it("is that the press was received, and once that somebody is coming", () => {
    const course = new Course().open({ hasDownlink: true }).to(5 * second);
    course.do({ kind: "claim", by: alice });
    course.do({ kind: "claim", by: bob });
    course.do({ kind: "arrive", by: bob });
    expect(heard(course)).toEqual(["buttons 0042 received 0", "buttons 0042 coming 5"]);
  });

  it("is nothing where the device has none", () => {
    const course = new Course().open();
    course.do({ kind: "claim", by: alice });
    expect(heard(course)).toEqual([]);
  });

  it("is said again of a new press, and at once that somebody is coming", () => {
    const course = new Course().open({ hasDownlink: true });
    course.do({ kind: "claim", by: alice });
    course.to(5 * second);
    pressed(course);
    expect(heard(course).slice(2)).toEqual(["buttons 0042 received 5", "buttons 0042 coming 5"]);
  });

  it("is said to another button alone when that one presses, also one of the same name at another source", () => {
    const course = new Course().open({ hasDownlink: true });
    pressed(course, { button: "0043" });
    pressed(course, { source: "panel" });
    expect(heard(course)).toEqual(["buttons 0042 received 0", "buttons 0043 received 0", "panel 0042 received 0"]);
  });

  it("is said anew when nobody was coming any more", () => {
    const course = new Course().open({ hasDownlink: true });
    course.do({ kind: "claim", by: alice });
    course.do({ kind: "decline", by: alice });
    course.to(5 * second).do({ kind: "claim", by: alice });
    expect(heard(course)).toEqual(["buttons 0042 received 0", "buttons 0042 coming 0", "buttons 0042 coming 5"]);
  });

  it.each(["accept", "arrived"] as const)("is also that a guard is coming or there: %s", (answer) => {
    const course = new Course().open({ hasDownlink: true }).to(minute);
    course.do({ kind: "guard", pageKey: "incident-1-1-1", answer });
    expect(heard(course)).toEqual(["buttons 0042 received 0", "buttons 0042 coming 60"]);
  });

  it.each(["feedback-sent", "feedback-failed"] as const)(
    "is noted in the history and changes nothing else: %s",
    (kind) => {
      const course = new Course().open({ hasDownlink: true }).to(5 * second);
      const { version, ...before } = course.incident ?? { version: 0 };
      const { reason, history, effects, incident } = course.do({ kind, button: "0042", what: "received" });
      expect(reason).toBe("feedback-noted");
      expect(history).toEqual([{ kind, button: "0042", what: "received", at: 5 * second }]);
      expect(effects).toEqual([{ kind: "card" }]);
      expect(incident).toEqual({ ...before, version: version + 1 });
    },
  );
});
