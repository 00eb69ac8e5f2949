import { describe, expect, it } from "vitest";
import { mentionedOn } from "../card-text.ts";
import { line, nl } from "../dutch.ts";
import type { Colleague } from "../fakes/teams.ts";
import { alice, type Bot, bob, minute, type Settings, second, startBot } from "../harness.ts";

const zoe: Colleague = { teamsId: "29:7", aadObjectId: "00000000-0000-4000-8000-000000000007", name: "Zoë Nieuw" };
const notTaken = { kind: "status", status: 400, code: "BadArgument" } as const;
const toSetting = ({ name, aadObjectId }: Colleague): Settings => ({ name, id: aadObjectId, onDuty: "always" });

function mentionedBy(bot: Bot): readonly (readonly string[])[] {
  const onCards = bot.teams.cards.map(({ shown }) => mentionedOn(shown[0]?.attachments?.[0]?.content));
  const inReplies = bot.teams.replies.map(({ body }) => (body.entities ?? []).map(({ mentioned: { id } }) => id));
  return [...onCards, ...inReplies].filter((ids) => ids.length > 0);
}

describe("somebody on duty whom Teams does not know", () => {
  const people = [alice, bob, zoe].map(toSetting);

  it("keeps nobody else from being rung once, is not said to be warned, and is named as not reachable", async () => {
    await using bot = await startBot({ settings: { people, buttons: [] } });
    await bot.press("0051");
    const card = await bot.expectCard("Plaats onbekend");
    expect(mentionedBy(bot)).toEqual([[alice.teamsId, bob.teamsId]]);
    expect(card.text).not.toMatch(new RegExp(`${nl.card.label.rung}.*${zoe.name}`));
    await bot.fastForward(12 * second);
    expect(mentionedBy(bot)).toEqual([[alice.teamsId, bob.teamsId]]);
    expect(bot.look(card).text).toContain(line("unreached", zoe));
    expect(bot.look(card).text).toContain(line("rung", alice, bob));
  });

  it("keeps nobody else from their card, whatever word Teams has for that", async () => {
    await using bot = await startBot({ settings: { people, buttons: [] }, teams: { strangerStatus: 403 } });
    await bot.press("0051");
    await bot.desk.expectPage("teams-unreachable");
    await bot.fastForward(4 * second);
    await bot.expectCard("Plaats onbekend");
    expect(mentionedBy(bot)).toEqual([[alice.teamsId, bob.teamsId]]);
  });

  it("only at the first look-up, is messaged a second later", async () => {
    // Beside an emulator the whole roster is read as well.
    await using bot = await startBot({ settings: { people }, registered: { lifeSeconds: 3_600 } });
    await bot.fastForward(minute);
    bot.teams.roster.join(zoe);
    bot.teams.fail("member", { kind: "status", status: 404, code: "MemberNotFoundInConversation", times: 1 });
    await bot.press("0051");
    expect(bot.teams.told.map(({ to }) => to)).not.toContain(zoe.teamsId);
    await bot.fastForward(second);
    expect(bot.teams.told.map(({ to }) => to)).toContain(zoe.teamsId);
  });
});

describe("more than twenty on duty", () => {
  it("of whom a reply does not reach the last five: those five are named, and not the twenty on the card", async () => {
    const team = Array.from({ length: 25 }, (_, at): Colleague => {
      const digits = String(at + 10);
      return {
        teamsId: `29:${digits}`,
        aadObjectId: `00000000-0000-4000-8000-0000000000${digits}`,
        name: `P. ${digits}`,
      };
    });
    await using bot = await startBot({ settings: { people: team.map(toSetting), buttons: [] } });
    for (const each of team) bot.teams.roster.join(each);
    await bot.press("0051");
    const card = await bot.expectCard("Plaats onbekend");
    await bot.fastForward(minute);
    bot.teams.fail("reply", notTaken);
    await bot.fastForward(4 * minute + 15 * second);
    expect(bot.teams.cards).toHaveLength(2);
    expect(bot.look(card).text).toContain(line("notMentioned", ...team.slice(20)));
    bot.desk.ignoreRest();
    bot.phone.ignoreRest();
  });
});
