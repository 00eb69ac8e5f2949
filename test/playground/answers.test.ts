import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { nl } from "../dutch.ts";
import { minute, second } from "../harness.ts";
import { type BrowserDemo, startBrowserDemo } from "./browser-demo.ts";
import { type Chat, openChat } from "./chat.ts";
import type { Client } from "./client.ts";

/**
 * A colleague answers in their chat with the bot, by clicks on the card there and typed, while others answer on the
 * card in the channel. The Playground sends what is typed as its current user, Alice, whoever's page it is, and shows
 * no client what the bot says to somebody else 1:1; so Alice alone has a chat here, and Bob types by an activity that
 * the Playground sends for him.
 */
const bobOfTeams = { id: "29:bob", aadObjectId: "aaaaaaaa-0000-4000-8000-000000000002", name: "Bob de Vries" };

let screen: BrowserDemo;
let chat: Chat;
let alice: Client;
let bob: Client;

beforeAll(async () => {
  screen = await startBrowserDemo({
    startAt: "2026-11-24T13:03:00Z",
    policy: {
      arriveWithinMs: 5 * minute,
      steps: [
        { kind: "tell", afterMs: 0, channel: "alarmen" },
        { kind: "page", afterMs: 5 * minute, pager: "meldkamer" },
      ],
    },
  });
  chat = await openChat(screen.browser, screen.demo.playground.url);
  alice = await screen.open("Alice Jansen");
  bob = await screen.open("Bob de Vries");
});
afterAll(() => screen?.[Symbol.asyncDispose]());

describe("one colleague in their chat and one in the channel", () => {
  let incident: string;
  beforeAll(async () => {
    incident = await screen.press("0042");
    await bob.untilCard(nl.card.headline.open);
  });

  async function everybodySees(text: string): Promise<void> {
    await screen.pass(2 * second);
    for (const client of [alice, bob]) await client.untilCard(text);
  }

  it("the place is read in the chat, and ga typed there counts beside a click on the card at the same moment", async () => {
    await chat.until("Spreekkamer 3");
    await screen.pass(5 * second);
    await Promise.all([chat.type("ga"), bob.click(nl.card.button.claim)]);
    await screen.untilEvent(incident, "claimed");
    await screen.untilEvent(incident, "also-coming");
    await everybodySees(nl.card.headline.coming(2));
    await chat.until(nl.typedAnswer.done.claim.headline);
    for (const name of ["Alice Jansen", "Bob de Vries"])
      expect((await bob.card()).join("\n")).toMatch(new RegExp(`${nl.card.label.coming}: .*${name}`));
  });

  it("typed by who has no client, it counts as well", async () => {
    await chat.sendFor(bobOfTeams, "kan niet");
    await screen.untilEvent(incident, "declined");
    await everybodySees(nl.card.headline.coming(1));
  });

  it("there, and closed with its outcome by a button in the chat: both see the end", async () => {
    await chat.type("ben er");
    await screen.untilEvent(incident, "arrived");
    await everybodySees(nl.card.headline.there);
    await chat.type("afsluiten");
    await chat.until(nl.typedAnswer.ask.outcome.headline);
    await chat.click(nl.card.button.real);
    await screen.untilEvent(incident, "closed");
    await everybodySees(nl.card.headline.closed.real);
    await chat.until(nl.card.headline.closed.real);
  });
});

describe("one clicks on the card in their chat, and one on that in the channel", () => {
  let incident: string;
  beforeAll(async () => {
    incident = await screen.press("0042");
    await bob.untilCard(nl.card.headline.open);
    await screen.pass(5 * second);
  });

  async function bothSee(text: string): Promise<void> {
    await screen.pass(2 * second);
    await Promise.all([chat.untilCard(text), bob.untilCard(text)]);
  }

  it("the card in the chat shows the place, the question and the buttons, below the message that rang", async () => {
    await chat.untilCard(nl.card.headline.open);
    const shown = await chat.card();
    expect(shown).toContain("Spreekkamer 3");
    expect(shown.filter((line) => line === nl.card.button.claim || line === nl.card.button.decline)).toHaveLength(2);
  });

  it("Ik ga at the same moment: both are on the way, and both read it", async () => {
    await Promise.all([chat.click(nl.card.button.claim), bob.click(nl.card.button.claim)]);
    await screen.untilEvent(incident, "claimed");
    await screen.untilEvent(incident, "also-coming");
    await bothSee(nl.card.headline.coming(2));
    await chat.untilCard(nl.alarmInChat.self.coming);
  });

  it("Ik ben er and Ik kan niet at the same moment", async () => {
    await Promise.all([chat.click(nl.card.button.arrive), bob.click(nl.card.button.decline)]);
    await screen.untilEvent(incident, "arrived");
    await screen.untilEvent(incident, "declined");
    await bothSee(nl.card.headline.there);
    await chat.untilCard(nl.alarmInChat.self.there);
  });

  it("closed by a click in the chat with its outcome: both see the end, without buttons", async () => {
    await chat.click(nl.card.button.resolve);
    await chat.click(nl.card.button.false);
    await screen.untilEvent(incident, "closed");
    await bothSee(nl.card.headline.closed.false);
    for (const title of Object.values(nl.card.button)) expect(await chat.card()).not.toContain(title);
  });
});

it("nobody sees an error, and the bot logs none", () => {
  for (const client of [chat, alice, bob]) client.expectNoError();
  expect(screen.errors).toEqual([]);
  expect(screen.pages).toEqual([]);
});
