import { expect, it } from "vitest";
import { openDoors } from "../web/doors.ts";
import { findings, isTooWide } from "./accessibility.ts";
import { startBrowser } from "./browser.ts";

const contact = { name: "Servicedesk", email: "beheer@gemeente.example.nl", privacy: "https://gemeente.example.nl/p" };

it("the page for anybody meets WCAG 2.2 AA by axe, by day and by night, and is as wide as a phone", async () => {
  await using doors = await openDoors({ contact });
  await using started = await startBrowser();
  const page = await started.browser.newPage({ locale: "nl" });
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width: 320, height: 640 });
    await page.goto(doors.url);
    expect(await findings(page, ["color-contrast", "html-has-lang", "valid-lang", "link-name"])).toEqual([]);
    expect(await isTooWide(page)).toBe(false);
  }
  await page.emulateMedia({ colorScheme: "light" });
  if (process.env.PICTURE !== undefined) await page.screenshot({ path: process.env.PICTURE, fullPage: true });
});
