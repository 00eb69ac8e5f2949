import { describe, expect, it } from "vitest";
import { startTokenIssuer } from "../../fakes/token-issuer.ts";
import { alarms, alice, start } from "../start.ts";

const appId = "55555555-5555-4555-8555-555555555555";
const tenantId = "11111111-1111-4111-8111-111111111111";
const minute = 60_000;

/** A registered bot before an issuer on the test's clock, with its channel linked in a team. */
async function startSigned() {
  await using stack = new AsyncDisposableStack();
  let now = (): number => 0;
  const issuer = stack.use(await startTokenIssuer({ now: () => now() }));
  const { trust } = issuer;
  const bot = stack.use(await start({ local: false, appId, tenantId, clientSecret: "secret", trust }));
  now = bot.clock.now;
  const { serviceUrl, team } = bot.fake;
  const link = {
    name: "frontdesk",
    conversation: alarms,
    serviceUrl,
    tenant: tenantId,
    team: team.id,
    teamGroup: null,
  };
  await bot.store.write((tx) => tx.saveChannel(link));
  await bot.teams.looks.listChannels();
  const held = stack.move();
  return { bot, issuer, looks: bot.teams.looks, [Symbol.asyncDispose]: () => held.disposeAsync() };
}

describe("the token", () => {
  it("is kept fresh: another one is there before that of before ends, and no post waits for it", async () => {
    await using signed = await startSigned();
    const { bot, issuer, looks } = signed;
    for (let minutes = 0; minutes < 50; minutes += 1) {
      expect(await looks.freshenToken()).toBeNull();
      bot.clock.to(bot.clock.now() + minute);
    }
    expect(issuer.asked.token).toBe(1);
    await looks.freshenToken();
    expect(issuer.asked.token).toBe(2);
    issuer.tokenMode = 503;
    bot.clock.to(bot.clock.now() + 49 * minute);
    expect(await looks.look("frontdesk", bot.signal)).toBe("there");
    await issuer.verify(bot.fake.calls.at(-1)?.authorization);
  });

  it("that can't be had is noted, and no more than that", async () => {
    await using signed = await startSigned();
    signed.issuer.tokenMode = 401;
    expect(await signed.looks.freshenToken()).toEqual({ flaw: "login-refused", answer: null });
    expect(signed.bot.lines).toContainEqual(expect.objectContaining({ level: "warn", event: "token-not-fetched" }));
    expect(await signed.looks.look("frontdesk", signed.bot.signal)).toBe("no-token");
    expect(JSON.stringify(signed.bot.lines)).not.toContain('"secret"');
  });

  it("with less than its last minute left is used no more", async () => {
    await using signed = await startSigned();
    await signed.looks.freshenToken();
    signed.bot.clock.to(signed.bot.clock.now() + 59 * minute);
    await signed.looks.look("frontdesk", signed.bot.signal);
    expect(signed.issuer.asked.token).toBe(2);
  });
});

describe("a look", () => {
  it.each([
    [{ kind: "status", status: 403, code: "BotNotInConversationRoster" }, "not-there"],
    [{ kind: "status", status: 404, code: "ConversationNotFound" }, "not-there"],
    [{ kind: "status", status: 401 }, "no-token"],
    [{ kind: "status", status: 429 }, "unclear"],
    [{ kind: "status", status: 503 }, "no-answer"],
    [{ kind: "reset" }, "no-answer"],
  ] as const)("that meets %j finds: %s", async (mode, finding) => {
    await using signed = await startSigned();
    signed.bot.fake.fail("member", mode);
    expect(await signed.looks.look("frontdesk", signed.bot.signal)).toBe(finding);
  });

  it("asks for one member, and for anybody when that one is gone", async () => {
    await using signed = await startSigned();
    const { bot, looks } = signed;
    const asked = () => bot.fake.calls.map(({ path }) => path.split("/").slice(4).join("/"));
    for (const times of [1, 2]) expect([times, await looks.look("frontdesk", bot.signal)]).toEqual([times, "there"]);
    expect(asked()).toEqual(["pagedmembers", `members/${alice.teamsId}`]);
    bot.fake.roster.leave(alice);
    expect(await looks.look("frontdesk", bot.signal)).toBe("there");
    expect(asked().slice(2)).toEqual([`members/${alice.teamsId}`, "pagedmembers"]);
  });

  it("that is refused for a channel whose team is not known says nothing: Teams finds members by their team", async () => {
    await using bot = await start({ channels: { frontdesk: { conversation: alarms } } });
    expect(await bot.teams.looks.listChannels()).toMatchObject({
      linked: [{ channel: "frontdesk", team: alarms }],
      unlinked: [],
    });
    expect(await bot.teams.looks.look("frontdesk", bot.signal)).toBe("unclear");
    bot.fake.fail("member", { kind: "status", status: 503 });
    expect(await bot.teams.looks.look("frontdesk", bot.signal)).toBe("no-answer");
  });

  it("of a channel that is not linked says nothing", async () => {
    await using signed = await startSigned();
    expect(await signed.looks.look("back-office", signed.bot.signal)).toBe("unclear");
    expect(signed.bot.fake.calls).toEqual([]);
  });
});

describe("posts", () => {
  it("in a channel are signs of how it is with it, replies and chats are not", async () => {
    await using bot = await start();
    const signs: string[] = [];
    bot.teams.looks.subscribeToSigns((channel, sign) => signs.push(`${channel} ${sign.kind}`));
    await bot.open();
    await bot.teams.postCard("i-1", bot.signal);
    expect(signs).toEqual(["frontdesk posted"]);
    for (const route of ["reply", "update", "text"] as const)
      bot.fake.fail(route, { kind: "status", status: 403, code: "BotDisabledByAdmin" });
    await bot.teams.syncCard("i-1", bot.signal).catch(() => undefined);
    await bot.message("i-1", { id: alice.aadObjectId, name: alice.name }).catch(() => undefined);
    expect(signs).toEqual(["frontdesk posted"]);
    await bot.teams.sendToChannel("frontdesk", { kind: "troubles", troubles: [] }, bot.signal).catch(() => undefined);
    expect(signs).toEqual(["frontdesk posted", "frontdesk post-refused"]);
    bot.fake.fail("text", { kind: "status", status: 503 });
    await bot.teams.sendToChannel("frontdesk", { kind: "troubles", troubles: [] }, bot.signal).catch(() => undefined);
    expect(signs).toHaveLength(2);
  });
});
