import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { inspect } from "node:util";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { DeliveryReason } from "../../bot/domain/incident/incident.ts";
import type { Person } from "../../bot/domain/person.ts";
import { DeliveryError } from "../../bot/errors.ts";
import type { Clock } from "../../bot/ports/time.ts";
import { maxSendMs } from "../../bot/ports/timing.ts";
import { BotToken } from "../../bot/teams/wire/bot-token.ts";
import type { Connector, OutgoingActivity } from "../../bot/teams/wire/connector.ts";
import { ContentRefused, Gone, TokenRefused } from "../../bot/teams/wire/failure.ts";
import { FakeClock } from "../fakes/clock.ts";
import { type Colleague, FakeTeams, type TeamsMode, type TeamsRoute } from "../fakes/teams.ts";
import { startTokenIssuer, type TokenIssuer } from "../fakes/token-issuer.ts";

const startedAt = Date.UTC(2026, 10, 24, 9, 0, 0);
const channel = "19:alarms@thread.tacv2";
const team = "19:team-general@thread.tacv2";
const alice: Colleague = {
  teamsId: "29:alice",
  aadObjectId: "aaaaaaaa-0000-4000-8000-000000000001",
  name: "Alice Jansen",
};
const text: OutgoingActivity = { type: "message", text: "Er is alarm." };
const card: OutgoingActivity = {
  type: "message",
  summary: "Spreekkamer 3",
  attachments: [{ contentType: "application/vnd.microsoft.card.adaptive", content: { type: "AdaptiveCard" } }],
  channelData: { notification: { alert: true } },
};

/** What a connector is made of. `token` null: local, where nobody has one. */
export interface ConnectorParts {
  readonly bot: () => Person;
  readonly clock: Clock;
  readonly token: BotToken | null;
}

/** The methods of a connector, each as one call to the same Teams. */
interface Call {
  readonly name: string;
  readonly route: TeamsRoute;
  readonly isPost: boolean;
  send(connector: Connector, serviceUrl: string, signal: AbortSignal): Promise<unknown>;
}

const calls: readonly Call[] = [
  { name: "post", route: "card", isPost: true, send: (to, url, signal) => to.post(url, channel, card, signal) },
  {
    name: "update",
    route: "update",
    isPost: false,
    send: (to, url, signal) => to.update(url, channel, "1", card, signal),
  },
  {
    name: "createConversation",
    route: "converse",
    isPost: false,
    send: (to, url, signal) => to.createConversation(url, alice.teamsId, null, signal),
  },
  {
    name: "findAnyMember",
    route: "member",
    isPost: false,
    send: (to, url, signal) => to.findAnyMember(url, team, signal),
  },
];

interface AnswerCase {
  readonly mode: TeamsMode;
  readonly reason: DeliveryReason;
  readonly retryAfterMs?: number;
  readonly cause?: typeof ContentRefused | typeof Gone | typeof TokenRefused;
  /** Of a post: it may stand there all the same. */
  readonly mayHaveArrived?: boolean;
}

function status(status: number, more: { code?: string; retryAfter?: string } = {}): TeamsMode {
  return { kind: "status", status, ...more };
}

const answers: readonly AnswerCase[] = [
  { mode: status(400), reason: "refused", cause: ContentRefused },
  { mode: status(401), reason: "unreachable", cause: TokenRefused },
  { mode: status(403, { code: "BotNotInConversationRoster" }), reason: "refused" },
  { mode: status(403, { code: "ConversationBlockedByUser" }), reason: "refused" },
  { mode: status(404), reason: "refused", cause: Gone },
  { mode: status(404, { code: "ActivityNotFoundInConversation" }), reason: "refused", cause: Gone },
  { mode: status(404, { code: "ConversationNotFound" }), reason: "refused", cause: Gone },
  { mode: status(408), reason: "unreachable" },
  { mode: status(412), reason: "throttled" },
  { mode: status(413), reason: "refused", cause: ContentRefused },
  { mode: status(429), reason: "throttled" },
  { mode: status(429, { retryAfter: "7" }), reason: "throttled", retryAfterMs: 7_000 },
  {
    mode: status(429, { retryAfter: new Date(startedAt + 30_000).toUTCString() }),
    reason: "throttled",
    retryAfterMs: 30_000,
  },
  { mode: status(429, { retryAfter: "3600" }), reason: "throttled", retryAfterMs: 60_000 },
  { mode: status(429, { retryAfter: "soon" }), reason: "throttled" },
  { mode: status(500), reason: "unreachable" },
  { mode: status(502), reason: "unreachable" },
  { mode: status(503, { retryAfter: "2" }), reason: "unreachable" },
  { mode: status(504), reason: "unreachable", mayHaveArrived: true },
  { mode: { kind: "reset" }, reason: "unreachable", mayHaveArrived: true },
  { mode: { kind: "endless" }, reason: "unreachable", mayHaveArrived: true },
];

/** What every connector must keep to, whatever Teams answers. */
export function connectorContract(name: string, create: (parts: ConnectorParts) => Connector): void {
  describe(`connector ${name}`, () => {
    const signal = new AbortController().signal;
    const bot: Person = { id: "28:rugdekking", name: "Rugdekking" };
    let clock: FakeClock;
    let teams: FakeTeams;
    let connector: Connector;
    beforeEach(async () => {
      clock = new FakeClock(startedAt);
      // A connector makes each call at once; their turns are given elsewhere.
      teams = await new FakeTeams({ channels: [channel], colleagues: [alice], unlimited: true }).start();
      connector = create({ bot: () => bot, clock, token: null });
    });
    afterEach(() => teams[Symbol.asyncDispose]());

    describe("posts", () => {
      it("with the bot as sender, as it was given, and answers with the id", async () => {
        const id = await connector.post(teams.serviceUrl, channel, card, signal);
        expect(teams.cards).toMatchObject([{ id, conversation: channel, body: { ...card, from: bot } }]);
        expect(teams.calls).toMatchObject([{ method: "POST", authorization: undefined }]);
      });

      it("mentions with their text", async () => {
        const mention = { type: "mention", text: "<at>Alice</at>", mentioned: { id: alice.teamsId, name: "Alice" } };
        await connector.post(teams.serviceUrl, channel, { ...text, text: mention.text, entities: [mention] }, signal);
        expect(teams.texts[0]?.body.entities).toEqual([mention]);
      });

      it("a reply into the thread of a card", async () => {
        const root = await connector.post(teams.serviceUrl, channel, card, signal);
        await connector.post(teams.serviceUrl, `${channel};messageid=${root}`, text, signal);
        expect(teams.replies).toMatchObject([{ root, body: { text: text.text } }]);
      });

      it("what Teams takes without telling an id: null, and no failure", async () => {
        teams.fail("card", { kind: "no-id" });
        expect(await connector.post(teams.serviceUrl, channel, card, signal)).toBeNull();
        expect(teams.cards).toHaveLength(1);
      });
    });

    it("updates what it posted, also twice", async () => {
      const id = (await connector.post(teams.serviceUrl, channel, card, signal)) ?? "";
      for (const summary of ["Balie", "Balie"])
        await connector.update(teams.serviceUrl, channel, id, { ...card, summary }, signal);
      expect(teams.cards).toHaveLength(1);
      expect(teams.cards[0]?.shown.map((body) => body.summary)).toEqual(["Spreekkamer 3", "Balie", "Balie"]);
    });

    describe("people", () => {
      it("are found in their team by either of their ids", async () => {
        const { teamsId, aadObjectId: entraId, name } = alice;
        for (const id of [teamsId, entraId])
          expect(await connector.findMember(teams.serviceUrl, team, id, signal)).toEqual({ teamsId, name, entraId });
      });

      it("who are not there are null, and so is anybody where the bot is not let in", async () => {
        expect(await connector.findMember(teams.serviceUrl, team, "29:nobody", signal)).toBeNull();
        await using issuer = await startTokenIssuer();
        const signed = create({ bot: () => bot, clock, token: openToken(issuer, clock) });
        teams.fail("member", status(403));
        expect(await signed.findMember(teams.serviceUrl, team, alice.teamsId, signal)).toBeNull();
      });

      it("are not null because Teams did not say", async () => {
        for (const mode of [status(503), status(429), status(401)]) {
          teams.fail("member", mode);
          const asking = connector.findMember(teams.serviceUrl, team, alice.teamsId, signal);
          await expect(asking).rejects.toBeInstanceOf(DeliveryError);
        }
      });

      it("one of them is found without an id", async () => {
        const found = await connector.findAnyMember(teams.serviceUrl, team, signal);
        expect(found).toMatchObject({ teamsId: alice.teamsId });
      });

      it("have a chat with the bot, made when there is none", async () => {
        const chat = await connector.createConversation(teams.serviceUrl, alice.teamsId, "tenant", signal);
        expect(chat).toBe(teams.chatOf(alice));
        await connector.post(teams.serviceUrl, chat, text, signal);
        expect(teams.direct).toMatchObject([{ to: alice.teamsId }]);
        expect(teams.calls[0]?.body).toMatchObject({
          bot,
          tenantId: "tenant",
          channelData: { tenant: { id: "tenant" } },
        });
      });

      it("have none without its id", async () => {
        teams.fail("converse", { kind: "no-id" });
        const making = connector.createConversation(teams.serviceUrl, alice.teamsId, null, signal);
        await expect(making).rejects.toMatchObject({ reason: "unreachable" });
      });
    });

    describe.each(calls)("$name", ({ route, isPost, send }) => {
      it.each(answers)("$mode is $reason, in one call", async ({ mode, reason, retryAfterMs = null, ...more }) => {
        teams.fail(route, mode);
        const error = await failureOf(send(connector, teams.serviceUrl, signal));
        const mayHaveArrived = isPost && more.mayHaveArrived === true;
        expect(error).toMatchObject({ reason, retryAfterMs, mayHaveArrived });
        if (more.cause === undefined) expect(error.cause).toBeUndefined();
        else expect(error.cause).toBeInstanceOf(more.cause);
        expect(teams.calls).toHaveLength(1);
      });

      it.each(["hang", "hang-body"] as const)("ends when it is told to, with a Teams that does %s", async (kind) => {
        teams.fail(route, { kind });
        const patience = new AbortController();
        const failed = failureOf(send(connector, teams.serviceUrl, patience.signal));
        await expect.poll(() => teams.hanging).toBe(1);
        patience.abort();
        expect(await failed).toMatchObject({ reason: "unreachable", mayHaveArrived: isPost });
        await expect.poll(() => teams.hanging).toBe(0);
      });

      it("ends by itself when nobody tells it to", async () => {
        teams.fail(route, { kind: "hang" });
        const failed = failureOf(send(connector, teams.serviceUrl, signal));
        await expect.poll(() => teams.hanging).toBe(1);
        clock.to(startedAt + maxSendMs);
        expect(await failed).toMatchObject({ reason: "unreachable" });
      });

      it("sends nothing when it was told to stop before", async () => {
        const failed = await failureOf(send(connector, teams.serviceUrl, AbortSignal.abort()));
        expect(failed).toMatchObject({ reason: "unreachable", mayHaveArrived: false });
        expect(teams.calls).toEqual([]);
      });

      it("sends nothing when it is told to stop before it could begin", async () => {
        const patience = new AbortController();
        const failed = failureOf(send(connector, teams.serviceUrl, patience.signal));
        patience.abort();
        expect(await failed).toMatchObject({ reason: "unreachable" });
        await send(connector, teams.serviceUrl, signal).catch(() => undefined);
        expect(teams.calls).toHaveLength(1);
      });

      it("nobody who listens there is unreachable, and nothing has arrived", async () => {
        const failed = await failureOf(send(connector, "http://127.0.0.1:9/teams", signal));
        expect(failed).toMatchObject({ reason: "unreachable", mayHaveArrived: false });
      });

      it("goes nowhere else", async () => {
        await using elsewhere = await startCounter(200);
        for (const location of [elsewhere.url, "/elsewhere"]) {
          for (const status of [301, 302, 303, 307, 308]) {
            await using teamsThatMoved = await startCounter(status, location);
            await failureOf(send(connector, teamsThatMoved.url, signal));
            expect(teamsThatMoved.count).toBe(1);
          }
        }
        expect(elsewhere.count).toBe(0);
      });
    });

    describe("the token", () => {
      let issuer: TokenIssuer;
      let signed: Connector;
      beforeEach(async () => {
        issuer = await startTokenIssuer();
        signed = create({ bot: () => bot, clock, token: openToken(issuer, clock) });
      });
      afterEach(() => issuer[Symbol.asyncDispose]());

      it("is on every call, and asked for once by sixteen at once", async () => {
        await Promise.all(Array.from({ length: 16 }, () => signed.post(teams.serviceUrl, channel, card, signal)));
        expect(issuer.asked.token).toBe(1);
        expect(teams.calls).toHaveLength(16);
        for (const { authorization } of teams.calls) expect(await issuer.verify(authorization)).toBeDefined();
      });

      it("that Teams refuses is given up once: all who had it go again at once with one other", async () => {
        await signed.post(teams.serviceUrl, channel, card, signal);
        teams.fail("card", { ...status(401), times: 16 });
        const failing = Array.from({ length: 16 }, () =>
          failureOf(signed.post(teams.serviceUrl, channel, card, signal)),
        );
        for (const error of await Promise.all(failing))
          expect(error).toMatchObject({ reason: "unreachable", retryAfterMs: 0 });
        await Promise.all(Array.from({ length: 16 }, () => signed.post(teams.serviceUrl, channel, card, signal)));
        expect(issuer.asked.token).toBe(2);
      });

      it("that is refused again within the minute is not: another one would help no more", async () => {
        teams.fail("card", status(401));
        const failed = () => failureOf(signed.post(teams.serviceUrl, channel, card, signal));
        expect([(await failed()).retryAfterMs, (await failed()).retryAfterMs]).toEqual([0, null]);
        expect(issuer.asked.token).toBe(2);
        clock.to(startedAt + 60_000);
        expect((await failed()).retryAfterMs).toBe(0);
      });

      it.each(["hang", "hang-body", "endless", 401, 503] as const)("with an issuer that does %s", async (mode) => {
        issuer.tokenMode = mode;
        const failed = failureOf(signed.post(teams.serviceUrl, channel, card, signal));
        await expect.poll(() => issuer.asked.token).toBe(1);
        if (mode === "hang" || mode === "hang-body") clock.to(startedAt + 5_000);
        const error = await failed;
        expect(error).toMatchObject({ reason: "unreachable", mayHaveArrived: false });
        expect(error.cause).toBeInstanceOf(TokenRefused);
        expect(teams.calls).toEqual([]);
      });

      it("and the secret stand in no error", async () => {
        for (const mode of [status(401), status(403), status(503), { kind: "reset" } as const]) {
          teams.fail("card", mode);
          await failureOf(signed.post(teams.serviceUrl, channel, card, signal));
        }
        const bearer = teams.calls[0]?.authorization?.replace("Bearer ", "") ?? "";
        expect(bearer.length).toBeGreaterThan(20);
        for (const said of failures) for (const secret of [bearer, clientSecret]) expect(said).not.toContain(secret);
      });
    });
  });
}

const clientSecret = "the-client-secret";

function openToken({ trust: { loginUrl } }: TokenIssuer, clock: Clock): BotToken {
  return new BotToken({ appId: "app", tenantId: "tenant", clientSecret, loginUrl }, clock, () => undefined);
}

/** All that a failure tells, gathered so that a test may look for what must not be in it. */
const failures: string[] = [];

/** The DeliveryError of a call that must fail, after a look for what it must not tell. */
async function failureOf(sending: Promise<unknown>): Promise<DeliveryError> {
  const error = await sending.then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(DeliveryError);
  const said = inspect(error, { depth: 9 });
  failures.push(said);
  for (const secret of [channel, team, "/v3/", "Bearer"]) expect(said).not.toContain(secret);
  return error as DeliveryError;
}

/** A server that answers all with that status, and counts who came. */
async function startCounter(status: number, location = "") {
  let count = 0;
  const server = createServer((request, response) => {
    count += 1;
    request.resume();
    response.writeHead(status, location === "" ? {} : { location }).end("{}");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/teams`,
    get count() {
      return count;
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
