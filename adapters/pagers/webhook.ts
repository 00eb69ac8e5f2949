import { z } from "zod";
import type { Page, Pager, Receipt } from "../../bot/contracts.ts";
import { toJson } from "../../bot/kit/safe-text.ts";
import { postJson } from "../kit/network/http.ts";
import { toAddress } from "../kit/network/target.ts";
import { isSecret, secretRule, toSignedHeaders } from "../kit/standard-webhooks.ts";

const WebhookOptions = z.object({
  url: z.url({ protocol: /^https?$/, error: "a http or https address" }),
  secret: z.string().refine(isSecret, secretRule),
});
type WebhookOptions = z.infer<typeof WebhookOptions>;

/** A security desk's server answers at once, or never. */
const timeoutMs = 5_000;

/** One signed POST (Standard Webhooks) to whatever the security firm runs; updates and call-offs have the same form. */
export const webhook: Pager<WebhookOptions> = {
  title: "Webhook (Standard Webhooks)",
  Options: WebhookOptions,
  canCall: false,
  addresses: ({ url }) => [toAddress(url)],
  open({ url, secret }, { clock }) {
    async function send(page: Page, signal: AbortSignal): Promise<Receipt> {
      const now = clock.wall();
      const body = toJson(toBody(page));
      await postJson({ url, headers: toSignedHeaders(page.key, body, secret, now), body, now, signal });
      return { acceptedAt: now };
    }
    return { timeoutMs, page: send, update: send, callOff: send, [Symbol.asyncDispose]: async () => {} };
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
    acceptUrl: page.acceptUrl,
  };
}
