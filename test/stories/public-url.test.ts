import { once } from "node:events";
import { type IncomingMessage, request as openRequest } from "node:http";
import { text } from "node:stream/consumers";
import { expect, it } from "vitest";
import { accountSid, authToken, startTwilio, toCallBack } from "../fakes/twilio.ts";
import { readTwiml } from "../fakes/twiml-reader.ts";
import { building, minute, type Settings, sourceSecret, startBot } from "../harness.ts";

const publicUrl = "https://127.0.0.1/alarm";
/** What a request says of where it came in; a proxy passes on what it does not know. */
const said = {
  host: "elsewhere.example",
  forwarded: "for=192.0.2.7;host=elsewhere.example;proto=http",
  "x-forwarded-host": "elsewhere.example",
  "x-forwarded-proto": "http",
  "x-forwarded-port": "81",
  "x-forwarded-prefix": "/elsewhere",
  "x-original-url": "/elsewhere",
};

/** Calls the bot as a proxy does that takes its path away; the headers say that it came in elsewhere. */
async function call(address: string, method: string, headers: Readonly<Record<string, unknown>> = {}, body = "") {
  const request = openRequest(address, { method, headers: { ...said, ...(headers as Record<string, string>) } });
  request.end(body);
  const [response] = (await once(request, "response")) as [IncomingMessage];
  return { status: response.statusCode, location: response.headers.location, text: await text(response) };
}

it("links, redirects and signatures come from publicUrl alone, whatever a request says of its host", async () => {
  await using twilio = await startTwilio();
  const steps = [
    { after: "0s", tell: "frontdesk" },
    { after: "60s", page: "desk" },
    { after: "60s", page: "voice" },
  ];
  await using bot = await startBot({ settings: { publicUrl, listen: { trustedProxies: ["127.0.0.1"] } } });
  const voice = { type: "twilio-voice", authToken, accountSid, from: "+31850000000", to: "+31612345678" };
  const { desk } = bot.settings.pagers as { desk: Settings };
  await bot.restart({
    pagers: { desk, voice: { ...voice, baseUrl: twilio.baseUrl } },
    policies: { building: { ...building, steps } },
  });
  const press = JSON.stringify({ id: "1", button: "0042" });
  const proof = { authorization: `Bearer ${sourceSecret}`, "content-type": "application/json" };
  expect(await call(`${bot.url}/alarms/buttons`, "POST", proof, press)).toMatchObject({ status: 202 });
  await bot.expectCard("Spreekkamer 3");
  await bot.fastForward(minute);

  const { acceptUrl } = await bot.desk.expectPage("unclaimed");
  expect(acceptUrl).toMatch(/^https:\/\/127\.0\.0\.1\/alarm\/guard\//);
  const link = acceptUrl?.replace(publicUrl, bot.url) ?? "";
  const shown = await call(link, "GET");
  expect(shown).toMatchObject({ status: 200, text: expect.not.stringContaining("elsewhere") });
  const form = { "content-type": "application/x-www-form-urlencoded" };
  const answered = await call(link, "POST", form, "answer=accept");
  expect(answered).toMatchObject({ status: 303, text: expect.not.stringContaining("elsewhere") });
  expect(new URL(answered.location ?? "", acceptUrl ?? "").href.startsWith(`${acceptUrl}?`)).toBe(true);

  const twiml = JSON.stringify(readTwiml(twilio.orders.at(-1)?.form.Twiml ?? ""));
  const address = /https:[^"]+/.exec(twiml)?.[0] ?? "";
  expect(address.startsWith(`${publicUrl}/pagers/voice?`)).toBe(true);
  const callBackAt = (signed: string) => {
    const { query, headers, body } = toCallBack(address, { Digits: "5" }, { signed });
    return call(`${bot.url}/pagers/voice?${query}`, "POST", headers, body.toString());
  };
  const bare = address.replace(/#.*$/, "");
  expect(await callBackAt(bare.replace(publicUrl, "http://elsewhere.example"))).toMatchObject({ status: 401 });
  expect(await callBackAt(bare)).toMatchObject({ status: 200 });
  bot.desk.ignoreRest();
});
