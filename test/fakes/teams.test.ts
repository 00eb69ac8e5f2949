import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { FakeClock } from "./clock.ts";
import { type Colleague, FakeTeams, type FakeTeamsOptions } from "./teams.ts";
import { startTokenIssuer } from "./token-issuer.ts";

const alarms = "19:alarms@thread.tacv2";
const alice = colleague("alice", "Alice Jansen", 1);
const bob = colleague("bob", "Bob de Vries", 2);
/** Of no team of ours. */
const zoe = colleague("zoe", "Zoë Vreemd", 9);

let clock: FakeClock;
let teams: FakeTeams;

beforeEach(async () => {
  clock = new FakeClock(Date.parse("2026-11-24T09:00:00Z"));
  teams = await open();
});
afterEach(() => teams[Symbol.asyncDispose]());

function open(options: FakeTeamsOptions = {}): Promise<FakeTeams> {
  return new FakeTeams({ colleagues: [alice, bob], tags: ["tag-bhv"], now: clock.now, ...options }).start();
}

function colleague(id: string, name: string, number: number): Colleague {
  return { teamsId: `29:${id}`, aadObjectId: `aaaaaaaa-0000-4000-8000-00000000000${number}`, name };
}

interface Answer {
  readonly status: number;
  readonly code: string | undefined;
  readonly retryAfter: string | null;
  readonly body: Record<string, unknown>;
}

/** A call as the bot makes it. `to`: another Teams than the one of this test. */
async function call(method: string, path: string, body?: unknown, to = teams, token = ""): Promise<Answer> {
  const response = await fetch(new URL(`v3/conversations${path}`, to.serviceUrl), {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    ...(token === "" ? {} : { headers: { authorization: `Bearer ${token}` } }),
  });
  const text = await response.text();
  const answer = text === "" ? {} : JSON.parse(text);
  return {
    status: response.status,
    code: answer.error?.code,
    retryAfter: response.headers.get("retry-after"),
    body: answer,
  };
}

const from = { id: "28:bot", name: "Rugdekking" };
const text = (said: string, more: object = {}) => ({ type: "message", text: said, from, ...more });

/** A card that shows this text and mentions these. */
function card(shown: string, entities: readonly object[] = []) {
  const content = { type: "AdaptiveCard", body: [{ type: "TextBlock", text: shown }], msteams: { entities } };
  return { type: "message", from, attachments: [{ contentType: "application/vnd.microsoft.card.adaptive", content }] };
}

function mention(id: string, name: string, more: object = {}) {
  return { type: "mention", text: `<at>${name}</at>`, mentioned: { id, name, ...more } };
}

const post = (body: unknown, conversation = alarms) => call("POST", `/${conversation}/activities`, body);
const lookUp = (conversation: string, { aadObjectId }: Colleague) =>
  call("GET", `/${conversation}/members/${aadObjectId}`);
const converse = ({ teamsId }: Colleague) => call("POST", "", { isGroup: false, members: [{ id: teamsId }] });

async function chatWith(someone: Colleague): Promise<string> {
  return String((await converse(someone)).body.id);
}

async function statuses(count: number, one: () => Promise<Answer>): Promise<number[]> {
  const all: number[] = [];
  for (let calls = 0; calls < count; calls += 1) all.push((await one()).status);
  return all;
}

describe("limits", () => {
  it("takes 7 calls a second of a conversation, its threads and updates among them", async () => {
    const { body } = await post(card("Balie"));
    const reply = () => post(text("a"), `${alarms};messageid=${body.id}`);
    const update = () => call("PUT", `/${alarms}/activities/${body.id}`, card("Balie 2"));
    expect(await statuses(3, reply)).toEqual([201, 201, 201]);
    expect(await statuses(3, update)).toEqual([200, 200, 200]);
    expect(await update()).toMatchObject({ status: 429, code: "Throttled", retryAfter: "1" });
    expect(teams.listFull()).toEqual([{ what: alarms, freeAt: clock.now() + 1_000 }]);
    // Another conversation has calls of its own.
    expect((await post(text("b"), await chatWith(alice))).status).toBe(201);
  });

  it.each([
    [2_000, 8],
    [30_000, 60],
    [3_600_000, 1_800],
  ])("takes in %i ms no more than %i calls of a conversation", async (withinMs, most) => {
    const began = clock.now();
    let taken = 0;
    for (; clock.now() < began + withinMs; clock.to(clock.now() + 1_000)) {
      while ((await post(text("a"))).status === 201) taken += 1;
    }
    expect(taken).toBe(most);
  });

  it("takes 14 look-ups a second of a team, beside its messages", async () => {
    const counts = await statuses(15, () => lookUp(teams.team.id, alice));
    expect(counts).toEqual([...Array(14).fill(200), 429]);
    expect((await post(text("a"), teams.team.id)).status).toBe(201);
  });

  it("takes 30 calls a second of the app", async () => {
    const chats = await Promise.all([chatWith(alice), chatWith(bob)]);
    for (const where of [...chats, alarms, teams.team.id]) await statuses(7, () => post(text("a"), where));
    expect((await lookUp(teams.team.id, alice)).status).toBe(429);
    clock.to(clock.now() + 1_000);
    expect((await lookUp(teams.team.id, alice)).status).toBe(200);
  });

  it("takes 2 messages with a tag in 5 s, and 5 in a minute", async () => {
    const tag = () => post(card("<at>BHV</at>", [mention("tag-bhv", "BHV", { type: "tag" })]));
    const began = clock.now();
    let taken = 0;
    for (; clock.now() < began + 60_000; clock.to(clock.now() + 1_000)) if ((await tag()).status === 201) taken += 1;
    expect(taken).toBe(5);
    clock.to(began + 120_000);
    expect(await statuses(3, tag)).toEqual([201, 201, 429]);
  });
});

describe("people", () => {
  it("are found by the team's id, and by no other channel's", async () => {
    expect(await lookUp(teams.team.id, alice)).toMatchObject({ status: 200, body: { id: alice.teamsId } });
    expect(await lookUp(alarms, alice)).toMatchObject({ status: 404, code: "ConversationNotFound" });
    expect(await call("GET", `/${alarms}/pagedmembers`)).toMatchObject({ status: 404 });
    expect(await lookUp(teams.team.id, zoe)).toMatchObject({ status: 404, code: "MemberNotFoundInConversation" });
  });

  it("have a 1:1 when they are in the team, or opened it themselves", async () => {
    expect((await converse(alice)).status).toBe(201);
    expect(await converse(zoe)).toMatchObject({ status: 403, code: "ForbiddenOperationException" });
    teams.chatOf(zoe);
    expect((await converse(zoe)).status).toBe(201);
    teams.roster.leave(bob);
    expect((await converse(bob)).status).toBe(403);
    expect((await lookUp(teams.team.id, bob)).status).toBe(404);
    teams.roster.join(bob);
    expect((await converse(bob)).status).toBe(201);
  });
});

describe("what is forbidden", () => {
  it.each([
    ["uninstalled", "BotNotInConversationRoster"],
    ["blocked", "BotDisabledByAdmin"],
    ["archived", "MessageWritesBlocked"],
  ] as const)("%s: every call to the team is refused, until it is allowed again", async (ban, code) => {
    const chat = await chatWith(alice);
    teams.forbid(ban);
    for (const refused of [await post(text("a")), await lookUp(teams.team.id, alice), await converse(bob)])
      expect(refused).toMatchObject({ status: 403, code });
    // Who has a chat is still told.
    expect((await post(text("a"), chat)).status).toBe(201);
    teams.allow();
    expect((await post(text("a"))).status).toBe(201);
  });

  it("moderated: posts are refused, and updates are not", async () => {
    const { body } = await post(card("Balie"));
    teams.forbid("moderated", { channel: alarms });
    expect(await post(card("Kelder"))).toMatchObject({ status: 403, code: "ConversationBlockedByUser" });
    expect((await post(text("a"), `${alarms};messageid=${body.id}`)).status).toBe(403);
    expect((await call("PUT", `/${alarms}/activities/${body.id}`, card("Balie 2"))).status).toBe(200);
    expect((await lookUp(teams.team.id, alice)).status).toBe(200);
    expect((await post(text("a"), teams.team.id)).status).toBe(201);
  });

  it("by one person: their chat is refused, and nobody else's", async () => {
    const chat = await chatWith(alice);
    teams.forbid("blocked", alice);
    expect(await post(text("a"), chat)).toMatchObject({ status: 403, code: "ConversationBlockedByUser" });
    expect(await converse(alice)).toMatchObject({ status: 403, code: "ConversationBlockedByUser" });
    expect((await post(text("a"), await chatWith(bob))).status).toBe(201);
    teams.allow(alice);
    expect((await post(text("a"), chat)).status).toBe(201);
  });
});

it("a deleted message takes no reply and no update: 404, or 403", async () => {
  for (const [answer, code] of [
    [404, "ActivityNotFoundInConversation"],
    [403, "ServiceError"],
  ] as const) {
    const { body } = await post(card("Balie"));
    teams.remove(String(body.id), answer);
    const refused = { status: answer, code };
    expect(await post(text("a"), `${alarms};messageid=${body.id}`)).toMatchObject(refused);
    expect(await call("PUT", `/${alarms}/activities/${body.id}`, card("Balie 2"))).toMatchObject(refused);
  }
});

it("leaves out the ids of some replies, and of nothing else", async () => {
  const { body } = await post(card("Balie"));
  const replies = [
    await post(text("a"), `${alarms};messageid=${body.id}`),
    await post(text("b"), `${alarms};messageid=${body.id}`),
  ];
  expect(replies).toMatchObject([{ status: 201 }, { status: 201 }]);
  expect(replies.map((each) => "id" in each.body)).toEqual([false, true]);
});

describe("mentions", () => {
  const tagged = "Ga jij, <at>Alice Jansen</at>?";

  it.each([
    ["by their id for this bot", mention(alice.teamsId, alice.name)],
    ["by their id in Entra", mention(alice.aadObjectId.toUpperCase(), alice.name)],
  ])("are taken %s, in a text and in a card", async (_, entity) => {
    expect((await post(text(tagged, { entities: [entity] }))).status).toBe(201);
    expect((await post(card(tagged, [entity]))).status).toBe(201);
  });

  it.each([
    ["of somebody of no team", card("<at>Zoë Vreemd</at>", [mention(zoe.aadObjectId, zoe.name)])],
    ["of a tag that is none", card("<at>BHV</at>", [mention("tag-other", "BHV", { type: "tag" })])],
    ["that no card shows", card("Ga jij?", [mention(alice.teamsId, alice.name)])],
    ["that no text shows", text("Ga jij?", { entities: [mention(alice.teamsId, alice.name)] })],
    [
      "of two by one text",
      card("<at>Bob</at>", [mention(bob.teamsId, "Bob"), mention("tag-bhv", "Bob", { type: "tag" })]),
    ],
    ["without their entity, in a card", card(tagged)],
    ["without their entity, in a text", text(tagged)],
  ])("%s are refused", async (_, message) => {
    expect(await post(message)).toMatchObject({ status: 400, code: "BadArgument" });
    expect([...teams.cards, ...teams.texts]).toEqual([]);
  });

  it("ring, as 1:1 messages do; updates ring nobody", async () => {
    const entity = mention(alice.aadObjectId, alice.name);
    const { body } = await post(card(tagged, [entity]));
    expect([teams.rung(alice.teamsId), teams.rung(alice.aadObjectId), teams.rung(bob.teamsId)]).toEqual([1, 1, 0]);
    await post(text(tagged, { entities: [entity] }), `${alarms};messageid=${body.id}`);
    await call("PUT", `/${alarms}/activities/${body.id}`, card(tagged, [entity]));
    expect(teams.rung(alice.teamsId)).toBe(2);
    await post(text("Ga jij?"), await chatWith(alice));
    expect(teams.rung(alice.teamsId)).toBe(3);
  });
});

it("takes the tokens of its issuer alone, until they are over or revoked", async () => {
  await using issuer = await startTokenIssuer({ now: clock.now, lifeSeconds: 600 });
  await using guarded = await open({ issuer });
  const take = async () => {
    const given = await fetch(`${issuer.trust.loginUrl}/token`, { method: "POST", body: "client_id=bot" });
    return String(((await given.json()) as { access_token: string }).access_token);
  };
  const asks = (token: string) =>
    call("GET", `/${guarded.team.id}/members/${alice.teamsId}`, undefined, guarded, token);
  const [first, second] = [await take(), await take()];
  expect((await asks(first)).status).toBe(200);
  expect((await asks("")).status).toBe(401);
  expect((await asks(await issuer.forge({}))).status).toBe(401);
  issuer.revoke();
  expect((await asks(second)).status).toBe(401);
  const third = await take();
  clock.to(clock.now() + 599_000);
  expect((await asks(third)).status).toBe(200);
  clock.to(clock.now() + 2_000);
  expect((await asks(third)).status).toBe(401);
});

it("has the tenant in the path of its service URL", () => {
  expect(new URL(teams.serviceUrl).pathname).toBe(`/teams/${teams.tenantId}/`);
});

describe("moody", () => {
  const befalls = async (seed: number) => {
    await using moody = await open({ unlimited: true });
    moody.beMoody(seed);
    const ends: string[] = [];
    for (let calls = 0; calls < 1_000; calls += 1) {
      const answer = call("POST", `/${alarms}/activities`, text("a"), moody);
      ends.push(await answer.then(({ status }) => String(status)).catch(() => "broken"));
    }
    return { ends, delivered: moody.texts.length };
  };

  it("fails one call in a hundred, in every way, and the same for the same seed", async () => {
    const { ends, delivered } = await befalls(1);
    const failed = ends.filter((end) => end !== "201");
    expect(failed.length).toBeGreaterThan(3);
    expect(failed.length).toBeLessThan(25);
    // A connection that breaks after the delivery has delivered.
    expect(delivered).toBeGreaterThanOrEqual(1_000 - failed.length);
    expect((await befalls(1)).ends).toEqual(ends);
    expect((await befalls(2)).ends).not.toEqual(ends);
  });
});

it("lenient takes what an emulator takes", async () => {
  await using easy = await open({ lenient: true });
  const send = (body: unknown) => call("POST", `/${alarms}/activities`, body, easy);
  expect(await statuses(40, () => send(text("a")))).toEqual(Array(40).fill(201));
  expect((await send(card("<at>Zoë Vreemd</at>", [mention(zoe.teamsId, zoe.name)]))).status).toBe(201);
  expect((await call("GET", `/${alarms}/members/${alice.aadObjectId}`, undefined, easy)).status).toBe(200);
  const reply = await call("POST", `/${alarms};messageid=${easy.texts[0]?.id}/activities`, text("a"), easy);
  expect(reply.body).toHaveProperty("id");
});
