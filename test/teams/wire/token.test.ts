import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { appId, type BotWithTokens, startWithTokens, tenantId } from "./start-with-tokens.ts";

let teams: BotWithTokens;
beforeEach(async () => {
  teams = await startWithTokens();
});
afterEach(() => teams[Symbol.asyncDispose]());

describe("the log says which claim was wrong, and of the token only whose it says it is", () => {
  const ours = () => ({ iss: teams.issuer.issuer, aud: appId });
  const ofTenant = `https://sts.windows.net/${tenantId}/`;
  const unsaid = { iss: undefined, aud: undefined };

  it.each<[string, () => Promise<string> | string, string, () => Record<string, unknown>]>([
    ["no token at all", () => "Bearer garbage", "unreadable", () => unsaid],
    ["a token of nothing", () => `Bearer ${btoa("{}")}.${btoa("7")}.x`, "unreadable", () => unsaid],
    [
      "the issuer",
      () => teams.bearer({ iss: "https://evil.test" }),
      "issuer",
      () => ({ iss: "https://evil.test", aud: appId }),
    ],
    [
      "the issuer, with a key of its own",
      () => teams.bearer({ iss: ofTenant, aud: "https://api.botframework.com" }, { kid: "key-9" }),
      "issuer",
      () => ({ iss: ofTenant, aud: "https://api.botframework.com" }),
    ],
    ["no issuer", () => teams.bearer({ iss: undefined }), "issuer", () => ({ iss: undefined, aud: appId })],
    ["the audience", () => teams.bearer({ aud: "other-bot" }), "audience", () => ({ ...ours(), aud: "other-bot" })],
    ["several audiences", () => teams.bearer({ aud: ["a", "b"] }), "audience", () => ({ ...ours(), aud: "a b" })],
    ["its end", () => teams.bearer({ exp: teams.now - 400 }), "expired", ours],
    ["no end", () => teams.bearer({ exp: undefined }), "expired", ours],
    ["its beginning", () => teams.bearer({ nbf: teams.now + 400 }), "not-yet", ours],
    ["the service URL", () => teams.bearer({ serviceurl: undefined }), "serviceurl", ours],
    ["an empty service URL", () => teams.bearer({ serviceurl: "" }), "serviceurl", ours],
    ["the key", () => teams.bearer({}, { kid: "key-9" }), "signature", ours],
    ["the signature", async () => `Bearer ${await teams.issuer.forge(teams.claims())}`, "signature", ours],
  ])("%s", async (_name, authorization, claim, whose) => {
    const token = await authorization();
    expect(await teams.post(token)).toBe(401);
    const { iss, aud, remote, audit, ...facts } = teams.refusals[0] ?? {};
    expect(facts).toEqual({ reason: "bad-token", claim });
    expect({ iss, aud }).toEqual(whose());
    expect(JSON.stringify(teams.bot.lines)).not.toContain(token.split(".")[1] ?? token);
  });

  it("what a stranger makes up is cut, on one line, and makes no line of its own", async () => {
    const long = `https://evil.test/\u202e\n${"x".repeat(500)}`;
    for (const iss of [long, "https://evil.test/2", "https://evil.test/3"])
      await teams.post(await teams.bearer({ iss }));
    expect(teams.refusals).toHaveLength(1);
    const iss = String(teams.refusals[0]?.iss);
    expect(iss).toMatch(/^https:\/\/evil\.test\/ x+…$/);
    expect(iss).toHaveLength(120);
  });

  it("the service URL of another call, and the tenant", async () => {
    await teams.post(await teams.bearer({ serviceurl: "https://smba.trafficmanager.net/amer/" }));
    await teams.post(
      await teams.bearer(),
      teams.click({ channelData: { tenant: { id: "99999999-9999-4999-8999-999999999999" } } }),
    );
    expect(teams.refusals.map(({ reason, claim }) => [reason, claim])).toEqual([
      ["other-service-url", "serviceurl"],
      ["other-tenant", "tenant"],
    ]);
  });
});

describe("a service URL is compared as Microsoft compares it", () => {
  it.each([
    "https://smba.trafficmanager.net/emea",
    "https://smba.trafficmanager.net/emea//",
    "https://SMBA.TrafficManager.net/EMEA/",
  ])("%s", async (serviceurl) => {
    expect(await teams.post(await teams.bearer({ serviceurl }))).toBe(200);
    expect(await teams.post(await teams.bearer(), teams.click({ serviceUrl: serviceurl }))).toBe(200);
    expect(teams.bot.clicks).toHaveLength(2);
  });

  it.each(["https://smba.trafficmanager.net/emea/x/", "https://smba.trafficmanager.net/"])("%s", async (serviceurl) => {
    expect(await teams.post(await teams.bearer({ serviceurl }))).toBe(401);
    expect(teams.refusals.map(({ reason }) => reason)).toEqual(["other-service-url"]);
  });
});
