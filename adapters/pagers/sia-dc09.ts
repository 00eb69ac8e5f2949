import { z } from "zod";
import type { Page, Pager, PageSite, ReadyPager, Receipt } from "../../bot/contracts.ts";
import { DeliveryError } from "../../bot/errors.ts";
import { page as words } from "../../bot/words/guard/page.ts";
import { expects } from "../../bot/words/settings/expects.ts";
import { keyRule, toKeys } from "../protocols/sia-dc09/frame/cipher.ts";
import { ClockOffset } from "../protocols/sia-dc09/sender/clock-offset.ts";
import type { OutgoingEvent, TimelyEvent } from "../protocols/sia-dc09/sender/event-frame.ts";
import { toEventText } from "../protocols/sia-dc09/sender/event-text.ts";
import { KeyReadings } from "../protocols/sia-dc09/sender/key-readings.ts";
import { findCodeFaults, OutgoingCodes, protocols, toCodes } from "../protocols/sia-dc09/sender/outgoing-codes.ts";
import { maxPollMs, Polls } from "../protocols/sia-dc09/sender/polls.ts";
import type { Receiver } from "../protocols/sia-dc09/sender/receivers.ts";
import { SiaSender } from "../protocols/sia-dc09/sender/sia-sender.ts";

const pollRule = expects("pollEvery", maxPollMs / 1000);

const ReceiverOptions = z.strictObject({
  host: z.string().regex(/^[^\s[\]/]{1,253}$/, expects("host")),
  port: z.int().min(1).max(65535),
  transport: z.enum(["tcp", "udp"]).default("tcp"),
  pollEvery: z
    .string()
    .refine((text) => text === "never" || (toMs(text) >= 10_000 && toMs(text) <= maxPollMs), pollRule)
    .default("60s"),
});
type ReceiverOptions = z.infer<typeof ReceiverOptions>;

const SiaOptions = z
  .strictObject({
    account: z.string().regex(/^[0-9A-Fa-f]{3,16}$/, expects("siaAccount")),
    protocol: z.enum(protocols).default("SIA-DCS"),
    key: z
      .string()
      .refine((key) => toKeys(key).length > 0, keyRule)
      .optional(),
    primary: ReceiverOptions,
    secondary: ReceiverOptions.optional(),
    codes: OutgoingCodes.prefault({}),
    position: z.boolean().default(false),
    text: z.boolean().default(false),
  })
  .superRefine(({ protocol, codes }, context) => {
    for (const [name, message] of findCodeFaults(protocol, codes)) {
      context.addIssue({ code: "custom", path: ["codes", name], message });
    }
  });
type SiaOptions = z.infer<typeof SiaOptions>;

/**
 * A page tries two receivers alternately, twice each, for about 3 s every time; other pages may be sent between two
 * attempts. The meaning of each answer, and what is sent again, is in
 * `adapters/protocols/sia-dc09/sender/sia-sender.ts`, after the draft of ANSI/SIA DC-09:
 * https://www.yumpu.com/en/document/view/47594214/dc-09-preparing-for-ansi-public-review-security-industry-
 */
const timeoutMs = 12_000;

/**
 * Sends events to the receiver of an alarm centre, as an alarm panel does. An acknowledgement proves that the receiver
 * has the event, not that a person has seen it.
 */
export const siaDc09: Pager<SiaOptions> = {
  title: "SIA DC-09 (alarm centre)",
  Options: SiaOptions,
  canCall: false,
  canTell: false,
  mayGetPhones: true,
  tellsWhere: ({ text }) => text,
  addresses: (options) =>
    toReceivers(options).map(({ host, port, transport }) => {
      return { host, port, transport, isPlain: options.key === undefined };
    }),

  open(options, host): ReadyPager {
    const { protocol, account, position } = options;
    const keys = toKeys(options.key ?? "");
    const codes = toCodes(protocol, options.codes);
    const { zone, partition } = options.codes;
    const from = { protocol, account, key: keys[0] ?? null, zone, partition };
    const polled = toReceivers(options).map(({ pollEvery, ...address }, index) => {
      const name = index === 0 ? "primary" : "secondary";
      const receiver: Receiver = { name, address, offset: new ClockOffset(host, name), isLost: false, silentAt: null };
      return { receiver, everyMs: pollEvery === "never" ? null : toMs(pollEvery) };
    });
    const receivers = polled.map(({ receiver }) => receiver);
    const readings = new KeyReadings(host, keys);
    const sender = new SiaSender(host, from, readings, receivers);
    const { noCallBack } = words[host.language];

    function toEvent(
      code: string,
      { incident, reason, site, words: written }: Page,
      does: Partial<Pick<OutgoingEvent, "begins" | "isEnd">> = {},
    ): TimelyEvent {
      const isTest = reason === "test";
      const toText = (at: PageSite | undefined) =>
        options.text ? toEventText(incident, at, isTest, noCallBack, written.copy ?? null) || null : null;
      // An account of its own tells the alarm centre which building it is, whatever else a receiver reads.
      const place = { account: site?.account ?? null, position: position ? incident.position : null };
      const facts = { code, ...place, isTest, begins: null, isEnd: false, ...does, alarm: incident.id };
      const withoutCallBack = site && { ...site, callBack: null };
      return { event: { ...facts, text: toText(site) }, kept: { ...facts, text: toText(withoutCallBack) } };
    }

    /** The event that begins the alarm of a page. */
    const toPanic = (page: Page) => toEvent(codes.panic, page, { begins: page.pageKey });

    /** One event for each step of its verification at each account, however often the page is updated. */
    function toVerifiedKey({ pageKey, incident, site }: Page, begun: readonly string[]): string {
      const current = site?.account ?? account;
      return `${pageKey} ${incident.verification}${current === (begun[0] ?? current) ? "" : ` ${current}`}`;
    }

    /** Under each number under which an alarm may begin: the alarm centre may know one and not another. */
    async function test(page: Page, signal: AbortSignal): Promise<Receipt> {
      const { event, kept } = toEvent(codes.test, page);
      const sent = await Promise.allSettled(
        (page.accounts ?? [null]).map((at) => {
          const key = at === null ? page.key : `${page.key} ${at}`;
          return sender.send(key, { event: { ...event, account: at }, kept: { ...kept, account: at } }, signal);
        }),
      );
      const failed = sent.find(({ status }) => status === "rejected");
      if (failed?.status === "rejected") throw failed.reason;
      return { acceptedAt: host.clock.wall() };
    }

    async function verify(page: Page, signal: AbortSignal): Promise<Receipt> {
      const begun = await sender.accountsOf([page.pageKey], signal);
      return sender.send(toVerifiedKey(page, begun), toEvent(codes.verified, page), signal);
    }

    return {
      timeoutMs,
      async page(page, signal) {
        if (page.reason === "test") return test(page, signal);
        const receipt = await sender.send(page.key, toPanic(page), signal);
        if (page.incident.verification === "none") return receipt;
        // A verification that is known already is sent too. A receiver that can't process it still has the alarm.
        await verify(page, signal).catch(ignoreRefusal);
        return receipt;
      },
      async update(page, signal) {
        const current = page.site?.account ?? account;
        const begun = await sender.accountsOf([page.pageKey], signal);
        const panic = toPanic(page);
        const isMoved = begun.length > 0 && !begun.includes(current);
        // The alarm centre knows the building by the account, or by the text where several share one. Until it has this
        // one it sends guards to that of before.
        if (isMoved || (await sender.isNews(panic, signal))) await sender.send(`${page.key} ${current}`, panic, signal);
        // There is no code for how many colleagues are coming.
        if (page.incident.verification === "none") return { acceptedAt: host.clock.wall() };
        return verify(page, signal);
      },
      ...(codes.callOff === undefined ? {} : { callOff: toCallOff(codes.callOff) }),
      async supervise(signal) {
        const polls = polled.map(({ receiver, everyMs }) =>
          everyMs === null ? null : new Polls(host, from, readings, receiver).run(everyMs, signal),
        );
        await Promise.all(polls);
      },
      [Symbol.asyncDispose]: async () => {},
    };

    /**
     * Ends the alarm at each account at which it was begun, so that it stays in alarm at none of them. An end names an
     * account and no alarm: where another one is open under it nothing is sent, and a human has to phone.
     */
    function toCallOff(code: string) {
      return async (page: Page, signal: AbortSignal): Promise<Receipt> => {
        await sender.noteOver(page.incident.id, signal);
        const timely = toEvent(code, page, { isEnd: true });
        const current = timely.event.account ?? account;
        const pages = [...page.earlier, page.pageKey];
        const [first = current, ...others] = await sender.accountsOf(pages, signal, page.incident.id);
        // What an account of before has in its text is the way to another building.
        const toEnd = (at: string): TimelyEvent => {
          const event = { ...timely.event, account: at, text: null, position: null };
          return at === current ? timely : { event, kept: event };
        };
        const keys = [[page.key, first] as const, ...others.map((at) => [`${page.key} ${at}`, at] as const)];
        // At once, because one that the receiver does not answer must not keep it from the others.
        const sent = await Promise.allSettled(keys.map(([key, at]) => sender.send(key, toEnd(at), signal)));
        const failed = sent.find(({ status }) => status === "rejected");
        if (failed?.status === "rejected") throw failed.reason;
        return { acceptedAt: host.clock.wall() };
      };
    }
  },
};

function ignoreRefusal(error: unknown): void {
  if (!(error instanceof DeliveryError) || error.reason !== "refused") throw error;
}

function toReceivers({ primary, secondary }: SiaOptions): ReceiverOptions[] {
  return secondary === undefined ? [primary] : [primary, secondary];
}

/** "60s" or "1m" in milliseconds; NaN for anything else. */
function toMs(text: string): number {
  const [, count, unit] = /^(\d{1,4})(s|m)$/.exec(text) ?? [];
  return Number(count) * (unit === "m" ? 60_000 : 1000);
}
