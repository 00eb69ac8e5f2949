import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { mentionedOn } from "../card-text.ts";
import { nl, shown } from "../dutch.ts";
import type { Colleague } from "../fakes/teams.ts";
import {
  alice,
  type Bot,
  bob,
  type ChatCard,
  carol,
  frontdesk,
  lea,
  minute,
  paul,
  second,
  startBot,
  startWithAlarm,
  textOf,
} from "../harness.ts";
import { cardsOf, countDirect, newestOf } from "../in-chats.ts";

const { button, headline } = nl.card;
const { self, followed, allClear } = nl.alarmInChat;
const closedBy = (name: string) => nl.card.remark.closedBy(name, "").replace(/ om .*/s, "");

/** How many new messages somebody got 1:1, and how many mention them. */
function countNew(bot: Bot, who: Colleague) {
  const { cards, replies, texts } = bot.teams;
  const bodies = [...replies, ...texts].flatMap(({ body }) =>
    (body.entities ?? []).map(({ mentioned }) => mentioned.id),
  );
  const onCards = cards.flatMap(({ body }) => mentionedOn(body.attachments?.[0]?.content));
  return {
    direct: countDirect(bot, who),
    mentions: [...bodies, ...onCards].filter((id) => id === who.teamsId || id === who.aadObjectId).length,
  };
}

describe("who is rung 1:1", () => {
  it("gets a text that names the place, and below it one card with what can be answered", async () => {
    await using bot = await startWithAlarm();
    await bot.fastForward(2 * second);
    const [text, card, ...others] = bot.chatWith(alice);
    expect(others).toEqual([]);
    expect(text?.text).toMatch(/^\*\*Spreekkamer 3\*\*/);
    expect(text?.text).toContain(nl.thread.ask.below("frontdesk"));
    expect(card?.buttons.slice(0, 4)).toEqual([button.claim, button.decline, button.arrive, button.help]);
    expect(card?.text).toContain("Spreekkamer 3");
    // The two buttons that the text asks to click stand there.
    expect(card?.text).toContain(shown(nl.card.ask.open));
    const link = JSON.stringify(bot.teams.chatWith(alice)[1]);
    expect(link).toContain(
      `https://teams.microsoft.com/l/message/${encodeURIComponent(frontdesk)}/${bot.card.posted.id}?`,
    );
    expect(bot.teams.told.map(({ to }) => to)).not.toContain(paul.teamsId);
  });

  it("gets per round one mention, one text and one card; what changes makes no sound", async () => {
    await using bot = await startWithAlarm();
    await bot.fastForward(2 * second);
    for (const who of [alice, bob]) expect(countNew(bot, who)).toEqual({ direct: 2, mentions: 1 });
    await bot.click(alice, bot.card, "claim");
    await bot.fastForward(5 * second);
    await bot.click(alice, bot.card, "arrive");
    await bot.fastForward(minute);
    for (const who of [alice, bob]) expect(countNew(bot, who)).toEqual({ direct: 2, mentions: 1 });
    await bot.press("0042");
    await bot.fastForward(5 * second);
    expect(countNew(bot, bob)).toEqual({ direct: 4, mentions: 2 });
    // She was there, and may be there still (rule 7).
    expect(countNew(bot, alice)).toEqual({ direct: 2, mentions: 1 });
  });

  it("over any run gets per ring one mention and two messages at most, and one when it is over", async () => {
    const deed = fc.oneof(
      fc.record({ kind: fc.constant("press" as const), button: fc.constantFrom("0042", "0043") }),
      fc.record({
        kind: fc.constantFrom("claim" as const, "decline" as const, "arrive" as const, "help" as const),
        who: fc.constantFrom(alice, bob, carol),
      }),
      fc.record({ kind: fc.constant("wait" as const), seconds: fc.constantFrom(1, 70, 130, 660) }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(deed, { minLength: 3, maxLength: 8 }), fc.boolean(), async (deeds, isClosed) => {
        await using bot = await startWithAlarm();
        for (const each of deeds) {
          if (each.kind === "press") await bot.press(each.button);
          else if (each.kind === "wait") await bot.fastForward(each.seconds * second);
          else await bot.click(each.who, bot.card, each.kind);
          await bot.fastForward(2 * second);
        }
        if (isClosed) await bot.click(lea, bot.card, "resolve", "real");
        await bot.fastForward(minute);
        const lines = await bot.read((reader) => reader.loadHistory(bot.card.incident, 0));
        for (const who of [alice, bob]) {
          const named = lines.filter(
            (line) => "people" in line && line.people.some(({ id }) => id === who.aadObjectId),
          );
          const rings = named.filter(({ kind }) => kind === "rung").length;
          // An edit rings nobody, so that what asks somebody something mentions them too.
          const asked = named.filter(({ kind }) => kind === "lapsed" || kind === "check-asked").length;
          const { direct, mentions } = countNew(bot, who);
          expect(mentions).toBeLessThanOrEqual(rings + asked);
          expect(direct).toBeLessThanOrEqual(2 * rings + Number(isClosed));
          expect(direct).toBeGreaterThanOrEqual(rings);
        }
        bot.desk.ignoreRest();
        bot.phone.ignoreRest();
      }),
      { numRuns: 12 },
    );
  }, 120_000);

  it("sees there who comes, who is there and what security does, and what they said themselves", async () => {
    await using bot = await startWithAlarm();
    await bot.fastForward(2 * second);
    await bot.click(alice, bot.card, "claim");
    await bot.fastForward(2 * second);
    expect(newestOf(bot, alice).text).toContain(self.coming);
    expect(newestOf(bot, alice).text).toContain(headline.coming(1));
    expect(newestOf(bot, bob).text).toContain(`${nl.card.label.coming}: ${alice.name}`);
    expect(newestOf(bot, bob).text).not.toContain(self.coming);
    await bot.click(bob, bot.card, "decline");
    await bot.fastForward(2 * second);
    expect(newestOf(bot, bob).text).toContain(self.declined);
    await bot.fastForward(2 * minute);
    await bot.desk.expectPage("lapsed");
    await bot.fastForward(2 * second);
    expect(newestOf(bot, alice).text).toContain(self.late);
    expect(newestOf(bot, bob).text).toContain(nl.card.label.security("desk"));
    await bot.click(alice, bot.card, "arrive");
    await bot.fastForward(2 * second);
    expect(newestOf(bot, alice).text).toContain(self.there);
    expect(newestOf(bot, alice).buttons).not.toContain(button.claim);
    expect(newestOf(bot, bob).text).toContain(`${nl.card.label.there}: ${alice.name}`);
    for (const who of [alice, bob]) expect(cardsOf(bot, who)).toHaveLength(1);
  });

  it("sees the end there, without buttons, and one message goes to who was still on the way", async () => {
    await using bot = await startWithAlarm();
    await bot.fastForward(2 * second);
    await bot.click(alice, bot.card, "claim");
    await bot.click(bob, bot.card, "arrive");
    await bot.click(carol, bot.card, "decline");
    await bot.fastForward(2 * second);
    const before = { alice: countNew(bot, alice).direct, bob: countNew(bot, bob).direct };
    await bot.click(bob, bot.card, "resolve", "false");
    await bot.fastForward(5 * second);
    for (const who of [alice, bob]) {
      expect(newestOf(bot, who).text).toContain(closedBy(bob.name));
      expect(newestOf(bot, who).buttons).toEqual([]);
    }
    expect(countNew(bot, alice).direct).toBe(before.alice + 1);
    expect(bot.saidTo(alice)?.text).toContain("**Spreekkamer 3**");
    expect(bot.saidTo(alice)?.text).toContain(allClear.text(bob.name, "10:00:04"));
    expect(countNew(bot, bob).direct).toBe(before.bob);
    expect(bot.teams.told.map(({ to }) => to)).not.toContain(carol.teamsId);
    await bot.restartAndExpectNothingElse();
  });

  it("is not told that it is over while the same button has an alarm again", async () => {
    await using bot = await startWithAlarm();
    await bot.click(alice, bot.card, "claim");
    bot.teams.fail("text", { kind: "status", status: 502, where: bot.teams.chatOf(alice) });
    await bot.click(lea, bot.card, "resolve", "false");
    await bot.press("0042");
    await bot.expectCard("Spreekkamer 3");
    bot.teams.fail("text", null);
    await bot.fastForward(10 * second);
    expect(bot.chatWith(alice).map(({ text }) => text)).not.toContainEqual(expect.stringContaining("afgesloten door"));
  });

  it("gets a new text and card in a new round; the card before leads down and has no buttons", async () => {
    await using bot = await startWithAlarm();
    await bot.fastForward(2 * second);
    const first = newestOf(bot, bob);
    await bot.click(alice, bot.card, "arrive");
    await bot.fastForward(minute);
    await bot.press("0042");
    await bot.fastForward(2 * second);
    const [old, newest] = cardsOf(bot, bob);
    expect(old?.id).toBe(first.id);
    expect(old?.buttons).toEqual([]);
    expect(old?.text).toContain(shown(followed.ask));
    expect(newest?.buttons).toContain(button.claim);
    // Who still has the old one before them may click on it.
    const answer = await bot.clickInChat(bob, button.claim, first);
    expect(answer.text).toContain(self.coming);
    await bot.fastForward(2 * second);
    expect(newestOf(bot, bob).text).toContain(self.coming);
  });
});

describe("a click in the chat", () => {
  it("comes back with the card of that chat, and counts in the channel", async () => {
    await using bot = await startWithAlarm();
    await bot.fastForward(2 * second);
    const answer = await bot.clickInChat(alice, button.claim, newestOf(bot, alice));
    expect(answer.text).toContain(self.coming);
    expect(answer.buttons.slice(0, 2)).toEqual([button.claim, button.arrive]);
    await bot.fastForward(2 * second);
    expect(bot.card.text).toContain(headline.coming(1));
    expect(newestOf(bot, alice).text).toBe(answer.text);
    const there = await bot.clickInChat(alice, button.arrive, newestOf(bot, alice));
    expect(there.text).toContain(self.there);
    const data = { incident: bot.card.incident, outcome: "false" };
    const { body } = await bot.teams.invoke(alice, there.conversation, "resolve", data, newestOf(bot, alice).id);
    expect(textOf(body)).toContain(closedBy(alice.name));
    await bot.fastForward(2 * second);
    expect(bot.card.text).toContain(headline.closed.false);
  });

  it("twice on the same place of the screen claims, and no more", async () => {
    await using bot = await startWithAlarm();
    await bot.fastForward(2 * second);
    const first = newestOf(bot, alice);
    const after = await bot.clickInChat(alice, first.buttons[0] ?? "", first);
    await bot.clickInChat(alice, after.buttons[0] ?? "", { ...after, id: first.id ?? "" });
    await bot.fastForward(2 * second);
    expect(bot.card.text).toContain(headline.coming(1));
  });
});

describe("several alarms that are told together", () => {
  async function startWithMany(): Promise<Bot> {
    const bot = await startBot();
    for (let number = 1; number <= 7; number += 1) await bot.press(`field-${number}`, { place: `Kamer ${number}z` });
    await bot.fastForward(8 * second);
    for (let number = 1; number <= 7; number += 1) await bot.expectCard("Kamer");
    return bot;
  }

  function sharedOf(bot: Bot): ChatCard {
    const shared = cardsOf(bot, alice).find(({ text }) =>
      [4, 5, 6, 7].every((number) => text.includes(`Kamer ${number}z`)),
    );
    if (shared === undefined) throw new Error("no card is shared");
    return shared;
  }

  it("share one card, on which each can be answered; nobody gets more than two messages a ring", async () => {
    await using bot = await startWithMany();
    const texts = bot.teams.told.filter(({ to }) => to === alice.teamsId);
    const cards = cardsOf(bot, alice);
    expect(texts.length).toBe(4);
    expect(cards.length).toBe(texts.length);
    const shared = sharedOf(bot);
    expect(shared.text).toContain(nl.alarmInChat.many.headline(4));
    const claim = shared.buttons.find((title) => title.startsWith(button.claim)) ?? "";
    const answer = await bot.clickInChat(alice, claim, shared);
    // The other alarms still stand there.
    expect(answer.text).toContain(nl.alarmInChat.many.headline(4));
    expect(answer.text).toContain(self.coming);
    await bot.fastForward(2 * second);
    expect(sharedOf(bot).text).toBe(answer.text);
  });

  it("leave it one by one as they are closed", async () => {
    await using bot = await startWithMany();
    for (const card of bot.teams.cards) await bot.click(lea, bot.look(card), "resolve", "false");
    await bot.fastForward(10 * second);
    expect(sharedOf(bot).text).toContain(nl.alarmInChat.many.none);
    expect(sharedOf(bot).buttons).toEqual([]);
  });
});
