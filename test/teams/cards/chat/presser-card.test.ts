import { describe, expect, it } from "vitest";
import { languages } from "../../../../bot/domain/language.ts";
import { toPresserCard, toPresserState } from "../../../../bot/teams/cards/chat/presser-card.ts";
import { presser } from "../../../../bot/words/chat/presser.ts";
import { personal } from "../../../../bot/words/colleague/personal.ts";
import { terms } from "../../../../bot/words/shared/terms.ts";
import { textsOf, titlesOf } from "../../../card-text.ts";
import { type CourseName, courses, follow, press, toContext } from "../incident/incidents.ts";

const wearer = { id: "jansen", name: "A. Jansen" };
const names = Object.keys(courses) as CourseName[];
/** In all others a human has said neither, or not any more. */
const states: Partial<Record<CourseName, ReturnType<typeof toPresserState>>> = {
  coming: "coming",
  guardComing: "coming",
  guardAndColleague: "coming",
  pagedAndComing: "coming",
  failedAndComing: "coming",
  lapsedAndComing: "coming",
  guardThere: "there",
  helpAndGuard: "there",
  helpMet: "there",
  helpAgain: "there",
  thereAndPaged: "there",
  thereAndSilent: "there",
  there: "there",
  asked: "there",
  help: "there",
  witnessed: "there",
  closed: "over",
  closedAfterGuard: "over",
};

describe.each(languages)("the card of who pressed, in %s", (language) => {
  it.each(names)("%s: says no more than humans have said", (course) => {
    const alarm = { incident: follow(courses[course]).incident, context: toContext(language) };
    const state = states[course] ?? "received";
    expect(toPresserState(alarm)).toBe(state);
    const { card } = toPresserCard(alarm, wearer, toContext(language));
    expect(textsOf(card)[0]).toBe(presser[language].state[state].headline);
    expect(titlesOf(card)).toEqual([]);
    // Nobody who looks over a shoulder reads who comes.
    if (state !== "over") expect(JSON.stringify(card)).not.toMatch(/Anna|Bob/);
  });

  it("says once that the place is not known, and when it is over what a card that stays as it is means", () => {
    const opening = { ...press, place: terms[language].placeUnknown };
    const { incident } = follow(courses.closed, { opening });
    const texts = textsOf(toPresserCard({ incident, context: toContext(language) }, wearer, toContext(language)).card);
    expect(texts).toContain(terms[language].placeUnknown);
    expect(texts).toContain(presser[language].unchanged.button);
  });

  it.each(["chat", "visit"] as const)("of who pressed by %s and wears no button speaks of none", (via) => {
    for (const course of names) {
      const { incident } = follow(courses[course], { opening: { ...press, via } });
      const { card } = toPresserCard({ incident, context: toContext(language) }, wearer, toContext(language));
      expect(textsOf(card).join("\n")).not.toMatch(/knop|button/i);
      const isAgain = ["there", "over"].includes(states[course] ?? "received");
      if (isAgain) expect(titlesOf(card)).toEqual([personal[language].button.alarm]);
      else expect(titlesOf(card)).not.toContain(personal[language].button.alarm);
    }
  });

  it("is small, whatever the place", () => {
    const opening = {
      ...press,
      place: "Spreekkamer Burgemeester van Heemstra-Oosterhout, derde verdieping, achterzijd",
    };
    const sizes = names.map((course) => {
      const alarm = { incident: follow(courses[course], { opening }).incident, context: toContext(language) };
      return { course, bytes: Buffer.byteLength(JSON.stringify(toPresserCard(alarm, wearer, toContext(language)))) };
    });
    for (const { bytes } of sizes) expect(bytes).toBeLessThan(3_000);
  });
});
