import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { SignJWT } from "jose";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { toActivity } from "../../fakes/teams-activity.ts";
import { foreignKeyId, startTokenIssuer, type TokenIssuer } from "../../fakes/token-issuer.ts";
import { alarms, alice, type Started, start } from "../start.ts";

const appId = "33333333-3333-4333-8333-333333333333";
const tenantId = "11111111-1111-4111-8111-111111111111";

let issuer: TokenIssuer;
let bot: Started;

beforeEach(async () => {
  issuer = await startTokenIssuer();
  bot = await start({
    local: false,
    appId,
    tenantId,
    clientSecret: "not-a-real-secret",
    serviceUrl: null,
    channels: { frontdesk: { conversation: null } },
    trust: issuer.trust,
  });
});

afterEach(async () => {
  await bot[Symbol.asyncDispose]();
  await issuer[Symbol.asyncDispose]();
});

const serviceUrl = "https://smba.trafficmanager.net/emea/";
const now = () => bot.clock.now() / 1000;

function claims(changes: Record<string, unknown> = {}) {
  return { aud: appId, serviceurl: serviceUrl, nbf: now() - 60, exp: now() + 600, ...changes };
}

/** A click, because its answer needs no call back to Teams. */
function activity(changes: Record<string, unknown> = {}) {
  const data = { incident: "i-1" };
  const value = { action: { type: "Action.Execute", verb: "claim", data } };
  const made = toActivity(bot.fake, alice, alarms, { type: "invoke", name: "adaptiveCard/action", value });
  return { ...made, serviceUrl, ...changes };
}

async function post(authorization: string | null, body: unknown = activity(), type = "application/json") {
  const headers = { "content-type": type, ...(authorization === null ? {} : { authorization }) };
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const response = await fetch(bot.fake.botUrl, { method: "POST", headers, body: text });
  return { status: response.status, type: response.headers.get("content-type"), text: await response.text() };
}

const bearer = async (changes: Record<string, unknown> = {}, header = {}) =>
  `Bearer ${await issuer.sign(claims(changes), header)}`;

function reasons(): unknown[] {
  return bot.lines.filter(({ event }) => event === "activity-refused").map(({ facts }) => facts.reason);
}

describe("a good token", () => {
  it("lets the click in", async () => {
    expect(await post(await bearer())).toMatchObject({ status: 200 });
    expect(bot.clicks).toHaveLength(1);
  });

  it("may have expired within the five minutes that clocks may differ", async () => {
    expect((await post(await bearer({ exp: now() - 200 }))).status).toBe(200);
  });

  it.each(["RS384", "RS512"])("may be signed with %s", async (alg) => {
    expect((await post(await bearer({}, { alg }))).status).toBe(200);
  });

  it("asks for the keys once", async () => {
    await Promise.all([post(await bearer()), post(await bearer()), post(await bearer())]);
    expect(issuer.asked).toMatchObject({ metadata: 1, keys: 1 });
  });
});

describe("a bad token is 401, with a reason in the log and none in the answer", () => {
  const unsigned = () => `${btoa('{"alg":"none"}')}.${btoa(JSON.stringify({ ...claims(), iss: issuer.issuer }))}.`;
  const confused = () =>
    new SignJWT({ ...claims(), iss: issuer.issuer })
      .setProtectedHeader({ alg: "HS256", kid: "key-1" })
      .sign(issuer.publicKeyPem);

  it.each<[string, () => Promise<string | null> | string | null, string]>([
    ["none", () => null, "no-token"],
    ["garbage", () => "Bearer garbage", "bad-token"],
    ["another scheme", async () => (await bearer()).replace("Bearer", "Basic"), "no-token"],
    ["lower-case scheme", async () => (await bearer()).replace("Bearer", "bearer"), "no-token"],
    ["wrong issuer", () => bearer({ iss: "https://evil.test" }), "bad-token"],
    ["wrong audience", () => bearer({ aud: "44444444-4444-4444-8444-444444444444" }), "bad-token"],
    ["unknown key", () => bearer({}, { kid: "key-9" }), "bad-token"],
    ["expired", () => bearer({ exp: now() - 400 }), "bad-token"],
    ["without an end", () => bearer({ exp: undefined }), "bad-token"],
    ["not valid yet", () => bearer({ nbf: now() + 400 }), "bad-token"],
    ["forged under the right key id", async () => `Bearer ${await issuer.forge(claims())}`, "bad-token"],
    ["alg none", () => `Bearer ${unsigned()}`, "bad-token"],
    ["HS256 with the public key", async () => `Bearer ${await confused()}`, "bad-token"],
    ["PS256, which Teams does not use", () => bearer({}, { alg: "PS256" }), "bad-token"],
    ["key endorsed for another channel", () => bearer({}, { kid: foreignKeyId }), "not-endorsed"],
    [
      "service URL of another call",
      () => bearer({ serviceurl: "https://smba.trafficmanager.net/amer/" }),
      "other-service-url",
    ],
    ["no service URL", () => bearer({ serviceurl: undefined }), "bad-token"],
  ])("%s", async (_name, authorization, reason) => {
    const answer = await post(await authorization());
    expect(answer).toMatchObject({ status: 401, type: "application/problem+json; charset=utf-8" });
    expect(JSON.parse(answer.text)).toEqual({ type: "about:blank", title: "Unauthorized", status: 401 });
    expect(reasons()).toEqual([reason]);
    expect(bot.clicks).toEqual([]);
  });
});

describe("an activity that Teams would not send us is 401", () => {
  it.each<[string, Record<string, unknown>, string]>([
    ["no service URL", { serviceUrl: undefined }, "unreadable"],
    ["no sender", { from: undefined }, "unreadable"],
    ["no conversation", { conversation: {} }, "unreadable"],
    ["no recipient", { recipient: undefined }, "unreadable"],
    ["another channel", { channelId: "webchat" }, "unreadable"],
    ["the emulator's own channel", { channelId: "AseChannel" }, "unreadable"],
    [
      "another tenant",
      { conversation: { id: alarms, tenantId: "99999999-9999-4999-8999-999999999999" } },
      "other-tenant",
    ],
    ["no tenant", { conversation: { id: alarms }, channelData: {} }, "other-tenant"],
    ["tenants that are null", { conversation: { id: alarms, tenantId: null }, channelData: null }, "other-tenant"],
    [
      "tenants of another type",
      { conversation: { id: alarms, tenantId: 5 }, channelData: { tenant: {} } },
      "other-tenant",
    ],
    [
      "another tenant beside one that is null",
      {
        conversation: { id: alarms, tenantId: null },
        channelData: { tenant: { id: "99999999-9999-4999-8999-999999999999" } },
      },
      "other-tenant",
    ],
    ["an empty tenant beside ours", { channelData: { tenant: { id: "" } } }, "other-tenant"],
  ])("%s", async (_name, changes, reason) => {
    expect((await post(await bearer(), activity(changes))).status).toBe(401);
    expect(reasons()).toEqual([reason]);
    expect(bot.clicks).toEqual([]);
  });

  it.each<[string, Record<string, unknown>]>([
    ["in the conversation", { channelData: null }],
    ["in the channel's data", { conversation: { id: alarms, tenantId: null } }],
  ])("but our tenant may stand in one place alone: %s", async (_name, changes) => {
    expect((await post(await bearer(), activity(changes))).status).toBe(200);
    expect(bot.clicks).toHaveLength(1);
  });

  it.each([
    "https://evil.test/",
    "http://smba.trafficmanager.net/emea/",
    "https://smba.trafficmanager.net.evil.test/",
    "https://smba.trafficmanager.net:8443/emea/",
    "https://me@smba.trafficmanager.net/emea/",
    "http://127.0.0.1:9/",
  ])("a service URL that is not Teams', even with a token for it: %s", async (url) => {
    expect((await post(await bearer({ serviceurl: url }), activity({ serviceUrl: url }))).status).toBe(401);
    expect(reasons()).toEqual(["foreign-service-url"]);
  });
});

describe("keys out of reach are 401", () => {
  it.each([
    ["metadataMode", 503],
    ["keysMode", 503],
    ["metadataMode", 404],
  ] as const)("%s %i, and good again when they are there", async (door, status) => {
    issuer[door] = status;
    expect((await post(await bearer())).status).toBe(401);
    expect(reasons()).toEqual(["keys-unreachable"]);
    issuer.metadataMode = "ok";
    issuer.keysMode = "ok";
    bot.clock.to(bot.clock.now() + 10_000);
    expect((await post(await bearer())).status).toBe(200);
  });

  it("asks an issuer that is down once in 10 s, however many strangers call", async () => {
    issuer.metadataMode = 503;
    for (let calls = 0; calls < 5; calls += 1) expect((await post(await bearer())).status).toBe(401);
    expect(issuer.asked.metadata).toBe(1);
    bot.clock.to(bot.clock.now() + 9_999);
    expect((await post(await bearer())).status).toBe(401);
    expect(issuer.asked.metadata).toBe(1);
    bot.clock.to(bot.clock.now() + 1);
    expect((await post(await bearer())).status).toBe(401);
    expect(issuer.asked.metadata).toBe(2);
  });

  it("goes on letting in who has a known key, while strangers make up others and the issuer is down", async () => {
    expect((await post(await bearer())).status).toBe(200);
    bot.clock.to(bot.clock.now() + 30_000);
    issuer.keysMode = 503;
    for (let calls = 0; calls < 5; calls += 1) await post(await bearer({}, { kid: "made-up" }));
    expect(issuer.asked.keys).toBe(2);
    expect((await post(await bearer())).status).toBe(200);
  });

  it("takes a fresh key 30 s after the keys were fetched, and asks no sooner", async () => {
    expect((await post(await bearer())).status).toBe(200);
    issuer.publishedAs = "fresh";
    bot.clock.to(bot.clock.now() + 29_999);
    expect((await post(await bearer({}, { kid: "fresh" }))).status).toBe(401);
    expect([issuer.asked.keys, reasons()]).toEqual([1, ["bad-token"]]);
    bot.clock.to(bot.clock.now() + 1);
    expect((await post(await bearer({}, { kid: "fresh" }))).status).toBe(200);
    expect(issuer.asked.keys).toBe(2);
  });

  it.each(["metadataMode", "keysMode"] as const)(
    "%s endless is no answer, and is not read to its end",
    async (door) => {
      issuer[door] = "endless";
      expect((await post(await bearer())).status).toBe(401);
      expect(reasons()).toEqual(["keys-unreachable"]);
    },
  );

  it.each([
    ["metadataMode", "hang"],
    ["metadataMode", "hang-body"],
    ["keysMode", "hang"],
    ["keysMode", "hang-body"],
  ] as const)("%s %s: within 5 s, for all who wait", async (door, mode) => {
    issuer[door] = mode;
    const waiting = [post(await bearer()), post(await bearer())];
    await expect.poll(() => (door === "metadataMode" ? issuer.asked.metadata : issuer.asked.keys)).toBe(1);
    bot.clock.to(bot.clock.now() + 4_999);
    expect((await Promise.all(waiting)).map(({ status }) => status)).toEqual([401, 401]);
    expect(reasons()).toEqual(["keys-unreachable"]);
    issuer[door] = "ok";
    bot.clock.to(bot.clock.now() + 10_000);
    expect((await post(await bearer())).status).toBe(200);
  });
});

describe("bodies", () => {
  it.each([
    ["no JSON", "{", 400],
    ["a bare string", '"x"', 400],
    ["too large", JSON.stringify({ pad: "x".repeat(300 * 1024) }), 413],
  ])("%s", async (_name, body, status) => {
    const answer = await post(await bearer(), body);
    expect(answer).toMatchObject({ status, type: "application/problem+json; charset=utf-8" });
  });

  it("another content type is 400", async () => {
    expect((await post(await bearer(), activity(), "text/plain")).status).toBe(400);
  });

  it("are not parsed for who has no token", async () => {
    expect((await post(null, "{")).status).toBe(401);
  });
});

describe("an emulator on this machine", () => {
  /** As an emulator posts it: without a token. */
  async function postLocal(headers: Record<string, string>): Promise<string> {
    await using own = await start();
    const made = toActivity(own.fake, alice, alarms, { type: "message", text: "help" });
    const { port } = new URL(own.fake.botUrl);
    const socket = connect(Number(port), "127.0.0.1");
    const body = JSON.stringify(made);
    const lines = Object.entries({ "content-type": "application/json", connection: "close", ...headers });
    const head = lines.map(([name, value]) => `${name}: ${value}\r\n`).join("");
    socket.write(`POST /api/messages HTTP/1.1\r\n${head}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
    return (await text(socket)).slice(9, 12);
  }

  it.each(["127.0.0.1:3978", "localhost", "[::1]:3978", "127.8.0.1"])("may call %s", async (host) => {
    expect(await postLocal({ host })).toBe("200");
  });

  it.each(["http://localhost:3000", "http://127.0.0.1:56150"])("may be a page of %s", async (origin) => {
    expect(await postLocal({ host: "127.0.0.1", origin })).toBe("200");
  });

  it.each<[string, Record<string, string>]>([
    ["a browser that was led here by another name", { host: "alarm.example.nl" }],
    ["a name that only begins like this machine", { host: "127.0.0.1.example.nl" }],
    ["a caller who names no host", {}],
    ["a proxy that says so", { host: "127.0.0.1", forwarded: "for=192.0.2.1" }],
    ["a proxy that says so in the usual way", { host: "127.0.0.1", "x-forwarded-for": "127.0.0.1" }],
    ["a proxy that names only the host", { host: "127.0.0.1", "x-forwarded-host": "alarm.example.nl" }],
    ["a proxy that names only the caller", { host: "127.0.0.1", "x-real-ip": "192.0.2.1" }],
    ["a proxy that names only itself", { host: "127.0.0.1", via: "1.1 front" }],
    ["a tunnel", { host: "127.0.0.1", "cf-connecting-ip": "192.0.2.1" }],
    ["a content network", { host: "127.0.0.1", "true-client-ip": "192.0.2.1" }],
    ["an old load balancer", { host: "127.0.0.1", "x-client-ip": "192.0.2.1" }],
    ["a page of somebody else", { host: "127.0.0.1", origin: "https://alarm.example.nl" }],
    ["a page that hides whose it is", { host: "127.0.0.1", origin: "null" }],
  ])("is not %s", async (_who, headers) => {
    expect(await postLocal(headers)).toBe("401");
  });
});

it("who guesses tokens is told after twenty in a minute only that, in one line of the log and a count", async () => {
  const statuses = [];
  for (let count = 0; count < 22; count += 1) statuses.push((await post("Bearer guess")).status);
  expect(statuses).toEqual([...Array(20).fill(401), 429, 429]);
  expect(reasons()).toEqual(["bad-token"]);
  expect((await post(await bearer())).status).toBe(200);
});

it("refuses to start without a complete registration: the SDK would let everybody in", async () => {
  expect(() => bot.again({ appId: "" })).toThrow(/appId/);
  expect(() => bot.again({ tenantId: null })).toThrow(/tenantId/);
});
