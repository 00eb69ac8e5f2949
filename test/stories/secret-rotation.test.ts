import { once } from "node:events";
import { type IncomingMessage, request as openRequest } from "node:http";
import { describe, expect, it } from "vitest";
import { sources, toReadySource } from "../../adapters/index.ts";
import type { OutboundRequest } from "../../bot/contracts.ts";
import { nl } from "../dutch.ts";
import { accountSid, authToken, startTwilio, toCallBack } from "../fakes/twilio.ts";
import { readTwiml } from "../fakes/twiml-reader.ts";
import {
  alice,
  type Bot,
  backOffice,
  building,
  frontdesk,
  minute,
  people,
  type Settings,
  sourceSecret,
  startBot,
} from "../harness.ts";

const newer = "q8Lw3Tz7Rm2Xd9Kv5Hb1Pn6Yc4Jf0GaS";
const older = "Zt5Wc8Qn1Vx4Mb7Ks2Lj9Hg6Fd3Pr0Ye";
const metricsToken = "een-geheim-voor-de-metingen";
/** How many call at once in each phase. */
const load = 40;

/** Which value of that secret was used, of those that were since the start. */
async function usedOf(bot: Bot, secret: string, token = metricsToken): Promise<string[]> {
  const answered = await fetch(`${bot.url}/metrics`, { headers: { authorization: `Bearer ${token}` } });
  const text = await answered.text();
  const used = text.matchAll(/^rugdekking_secret_used_timestamp_seconds\{secret="([^"]+)",value="(\w+)"\}/gm);
  return [...used].filter(([, name]) => name === secret).map(([, , value]) => value ?? "");
}

/** Sends a message as a device does: `fetch` adds headers by which browsers are known. */
async function send(door: string, { method, path, query, headers, body }: OutboundRequest): Promise<Response> {
  const address = `${door}${path === "" ? "" : `/${path}`}${query === "" ? "" : `?${query}`}`;
  const request = openRequest(address, { method, headers: headers as Record<string, string> });
  request.end(method === "GET" ? undefined : body);
  const [response] = (await once(request, "response")) as [IncomingMessage];
  response.resume();
  return new Response(null, { status: response.statusCode ?? 0 });
}

/** Calls many times at once; returns the answers' statuses, each once. */
async function callAll(call: (index: number) => Promise<Response>): Promise<number[]> {
  const answered = await Promise.all(Array.from({ length: load }, (_, index) => call(index)));
  await Promise.all(answered.map((each) => each.arrayBuffer()));
  return [...new Set(answered.map(({ status }) => status))];
}

/** What that setting of a source is called which holds its secret. */
function secretName(options: object): "secret" | "key" {
  return "secret" in options ? "secret" : "key";
}

describe("while the secret of a source is changed under load no press is refused", () => {
  it.each(Object.keys(sources))("%s", async (type) => {
    const options = sources[type]?.exampleOptions as Settings;
    const name = secretName(options);
    const value = (text: string) => (String(options[name]).startsWith("whsec_") ? `whsec_${btoa(text)}` : text);
    const [old, fresh] = [value(older), value(newer)];
    const withSecret = (secret: unknown): Settings => ({
      sources: { rotated: { type, ...options, [name]: secret, policy: "building", channel: "frontdesk" } },
    });
    const settings = { metricsToken, buttons: [], ...withSecret(old) };
    await using bot = await startBot({ settings, teams: { unlimited: true } });
    let presses = 0;
    const pressBy = (secret: string) => {
      presses += 1;
      const ready = toReadySource(type, { ...options, [name]: secret });
      const message = ready.example(String(presses).padStart(16, "0"), bot.clock.wall() + presses);
      return send(`${bot.url}/alarms/rotated`, message);
    };
    let given = old;
    let isOver = false;
    const statuses = new Set<number>();
    const device = async () => {
      while (!isOver) statuses.add((await pressBy(given)).status);
    };
    await using pressing = new AsyncDisposableStack();
    const devices = Array.from({ length: 8 }, device);
    pressing.defer(async () => {
      isOver = true;
      await Promise.all(devices);
    });
    /** Until who was given another secret before has sent it. */
    const goOn = async () => {
      for (const turn = presses + 32; presses < turn; ) await new Promise((resolve) => setImmediate(resolve));
    };
    /** The bot does not come to rest meanwhile. */
    const reload = (secret: unknown) => {
      bot.settings = { ...bot.settings, ...withSecret(secret) };
      return bot.app.reload({ kind: "machine" });
    };

    await goOn();
    expect(await reload([fresh, old])).toEqual({ kind: "reloaded", needsRestart: [] });
    await goOn();
    // What was used before says nothing of the new one.
    expect(await usedOf(bot, "sources.rotated")).toEqual(["second"]);
    given = fresh;
    await goOn();
    expect((await usedOf(bot, "sources.rotated")).sort()).toEqual(["first", "second"]);
    expect(await reload(fresh)).toEqual({ kind: "reloaded", needsRestart: [] });
    await goOn();
    expect(await usedOf(bot, "sources.rotated")).toEqual(["first"]);
    await pressing.disposeAsync();
    expect([...statuses]).toEqual([202]);
    expect((await pressBy(old)).status).not.toBe(202);
    expect((await pressBy(fresh)).status).toBe(202);
  });
});

it.each(["metricsToken", "doctorToken"] as const)("while %s is changed nobody who has one is refused", async (name) => {
  await using bot = await startBot({ settings: { metricsToken, [name]: older } });
  const path = name === "metricsToken" ? "/metrics" : "/doctor/pagers/none";
  const allowed = name === "metricsToken" ? 200 : 404;
  const askBy = (token: string) =>
    callAll(() => fetch(`${bot.url}${path}`, { headers: { authorization: `Bearer ${token}` } }));
  expect(await askBy(older)).toEqual([allowed]);
  await bot.restart({ [name]: [newer, older] });
  expect(await askBy(older)).toEqual([allowed]);
  expect(await askBy(newer)).toEqual([allowed]);
  const reader = name === "metricsToken" ? newer : metricsToken;
  expect((await usedOf(bot, name, reader)).sort()).toEqual(["first", "second"]);
  await bot.restart({ [name]: newer });
  expect(await askBy(newer)).toEqual([allowed]);
  expect(await askBy(older)).not.toContain(allowed);
});

it("while the guards' key is changed every link that is out goes on working", async () => {
  await using bot = await startBot({ settings: { metricsToken, guardKeys: [older] } });
  await bot.press("0042");
  await bot.expectCard("Spreekkamer 3");
  await bot.fastForward(minute);
  const page = await bot.desk.expectPage("unclaimed");
  await bot.restart({ guardKeys: [newer, older] });
  const link = page.acceptUrl?.replace("http://127.0.0.1:1", bot.url) ?? "";
  expect(await callAll(() => fetch(link))).toEqual([200]);
  expect(await usedOf(bot, "guardKeys")).toEqual(["second"]);
  await bot.fastForward(minute);
  const later = await bot.phone.expectPage("unclaimed");
  await bot.restart({ guardKeys: [newer] });
  const newLink = later.acceptUrl?.replace("http://127.0.0.1:1", bot.url) ?? "";
  expect(await callAll(() => fetch(newLink))).toEqual([200]);
  expect(await usedOf(bot, "guardKeys")).toEqual(["first"]);
});

it("while the code for linking is changed either links, and status says in a chat which was used when", async () => {
  const [older, newer] = ["4821-7730", "9135-6642"];
  const noLead = people.filter(({ lead }) => lead !== true);
  const channels = { frontdesk: {}, "back-office": {} };
  await using bot = await startBot({ settings: { metricsToken, people: noLead, channels } });
  const withCode = (linkCode: unknown) => ({ teams: { ...(bot.settings.teams as object), linkCode } });
  await bot.restart(withCode([newer, older]));
  await bot.type(alice, `koppel frontdesk ${older}`, frontdesk);
  expect(await usedOf(bot, "teams.linkCode")).toEqual(["second"]);
  await bot.fastForward(minute);
  const { text } = await bot.type(alice, "status");
  expect(text).toContain(nl.secretUse.used("teams.linkCode", nl.channel.status.minutes(1), null));
  expect((await bot.type(alice, "status", frontdesk)).text).not.toContain("teams.linkCode");
  await bot.type(alice, `koppel back-office ${newer}`, backOffice);
  expect((await bot.type(alice, "status")).text).toContain(
    nl.secretUse.used("teams.linkCode", nl.channel.status.minutes(1), nl.channel.status.seconds(0)),
  );
});

it("while a provider's token is changed its call-backs count, and calls are made by the new one", async () => {
  const newToken = "0f1e2d3c4b5a69788796a5b4c3d2e1f0";
  await using twilio = await startTwilio();
  const account = { accountSid, from: "+31850000000", to: "+31612345678", baseUrl: twilio.baseUrl };
  const withToken = (token: unknown): Settings => ({
    pagers: { voice: { type: "twilio-voice", authToken: token, ...account } },
  });
  const steps = [
    { after: "0s", tell: "frontdesk" },
    { after: "60s", page: "voice" },
  ];
  const policies = { building: { ...building, steps } };
  await using bot = await startBot({ settings: { metricsToken, policies, ...withToken(authToken) } });
  await bot.press("0042");
  await bot.expectCard("Spreekkamer 3");
  await bot.fastForward(minute);
  const address = JSON.stringify(readTwiml(twilio.orders.at(-1)?.form.Twiml ?? "")).match(/https?:[^"]+/)?.[0] ?? "";
  await bot.restart(withToken([authToken, newToken]));
  for (const [token, value] of [
    [authToken, "first"],
    [newToken, "second"],
  ] as const) {
    const { query, headers, body } = toCallBack(address, { Digits: "7" }, { token });
    const init = { method: "POST", headers: headers as Record<string, string>, body: new Uint8Array(body) };
    expect(await callAll(() => fetch(`${bot.url}/pagers/voice?${query}`, init))).toEqual([200]);
    expect(await usedOf(bot, "pagers.voice")).toContain(value);
  }
});

describe("the secret of the app in Teams", () => {
  const withSecret = (bot: Bot, clientSecret: unknown) => ({
    teams: { ...(bot.settings.teams as object), clientSecret },
  });

  it.each([
    ["is wrong", 7_000_215],
    ["has expired", 7_000_222],
  ])("is the one before the new one, where the new one %s", async (_, code) => {
    await using bot = await startBot({ registered: { lifeSeconds: 900 }, settings: { metricsToken } });
    bot.issuer?.refusedSecrets.set(newer, code);
    await bot.restart(withSecret(bot, [newer, "not-a-real-secret"]));
    expect(await bot.press("0042")).toMatchObject({ status: 202 });
    await bot.expectCard("Spreekkamer 3");
    expect(await usedOf(bot, "teams.clientSecret")).toEqual(["second"]);
    // Entra may know a new secret some minutes late.
    bot.issuer?.refusedSecrets.clear();
    bot.issuer?.refusedSecrets.set("not-a-real-secret", code);
    await bot.fastForward(6 * minute);
    expect((await usedOf(bot, "teams.clientSecret")).sort()).toEqual(["first", "second"]);
  });

  it("is asked for no more where both are refused, and that is what is said", async () => {
    await using bot = await startBot({ registered: { lifeSeconds: 3_600 }, settings: { metricsToken } });
    for (const secret of [newer, older]) bot.issuer?.refusedSecrets.set(secret, 7_000_222);
    await bot.restart(withSecret(bot, [newer, older]));
    await bot.press("0042", {}, "buttons");
    await bot.fastForward(3 * minute);
    expect(await bot.troubles()).toContainEqual(expect.objectContaining({ kind: "teams-lost" }));
    expect(await usedOf(bot, "teams.clientSecret")).toEqual([]);
    const said = JSON.stringify(bot.lines);
    for (const secret of [newer, older, sourceSecret]) expect(said).not.toContain(secret);
  });
});
