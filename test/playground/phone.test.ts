import { afterAll, beforeAll, expect, it } from "vitest";
import { languages } from "../../bot/domain/language.ts";
import { toIncidentCard } from "../../bot/teams/cards/incident/incident-card.ts";
import { type Drawing, openDrawing } from "../teams/cards/drawing.ts";
import { type CourseName, courses, follow, toContext } from "../teams/cards/incident/incidents.ts";

/** The narrowest phone that is in use, and what of a card is seen there without moving it, in CSS pixels. */
const width = 320;
const seen = 480;
const changed = { claimsNeeded: 2 };
const longest = {
  place: "Spreekkamer Burgemeester van Heemstra-Oosterhout, derde verdieping, achterzijde",
};

let drawing: Drawing;
beforeAll(async () => {
  drawing = await openDrawing(width);
}, 60_000);
afterAll(() => drawing[Symbol.asyncDispose]());

const open = (Object.keys(courses) as CourseName[]).filter((course) => !course.startsWith("closed"));
const cases = languages.flatMap((language) => open.map((course) => [language, course] as const));

it.each(cases)("%s %s: headline, place, question and its two buttons are seen at once", async (language, course) => {
  const { incident } = follow(courses[course], { changed });
  await drawing.draw(toIncidentCard({ ...incident, ...longest }, toContext(language, changed)));
  const buttons = await drawing.page.getByRole("button").all();
  expect(buttons.length).toBeGreaterThan(2);
  for (const button of buttons.slice(0, 2)) {
    const box = await button.boundingBox();
    expect(box === null ? Number.NaN : box.y + box.height).toBeLessThanOrEqual(seen);
    expect(box === null ? Number.NaN : box.x + box.width).toBeLessThanOrEqual(width);
  }
});
