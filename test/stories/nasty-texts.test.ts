import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { toPlainText } from "../../adapters/protocols/sia-dc09/sender/event-frame.ts";
import { safeFor } from "../../bot/kit/safe-text.ts";
import { nl } from "../dutch.ts";
import { bodyOf, headerOf } from "../fakes/mail-server.ts";
import { type PagerType, type Provider, pagerTypes, startProvider } from "../fakes/providers.ts";
import { readTwiml, type TwimlElement } from "../fakes/twiml-reader.ts";
import { link, nastyTexts, unfit } from "../fixtures/nasty-texts.ts";
import { type Bot, building, type CardInHand, minute, sam, second, startBot } from "../harness.ts";

const ourLinks = /http:\/\/127\.0\.0\.1:\d+\/[^\s"<]*/g;

/** What a person reads or hears of a message, without our own links. */
function readMessage(type: PagerType, text: string): string {
  return toReadable(type, text).replace(ourLinks, "");
}

function toReadable(type: PagerType, text: string): string {
  switch (type) {
    case "webhook":
      return String(JSON.parse(text).incident.place ?? nl.terms.placeUnknown);
    case "smtp":
      return `${decodeWords(headerOf({ raw: text } as never, "Subject") ?? "")}\n${bodyOf({ raw: text } as never)}`;
    case "twilio-sms":
      return JSON.parse(text).Body;
    case "twilio-voice":
      return textOf(readTwiml(JSON.parse(text).Twiml));
    case "pagerduty": {
      const { summary, source, custom_details } = JSON.parse(text);
      return [summary, source, custom_details.text].join("\n");
    }
    default:
      return text;
  }
}

/** A header of a mail as its reader shows it (RFC 2047). */
function decodeWords(header: string): string {
  return header.replace(/\?=\s+=\?/g, "?==?").replace(/=\?utf-8\?([qb])\?([^?]*)\?=/gi, (_word, form, text: string) => {
    if (/b/i.test(form)) return Buffer.from(text, "base64").toString("utf8");
    const bytes = text
      .replaceAll("_", " ")
      .replace(/=([0-9a-f]{2})/gi, (_all, hex) => String.fromCharCode(Number.parseInt(hex, 16)));
    return Buffer.from(bytes, "latin1").toString("utf8");
  });
}

function textOf({ text, children }: TwimlElement): string {
  return [text, ...children.map(textOf)].join(" ");
}

/** How that way shows a place of which this can be read. */
function toWanted(type: PagerType, shown: string | null): string {
  if (type === "sia-dc09") return toPlainText(shown ?? "");
  if (shown === null) return type === "twilio-voice" ? nl.voice.placeUnknown : nl.terms.placeUnknown;
  if (type === "smtp") return shown.replaceAll("=?", "= ?");
  return type.endsWith("sms") ? safeFor.sms(shown) : shown;
}

describe("a place that somebody sends to do harm", () => {
  const providers: Provider[] = [];
  const cards: CardInHand[] = [];
  let bot: Bot;

  beforeAll(async () => {
    bot = await startBot();
    for (const type of pagerTypes) providers.push(await startProvider(type, { now: () => bot.clock.now() }));
    const steps = [{ after: "0s", tell: "frontdesk" }, ...pagerTypes.map((type) => ({ after: "60s", page: type }))];
    await bot.restart({
      pagers: {
        ...(bot.settings.pagers as object),
        ...Object.fromEntries(providers.map(({ type, settings }) => [type, settings])),
      },
      policies: { building: { ...building, repeatEvery: "30m", steps: [...steps, { after: "30m", page: "desk" }] } },
    });
    for (const [index, [, place]] of nastyTexts.entries()) {
      await bot.press(`nasty-${index}`, { place });
      await bot.fastForward(second);
      cards.push(await bot.expectCard(""));
    }
    await bot.fastForward(minute);
    const isDone = () => providers.every((provider) => provider.arrivals().length >= nastyTexts.length);
    for (let waited = 0; waited < 20 * second && !isDone(); waited += 100) await bot.fastForward(100);
  }, 60_000);
  afterAll(async () => {
    await bot[Symbol.asyncDispose]();
    for (const provider of providers) await provider[Symbol.asyncDispose]();
  });

  it.each(nastyTexts.map(([name, , shown], index) => [name, shown, index] as const))(
    "rule 20: %s stands on the card as a text and nothing else",
    (_name, shown, index) => {
      const card = bot.look(cards[index] as CardInHand);
      expect(card.text).toContain(shown?.replace("{{", "{ {") ?? nl.terms.placeUnknown);
      expect(card.text).not.toMatch(/\{\{/);
      // Our own shield is an emoji of two characters.
      expect(card.text.replaceAll("🛡️", "")).not.toMatch(unfit);
      expect(JSON.stringify(card.posted.body)).not.toMatch(/\\ud[89a-f]/i);
    },
  );

  it.each(nastyTexts.map(([name, , shown], index) => [name, shown, index] as const))(
    "rule 20: %s stands on the guard's page as a text and nothing else",
    async (_name, shown, index) => {
      const pages = providers.find(({ type }) => type === "webhook")?.arrivals() ?? [];
      const { incident } = cards[index] as CardInHand;
      const { acceptUrl } = pages.map(({ text }) => JSON.parse(text)).find((page) => page.incident.id === incident);
      const response = await fetch(acceptUrl.replace("http://127.0.0.1:1", bot.url));
      const markup = await response.text();
      const heading = /<h1>([^<]*)<\/h1>/.exec(markup)?.[1] ?? "";
      const names: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', "#39": "'" };
      expect(heading.replace(/&([a-z]+|#39);/g, (_all, name) => names[name] ?? "")).toBe(
        shown ?? nl.terms.placeUnknown,
      );
    },
  );

  it.each(pagerTypes)("rule 20: through %s comes what can be read of each, and no link but ours", (type) => {
    const arrivals = providers.find((provider) => provider.type === type)?.arrivals() ?? [];
    expect(arrivals).toHaveLength(nastyTexts.length);
    for (const { text } of arrivals) expect(text).not.toMatch(/\\ud[89a-f]/i);
    const texts = arrivals.map(({ text }) => readMessage(type, text));
    for (const text of texts) {
      expect(text).not.toMatch(link);
      expect(text).not.toMatch(unfit);
    }
    for (const [name, , shown] of nastyTexts) {
      const wanted = toWanted(type, shown);
      expect(texts.filter((text) => text.includes(wanted)).length, `${name}: ${wanted}`).toBeGreaterThan(0);
    }
  });
});

it("rule 20: an address that a colleague types as their place is no link in what they and others read", async () => {
  const chat = { type: "teams", policy: "building", channel: "frontdesk" };
  await using bot = await startBot({ settings: { sources: { chat }, buttons: [] } });
  const answer = await bot.type(sam, "alarm https://evil.example.nl/x");
  expect(answer.text).toContain("https: //evil. example. nl/x");
  await bot.expectCard("https: //evil. example. nl/x");
});
