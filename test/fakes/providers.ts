import { readFileSync } from "node:fs";
import type { Behaviour } from "../contracts/pager-contract.ts";
import { startAlarmCentre } from "./alarm-centre.ts";
import { startCm } from "./cm.ts";
import { startDesk } from "./desk.ts";
import { type Gate, startGate } from "./gate.ts";
import { headerOf, mailServerCa, startMailServer } from "./mail-server.ts";
import { startNtfy } from "./ntfy.ts";
import { startPagerduty } from "./pagerduty.ts";
import { accountSid, authToken, startTwilio, type TwilioOrder } from "./twilio.ts";

export const pagerTypes = [
  "webhook",
  "smtp",
  "sia-dc09",
  "twilio-voice",
  "twilio-sms",
  "cm-sms",
  "pagerduty",
  "ntfy",
] as const;
export type PagerType = (typeof pagerTypes)[number];

/** A message as it came in whole. `key`: what stays the same over retries. `text`: all that tells what it is about. */
export interface Arrival {
  readonly key: string;
  readonly text: string;
}

/** The provider of one kind of pager, behind a gate. */
export interface Provider extends AsyncDisposable {
  readonly type: PagerType;
  readonly gate: Gate;
  /** Of a pager that sends through the gate. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** Every message that came in whole, in order, whatever was answered. */
  arrivals(): readonly Arrival[];
  /**
   * What the provider itself says from now on: `refuse` is final, `busy` is come back later, `broken` is its own
   * trouble.
   */
  answer(how: "ok" | "refuse" | "busy" | "broken"): void;
}

export interface ProviderOptions {
  readonly now?: () => number;
  /** The gate speaks TLS under a certificate that nobody trusts. Not for DC-09, which has no TLS. */
  readonly isUntrusted?: boolean;
}

const deskSecret = "een-lang-geheim-voor-de-desk";
const productToken = "00000000-aaaa-bbbb-cccc-111111111111";
const routingKey = "R0123456789abcdef0123456789abcde";
const [from, to] = ["+31970000001", "+31600000002"];

const statuses: Readonly<Record<string, Behaviour>> = {
  ok: { kind: "ok" },
  refuse: { kind: "status", status: 400 },
  busy: { kind: "status", status: 429 },
  broken: { kind: "status", status: 500 },
};
const mailAnswers: Readonly<Record<string, Behaviour>> = {
  ok: { kind: "ok" },
  refuse: { kind: "answer", answer: "DATA 550" },
  busy: { kind: "answer", answer: "DATA 421" },
  broken: { kind: "answer", answer: "DATA 451" },
};

/** The provider of that kind of pager: a fake that speaks its protocol, and a gate before it. */
export async function startProvider(type: PagerType, options: ProviderOptions = {}): Promise<Provider> {
  const { now = Date.now, isUntrusted = false } = options;
  await using stack = new AsyncDisposableStack();
  const { port, toSettings, arrivals, answer } = await startFake(type, now, stack);
  const tls = isUntrusted
    ? { key: readFileSync("test/fixtures/mail-server/key.pem", "utf8"), cert: mailServerCa }
    : undefined;
  const gate = stack.use(
    await startGate({
      to: port,
      ...(type === "smtp" ? { messageEnd: "\r\n.\r\n" } : {}),
      ...(tls === undefined ? {} : { tls }),
    }),
  );
  const settings = toSettings(`${isUntrusted ? "https" : "http"}://127.0.0.1:${gate.port}`, gate.port);
  if (isUntrusted && type === "smtp") settings.security = "tls";
  const held = stack.move();
  return {
    type,
    gate,
    settings: { type, ...settings },
    arrivals,
    answer,
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  };
}

interface Fake {
  readonly port: number;
  readonly toSettings: (url: string, port: number) => Record<string, unknown>;
  readonly arrivals: Provider["arrivals"];
  readonly answer: Provider["answer"];
}

async function startFake(type: PagerType, now: () => number, stack: AsyncDisposableStack): Promise<Fake> {
  const portOf = (url: string) => Number(new URL(url).port);
  const byStatus = (fake: { behave(behaviour: Behaviour): void }): Fake["answer"] => {
    return (how) => fake.behave(statuses[how] as Behaviour);
  };
  switch (type) {
    case "webhook": {
      const desk = stack.use(await startDesk({ secret: deskSecret, now }));
      return {
        port: portOf(desk.url),
        toSettings: (url) => ({ url: `${url}/alarms`, secret: deskSecret }),
        arrivals: () => desk.pages.map((page) => ({ key: page.key, text: JSON.stringify(page) })),
        answer: (how) => {
          const status = { ok: 200, refuse: 400, busy: 429, broken: 500 }[how];
          desk.answerWith(how === "ok" ? { kind: "ok" } : { kind: "refuse", status });
        },
      };
    }
    case "smtp": {
      const server = stack.use(await startMailServer({ security: "none" }));
      const addresses = { from: "alarm@gemeente.example.nl", to: "meldkamer@beveiliging.example.nl" };
      return {
        port: server.port,
        toSettings: (_url, port) => ({ host: "127.0.0.1", port, security: "none", ...addresses }),
        arrivals: () =>
          server.mails.map((mail) => ({
            key: headerOf(mail, "Message-ID") ?? "",
            // An encoded word of a header ends like a soft line break of the body.
            text: mail.raw.replace(/(?<!\?)=\r\n/g, ""),
          })),
        answer: (how) => server.behave(mailAnswers[how] as Behaviour),
      };
    }
    case "sia-dc09": {
      const centre = stack.use(await startAlarmCentre({ now }));
      return {
        port: centre.port,
        toSettings: (_url, port) => ({
          account: "5A5A77",
          text: true,
          primary: { host: "127.0.0.1", port, pollEvery: "never" },
        }),
        arrivals: () =>
          // The same event may come with its extended data and without.
          centre.events.map(({ sequence, data, extended }) => ({
            key: `${sequence} ${data}`,
            text: extended.join(" "),
          })),
        answer: (how) => {
          const kinds = { ok: "ACK", refuse: "DUH", busy: "NAK without clock", broken: "garbage" } as const;
          centre.behave({ kind: kinds[how] });
        },
      };
    }
    case "twilio-voice":
    case "twilio-sms": {
      const twilio = stack.use(await startTwilio());
      return {
        port: portOf(twilio.baseUrl),
        toSettings: (baseUrl) => ({ accountSid, authToken, from, to, baseUrl }),
        arrivals: () => twilio.orders.map((order) => ({ key: toTwilioKey(order), text: JSON.stringify(order.form) })),
        answer: byStatus(twilio),
      };
    }
    case "cm-sms": {
      const cm = stack.use(await startCm({ productToken }));
      return {
        port: portOf(cm.url),
        toSettings: (url) => ({ productToken, from: "Rugdekking", to, url: `${url}/v1.0/message` }),
        arrivals: () => cm.messages.map(({ reference = "", body }) => ({ key: reference, text: body.content })),
        answer: byStatus(cm),
      };
    }
    case "pagerduty": {
      const pagerduty = stack.use(await startPagerduty({ routingKey }));
      return {
        port: portOf(pagerduty.url),
        toSettings: (url) => ({ routingKey, url: `${url}/v2/enqueue` }),
        arrivals: () =>
          pagerduty.events.map((event) => ({ key: event.dedup_key ?? "", text: JSON.stringify(event.payload) })),
        answer: byStatus(pagerduty),
      };
    }
    case "ntfy": {
      const ntfy = stack.use(await startNtfy({ authorization: null }));
      return {
        port: portOf(ntfy.url),
        toSettings: (server) => ({ server, topic: "rugdekking-6f1d0c9b2e" }),
        arrivals: () =>
          ntfy.messages.map(({ sequence_id = "", title, message }) => ({
            key: sequence_id,
            text: `${title}\n${message}`,
          })),
        answer: byStatus(ntfy),
      };
    }
  }
}

function toTwilioKey({ form }: TwilioOrder): string {
  return new URL(form.StatusCallback ?? "").searchParams.get("key") ?? "";
}
