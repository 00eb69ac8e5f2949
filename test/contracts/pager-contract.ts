import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Page, Pager } from "../../bot/contracts.ts";
import { DeliveryError } from "../../bot/errors.ts";
import type { DeliveryReason } from "../../bot/incident/incident.ts";

export const pagedAt = Date.UTC(2026, 10, 24, 9, 1, 0);

export const page: Page = {
  key: "i-1-1-1",
  page: "i-1-1-1",
  reason: "unclaimed",
  incident: {
    id: "i-1",
    number: 17,
    place: "Spreekkamer 3",
    directions: "Begane grond, links van de balie",
    position: { lat: 52.5, lon: 5.7, accuracyM: 12 },
    raisedAt: Date.UTC(2026, 10, 24, 9, 0, 0),
    verification: "none",
    onTheWay: 0,
  },
  acceptUrl: "https://alarm.example.nl/guard/i-1-1-1.proof-of-this-page",
  words: { title: "Alarm in Spreekkamer 3", text: "Geen collega heeft op tijd geantwoord." },
};

/** What the provider does with the next message. */
export type Behaviour =
  | { readonly kind: "status"; readonly status: number; readonly headers?: Record<string, string> }
  | { readonly kind: "hang" | "reset-after-body" | "garbage" };

/** A server that speaks the provider's protocol, on loopback. */
export interface FakeProvider<Options> extends AsyncDisposable {
  /** Settings that lead to it. */
  readonly options: Options;
  behave(behaviour: Behaviour): void;
  /** Resolves when a message has come in whole. */
  received(): Promise<unknown>;
  /** Keys of all messages that came in whole, in order. */
  readonly keys: readonly string[];
  /** What must not stand in an error: addresses, secrets, tokens, numbers. */
  readonly secrets: readonly string[];
}

const statuses: readonly [
  status: number,
  headers: Record<string, string>,
  reason: DeliveryReason | null,
  retryAfterMs?: number,
][] = [
  [200, {}, null],
  [202, {}, null],
  [204, {}, null],
  [301, { location: "http://127.0.0.1:9/elsewhere" }, "misconfigured"],
  [307, { location: "http://127.0.0.1:9/elsewhere" }, "misconfigured"],
  [400, {}, "refused"],
  [401, {}, "refused"],
  [403, {}, "refused"],
  [404, {}, "refused"],
  [408, {}, "unreachable"],
  [409, {}, "refused"],
  [410, {}, "refused"],
  [429, {}, "throttled"],
  [429, { "retry-after": "7" }, "throttled", 7000],
  [429, { "retry-after": new Date(pagedAt + 30_000).toUTCString() }, "throttled", 30_000],
  [429, { "retry-after": new Date(pagedAt - 30_000).toUTCString() }, "throttled", 0],
  [429, { "retry-after": "soon" }, "throttled"],
  [500, {}, "unreachable"],
  [502, {}, "unreachable"],
  [503, {}, "unreachable"],
  [503, { "retry-after": "2" }, "throttled", 2000],
  [504, {}, "unreachable"],
];

/** What every pager must keep to, whatever its provider answers. */
export function pagerContract<Options>(
  name: string,
  pager: Pager<Options>,
  startProvider: () => Promise<FakeProvider<Options>>,
): void {
  describe(`pager ${name}`, () => {
    let provider: FakeProvider<Options>;
    beforeAll(async () => {
      provider = await startProvider();
    });
    afterAll(() => provider[Symbol.asyncDispose]());
    const send = (signal = new AbortController().signal, sent = page) =>
      pager.page(sent, provider.options, pagedAt, signal);

    it("has a title and settings that its own schema takes, also a second time", () => {
      expect(pager.title).not.toBe("");
      expect(pager.Options.parse(pager.Options.parse(provider.options))).toEqual(provider.options);
    });

    for (const [status, headers, reason, retryAfterMs = null] of statuses) {
      it(`${status} ${JSON.stringify(headers)} is ${reason ?? "accepted"}`, async () => {
        provider.behave({ kind: "status", status, headers });
        if (reason === null) await expect(send()).resolves.toEqual({ acceptedAt: pagedAt });
        else expect(await failureOf(send(), provider)).toMatchObject({ reason, retryAfterMs });
      });
    }

    it("gives up when told to, with a provider that takes it and says nothing", async () => {
      provider.behave({ kind: "hang" });
      const controller = new AbortController();
      const received = provider.received();
      const sending = failureOf(send(controller.signal), provider);
      await received;
      controller.abort(new DOMException("timed out", "TimeoutError"));
      expect(await sending).toMatchObject({ reason: "unreachable" });
    });

    it("sends nothing when it was told to stop before", async () => {
      const before = provider.keys.length;
      expect(await failureOf(send(AbortSignal.abort()), provider)).toMatchObject({ reason: "unreachable" });
      expect(provider.keys).toHaveLength(before);
    });

    it.each(["reset-after-body", "garbage"] as const)("%s is unreachable: it may have arrived", async (kind) => {
      provider.behave({ kind });
      expect(await failureOf(send(), provider)).toMatchObject({ reason: "unreachable" });
    });

    it("sends the same key again over retries, also after a connection that broke", async () => {
      const before = provider.keys.length;
      provider.behave({ kind: "reset-after-body" });
      await failureOf(send(), provider);
      provider.behave({ kind: "status", status: 200 });
      await send();
      const keys = provider.keys.slice(before);
      expect(keys).toHaveLength(2);
      expect(new Set(keys)).toHaveLength(1);
    });

    it("sends a page without place, directions, position and link", async () => {
      provider.behave({ kind: "status", status: 200 });
      const incident = { ...page.incident, place: null, directions: null, position: null };
      await expect(send(undefined, { ...page, acceptUrl: null, incident })).resolves.toBeDefined();
    });

    it("sends a hundred at once", async () => {
      const before = provider.keys.length;
      const pages = Array.from({ length: 100 }, (_, index) => ({ ...page, key: `i-${index}-1-1` }));
      await Promise.all(pages.map((sent) => send(undefined, sent)));
      expect(new Set(provider.keys.slice(before))).toHaveLength(100);
    });
  });
}

/** The DeliveryError of something that must fail, after a look for what it must not tell. */
async function failureOf<Options>(sending: Promise<unknown>, provider: FakeProvider<Options>): Promise<DeliveryError> {
  const error = await sending.then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(DeliveryError);
  for (let link = error; link instanceof Error; link = link.cause) {
    const told = `${link.message} ${link.stack} ${JSON.stringify(link)}`;
    for (const secret of [...provider.secrets, page.acceptUrl ?? "", "proof-of-this-page"]) {
      expect(told).not.toContain(secret);
    }
  }
  return error as DeliveryError;
}
