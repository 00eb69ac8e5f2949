import { z } from "zod";
import type { Page, Pager, PageSite, Receipt, Report } from "../../bot/contracts.ts";
import { toJson } from "../../bot/kit/safe-text.ts";
import { oneOrTwo } from "../../bot/kit/secrets/one-or-two.ts";
import { expects } from "../../bot/words/settings/expects.ts";
import { postJson } from "../kit/network/http.ts";
import { toAddress } from "../kit/network/target.ts";
import { isSecret, secretRule, toSignedHeaders } from "../kit/standard-webhooks.ts";

const WebhookOptions = z.object({
  url: z.url({ protocol: /^https?$/, error: expects("httpUrl") }),
  secret: oneOrTwo(z.string().refine(isSecret, secretRule)),
});
type WebhookOptions = z.infer<typeof WebhookOptions>;

/** A security desk's server answers at once, or never. */
const timeoutMs = 5_000;

/** One signed POST (Standard Webhooks) to whatever the security firm runs; updates and call-offs have the same form. */
export const webhook: Pager<WebhookOptions> = {
  title: "Webhook (Standard Webhooks)",
  Options: WebhookOptions,
  canCall: false,
  canTell: true,
  mayGetPhones: true,
  addresses: ({ url }) => [toAddress(url)],
  open({ url, secret }, { clock }) {
    async function post(key: string, content: object, signal: AbortSignal): Promise<Receipt> {
      const now = clock.wall();
      const body = toJson(content);
      await postJson({ url, headers: toSignedHeaders(key, body, secret, now), body, now, signal });
      return { acceptedAt: now };
    }
    const send = (page: Page, signal: AbortSignal) => post(page.key, toBody(page), signal);
    return {
      timeoutMs,
      page: send,
      update: send,
      callOff: send,
      tell: (report, signal) => post(report.key, toReportBody(report), signal),
      [Symbol.asyncDispose]: async () => {},
    };
  },
};

/** The body, as README.md beside this file describes it: written out, so that no new field gets in unnoticed. */
function toBody(page: Page) {
  const { id, number, place, directions, position, raisedAt, verification, responding } = page.incident;
  return {
    page: page.pageKey,
    reason: page.reason,
    incident: {
      id,
      number,
      place,
      directions,
      position,
      raisedAt: new Date(raisedAt).toISOString(),
      verification,
      onTheWay: responding,
    },
    ...(page.words.copy === undefined ? {} : { copy: page.words.copy }),
    ...(page.site === undefined ? {} : { location: toLocation(page.site) }),
    acceptUrl: page.acceptUrl,
  };
}

function toLocation(site: PageSite) {
  const { organisation, location, mayBeAt, address, entrance, callBack, account, position } = site;
  return {
    organisation,
    name: location,
    ...(mayBeAt.length === 0 ? {} : { mayBeAt }),
    address,
    entrance,
    callBack: callBack?.kind === "number" ? callBack.number : null,
    account,
    position: position && { lat: position.lat, lon: position.lon },
  };
}

/** Has no page and no incident, so that nobody takes it for an alarm. */
function toReportBody({ key, words }: Report) {
  return { report: key, reason: "trouble", title: words.title, text: words.text };
}
