/**
 * `npm run pictures`: the four states of a card, the guard desk and the guard's page, at phone width, for the README.
 */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Locator, Page } from "playwright-core";
import { minute, second } from "../harness.ts";
import type { Client } from "./client.ts";
import { startStage } from "./stage.ts";

const folder = join(import.meta.dirname, "../../manifests/pictures");
await mkdir(folder, { recursive: true });

await using stage = await startStage({
  startAt: "2026-11-24T13:03:20Z",
  policy: {
    arriveWithinMs: 2 * minute,
    repeatEveryMs: 3 * minute,
    steps: [
      { kind: "tell", afterMs: 0, channel: "alarmen" },
      { kind: "page", afterMs: minute, pager: "meldkamer" },
    ],
  },
});
const alice = await stage.open("Alice Jansen");
const bob = await stage.open("Bob de Vries");
// The Playground's own layout needs a desktop; the card in it can be as narrow as on a phone.
await alice.page.addStyleTag({ content: ".ac-adaptiveCard { width: 344px !important }" });

const first = await stage.press("0042");
await take(alice, "open", "NIEMAND GAAT NOG");

await stage.pass(15 * second);
await bob.untilCard("NIEMAND GAAT NOG");
await bob.click("Ik ga");
await stage.untilEvent(first, "claimed");
await take(alice, "on-the-way", "1 collega onderweg");

await stage.pass(45 * second);
await bob.click("Ik ben er");
await stage.untilEvent(first, "arrived");
await stage.pass(30 * second);
await bob.untilCard("Er is iemand ter plaatse");
await bob.click("Veilig");
await bob.click("Loos alarm");
await stage.untilEvent(first, "closed");
await take(alice, "closed", "Gesloten – loos alarm");

await stage.pass(20 * minute);
const again = await stage.press("0051");
await alice.untilCard("NIEMAND GAAT NOG");
await stage.pass(minute + second);
await stage.untilEvent(again, "page-accepted");
await stage.pass(2 * second);
await take(alice, "security-paged", "NOG GEEN ANTWOORD");

const desk = await openPhone(stage.demo.deskUrl, { width: 390, height: 780 });
await save(desk.locator("body"), "guard-desk");
// What a guard sees without scrolling.
const guard = await openPhone(stage.pages[0] ?? "", { width: 360, height: 640 });
await guard.screenshot({ path: toPath("guard-page"), animations: "disabled" });

async function openPhone(url: string, viewport: { width: number; height: number }): Promise<Page> {
  const page = await stage.browser.newPage({ viewport, deviceScaleFactor: 2, locale: "nl-NL" });
  await page.goto(url);
  return page;
}

async function take(client: Client, name: string, text: string): Promise<void> {
  await client.untilCard(text);
  await save(client.element, name);
}

async function save(element: Locator, name: string): Promise<void> {
  await element.screenshot({ path: toPath(name), animations: "disabled" });
}

function toPath(name: string): string {
  return join(folder, `${name}.png`);
}
