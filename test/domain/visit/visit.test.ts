import { describe, expect, it } from "vitest";
import { advanceVisit, bringBackVisit, extendVisit, startVisit, type Visit } from "../../../bot/domain/visit/visit.ts";

const minute = 60_000;
const person = { id: "p", name: "Paul Drager" };
const visit = startVisit(person, 45 * minute, 0);

function ask(before: Visit, now: number): Visit {
  const step = advanceVisit(before, now);
  if (step.kind !== "ask") throw new Error(`expected a question, got ${step.kind}`);
  return step.visit;
}

describe("a visit", () => {
  it("is asked about at its end, once more after two minutes, and then is a press", () => {
    expect(advanceVisit(visit, 45 * minute - 1)).toEqual({ kind: "wait" });
    const once = ask(visit, 45 * minute);
    expect(advanceVisit(once, 47 * minute - 1)).toEqual({ kind: "wait" });
    const twice = ask(once, 47 * minute);
    expect(advanceVisit(twice, 49 * minute - 1)).toEqual({ kind: "wait" });
    expect(advanceVisit(twice, 49 * minute)).toEqual({ kind: "press" });
  });

  it("gives the time to answer also when the question came late", () => {
    const late = ask(visit, 60 * minute);
    expect(advanceVisit(late, 62 * minute - 1)).toEqual({ kind: "wait" });
    expect(late.nextAt).toBe(62 * minute);
  });

  it("may take longer, from its end, or from now when that has passed; then nothing was asked yet", () => {
    expect(extendVisit(visit, 15 * minute, 30 * minute)).toMatchObject({ startedAt: 0, endsAt: 60 * minute });
    const asked = ask(visit, 45 * minute);
    expect(extendVisit(asked, 15 * minute, 46 * minute)).toMatchObject({
      endsAt: 61 * minute,
      asked: 0,
      nextAt: 61 * minute,
    });
  });

  it("is a minute at least and twelve hours at most", () => {
    expect(startVisit(person, 1, 0).endsAt).toBe(minute);
    expect(startVisit(person, Number.MAX_SAFE_INTEGER, 0).endsAt).toBe(12 * 60 * minute);
    expect(extendVisit(startVisit(person, 12 * 60 * minute, 0), 15 * minute, minute).endsAt).toBe(
      12 * 60 * minute + minute,
    );
  });

  it("that a clock announced that was ahead is brought back as a whole, so that it is asked about now", () => {
    const day = 24 * 60 * minute;
    const now = 10 * day;
    const ahead = startVisit(person, 45 * minute, now + day);
    const back = { startedAt: now - 45 * minute, endsAt: now, nextAt: now };
    expect(bringBackVisit(ahead, now)).toEqual({ ...ahead, ...back });
    const asked = ask(startVisit(person, minute, now - 60 * minute), now + 60 * minute);
    expect(bringBackVisit(asked, now)).toMatchObject({ asked: 1, nextAt: now });
    const sound = startVisit(person, 12 * 60 * minute, now);
    expect(bringBackVisit(sound, now)).toBe(sound);
    const askedNow = ask(visit, now);
    expect(bringBackVisit(askedNow, now)).toBe(askedNow);
  });
});
