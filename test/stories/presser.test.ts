import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ClickVerb } from "../../bot/domain/incident/command.ts";
import { nl, shown } from "../dutch.ts";
import type { Colleague } from "../fakes/teams.ts";
import { alice, bob, carol, hour, lea, minute, paul, people, second, sourceSecret, startBot } from "../harness.ts";
import { countDirect, presserCardOf, startWithNights } from "../in-chats.ts";
import { ringsOf } from "../rings-of.ts";

const { state, withdrawn, unchanged } = nl.presser;
const sources = {
  buttons: { type: "webhook", secret: sourceSecret, policy: "building", channel: "frontdesk" },
  chat: { type: "teams", policy: "building", channel: "frontdesk" },
};
/** Paul, and whether he is told by messages. */
const telling = (who: Colleague) =>
  people.map((person) => (person.name === who.name ? { ...person, tellPresser: true } : person));

describe("who wears a button (rule 27)", () => {
  it("has a card in their chat before any alarm, once, which says what it is for", async () => {
    const { bot: started, night } = await startWithNights();
    await using bot = started;
    await bot.fastForward(minute);
    for (const who of [paul, carol]) {
      expect(countDirect(bot, who)).toBe(1);
      expect(presserCardOf(bot, who).text).toBe(
        [state.rest.headline, ...state.rest.text, unchanged.button].map(shown).join("\n"),
      );
      expect(presserCardOf(bot, who).buttons).toEqual([]);
    }
    for (const who of [alice, bob, lea]) expect(countDirect(bot, who)).toBe(0);
    await bot.restart();
    await bot.fastForward(minute);
    await night(minute);
    expect(countDirect(bot, paul)).toBe(1);
  });

  it("is shown there, without a sound, what humans have said; never before they do, and no longer than it holds", async () => {
    const { bot: started, night } = await startWithNights();
    await using bot = started;
    const { incident } = await bot.press("0042");
    await bot.expectCard("Spreekkamer 3");
    await bot.fastForward(2 * second);
    expect(presserCardOf(bot, paul).text).toContain(state.received.headline);
    expect(presserCardOf(bot, paul).text).toContain("Spreekkamer 3");
    const click = async (who: Colleague, verb: ClickVerb) => {
      await bot.click(who, incident ?? "", verb);
      await bot.fastForward(2 * second);
      return presserCardOf(bot, paul).text;
    };
    // Somebody who was messaged, or can't, is nobody who comes.
    expect(await click(bob, "decline")).toContain(state.received.headline);
    expect(await click(alice, "claim")).toContain(state.coming.headline);
    expect(await click(alice, "decline")).toContain(state.received.headline);
    // Paged, and taken by the provider: no human has answered.
    await bot.fastForward(minute);
    const page = await bot.desk.expectPage("declined");
    expect(presserCardOf(bot, paul).text).toContain(state.received.headline);
    await bot.answer(page, "accept");
    await bot.fastForward(2 * second);
    expect(presserCardOf(bot, paul).text).toContain(state.coming.headline);
    expect(await click(alice, "arrive")).toContain(state.there.headline);
    await bot.click(alice, incident ?? "", "resolve", "real");
    await bot.fastForward(2 * second);
    expect(presserCardOf(bot, paul).text).toContain(state.over.headline);
    expect(presserCardOf(bot, paul).text).toContain(alice.name);
    expect(countDirect(bot, paul)).toBe(1);
    // The next night it is at rest again.
    bot.clock.to(bot.clock.now() + 13 * hour);
    await bot.settle();
    await night(minute);
    expect(presserCardOf(bot, paul).text).toContain(state.rest.headline);
    expect(countDirect(bot, paul)).toBe(1);
  });

  it("is not told that somebody comes whose promise has lapsed", async () => {
    await using bot = await startBot();
    const { incident } = await bot.press("0042");
    await bot.expectCard("Spreekkamer 3");
    await bot.click(alice, incident ?? "", "claim");
    await bot.fastForward(2 * second);
    expect(presserCardOf(bot, paul).text).toContain(state.coming.headline);
    await bot.fastForward(2 * minute);
    expect(presserCardOf(bot, paul).text).toContain(state.received.headline);
    bot.desk.ignoreRest();
    bot.phone.ignoreRest();
  });

  it("sees that it was withdrawn with the button, and that somebody is asked to come all the same", async () => {
    await using bot = await startBot();
    await bot.press("0042");
    await bot.expectCard("Spreekkamer 3");
    await bot.press("0042", { kind: "cancel" });
    await bot.fastForward(2 * second);
    expect(presserCardOf(bot, paul).text).toContain(withdrawn);
  });

  it("sees the alarm that is open, also once an earlier one of theirs is closed", async () => {
    const buttons = [
      { source: "buttons", id: "0042", place: "Spreekkamer 3", holder: paul.name },
      { source: "buttons", id: "0043", place: "Kelder", holder: paul.name },
    ];
    await using bot = await startBot({ settings: { buttons } });
    const first = await bot.press("0042");
    await bot.expectCard("Spreekkamer 3");
    await bot.press("0043");
    await bot.expectCard("Kelder");
    await bot.fastForward(2 * second);
    expect(presserCardOf(bot, paul).text).toContain("Kelder");
    await bot.click(lea, first.incident ?? "", "resolve", "false");
    await bot.fastForward(2 * second);
    expect(presserCardOf(bot, paul).text).toContain("Kelder");
    expect(presserCardOf(bot, paul).text).toContain(state.received.headline);
  });

  it("whose chat takes nothing holds up no alarm", async () => {
    await using bot = await startBot();
    bot.teams.fail("update", { kind: "hang", where: bot.teams.chatOf(paul) });
    const { incident } = await bot.press("0042");
    const card = await bot.expectCard("Spreekkamer 3");
    await bot.click(alice, incident ?? "", "claim");
    await bot.fastForward(2 * second);
    expect(bot.look(card).text).toContain(nl.card.headline.coming(1));
    expect(bot.teams.told).toHaveLength(2);
  });
});

describe("with tellPresser: true", () => {
  it("gets a message for each of these, once, and no card", async () => {
    await using bot = await startBot({ settings: { people: telling(paul) } });
    expect(countDirect(bot, paul)).toBe(0);
    const { incident } = await bot.press("0042");
    await bot.expectCard("Spreekkamer 3");
    await bot.fastForward(2 * second);
    for (const verb of ["claim", "arrive"] as const) {
      await bot.click(alice, incident ?? "", verb);
      await bot.fastForward(2 * second);
    }
    await bot.click(bob, incident ?? "", "decline");
    await bot.click(alice, incident ?? "", "resolve", "real");
    await bot.fastForward(2 * second);
    const told = bot.chatWith(paul).map(({ text }) => text.split("\n")[0]);
    expect(told).toEqual(
      [state.received, state.coming, state.there, state.over].map(({ headline }) => `**${headline}**`),
    );
    const stored = await bot.read((reader) => reader.listMessages(incident ?? ""));
    for (const { id } of bot.chatWith(paul)) expect(stored).toContainEqual(expect.objectContaining({ activity: id }));
  });

  it("who typed it was answered there, and hears what comes of it", async () => {
    await using bot = await startBot({ settings: { sources, people: telling(lea) } });
    await bot.type(lea, "alarm Balie");
    const card = await bot.expectCard("Balie");
    await bot.fastForward(2 * second);
    const before = countDirect(bot, lea);
    await bot.click(alice, card, "claim");
    await bot.fastForward(2 * second);
    expect(countDirect(bot, lea)).toBe(before + 1);
    expect(bot.saidTo(lea)?.text).toContain(state.coming.headline);
  });
});

describe("a visit that nobody ended", () => {
  it("goes on on the message that says so, which is changed without a sound", async () => {
    await using bot = await startBot({ settings: { sources } });
    await bot.type(alice, "bezoek 5");
    await bot.fastForward(9 * minute);
    const card = await bot.expectCard(nl.terms.placeUnknown);
    await bot.fastForward(2 * second);
    const said = nl.personal.answer["visit-pressed"];
    expect(bot.chatWith(alice).at(-1)?.text).toContain(said.headline);
    const before = countDirect(bot, alice);
    await bot.click(bob, card, "claim");
    await bot.fastForward(2 * second);
    expect(bot.chatWith(alice).at(-1)?.text).toContain(state.coming.headline);
    await bot.click(bob, card, "arrive");
    await bot.fastForward(2 * second);
    expect(bot.chatWith(alice).at(-1)?.text).toContain(state.there.headline);
    expect(countDirect(bot, alice)).toBe(before);
  });
});

describe("over any run of presses and answers", () => {
  const done = nl.personal.button["visit-done"];
  const [coming, there] = [shown(state.coming.text[0] ?? ""), shown(state.there.text[0] ?? "")];
  // Of the second alarm and the third, too, also by who pressed.
  const alarm = fc.nat({ max: 2 });
  const anyDeed = fc.oneof(
    fc.record({ kind: fc.constant("press" as const), button: fc.constantFrom("0042", "0043", "0051", "0060") }),
    fc.record({
      kind: fc.constant("click" as const),
      who: fc.constantFrom(alice, bob, carol, lea, paul),
      verb: fc.constantFrom("claim" as const, "decline" as const, "arrive" as const, "help" as const),
      alarm,
    }),
    fc.record({ kind: fc.constant("close" as const), who: fc.constantFrom(alice, lea), alarm }),
    // Also of who pressed, and of who is on a visit already: what they type brings an answer, and questions later.
    fc.record({ kind: fc.constant("visit" as const), who: fc.constantFrom(alice, paul) }),
    fc.record({
      kind: fc.constant("type" as const),
      who: fc.constantFrom(lea, paul),
      text: fc.constantFrom("alarm", "klaar", "hallo"),
    }),
    fc.record({ kind: fc.constant("wait" as const), seconds: fc.constantFrom(1, 30, 130, 600) }),
  );

  it("nothing rings who pressed until their alarm is over, or half an hour; and somebody comes only where somebody does", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyDeed, { minLength: 3, maxLength: 8 }), async (deeds) => {
        await using bot = await startBot({ settings: { sources } });
        const alarms: string[] = [];
        const press = async (button: string) => {
          const { incident } = await bot.press(button);
          if (incident !== null && !alarms.includes(incident)) alarms.push(incident);
        };
        await press("0051");
        await bot.type(paul, "bezoek 5");
        await bot.fastForward(2 * second);
        let rung = ringsOf(bot, paul).length;
        let isInDanger = false;
        // Who goes to another alarm after their press says so by themselves, and is asked there (rule 7).
        let hasGone = false;
        const [pressed, waited] = [{ kind: "press", button: "0042" } as const, { kind: "wait", seconds: 600 } as const];
        for (const deed of [pressed, ...deeds, waited]) {
          const target = "alarm" in deed ? (alarms[deed.alarm] ?? "") : "";
          if (deed.kind === "press" && deed.button === "0042") hasGone = false;
          if (deed.kind === "press") await press(deed.button);
          if (deed.kind === "click") await bot.click(deed.who, target, deed.verb);
          if (deed.kind === "click" && deed.who === paul && /^(claim|arrive)$/.test(deed.verb)) hasGone = true;
          if (deed.kind === "close") await bot.click(deed.who, target, "resolve", "false");
          if (deed.kind === "visit") await bot.type(deed.who, "bezoek 5");
          // The answer to what somebody types is no sound that they did not ask for.
          if (deed.kind === "type") await bot.teams.say(deed.who, bot.teams.chatOf(deed.who), deed.text);
          if ((deed.kind === "visit" || deed.kind === "type") && deed.who === paul) rung += 1;
          if (deed.kind === "wait") await bot.fastForward(deed.seconds * second);
          await bot.fastForward(2 * second);
          const open = await bot.read((reader) => reader.listOpen(10));
          const pressers = open.flatMap((each) =>
            each.pressers.map(({ holder, at }) => ({ id: holder?.id, at, each })),
          );
          const own = pressers.filter(({ id }) => id === paul.aadObjectId);
          const wasInDanger = isInDanger || (deed.kind === "press" && deed.button === "0042");
          isInDanger = own.some(({ at }) => bot.clock.now() - at <= 30 * minute);
          if (wasInDanger && isInDanger && !hasGone) expect(ringsOf(bot, paul)).toHaveLength(rung);
          rung = ringsOf(bot, paul).length;
          const states = own.flatMap(({ each }) => each.responders.map((responder) => responder.state));
          if (presserCardOf(bot, paul).text.includes(state.coming.headline)) expect(states).toContain("coming");
          if (presserCardOf(bot, paul).text.includes(state.there.headline)) expect(states).toContain("there");
          if (presserCardOf(bot, paul).text.includes(state.over.headline)) expect(own).toEqual([]);
          // So it is on what they typed, and on what the bot said of their visit; its buttons are there for one of now.
          for (const who of [paul, alice, lea]) {
            const isOnVisit = (await bot.read((reader) => reader.loadVisit(who.aadObjectId))) !== null;
            const mine = pressers.filter(({ id }) => id === who.aadObjectId);
            const answers = mine.flatMap(({ each }) => each.responders.map((responder) => responder.state));
            const visiting = bot.chatWith(who).filter(({ buttons }) => buttons.includes(done));
            expect(visiting).toHaveLength(isOnVisit ? 1 : 0);
            for (const { text } of bot.chatWith(who)) {
              if (text.includes(coming)) expect(answers).toContain("coming");
              if (text.includes(there)) expect(answers).toContain("there");
            }
          }
        }
        bot.desk.ignoreRest();
        bot.phone.ignoreRest();
      }),
      { numRuns: 8 },
    );
  }, 240_000);
});
