/** Renders the cards of all courses at phone width: `node test/teams/cards/picture.ts <folder>`. */
import { mkdir } from "node:fs/promises";
import { createRequire } from "node:module";
import { languages } from "../../../bot/domain/language.ts";
import { toIncidentCard, toUnstoredCard } from "../../../bot/teams/cards/incident/incident-card.ts";
import { toPersonalCard } from "../../../bot/teams/cards/personal-card.ts";
import { startBrowser } from "../../playground/browser.ts";
import { type CourseName, courses, follow, press, pressedAt, toContext } from "./incident/incidents.ts";
import { personalContents } from "./personal-contents.ts";

const folder = process.argv[2];
if (folder === undefined) throw new Error("Name a folder for the pictures.");
await mkdir(folder, { recursive: true });

const script = createRequire(import.meta.url).resolve("adaptivecards/dist/adaptivecards.min.js");
const look = `
  body { margin: 0; width: 360px; font: 14px "Segoe UI", "Liberation Sans", sans-serif; background: #f5f5f5 }
  #card { background: #fff; border-radius: 6px; overflow: hidden }
  button { font: 600 14px "Segoe UI", "Liberation Sans", sans-serif; padding: 8px 12px; border: 1px solid #bbb; border-radius: 4px; background: #fff }
  button.style-positive { background: #5b5fc7; color: #fff } button.style-destructive { color: #c4314b; border-color: #c4314b }`;
const hostConfig = {
  fontFamily: "inherit",
  actions: { maxActions: 6, buttonSpacing: 8, actionsOrientation: "Vertical", actionAlignment: "Stretch" },
  containerStyles: {
    attention: { backgroundColor: "#fcf4f6" },
    good: { backgroundColor: "#e7f2da" },
    warning: { backgroundColor: "#fbf6d9" },
    emphasis: { backgroundColor: "#f0f0f0" },
  },
};

await using started = await startBrowser();
const page = await started.browser.newPage({ viewport: { width: 360, height: 900 }, deviceScaleFactor: 2 });
await page.setContent(`<style>${look}</style><div id="card"></div>`);
await page.addScriptTag({ path: script });
const draw = async (name: string, card: unknown) => {
  const code = `(() => { const card = new AdaptiveCards.AdaptiveCard();
    card.hostConfig = new AdaptiveCards.HostConfig(${JSON.stringify(hostConfig)});
    card.parse(${JSON.stringify(card)}); document.getElementById("card").replaceChildren(card.render()); })()`;
  await page.evaluate(code);
  await page.locator("#card").screenshot({ path: `${folder}/${name}.png` });
};
for (const language of languages) {
  for (const course of Object.keys(courses) as CourseName[]) {
    await draw(`${language}-${course}`, toIncidentCard(follow(courses[course]).incident, toContext(language)));
  }
  for (const [name, content] of Object.entries(personalContents)) {
    await draw(`${language}-personal-${name}`, toPersonalCard(content, toContext(language)).card);
  }
  await draw(`${language}-unrecorded`, toUnstoredCard(press, toContext(language), pressedAt).card);
}
