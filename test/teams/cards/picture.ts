/** Draws the cards of all courses at phone width: `node test/teams/cards/picture.ts <folder>`. */
import { mkdir } from "node:fs/promises";
import { languages } from "../../../bot/domain/language.ts";
import { toIncidentCard, toUnstoredCard } from "../../../bot/teams/cards/incident/incident-card.ts";
import { toPersonalCard } from "../../../bot/teams/cards/personal-card.ts";
import { openDrawing } from "./drawing.ts";
import { type CourseName, courses, follow, press, pressedAt, toContext } from "./incident/incidents.ts";
import { personalContents } from "./personal-contents.ts";

const folder = process.argv[2];
if (folder === undefined) throw new Error("Name a folder for the pictures.");
await mkdir(folder, { recursive: true });

await using drawing = await openDrawing(320);
const draw = async (name: string, card: unknown) => {
  await drawing.draw(card);
  await drawing.page.locator("#card").screenshot({ path: `${folder}/${name}.png` });
};
for (const language of languages) {
  for (const course of Object.keys(courses) as CourseName[]) {
    const { incident, history } = follow(courses[course]);
    const past = incident.closedAt === null ? [] : history;
    await draw(`${language}-${course}`, toIncidentCard(incident, toContext(language, {}, past)));
  }
  for (const [name, content] of Object.entries(personalContents)) {
    await draw(`${language}-personal-${name}`, toPersonalCard(content, toContext(language)).card);
  }
  await draw(`${language}-unrecorded`, toUnstoredCard(press, toContext(language), pressedAt).card);
}
