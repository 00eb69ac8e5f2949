/** Draws the cards of all courses at phone width: `node test/teams/cards/picture.ts <folder>`. */
import { mkdir } from "node:fs/promises";
import { languages } from "../../../bot/domain/language.ts";
import { toChatCard } from "../../../bot/teams/cards/chat/chat-card.ts";
import { toPresserCard } from "../../../bot/teams/cards/chat/presser-card.ts";
import { toIncidentCard, toUnstoredCard } from "../../../bot/teams/cards/incident/incident-card.ts";
import { toPersonalCard } from "../../../bot/teams/cards/personal-card.ts";
import { openDrawing } from "./drawing.ts";
import { anna, bob, type CourseName, courses, follow, press, pressedAt, toContext } from "./incident/incidents.ts";
import { personalContents } from "./personal-contents.ts";

const wearer = { id: "jansen", name: "A. Jansen" };
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
    const alarm = { incident, context: toContext(language), link: "https://teams.microsoft.com/", isFollowed: false };
    for (const person of [anna, bob])
      await draw(`${language}-chat-${course}-${person.id}`, toChatCard([alarm], person, toContext(language)).card);
    await draw(`${language}-presser-${course}`, toPresserCard(alarm, wearer, toContext(language)).card);
  }
  const both = (["open", "coming"] as const).map((course) => {
    const context = toContext(language);
    return { incident: follow(courses[course]).incident, context, link: null, isFollowed: false };
  });
  await draw(`${language}-chat-shared`, toChatCard(both, anna, toContext(language)).card);
  const followed = both.slice(0, 1).map((alarm) => ({ ...alarm, isFollowed: true }));
  await draw(`${language}-chat-followed`, toChatCard(followed, anna, toContext(language)).card);
  await draw(`${language}-presser-rest`, toPresserCard(null, wearer, toContext(language)).card);
  for (const [name, content] of Object.entries(personalContents)) {
    await draw(`${language}-personal-${name}`, toPersonalCard(content, toContext(language)).card);
  }
  await draw(`${language}-unrecorded`, toUnstoredCard(press, toContext(language), pressedAt).card);
}
