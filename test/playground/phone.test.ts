import type { Locator } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Incident } from "../../bot/domain/incident/incident.ts";
import { type Language, languages } from "../../bot/domain/language.ts";
import { maxPlaceLength } from "../../bot/kit/safe-text.ts";
import { toChatCard } from "../../bot/teams/cards/chat/chat-card.ts";
import { toIncidentCard } from "../../bot/teams/cards/incident/incident-card.ts";
import { toPersonalCard } from "../../bot/teams/cards/personal-card.ts";
import { toTypedAnswerCard } from "../../bot/teams/cards/typed-answer-card.ts";
import { card } from "../../bot/words/colleague/card.ts";
import { maxLineLengths } from "../../bot/words/shared/line.ts";
import { titlesOf } from "../card-text.ts";
import { type Drawing, openDrawing } from "../teams/cards/drawing.ts";
import { anna, bob, type CourseName, courses, follow, toContext } from "../teams/cards/incident/incidents.ts";
import { personalContents } from "../teams/cards/personal-contents.ts";

/** The narrowest phone that is in use, and what of a card is seen there without moving it, in CSS pixels. */
const width = 320;
const seen = 480;
/** Two have to come, so that the card says that nobody goes alone. */
const changed = { claimsNeeded: 2 };
const location = "Gemeentehuis Burgemeester Heemstralaan 1";
const place = "Spreekkamer Burgemeester van Heemstra-Oosterhout, vierde verdieping, achterzijde";
/** All that may stand between what is asked and what is known, at once. */
const longest: Partial<Incident> = {
  location: "town-hall",
  place,
  directions: "Ga met de lift naar boven, ".repeat(6).slice(0, maxLineLengths.directions),
  cancelledAt: 1,
  restoredAt: 1,
};
/** A message that can't be read: what stands there is where to look. */
const unknown: Partial<Incident> = { ...longest, place: null, unreadable: true };
const places = ["1", "2", "3", "4"].map((number) => `Spreekkamer Burgemeester Heemstralaan ${number}`);
/** Who stands in the card, somebody who said nothing, and who pressed. */
const readers = { anna, bob, nobody: { id: "zoe", name: "Zoë" }, presser: { id: "jansen", name: "A. Jansen" } };

let drawing: Drawing;
beforeAll(async () => {
  drawing = await openDrawing(width);
}, 60_000);
afterAll(() => drawing[Symbol.asyncDispose]());

function toLongest(course: CourseName, language: Language, parts = longest) {
  const context = toContext(language, changed);
  const names = { ...context.names, hasLocations: true, location: () => location, places: () => places };
  const { incident } = follow(courses[course], { changed });
  return { incident: { ...incident, ...parts }, context: { ...context, names } };
}

/** How far down the two buttons that matter end, or the only one. */
async function endOfButtons(card: unknown): Promise<number> {
  await drawing.draw(card);
  const buttons = await drawing.page.getByRole("button").all();
  expect(buttons.length).toBeGreaterThan(0);
  return Math.max(...(await Promise.all(buttons.slice(0, 2).map(endOf))));
}

/** NaN where it is not seen whole without moving it sideways. */
async function endOf(element: Locator): Promise<number> {
  const box = await element.boundingBox();
  return box === null || box.x + box.width > width ? Number.NaN : box.y + box.height;
}

const open = (Object.keys(courses) as CourseName[]).filter((course) => !course.startsWith("closed"));
const cases = languages.flatMap((language) => open.map((course) => [language, course] as const));

it("the longest place is as long as one may be", () => {
  expect([location.length, place.length]).toEqual([maxLineLengths.location, maxPlaceLength]);
});

it.each(cases)("%s %s: in the channel headline, place, question and two buttons are seen at once", async (...which) => {
  for (const parts of [longest, unknown]) {
    const { incident, context } = toLongest(which[1], which[0], parts);
    expect(await endOfButtons(toIncidentCard(incident, context))).toBeLessThanOrEqual(seen);
  }
});

it.each(cases)(
  "%s %s: what closes the alarm unfolds where it is seen, after what says that it is open",
  async (...which) => {
    const { button, ask } = card[which[0]];
    const alarm = { ...toLongest(which[1], which[0]), link: "https://teams.microsoft.com/", isFollowed: false };
    const chats = Object.values(readers).map((person) => toChatCard([alarm], person, alarm.context).card);
    for (const shown of [toIncidentCard(alarm.incident, alarm.context), ...chats]) {
      if (!titlesOf(shown).includes(button.resolve)) continue;
      await drawing.draw(shown);
      await drawing.page.getByRole("button", { name: button.resolve, exact: true }).dispatchEvent("click");
      const unfolded = [drawing.page.getByText(ask.outcome), drawing.page.getByRole("button", { name: button.real })];
      const [sentence, choice] = await Promise.all(unfolded.map(endOf));
      expect(sentence).toBeLessThan(choice ?? Number.NaN);
      expect(choice).toBeLessThanOrEqual(seen);
    }
  },
);

it.each(languages)(
  "in %s the buttons of all that is said to one person are as wide as a phone at most",
  async (language) => {
    const personal = Object.values(personalContents).map((content) => toPersonalCard(content, toContext(language)));
    const asks = (["claim", "decline", "arrive", "check-in", "help", "resolve"] as const).map((verb) => {
      const { incident, context } = toLongest("there", language);
      const choices = [incident, incident].map((each) => ({ incident: each, verbs: [verb] }));
      return toTypedAnswerCard({ kind: "ask", about: "alarm", choices }, context);
    });
    const { incident, context } = toLongest("there", language);
    const done = toTypedAnswerCard({ kind: "done", verb: "claim", incident }, context);
    for (const { card, summary } of [...personal, ...asks, done]) {
      await drawing.draw(card);
      for (const button of await drawing.page.getByRole("button").all()) {
        const box = await button.boundingBox();
        expect(box === null ? Number.NaN : box.x + box.width, summary).toBeLessThanOrEqual(width);
      }
    }
  },
);

it.each(cases)("%s %s: in the chat too, for everybody who may have that card", async (language, course) => {
  for (const parts of [longest, unknown]) {
    const alarm = { ...toLongest(course, language, parts), link: "https://teams.microsoft.com/", isFollowed: false };
    for (const [name, person] of Object.entries(readers)) {
      const end = await endOfButtons(toChatCard([alarm], person, alarm.context).card);
      expect(end, `to ${name}`).toBeLessThanOrEqual(seen);
    }
  }
});
