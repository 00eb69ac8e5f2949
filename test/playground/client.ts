import type { Browser, Locator, Page, Response } from "playwright-core";
import { z } from "zod";

/** The Playground's page as one colleague has it open, in the channel of the alarms. */
export interface Client {
  readonly page: Page;
  /** The newest card. */
  readonly element: Locator;
  /** All that the newest card says, a line each, its buttons among them. */
  card(): Promise<string[]>;
  /** Waits until the newest card shows this text. */
  untilCard(text: string): Promise<void>;
  /** What the replies under the newest card tell: their lines that end in a time, the oldest reply first. */
  thread(): Promise<string[]>;
  untilThread(text: string): Promise<void>;
  click(title: string): Promise<void>;
  /** From now on nothing that the bot does reaches this client: a phone that went through a tunnel. */
  freeze(): void;
  /** Fails when this colleague saw or caused an error. */
  expectNoError(): void;
}

/** Wide enough for the Playground to show its list of channels. */
const viewport = { width: 1400, height: 1000 };
const patienceMs = 45_000;

const Person = z.looseObject({ id: z.string(), name: z.string() });
const PlaygroundConfig = z.looseObject({
  config: z.looseObject({ currentUser: Person, users: z.array(Person) }),
});

/**
 * Opens the Playground as the colleague with that name and shows the channel. It has no history: open it before the
 * alarm.
 */
export async function openClient(browser: Browser, url: string, name: string, channel: string): Promise<Client> {
  const context = await browser.newContext({ viewport, locale: "nl-NL", deviceScaleFactor: 2 });
  const page = await context.newPage();
  page.setDefaultTimeout(patienceMs);
  let frozen = false;
  const expectNoError = watchErrors(page, name);
  await page.route("**/_internal/v1/config", async (route) => {
    const response = await route.fetch();
    const text = await response.text();
    await route.fulfill({ response, body: seenBy(name, text) });
  });
  // Fonts of a content network, which no client gets here.
  await page.route(/^https:/, (route) => route.abort());
  await page.routeWebSocket(/_ws_conversation/, (socket) => {
    const server = socket.connectToServer();
    server.onMessage((message) => {
      if (!frozen) socket.send(message);
    });
  });
  await page.goto(url);
  await page.getByRole("treeitem", { name: channel }).click();

  const post = page.locator(".fui-Card", { has: page.locator(".ac-adaptiveCard") }).first();
  const card = post.locator(".ac-adaptiveCard").first();
  return {
    page,
    element: card,
    card: async () => toLines(await card.innerText()),
    untilCard: (text) => card.getByText(text).first().waitFor(),
    thread: async () => {
      // A closed card has moments too.
      const shown = new Set(toLines(await card.innerText()));
      const lines = toLines(await post.innerText());
      return lines.filter((line) => /\(\d\d:\d\d:\d\d\)$/.test(line) && !shown.has(line));
    },
    untilThread: (text) => post.getByText(text).first().waitFor(),
    click: (title) => card.getByRole("button", { name: title, exact: true }).click(),
    freeze: () => {
      frozen = true;
    },
    expectNoError,
  };
}

/** Notes what goes wrong on that page from now on; the function that comes back fails when something did. */
export function watchErrors(page: Page, name: string): () => void {
  const wrong: string[] = [];
  page.on("pageerror", (error) => wrong.push(`${name}'s page broke: ${error.message}`));
  page.on("response", (response) => noteInvoke(response, wrong));
  return () => {
    if (wrong.length > 0) throw new Error(wrong.join("\n"));
  };
}

/** The Playground knows one current user; a page that is told another clicks as that one. */
function seenBy(name: string, text: string): string {
  const { config } = PlaygroundConfig.parse(JSON.parse(text));
  const other = config.users.find((user) => user.name === name);
  if (other === undefined) {
    if (config.currentUser.name !== name) throw new Error(`nobody in the Playground is called ${name}`);
    return text;
  }
  const self = config.currentUser;
  const names = new Map([
    [self.id, other.id],
    [other.id, self.id],
  ]);
  return JSON.stringify(JSON.parse(text), (key, value) => {
    if (key === "currentUser") return other;
    if (key === "users") return config.users.map((user) => (user === other ? self : user));
    if (key === "members") return value.map((id: string) => names.get(id) ?? id);
    return value;
  });
}

/** What a click was answered: an error there is what a colleague would see as "Something went wrong". */
async function noteInvoke(response: Response, wrong: string[]): Promise<void> {
  if (!response.url().endsWith("/_conversation/v1/invoke")) return;
  // A page that is closed meanwhile takes the answer with it, and then nobody looks at it any more.
  const text = await response.text().catch(() => "");
  if (response.status() !== 200 || /"statusCode":[45]/.test(text)) wrong.push(`${response.status()} ${text}`);
}

/** What a part of a page says, a line each. */
export function toLines(text: string): string[] {
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
}
