import { describe, expect, it } from "vitest";
import { nl } from "../dutch.ts";
import { toActivity } from "../fakes/teams-activity.ts";
import { alice, type Bot, backOffice, frontdesk, lea, minute, second, startBot, startWithAlarm } from "../harness.ts";

const metricsToken = "een-geheim-voor-de-metingen";
const { teamsTrouble } = nl;

/** Why each channel is lost now. */
async function lost(bot: Bot): Promise<Record<string, string>> {
  const troubles = await bot.troubles();
  return Object.fromEntries(
    troubles.flatMap((each) => (each.kind === "teams-lost" ? [[each.channel, each.reason]] : [])),
  );
}

const both = (reason: string) => ({ "back-office": reason, frontdesk: reason });

/** Teams tells the bot what has become of its team, or of one channel of it. */
async function tell(bot: Bot, parts: Readonly<Record<string, unknown>>, channelData: object = {}): Promise<void> {
  const { team, tenantId } = bot.teams;
  const data = { tenant: { id: tenantId }, team: { id: team.id }, ...channelData };
  const told = await bot.teams.send(toActivity(bot.teams, alice, team.id, { ...parts, channelData: data }));
  expect(told.status).toBe(200);
  await bot.settle();
}

const event = (bot: Bot, eventType: string, more: object = {}) =>
  tell(bot, { type: "conversationUpdate" }, { eventType, ...more });

async function ask(bot: Bot, path: string): Promise<string> {
  const answer = await fetch(`${bot.url}${path}`, { headers: { authorization: `Bearer ${metricsToken}` } });
  return answer.text();
}

describe("the bot was removed from the team", () => {
  it("rule 26: is known at once when Teams tells it, shown everywhere, and over when it is added again", async () => {
    await using bot = await startBot({ settings: { metricsToken } });
    await bot.fastForward(minute);
    expect(await ask(bot, "/metrics")).toContain('rugdekking_teams_up{channel="frontdesk"} 1');
    expect(JSON.parse(await ask(bot, "/health/ready"))).toEqual({ status: "ready", teams: { lost: [] } });

    bot.teams.forbid("uninstalled");
    await tell(bot, { type: "installationUpdate", action: "remove" });
    expect(await lost(bot)).toEqual(both("removed"));
    expect(bot.lines.filter((line) => line.event === "teams-lost")).toMatchObject([
      { level: "error", facts: { channel: "frontdesk", reason: "removed" } },
      { level: "error", facts: { channel: "back-office", reason: "removed" } },
    ]);
    expect(await ask(bot, "/metrics")).toContain('rugdekking_teams_up{channel="frontdesk"} 0');
    expect(await ask(bot, "/metrics")).toContain('rugdekking_troubles{channel="frontdesk",kind="teams-lost"} 1');
    expect(JSON.parse(await ask(bot, "/health/ready"))).toMatchObject({
      status: "ready",
      teams: { lost: ["frontdesk", "back-office"] },
    });
    await bot.fastForward(10 * minute);
    expect(await lost(bot)).toEqual(both("removed"));
    const { text } = await bot.type(alice, "status");
    const where = teamsTrouble.channel("frontdesk");
    expect(text).toContain(teamsTrouble.list(2));
    expect(text).toContain(teamsTrouble.lost(where, nl.channel.status.minutes(10), teamsTrouble.why.removed));

    bot.teams.allow();
    await bot.teams.install(alice, frontdesk);
    await bot.settle();
    expect(await lost(bot)).toEqual({});
    expect(bot.lines.filter((line) => line.event === "teams-there")).toHaveLength(2);
    expect((await bot.type(alice, "status")).text).not.toContain("Teams:");
  });

  it("rule 26: is found within two minutes when Teams tells nothing, and so is that it is back", async () => {
    await using bot = await startBot();
    await bot.fastForward(minute);
    bot.teams.forbid("blocked");
    await bot.fastForward(2 * minute);
    expect(await lost(bot)).toEqual(both("removed"));
    bot.teams.allow();
    await bot.fastForward(minute);
    expect(await lost(bot)).toEqual({});
  });

  it("is not what it is when somebody removes the app from their own chat with it", async () => {
    await using bot = await startBot();
    const removed = { type: "installationUpdate", action: "remove" };
    await bot.teams.send(toActivity(bot.teams, alice, bot.teams.chatOf(alice), removed));
    await bot.settle();
    expect(await lost(bot)).toEqual({});
  });

  it("rule 26: is known at once also where Teams names the team by its General channel alone", async () => {
    await using bot = await startBot();
    const channelData = { tenant: { id: bot.teams.tenantId } };
    const removed = { type: "installationUpdate", action: "remove", channelData };
    await bot.teams.send(toActivity(bot.teams, alice, bot.teams.team.id, removed));
    await bot.settle();
    expect(await lost(bot)).toEqual(both("removed"));
  });

  it("rule 26: is still known after a restart, with since when", async () => {
    await using bot = await startBot();
    bot.teams.forbid("uninstalled");
    await tell(bot, { type: "conversationUpdate", membersRemoved: [{ id: bot.teams.bot.id }] });
    const since = bot.clock.now();
    await bot.fastForward(minute);
    await bot.restart();
    const [trouble] = (await bot.troubles()).filter(({ kind }) => kind === "teams-lost");
    expect(trouble).toMatchObject({ reason: "removed", since });
  });
});

describe("what Teams tells", () => {
  const ofChannel = { channel: { id: frontdesk } };

  it.each<[string, string, object, string, Record<string, string>]>([
    ["channelDeleted", "channelRestored", ofChannel, "channel-deleted", { frontdesk: "channel-deleted" }],
    ["teamArchived", "teamUnarchived", {}, "team-archived", both("team-archived")],
    ["teamDeleted", "teamRestored", {}, "team-deleted", both("team-deleted")],
    ["teamHardDeleted", "teamRestored", {}, "team-deleted", both("team-deleted")],
  ])("rule 26: %s counts at once, until %s", async (gone, restored, more, _reason, troubles) => {
    await using bot = await startBot();
    await event(bot, gone, more);
    expect(await lost(bot)).toEqual(troubles);
    await event(bot, restored, more);
    expect(await lost(bot)).toEqual({});
    expect(bot.teams.texts).toEqual([]);
  });

  it("of another channel, or another team, means nothing here", async () => {
    await using bot = await startBot();
    await event(bot, "channelDeleted", { channel: { id: "19:elsewhere@thread.tacv2" } });
    await event(bot, "teamDeleted", { team: { id: "19:another-team@thread.tacv2" } });
    expect(await lost(bot)).toEqual({});
  });

  it("is said in every channel but the lost one, in which nothing can be posted", async () => {
    await using bot = await startBot();
    await event(bot, "channelDeleted", ofChannel);
    expect(await bot.app.reportTroubles()).toBe(0);
    await event(bot, "channelRestored", ofChannel);
    expect(await bot.app.reportTroubles()).toBe(1);
  });

  it("that a channel is gone does not end because the bot is still in its team", async () => {
    await using bot = await startBot();
    await event(bot, "channelDeleted", ofChannel);
    await bot.fastForward(10 * minute);
    expect(await lost(bot)).toEqual({ frontdesk: "channel-deleted" });
  });
});

describe("posts that Teams refuses", () => {
  it("rule 26: three in a row are a lost channel, though the bot is in the team; a card that is taken ends it", async () => {
    await using bot = await startBot();
    bot.teams.forbid("moderated");
    await bot.press("0042");
    await bot.desk.expectPage("teams-unreachable");
    await bot.fastForward(4 * second);
    expect(await lost(bot)).toEqual({ frontdesk: "posts-refused" });
    await bot.fastForward(minute);
    expect(await lost(bot)).toEqual({ frontdesk: "posts-refused" });

    bot.teams.allow();
    await bot.fastForward(30 * second);
    await bot.expectCard("Spreekkamer 3");
    expect(await lost(bot)).toEqual({});
    bot.desk.ignoreRest();
    bot.phone.ignoreRest();
  });

  it("once for no reason are nothing", async () => {
    await using bot = await startBot();
    bot.teams.fail("card", { kind: "status", status: 403, times: 2 });
    await bot.press("0042");
    await bot.fastForward(2 * minute);
    await bot.expectCard("Spreekkamer 3");
    expect(bot.lines.filter((line) => line.event === "teams-lost")).toEqual([]);
    bot.desk.ignoreRest();
    bot.phone.ignoreRest();
  });

  it("rule 26: because the bot is gone are known for that within half a minute", async () => {
    await using bot = await startBot();
    await bot.fastForward(minute);
    bot.teams.forbid("uninstalled");
    await bot.press("0042");
    await bot.fastForward(40 * second);
    expect(await lost(bot)).toMatchObject({ frontdesk: "removed" });
    bot.desk.ignoreRest();
  });
});

describe("a look", () => {
  it("that hangs holds up no card, and is a trouble within two minutes", async () => {
    await using bot = await startBot();
    bot.teams.fail("member", { kind: "hang" });
    await bot.fastForward(30 * second);
    await bot.press("0042");
    await bot.expectCard("Spreekkamer 3");
    await bot.fastForward(90 * second);
    expect(await lost(bot)).toEqual(both("no-answer"));
    bot.teams.fail("member", null);
    await bot.fastForward(minute);
    expect(await lost(bot)).toEqual({});
    bot.desk.ignoreRest();
    bot.phone.ignoreRest();
  });

  it("is one small question a minute for the whole team, and none is asked again of who is too busy", async () => {
    await using bot = await startWithAlarm();
    await bot.fastForward(5 * minute);
    const before = bot.teams.calls.length;
    await bot.fastForward(10 * minute);
    const asked = bot.teams.calls.slice(before).filter(({ route }) => route === "member");
    expect(asked).toHaveLength(10);
    expect(new Set(asked.map(({ path }) => path))).toEqual(
      new Set([`/v3/conversations/${bot.teams.team.id}/members/${alice.teamsId}`]),
    );
    bot.teams.fail("member", { kind: "status", status: 429 });
    await bot.fastForward(5 * minute);
    expect(await lost(bot)).toEqual({});
    bot.desk.ignoreRest();
    bot.phone.ignoreRest();
  });

  it("asks for somebody else when the one it asks for has left the team", async () => {
    await using bot = await startBot();
    await bot.fastForward(minute);
    bot.teams.roster.leave(alice);
    await bot.fastForward(5 * minute);
    expect(await lost(bot)).toEqual({});
  });
});

describe("a channel of the configuration that is not linked", () => {
  it("rule 26: is told from the start on, until somebody links it", async () => {
    await using bot = await startBot({ settings: { channels: { frontdesk: {}, "back-office": {} }, metricsToken } });
    expect(await lost(bot)).toEqual(both("not-linked"));
    expect(await ask(bot, "/metrics")).toContain('rugdekking_teams_up{channel="frontdesk"} 0');
    await bot.fastForward(5 * minute);
    expect(bot.lines.filter((line) => line.event === "teams-lost")).toHaveLength(2);
    await bot.type(lea, "koppel frontdesk", frontdesk);
    await bot.settle();
    expect(await lost(bot)).toEqual({ "back-office": "not-linked" });
    const { text } = await bot.type(lea, "status");
    expect(text).toContain(teamsTrouble.why["not-linked"]);
  });
});

it("rule 26: a lost channel that is linked elsewhere is there again, and the log says so", async () => {
  await using bot = await startBot({ settings: { channels: { frontdesk: {} } } });
  await bot.type(lea, "koppel frontdesk", frontdesk);
  await bot.fastForward(minute);
  await event(bot, "channelDeleted", { channel: { id: frontdesk } });
  expect(await lost(bot)).toEqual({ frontdesk: "channel-deleted" });
  await bot.type(lea, "koppel frontdesk", backOffice);
  await bot.fastForward(second);
  expect(await lost(bot)).toEqual({});
  const said = bot.lines.findLast((line) => line.event === "teams-lost" || line.event === "teams-there");
  expect(said).toMatchObject({ event: "teams-there", facts: { channel: "frontdesk" } });
});

describe("the secret of the app that ends", () => {
  const teams = (bot: Bot, clientSecretEndsOn: string) => ({
    teams: { ...(bot.settings.teams as object), clientSecretEndsOn },
  });

  it("is a trouble and a line in the log from thirty days before its end on, and after it", async () => {
    await using bot = await startBot();
    const found = async () => (await bot.troubles()).filter(({ kind }) => kind === "client-secret-ends");
    await bot.restart(teams(bot, "2026-12-25"));
    expect(await found()).toEqual([]);
    for (const [endsOn, daysLeft] of [
      ["2026-12-24", 30],
      ["2026-11-24", 0],
      ["2026-11-01", -23],
    ] as const) {
      await bot.restart(teams(bot, endsOn));
      expect(await found()).toEqual([{ kind: "client-secret-ends", endsOn, daysLeft }]);
      expect(bot.lines.findLast((line) => line.event === "client-secret-ends")).toMatchObject({
        level: "warn",
        facts: { endsOn, daysLeft },
      });
    }
    await bot.restart(teams(bot, "2026-12-01"));
    const said = teamsTrouble.secretEnds(teamsTrouble.secret, "01-12-2026", 7);
    expect((await bot.type(alice, "status")).text).toContain(said);
  });
});
