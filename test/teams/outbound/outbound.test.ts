import { inspect } from "node:util";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { DeliveryError } from "../../../bot/errors.ts";
import type { LinkedChannel } from "../../../bot/ports/store/teams.ts";
import { mentionedOn } from "../../card-text.ts";
import { proxyPage, type TeamsMode } from "../../fakes/teams-wire.ts";
import { startTokenIssuer, type TokenIssuer } from "../../fakes/token-issuer.ts";
import { buildPress } from "../../fixtures/press.ts";
import { alarms, alice, type Started, start } from "../start.ts";

let bot: Started;
beforeEach(async () => {
  bot = await start();
});
afterEach(() => bot[Symbol.asyncDispose]());

async function failure(work: Promise<unknown>): Promise<DeliveryError> {
  const error = await work.then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(DeliveryError);
  return error as DeliveryError;
}

describe("the card", () => {
  it("stands alone in one activity, rings, and its summary begins with the place", async () => {
    await bot.open();
    expect(await bot.teams.postCard("i-1", bot.signal)).toMatchObject({ kind: "done" });
    const [card] = bot.fake.cards;
    expect(card?.conversation).toBe(alarms);
    expect(card?.body.text).toBeUndefined();
    expect(card?.body.summary).toMatch(/^Spreekkamer 3/);
    expect(card?.body.channelData).toEqual({ notification: { alert: true } });
    expect(card?.body.replyToId).toBeUndefined();
    expect(bot.fake.split).toEqual([]);
  });

  it("is posted to the end of the conversation, and without any token to an emulator", async () => {
    await bot.open();
    await bot.teams.postCard("i-1", bot.signal);
    expect(bot.fake.calls).toMatchObject([
      { method: "POST", path: `/v3/conversations/${alarms}/activities`, authorization: undefined },
    ]);
  });

  it("is posted once, also when the outbox asks again", async () => {
    await bot.open();
    await bot.teams.postCard("i-1", bot.signal);
    await bot.teams.postCard("i-1", bot.signal);
    expect(bot.fake.cards).toHaveLength(1);
  });

  it("waits for a channel that is not linked", async () => {
    await using other = await start({ channels: { frontdesk: { conversation: null } } });
    await other.open();
    expect((await failure(other.teams.postCard("i-1", other.signal))).reason).toBe("misconfigured");
    expect(other.fake.calls).toEqual([]);
  });

  it("is done when the incident is not there", async () => {
    expect(await bot.teams.postCard("i-9", bot.signal)).toEqual({ kind: "done" });
  });
});

describe("what Teams answers, and what that means", () => {
  const status = (code: number, more: { code?: string; retryAfter?: string } = {}): TeamsMode => ({
    kind: "status",
    status: code,
    ...more,
  });

  it.each<[string, TeamsMode, string, number | null]>([
    ["400", status(400), "refused", null],
    ["401", status(401), "unreachable", null],
    ["403", status(403, { code: "BotNotInConversationRoster" }), "refused", null],
    ["404", status(404, { code: "ConversationNotFound" }), "refused", null],
    ["413", status(413), "refused", null],
    ["302", status(302), "refused", null],
    ["412", status(412), "throttled", null],
    ["429", status(429), "throttled", null],
    ["429 with seconds", status(429, { retryAfter: "7" }), "throttled", 7_000],
    ["429 with an hour", status(429, { retryAfter: "3600" }), "throttled", 60_000],
    ["429 with a date", status(429, { retryAfter: "Tue, 24 Nov 2026 09:00:09 GMT" }), "throttled", 9_000],
    ["429 with nonsense", status(429, { retryAfter: "soon" }), "throttled", null],
    ["500", status(500), "unreachable", null],
    ["502", status(502), "unreachable", null],
    ["503", status(503, { retryAfter: "1" }), "unreachable", null],
    ["504", status(504), "unreachable", null],
    ["reset after the body", { kind: "reset" }, "unreachable", null],
  ])("%s, tried once", async (_name, mode, reason, retryAfterMs) => {
    await bot.open();
    bot.fake.fail("card", mode);
    expect(await failure(bot.teams.postCard("i-1", bot.signal))).toMatchObject({ reason, retryAfterMs });
    expect(bot.fake.calls).toHaveLength(1);
  });

  it("no answer ends when the outbox loses patience", async () => {
    await bot.open();
    bot.fake.fail("card", { kind: "hang" });
    const patience = new AbortController();
    const posting = failure(bot.teams.postCard("i-1", patience.signal));
    await expect.poll(() => bot.fake.calls).toHaveLength(1);
    patience.abort();
    expect(await posting).toMatchObject({ reason: "unreachable", mayHaveArrived: true });
  });

  it.each(["hang", "hang-body"] as const)("%s ends by itself, and leaves no connection behind", async (kind) => {
    await bot.open();
    bot.fake.fail("card", { kind });
    const posting = failure(bot.teams.postCard("i-1", bot.signal));
    await expect.poll(() => bot.fake.hanging).toBe(1);
    bot.clock.to(bot.clock.now() + 15_000);
    expect((await posting).reason).toBe("unreachable");
    await expect.poll(() => bot.fake.hanging).toBe(0);
  });

  it("an answer without end is not read to its end", async () => {
    await bot.open();
    const taken = new Promise<number>((resolve) => {
      bot.fake.onDripped = resolve;
    });
    bot.fake.fail("card", { kind: "endless" });
    const failed = await failure(bot.teams.postCard("i-1", bot.signal));
    expect(failed).toMatchObject({
      ...{ reason: "unreachable", mayHaveArrived: true },
      message: "Teams did not answer (ANSWER_TOO_LONG)",
    });
    // What is more than 1 MiB lies in the buffers of the two sockets.
    expect(await taken).toBeLessThan(16 * 1024 * 1024);
  });

  it("nobody listens", async () => {
    await using lost = await start({ serviceUrl: "http://127.0.0.1:1/teams" });
    await lost.open();
    expect(await failure(lost.teams.postCard("i-1", lost.signal))).toMatchObject({
      ...{ reason: "unreachable", mayHaveArrived: false },
    });
  });

  it("names the host, and no path, conversation or token", async () => {
    await bot.open();
    bot.fake.fail("card", { kind: "status", status: 403, code: "see http://127.0.0.1 Bearer abc" });
    const refused = await failure(bot.teams.postCard("i-1", bot.signal));
    expect(refused.message).toBe("Teams answered 403");
    bot.fake.fail("card", { kind: "reset" });
    const lost = await failure(bot.teams.postCard("i-1", bot.signal));
    expect(lost.message).toBe("Teams at 127.0.0.1 did not answer (ECONNRESET)");
    expect(inspect([refused, lost], { depth: 9 })).not.toMatch(/https?:|v3\/|@thread|Bearer/);
  });
});

describe("perhaps posted", () => {
  it("a reset after a post is repeated, and the second card is the one that is updated", async () => {
    const incident = await bot.open();
    bot.fake.fail("card", { kind: "reset", times: 1 });
    expect(await failure(bot.teams.postCard("i-1", bot.signal))).toMatchObject({ mayHaveArrived: true });
    await bot.teams.postCard("i-1", bot.signal);
    expect(bot.fake.cards).toHaveLength(2);
    await bot.change(incident, { place: "Spreekkamer 4" });
    bot.clock.to(bot.clock.now() + 1_000);
    await bot.teams.syncCard("i-1", bot.signal);
    expect(bot.fake.cards.map(({ shown }) => shown.length)).toEqual([1, 2]);
  });

  it("a reset after an update adds nothing, so that it is tried again as soon as ever", async () => {
    const incident = await bot.open();
    await bot.teams.postCard("i-1", bot.signal);
    await bot.change(incident, { place: "Spreekkamer 4" });
    bot.clock.to(bot.clock.now() + 1_000);
    bot.fake.fail("update", { kind: "reset", times: 1 });
    expect(await failure(bot.teams.syncCard("i-1", bot.signal))).toMatchObject({
      ...{ reason: "unreachable", mayHaveArrived: false },
    });
  });

  it("201 without an id is no card: it is posted anew, and rings once more at most", async () => {
    await bot.open();
    bot.fake.fail("card", { kind: "no-id", times: 4 });
    for (let tries = 0; tries < 4; tries += 1)
      expect(await failure(bot.teams.postCard("i-1", bot.signal))).toMatchObject({ mayHaveArrived: true });
    expect(await bot.teams.postCard("i-1", bot.signal)).toMatchObject({ kind: "done" });
    const alerts = bot.fake.cards.map(({ body }) => body.channelData?.notification?.alert ?? false);
    expect(alerts).toEqual([true, true, false, false, false]);
  });

  it.each(["card", "text"] as const)("a page of a proxy in place of an answer to a %s is no answer", async (route) => {
    await bot.open();
    bot.fake.fail(route, proxyPage);
    const person = { id: alice.aadObjectId, name: alice.name };
    const sending = route === "card" ? bot.teams.postCard("i-1", bot.signal) : bot.message("i-1", person);
    expect(await failure(sending)).toMatchObject({ reason: "unreachable", mayHaveArrived: false });
    expect(bot.fake.cards).toEqual([]);
  });
});

describe("1:1 messages", () => {
  const person = { id: alice.aadObjectId, name: alice.name };

  it("find the person in the channel, make the conversation once and ring", async () => {
    await bot.open();
    await bot.message("i-1", person);
    await bot.message("i-1", person);
    expect(bot.fake.calls.map(({ route }) => route)).toEqual(["member", "converse", "text", "text"]);
    const [message] = bot.fake.direct;
    expect(message).toMatchObject({ to: alice.teamsId, body: { channelData: { notification: { alert: true } } } });
    expect(message?.body.text).toContain("Spreekkamer 3");
    expect(message?.body.summary).toMatch(/^Spreekkamer 3/);
  });

  it("find the person in the roster of an emulator, which knows nobody by their Entra id", async () => {
    await bot.open();
    bot.fake.fail("member", { kind: "status", status: 404, code: "MemberNotFoundInConversation", times: 1 });
    await bot.message("i-1", person);
    expect(bot.fake.direct).toMatchObject([{ to: alice.teamsId }]);
  });

  it("are known again after a restart", async () => {
    await bot.open();
    await bot.message("i-1", person);
    await bot.message("i-1", person, bot.again());
    expect(bot.fake.calls.filter(({ route }) => route === "converse")).toHaveLength(1);
  });

  it("to nobody Teams knows are refused, and Teams is not asked again at once", async () => {
    await bot.open();
    const stranger = { id: "bbbbbbbb-0000-4000-8000-000000000009", name: "Z. Vreemd" };
    expect((await failure(bot.message("i-1", stranger))).reason).toBe("refused");
    await failure(bot.message("i-1", stranger));
    expect(bot.fake.calls.every(({ route }) => route === "member")).toBe(true);
    expect(bot.fake.calls).toHaveLength(2);
  });

  it.each([
    [404, "ConversationNotFound"],
    [403, "BotDisabledByAdmin"],
  ])("make a new conversation when the remembered one is refused: %i", async (status, code) => {
    await bot.open();
    await bot.message("i-1", person);
    bot.fake.fail("text", { kind: "status", status, code, times: 1 });
    expect((await failure(bot.message("i-1", person))).reason).toBe("refused");
    await bot.message("i-1", person);
    expect(bot.fake.calls.filter(({ route }) => route === "converse")).toHaveLength(2);
  });

  it("go to whom the bot met without asking after the channel, which may be gone", async () => {
    await bot.open();
    await bot.message("i-1", person);
    await using other = await start({ channels: { frontdesk: { conversation: null } } });
    const [{ conversation = "" } = {}] = bot.fake.direct;
    const member = { person, teamsId: alice.teamsId, conversation, serviceUrl: bot.fake.serviceUrl };
    await other.store.write((tx) => tx.saveMembers([member]));
    await other.open();
    await other.message("i-1", person);
    expect(bot.fake.direct).toHaveLength(2);
  });

  it("are remembered, as notices are, so that they can be found again", async () => {
    const incident = await bot.open();
    await bot.message("i-1", person);
    await bot.teams.sendToChannel("frontdesk", { kind: "notice", incident }, bot.signal);
    const kept = await messagesOf(bot);
    expect(kept).toEqual([
      { kind: "notice", conversation: alarms, activity: bot.fake.texts[0]?.id },
      { kind: "direct", conversation: bot.fake.direct[0]?.conversation, activity: bot.fake.direct[0]?.id },
    ]);
  });
});

describe("other posts", () => {
  it("a notice stands in the other channel", async () => {
    await using two = await start({
      channels: { frontdesk: { conversation: alarms }, managers: { conversation: "19:other@thread.tacv2" } },
    });
    const incident = await two.open();
    await two.teams.sendToChannel("managers", { kind: "notice", incident }, two.signal);
    expect(two.fake.texts).toMatchObject([{ conversation: "19:other@thread.tacv2", root: null }]);
    expect(two.fake.texts[0]?.body.summary).toMatch(/^Spreekkamer 3/);
  });

  it("rule 1: a press that could not be recorded is posted with the store gone", async () => {
    await bot.store[Symbol.asyncDispose]();
    const person = { id: alice.aadObjectId, name: alice.name };
    await bot.teams.postUnstored(buildPress(), { people: [person], tag: null, needed: 1 }, bot.clock.now(), bot.signal);
    expect(bot.fake.cards).toHaveLength(1);
    expect(JSON.stringify(bot.fake.cards[0]?.body)).toContain("Spreekkamer 3");
    expect(mentionedOn(bot.fake.cards[0]?.body.attachments?.[0]?.content)).toEqual([alice.aadObjectId]);
  });
});

describe("with a registration", () => {
  const appId = "55555555-5555-4555-8555-555555555555";
  const tenantId = "11111111-1111-4111-8111-111111111111";

  it("every call carries a token of the bot from the token endpoint, fetched once", async () => {
    await using issuer = await startTokenIssuer();
    const { trust } = issuer;
    await using signed = await start({ local: false, appId, tenantId, clientSecret: "secret", trust });
    await signed.store.write((tx) => tx.saveChannel(linkOf(signed)));
    await signed.open();
    await signed.teams.postCard("i-1", signed.signal);
    await signed.message("i-1", { id: alice.aadObjectId, name: alice.name });
    expect(signed.fake.calls).toHaveLength(4);
    for (const { authorization } of signed.fake.calls) {
      const claims = await issuer.verify(authorization);
      expect(claims).toMatchObject({ appid: appId, aud: "https://api.botframework.com/.default" });
    }
    expect(issuer.asked.token).toBe(1);
  });

  function linkOf({ fake }: Started): LinkedChannel {
    const { serviceUrl, team } = fake;
    return { name: "frontdesk", conversation: alarms, serviceUrl, tenant: tenantId, team: team.id, teamGroup: null };
  }

  /** A bot whose token server behaves so, with an open incident. `id`: an app of its own, whose tokens nobody has. */
  async function startSigned(issuer: TokenIssuer, id: string): Promise<Started> {
    const { trust } = issuer;
    const signed = await start({ local: false, appId: id, tenantId, clientSecret: "secret", trust });
    await signed.store.write((tx) => tx.saveChannel(linkOf(signed)));
    await signed.open();
    return signed;
  }

  it("a token endpoint that hangs does not outlive the outbox's patience", async () => {
    await using issuer = await startTokenIssuer();
    issuer.tokenMode = "hang";
    await using signed = await startSigned(issuer, "66666666-6666-4666-8666-666666666666");
    const patience = new AbortController();
    const posting = failure(signed.teams.postCard("i-1", patience.signal));
    await expect.poll(() => issuer.asked.token).toBe(1);
    patience.abort();
    expect((await posting).reason).toBe("unreachable");
    expect(signed.fake.calls).toEqual([]);
  });

  it.each(["hang", "hang-body"] as const)("a token endpoint in mode %s leaves nothing behind", async (mode) => {
    await using issuer = await startTokenIssuer();
    issuer.tokenMode = mode;
    await using signed = await startSigned(issuer, `77777777-7777-4777-8777-${mode.padEnd(12, "7")}`);
    const before = countConnections();
    for (let tries = 1; tries <= 20; tries += 1) {
      const patience = new AbortController();
      const posting = failure(signed.teams.postCard("i-1", patience.signal));
      await expect.poll(() => issuer.asked.token).toBe(tries);
      patience.abort();
      expect((await posting).reason).toBe("unreachable");
      signed.clock.to(signed.clock.now() + 60_000);
    }
    // One or two may be kept to be used again, and both of their ends are in this process.
    await expect.poll(() => countConnections() - before).toBeLessThanOrEqual(4);
  });

  it.each([
    ["endless", "Teams did not answer (ANSWER_TOO_LONG)"],
    [401, "Teams did not answer (unavailable)"],
  ] as const)("a token endpoint in mode %s", async (mode, message) => {
    await using issuer = await startTokenIssuer();
    issuer.tokenMode = mode;
    await using signed = await startSigned(issuer, `88888888-8888-4888-8888-${String(mode).padEnd(12, "8")}`);
    const failed = await failure(signed.teams.postCard("i-1", signed.signal));
    expect(failed).toMatchObject({ reason: "unreachable", message });
    expect(inspect(failed, { depth: 9 })).not.toContain("secret");
  });
});

/** What is remembered of an incident's messages, without what is the same for all. */
async function messagesOf({ store }: Started) {
  const messages = await store.read((reader) => reader.listMessages("i-1"));
  return messages.map(({ kind, conversation, activity }) => ({ kind, conversation, activity }));
}

function countConnections(): number {
  return process.getActiveResourcesInfo().filter((kind) => kind === "TCPSocketWrap").length;
}
