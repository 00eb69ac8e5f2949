import type { Browser } from "playwright-core";
import { z } from "zod";
import { toLines, watchErrors } from "./client.ts";

/** The Playground's page with the chat of its current user and the bot. */
export interface Chat {
  /** Types a message and sends it. */
  type(text: string): Promise<void>;
  /** Waits until the newest card or text in the chat shows this. */
  until(text: string): Promise<void>;
  /** Waits until the newest card shows this. */
  untilCard(text: string): Promise<void>;
  /** All that the newest card says, a line each, its buttons among them. */
  card(): Promise<string[]>;
  /** Clicks that button on the newest card. */
  click(title: string): Promise<void>;
  /** Has the Playground tell the bot that somebody else typed this in their own chat. Nobody sees the answer. */
  sendFor(
    user: { readonly id: string; readonly aadObjectId: string; readonly name: string },
    text: string,
  ): Promise<void>;
  /** Fails when the current user saw or caused an error. */
  expectNoError(): void;
}

/** As `manifests/demo/playground.yml` names them. */
const tenant = "11111111-1111-4111-8111-111111111111";
const own = "a:personal-alice";

const Made = z.looseObject({ id: z.string() });
/** An activity of the current user, which holds all that one needs. */
const Template = z.looseObject({ id: z.string(), serviceUrl: z.string() });

const viewport = { width: 1400, height: 1000 };
const patienceMs = 45_000;

/** Opens the chat. It has no history: open it before what it is to show. */
export async function openChat(browser: Browser, url: string): Promise<Chat> {
  const context = await browser.newContext({ viewport, locale: "nl-NL", deviceScaleFactor: 2 });
  const page = await context.newPage();
  page.setDefaultTimeout(patienceMs);
  const expectNoError = watchErrors(page, "the current user");
  await page.route(/^https:/, (route) => route.abort());
  await page.goto(url);
  await page.getByRole("treeitem", { name: "Personal Chat" }).click();
  const box = page.getByRole("textbox").last();
  const card = page.locator(".ac-adaptiveCard").last();
  return {
    async type(text) {
      await box.click();
      await page.keyboard.type(text);
      await page.keyboard.press("Enter");
    },
    until: (text) => page.getByText(text).last().waitFor(),
    untilCard: (text) => card.getByText(text).first().waitFor(),
    card: async () => toLines(await card.innerText()),
    click: (title) => card.getByRole("button", { name: title, exact: true }).click(),
    async sendFor({ id, aadObjectId, name }, text) {
      const chat = `${url}/_connector/v3/conversations`;
      const made = Made.parse(await postTo(chat, { isGroup: false, members: [{ id }], tenantId: tenant }));
      const template = await fetch(`${url}/_internal/v1/customActivities/template?type=install&conversationId=${own}`);
      const { action: _, ...base } = Template.parse(await template.json());
      const conversation = { id: made.id, conversationType: "personal", tenantId: tenant };
      const from = { id, aadObjectId, name };
      await postTo(`${url}/_internal/v1/customActivities`, { ...base, type: "message", text, conversation, from });
    },
    expectNoError,
  };
}

async function postTo(url: string, body: unknown): Promise<unknown> {
  const answered = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  const text = await answered.text();
  if (!answered.ok) throw new Error(`${url} answered ${answered.status}: ${text}`);
  return text === "" ? null : JSON.parse(text);
}
