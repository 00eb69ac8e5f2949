import { describe, expect, it } from "vitest";
import { alice, Course, minute, press } from "./course.ts";

function closed(): Course {
  const course = new Course().open().to(minute);
  course.do({ kind: "resolve", by: alice, isLead: true, outcome: "real" });
  return course;
}

describe("a closed incident (rule 18)", () => {
  it("gives back itself and nothing else, whatever comes", () => {
    const course = closed();
    const before = course.incident;
    const same = { incident: before, history: [], effects: [], reason: "already-closed" };
    expect(course.do({ kind: "press", press })).toEqual(same);
    expect(course.do({ kind: "deadline" })).toEqual(same);
    expect(course.do({ kind: "page-failed", key: "incident-1-1-1", reason: "no-answer" })).toEqual(same);
  });

  it.each(["call-off-taken", "call-off-failed"] as const)(
    "learns whether those who were paged know of it, and pages nobody for that: %s",
    (kind) => {
      const course = closed();
      course.now = 30 * minute;
      const page = "incident-1-1-1";
      const command = kind === "call-off-taken" ? { kind, page } : { kind, page, reason: "refused" as const };
      expect(course.do(command)).toMatchObject({
        reason: kind,
        history: [{ kind, pager: "desk", at: 30 * minute }],
        effects: [{ kind: "card" }],
      });
      expect(course.incident?.nextAt).toBeNull();
    },
  );
});
