/**
 * `npm run pictures`: the four states of a card, the guard desk and the guard's page, at phone width, for the README.
 */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Locator, Page } from "playwright-core";
import { nl } from "../dutch.ts";
import { minute, second } from "../harness.ts";
import { startBrowserDemo } from "./browser-demo.ts";
import type { Client } from "./client.ts";

const folder = join(import.meta.dirname, "../../manifests/pictures");
await mkdir(folder, { recursive: true });

await using screen = await startBrowserDemo({
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
const alice = await screen.open("Alice Jansen");
const bob = await screen.open("Bob de Vries");
// The Playground's own layout needs a desktop; the card in it can be as narrow as on a phone.
await alice.page.addStyleTag({ content: ".ac-adaptiveCard { width: 344px !important }" });

await expectEmoji(alice.page);

const first = await screen.press("0042");
await take(alice, "open", nl.card.headline.open);

await screen.pass(15 * second);
await bob.untilCard(nl.card.headline.open);
await bob.click("Ik ga");
await screen.untilEvent(first, "claimed");
await take(alice, "on-the-way", "1 collega onderweg");

await screen.pass(45 * second);
await bob.click("Ik ben er");
await screen.untilEvent(first, "arrived");
await screen.pass(30 * second);
await bob.untilCard("Er is iemand ter plaatse");
await bob.click("Alarm afsluiten");
await bob.click("Loos alarm");
await screen.untilEvent(first, "closed");
await take(alice, "closed", "Afgesloten – loos alarm");

await screen.pass(20 * minute);
const again = await screen.press("0051");
await alice.untilCard(nl.card.headline.open);
await screen.pass(minute + second);
await screen.untilEvent(again, "page-accepted");
await screen.pass(2 * second);
await take(alice, "security-paged", "NOG GEEN REACTIE");

const desk = await openPhone(screen.demo.deskUrl, { width: 390, height: 780 });
await save(desk.locator("body"), "guard-desk");
// What a guard sees without scrolling.
const guard = await openPhone(screen.pages[0] ?? "", { width: 360, height: 640 });
await guard.screenshot({ path: toPath("guard-page"), animations: "disabled" });

/** A machine without such a font shows a box for each symbol, and nobody would notice before the pictures are read. */
async function expectEmoji(page: Page): Promise<void> {
  const isColoured = await page.evaluate<boolean>(`(() => {
    const context = document.createElement("canvas").getContext("2d");
    context.fillText("\u{1f534}", 0, 20);
    const { data } = context.getImageData(0, 0, 40, 40);
    return data.some((value, at) => at % 4 === 0 && value !== data[at + 1]);
  })()`);
  if (!isColoured) throw new Error("This machine shows no emoji. On Debian and Ubuntu: fonts-noto-color-emoji");
}

async function openPhone(url: string, viewport: { width: number; height: number }): Promise<Page> {
  const page = await screen.browser.newPage({ viewport, deviceScaleFactor: 2, locale: "nl-NL" });
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
