import { createHmac } from "node:crypto";
import { z } from "zod";
import type { CallBack, InboundRequest, Page, PageEvent, Pager, Receipt } from "../../bot/contracts.ts";
import type { Language } from "../../bot/domain/language.ts";
import { DeliveryError, RequestRejected } from "../../bot/errors.ts";
import { cutText, toJson } from "../../bot/kit/safe-text.ts";
import { oneOrTwo } from "../../bot/kit/secrets/one-or-two.ts";
import { findValue, isSameProof, type Secret, type SecretValue } from "../../bot/kit/secrets/secret.ts";
import { push, toMarked } from "../../bot/words/guard/push.ts";
import { expects } from "../../bot/words/settings/expects.ts";
import { parseJson } from "../kit/message.ts";
import { postJson } from "../kit/network/http.ts";
import { toAddress } from "../kit/network/target.ts";

const urls = {
  us: "https://events.pagerduty.com/v2/enqueue",
  eu: "https://events.eu.pagerduty.com/v2/enqueue",
} as const;

const PagerdutyOptions = z
  .strictObject({
    routingKey: z.string().regex(/^[\w-]{16,128}$/, expects("routingKey")),
    region: z.enum(["us", "eu"]).optional(),
    /** The address of a relay that speaks the same protocol, in place of PagerDuty's own. */
    url: z.url({ protocol: /^https?$/, error: expects("httpUrl") }).optional(),
    /** The secret of a V3 webhook subscription; without it an acknowledgement in PagerDuty does not count. */
    webhookSecret: oneOrTwo(z.string().min(16, expects("characters", 16))).optional(),
  })
  .refine(({ region, url }) => region === undefined || url === undefined, {
    error: expects("urlOrRegion"),
    path: ["region"],
  });
type PagerdutyOptions = z.infer<typeof PagerdutyOptions>;

/** PagerDuty queues and answers at once, or can't be reached. */
const timeoutMs = 10_000;

/** https://developer.pagerduty.com/docs/events-api-v2-overview */
const maxSummaryLength = 1024;
const maxDedupLength = 255;

/**
 * PagerDuty, by its Events API v2: it phones whoever is on duty there. One page is one alert, whose key makes retries
 * safe; an update is written to that alert and rings nobody again, a call-off resolves it. 202 means queued: nobody has
 * been reached. Rejects as `postJson` does.
 */
export const pagerduty: Pager<PagerdutyOptions> = {
  title: "PagerDuty (Events API v2)",
  Options: PagerdutyOptions,
  canCall: false,
  canTell: false,
  mayGetPhones: false,
  addresses: (options) => [toAddress(toUrl(options))],
  open(options, { clock, language }) {
    const url = toUrl(options);
    const { routingKey, webhookSecret } = options;

    async function enqueue(key: string, event: object, signal: AbortSignal): Promise<Receipt> {
      const now = clock.wall();
      if (key.length > maxDedupLength) throw new DeliveryError("misconfigured", "The page's key is too long.");
      const body = toJson({ routing_key: routingKey, dedup_key: key, ...event });
      await postJson({ url, headers: {}, body, now, signal });
      return { acceptedAt: now };
    }
    const trigger = (page: Page, signal: AbortSignal) => enqueue(page.pageKey, toTrigger(page, language), signal);

    /** Resolves the alerts of all rounds, because each goes on ringing until it is resolved. */
    async function resolveAlerts({ pageKey, earlier }: Page, signal: AbortSignal): Promise<Receipt> {
      for (const key of earlier) await enqueue(key, { event_action: "resolve" }, signal);
      return enqueue(pageKey, { event_action: "resolve" }, signal);
    }

    return {
      timeoutMs,
      page: trigger,
      update: trigger,
      callOff: resolveAlerts,
      ...(webhookSecret === undefined ? {} : { callBack: (request) => readWebhook(request, webhookSecret) }),
      [Symbol.asyncDispose]: async () => {},
    };
  },
};

function toUrl({ url, region }: PagerdutyOptions): string {
  return url ?? urls[region ?? "us"];
}

/**
 * https://developer.pagerduty.com/docs/send-alert-event; a test is as critical, or it would not reach people as an
 * alarm does.
 */
function toTrigger(page: Page, language: Language): object {
  const { reason, acceptUrl, incident, words } = page;
  const label = reason === "test" ? push[language].openTest : push[language].open;
  return {
    event_action: "trigger",
    client: "Rugdekking",
    payload: {
      summary: toSummary(page),
      source: incident.place ?? words.title,
      severity: "critical",
      timestamp: new Date(incident.raisedAt).toISOString(),
      custom_details: { text: toMarked(reason, words.text) },
    },
    links: acceptUrl === null ? [] : [{ href: acceptUrl, text: label }],
  };
}

/** The text that PagerDuty reads out on the phone and puts into the SMS; never cut within a character. */
function toSummary({ reason, words }: Page): string {
  const line = toMarked(reason, `${words.title}. ${words.text}`.replace(/\s+/g, " ").trim());
  return cutText(line, maxSummaryLength);
}

/**
 * https://developer.pagerduty.com/docs/webhooks-overview: who acknowledged, and the key of the alert that opened the
 * incident.
 */
const Acknowledged = z.object({
  event: z.object({
    event_type: z.literal("incident.acknowledged"),
    agent: z.object({ type: z.literal("user_reference") }),
    data: z.object({ incident_key: z.string().min(1).max(maxDedupLength) }),
  }),
});

/**
 * Only a person's acknowledgement is an answer: a machine's has another kind of agent, and every other event says
 * nothing about anyone coming. Throws RequestRejected(401).
 */
function readWebhook(request: InboundRequest, secret: Secret): CallBack {
  const proof = findSignature(request, secret);
  if (proof === null) throw new RequestRejected(401, "The signature is not right.");
  const { success, data } = Acknowledged.safeParse(parseJson(request.body));
  const events: PageEvent[] = success
    ? [{ kind: "answered", key: data.event.data.incident_key, answer: "accept" }]
    : [];
  return { proof, events, reply: () => ({ type: "text/plain", body: "" }) };
}

/**
 * https://developer.pagerduty.com/docs/verifying-webhook-signatures: there are several signatures while a secret is
 * changed, one of which has to match.
 */
function findSignature({ headers, body }: InboundRequest, secret: Secret): SecretValue | null {
  const signatures = (headers["x-pagerduty-signature"] ?? "").split(",").slice(0, 10);
  const received = signatures.flatMap((signature) => {
    const hex = /^\s*v1=([0-9a-f]{64})\s*$/.exec(signature)?.[1];
    return hex === undefined ? [] : [Buffer.from(hex, "hex")];
  });
  return findValue(secret, (value) => {
    const expected = createHmac("sha256", value).update(body).digest();
    return received.some((each) => isSameProof(each, expected));
  });
}
