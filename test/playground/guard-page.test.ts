import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Language, languages } from "../../bot/domain/language.ts";
import type { GuardState } from "../../bot/web/guard/guard-state.ts";
import { toGuardToken } from "../../bot/web/guard/guard-token.ts";
import { pressedAt } from "../fixtures/incident.ts";
import { guardKey, openDoors, type TestDoors } from "../web/doors.ts";
import { pageKey, queryOf, standings } from "../web/guard/guard-views.ts";
import { findings, isTooWide } from "./accessibility.ts";
import { type StartedBrowser, startBrowser } from "./browser.ts";

/** What a guard's link can show: each state, a test of the route, and the pages of a heading and a sentence. */
const test = { startedAt: pressedAt - 1000, endsAt: pressedAt + 60_000, answeredAt: null };
const longAgo = pressedAt - 25 * 3_600_000;
const views = {
  ...standings,
  outcome: standings.there,
  test: { test },
  "test-seen": { test: { ...test, answeredAt: pressedAt } },
  gone: { ...standings.closed, incident: { ...standings.closed.incident, closedAt: longAgo } },
  unknown: null,
  "not-saved": standings.asked,
  kept: standings.asked,
  "not-shown": standings.asked,
};
type Shown = keyof typeof views;
const everything = Object.keys(views) as Shown[];

const phone = { width: 360, height: 640 };
/** That phone with everything at twice its size. */
const zoomed = { width: 180, height: 320 };
/** Between them the width that WCAG 1.4.10 asks for. */
const sizes = [phone, { width: 320, height: 256 }, zoomed];

let doors: TestDoors;
let started: StartedBrowser;
/** One for each language, and one that runs no script whatever. */
let pages: Readonly<Record<Language | "unscripted", Page>>;
let link: string;
let current: Shown = "asked";
let answers: string[] = [];

beforeAll(async () => {
  started = await startBrowser();
  doors = await openDoors({
    guard: {
      load: async () => {
        if (current === "not-shown") throw new Error("the storage is down");
        return views[current];
      },
      answer: async (_key, answer, outcome) => {
        if (current === "not-saved") throw new Error("the storage is down");
        answers.push(answer === "safe" ? `safe ${outcome}` : answer);
        return current === "kept" ? "kept" : undefined;
      },
    },
  });
  link = `${doors.url}/guard/${toGuardToken(pageKey, guardKey)}`;
  const openPage = async (locale: Language, javaScriptEnabled = true) => {
    const context = await started.browser.newContext({ locale, javaScriptEnabled });
    const page = await context.newPage();
    page.setDefaultTimeout(45_000);
    return page;
  };
  pages = { nl: await openPage("nl"), en: await openPage("en"), unscripted: await openPage("nl", false) };
});
afterAll(async () => {
  await started?.[Symbol.asyncDispose]();
  await doors?.close();
});

/** The guard's link while it shows that, on a phone. */
async function open(shown: Shown, which: keyof typeof pages): Promise<Page> {
  const page = pages[which];
  current = shown;
  answers = [];
  await page.setViewportSize(phone);
  await page.emulateMedia({ colorScheme: "light", forcedColors: "none" });
  await page.goto(`${link}${toQuery(shown)}`);
  if (shown === "not-saved" || shown === "kept") await page.locator("button").first().click();
  return page;
}

/** What an address says beside its link, for that to show. */
function toQuery(shown: Shown): string {
  if (shown === "outcome") return `${queryOf("there")}&ask=outcome`;
  return shown in standings ? queryOf(shown as GuardState) : "";
}

describe("WCAG 2.2 AA", () => {
  it.each(everything)(
    "%s: axe finds nothing, in Dutch by day and in English by night, twice as large",
    async (shown) => {
      for (const language of languages) {
        const page = await open(shown, language);
        if (language === "en") {
          await page.emulateMedia({ colorScheme: "dark" });
          await page.setViewportSize(zoomed);
        }
        expect(await page.locator("html").getAttribute("lang")).toBe(language);
        expect(await findings(page, ["color-contrast", "html-has-lang", "document-title"])).toEqual([]);
      }
    },
  );

  it.each(everything)(
    "1.4.10, 1.4.4 and 2.5.8: %s is as wide as the screen, and what to press is large",
    async (shown) => {
      const page = await open(shown, "nl");
      for (const size of sizes) {
        await page.setViewportSize(size);
        expect(await isTooWide(page), `${size.width} pixels`).toBe(false);
        for (const [targets, least] of [
          ["button", 56],
          ["a", 44],
        ] as const) {
          for (const target of await page.locator(targets).all()) {
            expect((await target.boundingBox())?.height, await target.innerText()).toBeGreaterThanOrEqual(least);
          }
        }
      }
      // Text alone at twice its size, as a setting of the phone does it.
      await page.setViewportSize(phone);
      await page.evaluate("document.documentElement.style.fontSize = '200%'");
      expect(await isTooWide(page), "text at 200 %").toBe(false);
    },
  );

  it("1.4.1: in the system's own colours every button has an edge, and the expected one a thicker one", async () => {
    const page = await open("there", "nl");
    await page.emulateMedia({ forcedColors: "active" });
    const edges = await page.evaluate<string[]>(
      "[...document.querySelectorAll('.stand button')].map((each) => getComputedStyle(each).borderTopWidth)",
    );
    expect(edges).toEqual(["5px", "2px", "2px"]);
  });
});

describe("without a script, by keyboard alone", () => {
  const focusedText = (page: Page) => page.evaluate<string>("document.activeElement.textContent");
  const outline = "getComputedStyle(document.activeElement).outline";

  it.each([
    ["Enter", "asked", "Ik kom"],
    ["Space", "asked", "Ik kom"],
    ["Enter", "asked", "Ik kom niet"],
    ["Space", "coming", "Ik ben er"],
    ["Enter", "test", "Ik heb deze test gezien"],
    ["Space", "not-shown", "Ik ben er"],
  ] as const)("%s answers %s with %s, and the focus is seen on the way", async (key, shown, label) => {
    const page = await open(shown, "unscripted");
    for (let tabs = 0; tabs < 5 && (await focusedText(page)) !== label; tabs++) {
      await page.keyboard.press("Tab");
      expect(await page.evaluate<string>(outline)).toContain("solid 4px");
    }
    await Promise.all([page.waitForEvent("load"), page.keyboard.press(key)]);
    const known = { "Ik kom": "accept", "Ik kom niet": "decline", "Ik ben er": "arrived" };
    expect(answers).toEqual([label in known ? known[label as keyof typeof known] : "accept"]);
    expect(page.url().startsWith(link)).toBe(true);
  });

  it("goes down the page in its order, and closing takes two presses on two pages", async () => {
    const page = await open("there", "unscripted");
    const order: string[] = [];
    for (let tab = 0; tab < 5; tab++) {
      await page.keyboard.press("Tab");
      order.push(await focusedText(page));
    }
    const stillHere = "Ik ben er nog, het gaat goed";
    expect(order).toEqual([
      "Iedereen is veilig",
      "Ik heb hulp nodig",
      stillHere,
      "Ververs deze pagina",
      "Niet meer vanzelf verversen",
    ]);
    for (let tab = 0; tab < 4; tab++) await page.keyboard.press("Shift+Tab");
    await Promise.all([page.waitForEvent("load"), page.keyboard.press("Space")]);
    expect(answers).toEqual([]);
    expect(await page.locator("h1").innerText()).toBe("Het alarm is nog niet afgesloten");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Tab");
    expect(await focusedText(page)).toBe("Sluit af: het was loos alarm");
    await Promise.all([page.waitForEvent("load"), page.keyboard.press("Enter")]);
    expect(answers).toEqual(["safe false"]);
  });

  it("reads in order without its style, a line for each thing", async () => {
    const page = await open("asked", "unscripted");
    await page.evaluate("document.querySelector('style').remove()");
    const lines = (await page.locator("body").innerText()).split("\n").filter((line) => line.trim() !== "");
    expect(lines.slice(0, 8)).toEqual([
      "Alarm · Gemeente Voorbeeld",
      "Spreekkamer 3",
      "Begane grond, links van de balie",
      "Open de kaart (op 13 m nauwkeurig)",
      "52.50000, 5.70000",
      "Dit alarm kwam 2 minuten na het drukken bij ons aan.",
      "Kunt u komen?",
      "Een medewerker vraagt om hulp. Antwoord nu.",
    ]);
    expect(lines).toContain("10:00:05 Een collega gaat erheen");
  });
});

it("renews itself where it was scrolled to and as whom it was opened, without a script, and rests when told to", async () => {
  const page = await open("coming", "unscripted");
  // As the page does it, but sooner, and once.
  let loads = 0;
  await page.route(/guard/, async (route) => {
    const response = await route.fetch();
    const { refresh, ...headers } = response.headers();
    loads += 1;
    const isDue = refresh !== undefined && loads === 1;
    await route.fulfill({ response, headers: isDue ? { ...headers, refresh: "0" } : headers });
  });
  await page.mouse.wheel(0, 300);
  await expect.poll(() => page.evaluate<number>("scrollY")).toBe(300);
  await page.reload();
  await expect.poll(() => loads).toBe(2);
  await expect.poll(() => page.evaluate<number>("scrollY").catch(() => null)).toBe(300);
  expect(page.url()).toBe(`${link}${queryOf("coming")}`);
  await page.unroute(/guard/);
  await page.goto(`${link}${queryOf("coming")}`);
  await Promise.all([page.waitForEvent("load"), page.getByText("Niet meer vanzelf verversen").click()]);
  expect(page.url()).toBe(`${link}${queryOf("coming")}&renew=off`);
  expect(await page.getByText("Weer vanzelf verversen").isVisible()).toBe(true);
});

it("asks for nothing but itself, and for the map only when that is pressed, without saying where it stood", async () => {
  const page = await open("asked", "nl");
  const asked: string[] = [];
  await page.route(/openstreetmap/, (route) => route.fulfill({ body: "a map" }));
  page.on("request", (request) => asked.push(`${request.url()} from ${request.headers().referer ?? "nowhere"}`));
  await page.reload();
  expect(asked).toEqual([`${link} from nowhere`]);
  await page.getByText("Open de kaart").click();
  expect(asked.slice(1)).toEqual(["https://www.openstreetmap.org/?mlat=52.5&mlon=5.7 from nowhere"]);
});
