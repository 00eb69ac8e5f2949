import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { toActivity } from "../../fakes/teams-activity.ts";
import { alarms, alice, bob, type Started, start } from "../start.ts";

const minute = 60_000;
const person = { id: alice.aadObjectId, name: alice.name };
const stranger = { id: "cccccccc-0000-4000-8000-000000000009", name: "Z. Vreemd" };

let bot: Started;
beforeEach(async () => {
  bot = await start();
  await bot.open();
});
afterEach(() => bot[Symbol.asyncDispose]());

const later = (ms: number) => bot.clock.to(bot.clock.now() + ms);
const refused = { reason: "refused" };
/** Where people were looked up. */
const sought = ({ fake } = bot) => [
  ...new Set(fake.calls.map(({ path }) => /^\/v3\/conversations\/([^/]+)\/.*members/.exec(path)?.[1])),
];

describe("the team of a channel", () => {
  it("is learned from what comes from the channel, and people are looked up there", async () => {
    await bot.message("i-1", person);
    expect(sought()).toContain(bot.fake.team.id);
    expect(sought()).not.toContain(alarms);
    expect(bot.fake.direct).toMatchObject([{ to: alice.teamsId }]);
  });

  it("is known again after a restart", async () => {
    await bot.message("i-1", person, bot.again());
    expect(sought()).not.toContain(alarms);
    expect(bot.fake.direct).toHaveLength(1);
  });

  it("has an id in Entra too, which stays known though most activities do not name it", async () => {
    const { id, aadGroupId } = bot.fake.team;
    const channelData = { tenant: { id: bot.fake.tenantId }, team: { id, aadGroupId } };
    await bot.fake.send(toActivity(bot.fake, bob, alarms, { type: "message", text: "hoi", channelData }));
    await bot.fake.say(bob, alarms, "hoi");
    const link = await bot.store.read((reader) => reader.loadChannel("frontdesk"));
    expect(link).toMatchObject({ team: id, teamGroup: aadGroupId });
  });

  it("of a link of before is not known: the channel's own id stands in for it until something comes from there", async () => {
    await using old = await start({ channels: { frontdesk: { conversation: null } } });
    const { serviceUrl, tenantId: tenant } = old.fake;
    const link = { name: "frontdesk", conversation: alarms, serviceUrl, tenant, team: null, teamGroup: null };
    await old.store.write((tx) => tx.saveChannel(link));
    await old.open();
    await expect(old.message("i-1", person)).rejects.toMatchObject(refused);
    expect(sought(old)).toEqual([alarms]);
    await old.fake.say(bob, alarms, "hoi");
    old.clock.to(old.clock.now() + 10 * minute);
    await old.message("i-1", person);
    expect(old.fake.direct).toMatchObject([{ to: alice.teamsId }]);
    expect(await old.store.read((reader) => reader.loadChannel("frontdesk"))).toMatchObject({ team: old.fake.team.id });
  });
});

describe("somebody whom Teams does not know", () => {
  const asked = () => bot.fake.calls.filter(({ path }) => path.includes(`/members/${stranger.id}`)).length;
  const message = () => expect(bot.message("i-1", stranger)).rejects.toMatchObject(refused);

  it("is not asked for again for ten minutes", async () => {
    await message();
    later(10 * minute - 1);
    await message();
    expect(asked()).toBe(1);
    later(1);
    await message();
    expect(asked()).toBe(2);
  });

  it("is asked for again a second later while an alarm is open, as each try of a message is", async () => {
    await message();
    bot.isAlarmOpen = true;
    later(999);
    await message();
    expect(asked()).toBe(1);
    later(1);
    await message();
    expect(asked()).toBe(2);
  });

  it("is not somebody else, whatever Teams answers", async () => {
    const body = JSON.stringify({ id: bob.teamsId, aadObjectId: bob.aadObjectId, name: bob.name });
    bot.fake.fail("member", { kind: "answer", status: 200, body });
    await expect(bot.message("i-1", person)).rejects.toMatchObject(refused);
    expect(bot.fake.direct).toEqual([]);
  });
});
