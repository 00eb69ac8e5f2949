import { describe, expect, it } from "vitest";
import { mentionedOn } from "../card-text.ts";
import { line, mention, nl } from "../dutch.ts";
import type { TeamsRoute } from "../fakes/teams.ts";
import { alice, type Bot, bob, frontdesk, lea, minute, paul, second, startBot, startWithAlarm } from "../harness.ts";

const forbidden = { kind: "status", status: 403, code: "BotDisabledByAdmin" } as const;
const notFound = { kind: "status", status: 404, code: "ConversationNotFound" } as const;
const notTaken = { kind: "status", status: 400, code: "BadArgument" } as const;
/** Whatever goes to a channel. */
const ofChannel: readonly TeamsRoute[] = ["card", "reply", "update"];

const idsOf = (...who: readonly { teamsId: string }[]) => who.map(({ teamsId }) => teamsId);

/** A bot that has met everybody on duty in an alarm before. */
async function startAfterAlarm(): Promise<Bot> {
  const bot = await startBot();
  await bot.press("0051");
  const card = await bot.expectCard("Balie");
  await bot.click(lea, card, "resolve", "test");
  await bot.fastForward(minute);
  return bot;
}

/** The seconds after the press at which messages were tried. */
function watchTries(bot: Bot, route: TeamsRoute): () => readonly number[] {
  const pressedAt = bot.clock.now();
  const before = bot.teams.calls.length;
  const tried = new Map<number, number>();
  const look = () => {
    bot.teams.calls.forEach((call, at) => {
      if (at >= before && call.route === route && !tried.has(at)) tried.set(at, (bot.clock.now() - pressedAt) / second);
    });
  };
  return () => {
    look();
    return [...tried.values()];
  };
}

describe("a refused message to somebody", () => {
  it.each([
    ["403 once", forbidden, 1, 1],
    ["404 twice", notFound, 2, 3],
  ])("%s: it is tried again in a new conversation, and arrives", async (_, refusal, times, seconds) => {
    await using bot = await startAfterAlarm();
    await bot.restart({ people: (bot.settings.people as object[]).slice(0, 1) });
    const before = bot.teams.told.length;
    const conversations = bot.teams.calls.filter(({ route }) => route === "converse").length;
    bot.teams.fail("text", { ...refusal, times });
    await bot.press("0051");
    const card = await bot.expectCard("Balie");
    await bot.fastForward(seconds * second - 1);
    expect(bot.teams.told).toHaveLength(before);
    await bot.fastForward(1);
    expect(bot.teams.told.slice(before).map(({ to }) => to)).toEqual([alice.teamsId]);
    expect(bot.teams.calls.filter(({ route }) => route === "converse").length).toBeGreaterThan(conversations);
    await bot.fastForward(second);
    expect(bot.look(card).text).not.toContain(nl.card.label.notMessaged);
  });

  it("for ever: after 1, 3 and 8 s it is given up and the card says so, while the mention stands", async () => {
    await using bot = await startAfterAlarm();
    await bot.restart({ people: (bot.settings.people as object[]).slice(0, 1) });
    bot.teams.fail("text", forbidden);
    const triedAt = watchTries(bot, "text");
    await bot.press("0051");
    const card = await bot.expectCard("Balie");
    for (let at = 0; at < 8; at += 1) {
      expect(bot.look(card).text).not.toContain(nl.card.label.notMessaged);
      triedAt();
      await bot.fastForward(second);
    }
    await bot.fastForward(20 * second);
    expect(triedAt().slice(0, 3)).toEqual([0, 1, 3]);
    expect(triedAt()).toHaveLength(4);
    expect(bot.look(card).text).toContain(line("notMessaged", alice));
    expect(mentionedOn(card.posted.shown[0]?.attachments?.[0]?.content)).toEqual([alice.teamsId]);
    const told = nl.thread.notDelivered.message(alice.name, nl.terms.failure.refused);
    expect(bot.look(card).thread.filter((reply) => reply.includes(told))).toHaveLength(1);
    bot.desk.expectNothing();
  });
});

describe("a refused mention", () => {
  it("goes into a reply when the card can't carry it", async () => {
    await using bot = await startAfterAlarm();
    bot.teams.fail("card", { ...notTaken, times: 1 });
    await bot.press("0051");
    const card = await bot.expectCard("Balie");
    expect(mentionedOn(card.posted.shown[0]?.attachments?.[0]?.content)).toEqual([]);
    const ringing = bot.teams.replies.filter(({ body }) => body.entities !== undefined);
    expect(ringing.map(({ body }) => body.entities?.length)).toEqual([3]);
    bot.desk.expectNothing();
  });

  it("for ever: the card says whom it did not reach, and they have their messages", async () => {
    await using bot = await startAfterAlarm();
    const before = bot.teams.told.length;
    bot.teams.fail("card", { ...notTaken, times: 1 });
    bot.teams.fail("reply", notTaken);
    await bot.press("0051");
    const card = await bot.expectCard("Balie");
    expect(
      bot.teams.told
        .slice(before)
        .map(({ to }) => to)
        .sort(),
    ).toEqual(idsOf(alice, bob, paul));
    await bot.fastForward(10 * second);
    expect(bot.look(card).text).toContain(line("notMentioned", alice, bob, paul));
    expect(await bot.events(card.incident)).toContain("not-mentioned");
    bot.teams.fail("reply", null);
    await bot.press("0051");
    await bot.fastForward(2 * second);
    expect(bot.look(card).text).not.toContain(nl.card.label.notMentioned);
  });

  it("and a refused message: that colleague is not reachable", async () => {
    await using bot = await startAfterAlarm();
    await bot.restart({ people: (bot.settings.people as object[]).slice(0, 1) });
    bot.teams.fail("card", { ...notTaken, times: 1 });
    bot.teams.fail("reply", notTaken);
    bot.teams.fail("text", forbidden);
    await bot.press("0051");
    const card = await bot.expectCard("Balie");
    await bot.fastForward(12 * second);
    expect(bot.look(card).text).toContain(line("unreached", alice));
    expect(bot.look(card).text).not.toContain(nl.card.label.rung);
  });
});

describe("a reply that asks something of somebody", () => {
  it("holds up no other reply when it is refused for good", async () => {
    await using bot = await startWithAlarm();
    await bot.click(alice, bot.card, "claim");
    await bot.fastForward(2 * minute - second);
    bot.teams.fail("reply", { ...forbidden, mentions: true });
    await bot.fastForward(2 * second);
    await bot.desk.expectPage("lapsed");
    expect(bot.card.thread).toContainEqual(expect.stringContaining(nl.thread.pageAccepted("Desk")));
    await bot.fastForward(8 * second);
    expect(bot.lines.filter(({ event }) => event === "reply-refused")).toHaveLength(1);
    bot.teams.fail("reply", null);
    await bot.fastForward(20 * second);
    expect(bot.card.thread).not.toContainEqual(expect.stringContaining(nl.thread.ask.lapsed(mention(alice))));
    bot.desk.ignoreRest();
    bot.phone.ignoreRest();
  });
});

describe("a channel that takes nothing", () => {
  it("keeps nobody from being told 1:1, and security is paged at once", async () => {
    await using bot = await startAfterAlarm();
    const before = bot.teams.told.length;
    for (const route of ofChannel) bot.teams.fail(route, forbidden);
    await bot.press("0051");
    expect(
      bot.teams.told
        .slice(before)
        .map(({ to }) => to)
        .sort(),
    ).toEqual(idsOf(alice, bob, paul));
    await bot.desk.expectPage("teams-unreachable");
    for (const route of ofChannel) bot.teams.fail(route, null);
    await bot.fastForward(30 * second);
    const card = await bot.expectCard("Balie");
    expect(mentionedOn(card.posted.shown[0]?.attachments?.[0]?.content)).toEqual(idsOf(alice, bob, paul));
  });

  it("not even one that was never linked: whoever wrote to the bot is told", async () => {
    await using bot = await startBot({ settings: { channels: { frontdesk: {}, "back-office": {} } } });
    await bot.type(alice, "help");
    const before = bot.teams.told.length;
    await bot.press("0042");
    await bot.desk.expectPage("teams-unreachable");
    expect(bot.teams.told.slice(before).map(({ to }) => to)).toEqual([alice.teamsId]);
    await bot.teams.install(alice, frontdesk);
    await bot.teams.say(lea, frontdesk, "koppel frontdesk");
    await bot.settle();
    await bot.expectCard("Spreekkamer 3");
  });
});
