import { describe, expect, it } from "vitest";
import { alice, Course, minute, press } from "../../../domain/incident/course.ts";
import { nl } from "../../../dutch.ts";
import { clock, readCard } from "./read-course.ts";

describe("the closed card's row of security", () => {
  const { past } = nl;
  const page = "incident-1-1-1";
  const at = (seconds: number) => clock(seconds * 1000);
  const guard = (course: Course, who: string, answer: "accept" | "decline" | "arrived") =>
    course.do({ kind: "guard", pageKey: page, answer, guard: { who, isCertain: true } });
  const rowOf = (course: Course) => {
    course.do({ kind: "resolve", by: alice, isLead: true, outcome: "real" });
    return readCard(course).row(nl.card.label.security("desk"))?.split("; ")[0];
  };

  it("says nothing of a guard who can't come while another of them comes or is there", () => {
    const course = new Course().open().to(minute);
    guard(course, "one", "accept");
    guard(course.to(2 * minute), "one", "arrived");
    expect(guard(course, "two", "decline").reason).toBe("guard-declined");
    const parts = [past.paged(at(60)), past["guard-accepted"](at(60)), past["guard-arrived"](at(120))];
    expect(rowOf(course)).toBe(parts.join(", "));
  });

  it("says it where that guard had been told not to come", () => {
    const course = new Course().open().to(minute);
    guard(course, "one", "accept");
    course.do({ kind: "arrive", by: alice });
    course.do({ kind: "call-off", by: alice });
    guard(course.to(2 * minute), "two", "decline");
    const parts = [past.paged(at(60)), past["guard-accepted"](at(60)), past["called-off"](at(60))];
    expect(rowOf(course)).toBe([...parts, past["guard-declined"](at(120))].join(", "));
  });

  it("says that nothing was sent at first, and calls it a call from when a provider took it", () => {
    const course = new Course().open().to(minute, "unreachable");
    const failed = past.failed(nl.terms.failure.unreachable, at(60));
    course.do({ kind: "page-accepted", key: page });
    expect(rowOf(course)).toBe([failed, past.paged(at(60)), past.unanswered].join(", "));
    expect(rowOf(new Course().open().to(minute, "unreachable"))).toBe(failed);
  });

  it("keeps, over a press and a page after them, that a guard fell silent and that they were called off", () => {
    const course = new Course({ policy: { checkAfterMs: 4 * minute } }).open().to(minute);
    guard(course, "one", "arrived");
    course.to(8 * minute);
    course.do({ kind: "press", press });
    course.do({ kind: "arrive", by: alice });
    course.do({ kind: "call-off", by: alice });
    course.do({ kind: "decline", by: alice });
    course.do({ kind: "press", press });
    const row = rowOf(course.to(12 * minute)) ?? "";
    expect(row).toContain(past.silent(clock(course.history.find(({ kind }) => kind === "check-missed")?.at ?? 0)));
    expect(row).toContain(past["called-off"](at(480)));
  });
});
