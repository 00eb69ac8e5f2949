import { describe, expect, it } from "vitest";
import { mentionedOn } from "../card-text.ts";
import { mention, nl } from "../dutch.ts";
import type { PostedCard } from "../fakes/teams.ts";
import {
  alice,
  bob,
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

const mentioned = (card: PostedCard | undefined) => mentionedOn(card?.shown[0]?.attachments?.[0]?.content);
const toldIn = (replies: readonly { root: string | null; body: { text?: string | undefined } }[], root: string) =>
  replies.filter((reply) => reply.root === root).map(({ body }) => body.text ?? "");

describe("a press after an arrival begins a round (rule 3)", () => {
  it("on a new card that rings; the one before loses its buttons and leads to it", async () => {
    await using bot = await startWithAlarm();
    const first = bot.card;
    await bot.click(alice, first, "arrive");
    await bot.fastForward(minute);
    await bot.press("0042");
    await bot.fastForward(second);
    const [old, newest] = bot.teams.cards;
    expect(bot.teams.cards).toHaveLength(2);
    // Alice was there, and may be there still (rule 7).
    expect(mentioned(newest)).toEqual([bob.teamsId]);
    expect(newest?.body.channelData?.notification?.alert).toBe(true);
    const left = JSON.stringify(old?.shown.at(-1));
    expect(left).toContain(nl.card.old.link(1));
    expect(left).toContain(`https://teams.microsoft.com/l/message/${encodeURIComponent(frontdesk)}/${newest?.id}?`);
    expect(left).not.toContain("Action.Execute");
    // What happens from now on stands under the new card.
    await bot.click(bob, bot.look(first), "claim");
    await bot.fastForward(second);
    expect(toldIn(bot.teams.replies, newest?.id ?? "")).toContainEqual(
      expect.stringContaining(nl.thread.claimed(bob.name)),
    );
    expect(toldIn(bot.teams.replies, newest?.id ?? "")).toContainEqual(
      expect.stringContaining(nl.thread.round.press(2)),
    );
    expect(toldIn(bot.teams.replies, old?.id ?? "")).not.toContainEqual(expect.stringContaining(bob.name));
    await bot.fastForward(minute);
    bot.desk.ignoreRest();
    bot.phone.ignoreRest();
    await bot.restartAndExpectNothingElse();
  });

  it("within a minute of the card by a reply that mentions people, and no new card", async () => {
    await using bot = await startWithAlarm();
    await bot.click(alice, bot.card, "arrive");
    await bot.fastForward(59 * second);
    await bot.press("0042");
    await bot.fastForward(second);
    expect(bot.teams.cards).toHaveLength(1);
    const ringing = bot.teams.replies.filter(({ body }) => body.entities !== undefined);
    expect(ringing.map(({ body }) => body.text)).toEqual([expect.stringContaining(mention(bob))]);
    expect(bot.teams.told).toHaveLength(3);
  });

  it("and whoever still has the old card before them may click on it", async () => {
    await using bot = await startWithAlarm();
    const first = bot.card;
    await bot.click(alice, first, "arrive");
    await bot.fastForward(minute);
    await bot.press("0042");
    await bot.fastForward(second);
    const [old, newest] = bot.teams.cards;
    const click = { incident: first.incident, card: old?.id ?? "" };
    const { status, body } = await bot.teams.click(bob, { ...click, verb: "claim" });
    expect(status).toBe(200);
    // What comes back is the old card, since nothing keeps another one up to date in that place.
    expect(textOf(body)).toContain(nl.card.old.counted);
    expect(textOf(body)).toContain(nl.card.old.headline);
    expect(JSON.stringify(body)).toContain(`/${newest?.id}?`);
    expect(JSON.stringify(body)).not.toContain("Action.Execute");
    await bot.fastForward(second);
    expect(bot.look(first).text).toContain(nl.card.headline.coming(1));
    const refused = textOf((await bot.teams.click(paul, { ...click, verb: "claim" })).body);
    expect(refused).toContain(nl.refusal.presser);
    expect(refused).not.toContain(nl.card.old.counted);
    expect((await bot.click(carol, bot.look(first), "claim")).text).toContain(nl.card.headline.coming(2));
  });
});

describe("a round that repeats (rule 14)", () => {
  it("has a card of its own, each time, and rings each time", async () => {
    await using bot = await startWithAlarm();
    await bot.fastForward(5 * minute);
    await bot.fastForward(3 * minute + second);
    const cards = bot.teams.cards;
    expect(cards.length).toBeGreaterThanOrEqual(3);
    for (const card of cards) expect(mentioned(card)).toEqual([alice.teamsId, bob.teamsId]);
    const rounds = (await bot.events(bot.card.incident)).filter((kind) => kind === "round-started");
    expect(cards).toHaveLength(1 + rounds.length);
    expect(bot.teams.told).toHaveLength(2 * cards.length);
    // Only the newest one can be clicked.
    const clickable = cards.filter(({ shown }) => JSON.stringify(shown.at(-1)).includes("Action.Execute"));
    expect(clickable).toEqual(cards.slice(-1));
  });

  it("also where there is no roster, so that there is somebody who may hear it", async () => {
    await using bot = await startBot();
    const { people: _, ...settings } = bot.settings;
    bot.settings = settings;
    await bot.stop();
    await bot.start();
    await bot.press("0051");
    await bot.expectCard("Balie");
    await bot.fastForward(5 * minute);
    expect(bot.teams.cards).toHaveLength(2);
    expect(bot.teams.cards[1]?.body.channelData?.notification?.alert).toBe(true);
    expect(bot.teams.told).toEqual([]);
  });

  it("goes on on the newest card after a restart, and closes there", async () => {
    await using bot = await startWithAlarm();
    await bot.fastForward(5 * minute + second);
    await bot.restart();
    await bot.click(lea, bot.card, "resolve", "false");
    await bot.fastForward(second);
    expect(bot.card.text).toContain(nl.card.headline.closed.false);
    expect(bot.teams.cards[0]?.shown.at(-1)?.summary).toContain(nl.card.old.headline);
  });
});
