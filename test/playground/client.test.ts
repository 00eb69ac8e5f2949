import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { nl } from "../dutch.ts";
import { minute, second } from "../harness.ts";
import { type BrowserDemo, startBrowserDemo } from "./browser-demo.ts";
import type { Client } from "./client.ts";

/** The real client: the emulator's web page in headless Chromium, clicked as colleagues would. */
describe("two colleagues in the Agents Playground", () => {
  let screen: BrowserDemo;
  let alice: Client;
  let bob: Client;
  let late: Client;
  let incident: string;

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
    // The client has no history: who opens it after the alarm does not see it.
    alice = await screen.open("Alice Jansen");
    bob = await screen.open("Bob de Vries");
    late = await screen.open("Carol Smit");
    incident = await screen.press("0042");
  });
  afterAll(() => screen?.[Symbol.asyncDispose]());

  async function everybodySees(text: string): Promise<void> {
    for (const client of [alice, bob]) await client.untilCard(text);
  }

  it("see the card of the alarm", async () => {
    await everybodySees(nl.card.headline.open);
    expect(await alice.card()).toContain("Spreekkamer 3");
    expect(await bob.card()).toEqual(await alice.card());
    await late.untilCard(nl.card.headline.open);
    late.freeze();
  });

  it("click Ik ga at the same moment: one incident, both on the way, the same card for both", async () => {
    await screen.pass(5 * second);
    await Promise.all([alice.click("Ik ga"), bob.click("Ik ga")]);
    await screen.untilEvent(incident, "claimed");
    await screen.untilEvent(incident, "also-coming");
    // Updates of a card go out at most once a second.
    await screen.pass(2 * second);
    await everybodySees("2 collega's onderweg");
    const shown = await alice.card();
    expect(shown.join("\n")).toMatch(/Onderweg: .*Alice Jansen/);
    expect(shown.join("\n")).toMatch(/Onderweg: .*Bob de Vries/);
    expect(await bob.card()).toEqual(shown);
    expect(await screen.press("0042")).toBe(incident);
    await screen.pass(2 * second);
  });

  it("Ik ben er, Het is echt, Alarm afsluiten with an outcome", async () => {
    await alice.click("Ik ben er");
    await screen.untilEvent(incident, "arrived");
    await screen.pass(2 * second);
    await everybodySees("Er is iemand ter plaatse");
    await alice.click("Het is echt");
    await screen.untilEvent(incident, "verified");
    await screen.pass(2 * second);
    await everybodySees("Een collega ter plaatse heeft gezien dat het echt is");
    await alice.click("Alarm afsluiten");
    await alice.click("Het was echt");
    await screen.untilEvent(incident, "closed");
    await screen.pass(2 * second);
    await everybodySees("Afgesloten – het was echt");
    expect(await bob.card()).toEqual(await alice.card());
  });

  it("read the whole story under the card, in order", async () => {
    await alice.untilThread("Afgesloten door Alice Jansen");
    const thread = await alice.thread();
    const first = (await screen.events(incident)).indexOf("claimed");
    const [line] = await screen.demo.app.history(incident, first);
    const claimer = line?.kind === "claimed" ? line.by.name : "nobody";
    const other = claimer === "Alice Jansen" ? "Bob de Vries" : "Alice Jansen";
    const story = [
      `${claimer} gaat.`,
      `${other} gaat ook.`,
      "Er is opnieuw op knop 0042 gedrukt (2e keer).",
      "Alice Jansen is ter plaatse.",
      "Iemand ter plaatse zegt: het is echt. Gemeld door Alice Jansen.",
      "Afgesloten door Alice Jansen: het was echt.",
      // What rings is a reply of its own, below the one that is edited.
      "klik op de kaart op Ik ga of Ik kan niet",
    ];
    expect(thread).toEqual(story.map((sentence) => expect.stringContaining(sentence)));
    await bob.untilThread("Afgesloten door Alice Jansen");
    expect(await bob.thread()).toEqual(thread);
  });

  it("a click on a card that is out of date changes nothing and brings the fresh card", async () => {
    expect((await late.card()).join("\n")).toContain(nl.card.headline.open);
    const before = await screen.demo.app.history(incident, 0);
    await late.click("Ik ga");
    await late.untilCard("Afgesloten – het was echt");
    expect(await screen.demo.app.history(incident, 0)).toEqual(before);
    expect(await late.card()).toEqual(["Dit alarm is al afgesloten.", ...(await alice.card())]);
  });

  it("nobody sees an error, and the bot logs none", async () => {
    for (const client of [alice, bob, late]) {
      client.expectNoError();
      expect(await client.page.getByText(/something went wrong/i).count()).toBe(0);
    }
    expect(screen.errors).toEqual([]);
    expect(screen.pages).toEqual([]);
  });
});
