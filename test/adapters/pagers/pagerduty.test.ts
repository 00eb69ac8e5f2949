import { createHmac } from "node:crypto";
import { describe, expect, it } from "vitest";
import { pagerduty } from "../../../adapters/pagers/pagerduty.ts";
import type { InboundRequest, Page } from "../../../bot/contracts.ts";
import { RequestRejected } from "../../../bot/errors.ts";
import { page, pagedAt, pagerContract } from "../../contracts/pager-contract.ts";
import { nl } from "../../dutch.ts";
import { FakeClock } from "../../fakes/clock.ts";
import { createPagerHost } from "../../fakes/pager-host.ts";
import { startPagerduty, toWebhook } from "../../fakes/pagerduty.ts";

const routingKey = "R0123456789abcdef0123456789abcde";
const webhookSecret = "a-secret-of-the-webhook-subscription";
const newerSecret = "the-next-secret-of-the-subscription!";
const signal = new AbortController().signal;

pagerContract("pagerduty", pagerduty, async () => {
  const provider = await startPagerduty({ routingKey });
  return {
    options: { routingKey, url: `${provider.url}/v2/enqueue`, webhookSecret },
    behave: provider.behave,
    received: provider.received,
    get keys() {
      return provider.events.map(({ dedup_key }) => dedup_key ?? "");
    },
    lastText: () => provider.events.at(-1)?.payload?.summary ?? "",
    secrets: [routingKey, webhookSecret, provider.url, new URL(provider.url).host],
    [Symbol.asyncDispose]: () => provider[Symbol.asyncDispose](),
  };
});

describe("the event", () => {
  async function eventOf(changes: Partial<Page>, language: "nl" | "en" = "nl") {
    await using provider = await startPagerduty({ routingKey });
    await openPager(provider.url, language).page({ ...page, ...changes }, signal);
    return provider.events[0];
  }

  it("is what PagerDuty asks for, with the guard's link", async () => {
    expect(await eventOf({})).toEqual({
      routing_key: routingKey,
      event_action: "trigger",
      dedup_key: "i-1-1-1",
      client: "Rugdekking",
      payload: {
        summary: "Alarm in Spreekkamer 3. Geen collega heeft op tijd geantwoord.",
        source: "Spreekkamer 3",
        severity: "critical",
        timestamp: "2026-11-24T09:00:00.000Z",
        custom_details: { text: "Geen collega heeft op tijd geantwoord." },
      },
      links: [{ href: page.acceptUrl, text: "Open het alarm" }],
    });
  });

  it("names its link in English too", async () => {
    expect((await eventOf({}, "en"))?.links).toEqual([{ href: page.acceptUrl, text: "Open the alarm" }]);
  });

  it("has no link where none could work, and a source where no place is known", async () => {
    const event = await eventOf({ acceptUrl: null, incident: { ...page.incident, place: null } });
    expect(event?.links).toEqual([]);
    expect(event?.payload?.source).toBe("Alarm in Spreekkamer 3");
  });

  it("is cut to what PagerDuty takes, on one line", async () => {
    const event = await eventOf({ words: { title: "Alarm\nhier", text: "lang ".repeat(400) } });
    expect(event?.payload?.summary).toHaveLength(1024);
    expect(event?.payload?.summary).toMatch(/^Alarm hier\. lang lang/);
  });

  it("is cut at a whole character", async () => {
    const event = await eventOf({ words: { title: "Alarm", text: "🚨".repeat(1100) } });
    expect(event?.payload?.summary.length).toBeLessThanOrEqual(1024);
    expect(event?.payload?.summary.isWellFormed()).toBe(true);
  });

  it("says TEST, and rings as loud as the real thing", async () => {
    const words = { title: "Spreekkamer 3", text: nl.page.why.test };
    const event = await eventOf({ reason: "test", words });
    expect(event?.payload?.summary).toMatch(/^TEST /);
    expect(event?.payload?.custom_details).toEqual({ text: `TEST ${nl.page.why.test}` });
    expect(event?.payload?.severity).toBe("critical");
    expect(event?.links?.[0]?.text).toBe("TEST: open");
    const marked = await eventOf({ reason: "test", words: { ...words, title: "TEST: Spreekkamer 3" } });
    expect(marked?.payload?.summary).toMatch(/^TEST: Spreekkamer 3\./);
  });

  it("keeps to one alert: retries and updates are written to it, a call-off resolves it", async () => {
    await using provider = await startPagerduty({ routingKey });
    const ready = openPager(provider.url);
    await ready.page(page, signal);
    await ready.page(page, signal);
    const words = { title: "Nieuws over het alarm: Spreekkamer 3", text: "Iemand ter plaatse zegt: het is echt." };
    await ready.update?.({ ...page, key: "i-1-1-1-u1", reason: "update", words }, signal);
    expect([...provider.alerts]).toEqual([["i-1-1-1", { state: "triggered", entries: 3 }]]);
    expect(provider.events[2]?.payload?.summary).toContain("het is echt");
    await ready.callOff?.({ ...page, key: "i-1-1-1-c1", reason: "call-off" }, signal);
    expect([...provider.alerts]).toEqual([["i-1-1-1", { state: "resolved", entries: 3 }]]);
    expect(provider.events[3]).toEqual({ routing_key: routingKey, event_action: "resolve", dedup_key: "i-1-1-1" });
  });

  it("is refused with another key", async () => {
    await using provider = await startPagerduty({ routingKey: "another-routing-key-of-32-signs." });
    await expect(openPager(provider.url).page(page, signal)).rejects.toMatchObject({ reason: "refused" });
  });
});

describe("an acknowledgement in PagerDuty", () => {
  const callBack = openPager("https://events.example.nl").callBack;
  const callBackOf = (webhook: { body: Buffer; signature: string }) =>
    callBack?.(toRequest(webhook.body, { "x-pagerduty-signature": webhook.signature }));

  it("is a human's answer to the page whose key it carries", () => {
    expect(callBackOf(toWebhook(webhookSecret))?.events).toEqual([
      { kind: "answered", key: "i-1-1-1", answer: "accept" },
    ]);
    expect(callBackOf(toWebhook(webhookSecret))?.reply("taken")).toEqual({ type: "text/plain", body: "" });
  });

  it.each([
    ["no key", { incidentKey: null }],
    ["an empty key", { incidentKey: "" }],
    ["a machine's hand", { agent: { id: "PIJ90N7", type: "service_reference" } }],
    ["an integration's hand", { agent: { id: "PIJ90N7", type: "inbound_integration_reference" } }],
    ["nobody's hand", { agent: null }],
    ["another event: triggered", { type: "incident.triggered" }],
    ["another event: resolved", { type: "incident.resolved" }],
    ["another event: unacknowledged", { type: "incident.unacknowledged" }],
    ["another event: pagey.ping", { type: "pagey.ping" }],
  ])("with %s tells nothing", (_what, changes) => {
    expect(callBackOf(toWebhook(webhookSecret, changes))?.events).toEqual([]);
  });

  it.each(["[]", "null", "{", "", '{"event":{}}'])("reads %j as nothing", (text) => {
    const body = Buffer.from(text);
    const signature = `v1=${createHmac("sha256", webhookSecret).update(body).digest("hex")}`;
    expect(callBackOf({ body, signature })?.events).toEqual([]);
  });

  it("is believed by any of several signatures, while a secret is changed", () => {
    const { body, signature } = toWebhook(webhookSecret);
    expect(callBackOf({ body, signature: `v1=${"0".repeat(64)},${signature}` })?.events).toHaveLength(1);
    expect(callBackOf({ body, signature: `${signature}, v2=abc` })?.events).toHaveLength(1);
  });

  it.each([
    ["first", newerSecret],
    ["second", webhookSecret],
  ])("is believed by either of our secrets, while it is changed there: the %s", (value, secret) => {
    const { body, signature } = toWebhook(secret);
    const options = { routingKey, webhookSecret: [newerSecret, webhookSecret] };
    const { callBack } = pagerduty.open(options, createPagerHost(new FakeClock(pagedAt)));
    const answered = callBack?.(toRequest(body, { "x-pagerduty-signature": signature }));
    expect(answered).toMatchObject({ proof: value, events: [{ kind: "answered", answer: "accept" }] });
  });

  it.each([
    ["another secret's signature", toWebhook("another-secret-altogether").signature],
    ["no version", toWebhook(webhookSecret).signature.slice(3)],
    ["a cut signature", toWebhook(webhookSecret).signature.slice(0, -2)],
    ["a longer signature", `${toWebhook(webhookSecret).signature}00`],
    ["none", undefined],
    ["an empty one", ""],
    ["one behind ten others", `${"v1=00,".repeat(10)}${toWebhook(webhookSecret).signature}`],
  ])("is refused with %s", (_what, signature) => {
    const { body } = toWebhook(webhookSecret);
    expect(() => callBack?.(toRequest(body, { "x-pagerduty-signature": signature }))).toThrow(RequestRejected);
  });

  it("is refused when a byte of the body is another", () => {
    const { body, signature } = toWebhook(webhookSecret);
    const changed = Buffer.from(body.toString().replace("i-1-1-1", "i-2-1-1"));
    expect(() => callBackOf({ body: changed, signature })).toThrow(RequestRejected);
  });

  it("takes no call-back without the subscription's secret", () => {
    expect(pagerduty.open({ routingKey }, createPagerHost()).callBack).toBeUndefined();
  });
});

describe("the settings", () => {
  it.each([
    [{}, "events.pagerduty.com"],
    [{ region: "us" }, "events.pagerduty.com"],
    [{ region: "eu" }, "events.eu.pagerduty.com"],
    [{ url: "https://relay.example.nl/v2/enqueue" }, "relay.example.nl"],
  ])("%j leads to %s", (settings, host) => {
    const options = pagerduty.Options.parse({ routingKey, ...settings });
    expect(pagerduty.addresses(options)).toEqual([{ host, port: 443, transport: "tls", isPlain: false }]);
    expect(pagerduty.Options.parse(options)).toEqual(options);
  });

  it.each([
    { routingKey: "short" },
    { routingKey: `${routingKey} ` },
    { region: "nl" },
    { region: "eu", url: "https://relay.example.nl" },
    { url: "ftp://relay.example.nl" },
    { webhookSecret: "hidden-short" },
    { severity: "info" },
  ])("refuses %j, without repeating a secret", (settings) => {
    const result = pagerduty.Options.safeParse({ routingKey, ...settings });
    expect(result.success).toBe(false);
    expect(String(result.error)).not.toMatch(/hidden-short|R0123456789/);
  });
});

function openPager(url: string, language: "nl" | "en" = "nl") {
  const options = { routingKey, url: `${url}/v2/enqueue`, webhookSecret };
  return pagerduty.open(options, createPagerHost(new FakeClock(pagedAt), { language }));
}

function toRequest(body: Buffer, headers: InboundRequest["headers"]): InboundRequest {
  return { method: "POST", path: "", query: "", headers, body, remote: "127.0.0.1", receivedAt: pagedAt };
}
