import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Page, Pager, ReadyPager, Report } from "../../bot/contracts.ts";
import type { DeliveryReason } from "../../bot/domain/incident/incident.ts";
import { type Language, languages } from "../../bot/domain/language.ts";
import { DeliveryError } from "../../bot/errors.ts";
import { maxSendMs } from "../../bot/ports/timing.ts";
import { copy } from "../../bot/words/shared/copy.ts";
import { FakeClock } from "../fakes/clock.ts";
import { createPagerHost, type TestPagerHost } from "../fakes/pager-host.ts";
import { ats, buildPageAt, townHall } from "../fixtures/sites.ts";

export const pagedAt = Date.UTC(2026, 10, 24, 9, 1, 0);

export const page: Page = {
  key: "i-1-1-1",
  pageKey: "i-1-1-1",
  earlier: [],
  reason: "unclaimed",
  incident: {
    id: "i-1",
    number: 17,
    place: "Spreekkamer 3",
    directions: "Begane grond, links van de balie",
    position: { lat: 52.5, lon: 5.7, accuracyM: 12 },
    raisedAt: Date.UTC(2026, 10, 24, 9, 0, 0),
    verification: "none",
    responding: 0,
  },
  acceptUrl: "https://alarm.example.nl/guard/i-1-1-1.proof-of-this-page",
  words: { title: "Alarm in Spreekkamer 3", text: "Geen collega heeft op tijd geantwoord." },
};

/** What is told of a trouble. */
export const report: Report = {
  key: "trouble-report:mail:2026-11-24:7",
  words: {
    title: "Storing, geen alarm: 1 probleem met Rugdekking",
    text: "Dit is geen alarm. Niemand hoeft te komen.\n- Kanaal frontdesk: weg",
  },
};

/** What the provider does from now on. */
export type Behaviour =
  | { readonly kind: "ok" }
  /** An answer of HTTP. */
  | {
      readonly kind: "status";
      readonly status: number;
      readonly headers?: Record<string, string>;
      readonly body?: string;
    }
  /** An answer of a protocol of its own. */
  | { readonly kind: "answer"; readonly answer: string }
  | { readonly kind: "hang" | "reset-after-body" | "garbage" };

/** A server that speaks the provider's protocol, on loopback. */
export interface FakeProvider<Options> extends AsyncDisposable {
  /** Settings that lead to it. */
  readonly options: Options;
  behave(behaviour: Behaviour): void;
  /** Resolves when a message has come in whole. */
  received(): Promise<unknown>;
  /** What tells messages apart, of all that came in whole, in order: the key, or what the protocol has in its place. */
  readonly keys: readonly string[];
  /** The text of the message that came in last, as whoever gets it reads or hears it. */
  lastText(): string;
  /** How it says a place, an address or a number; left out: as it is written. */
  readonly shows?: (text: string, what: "place" | "address" | "number", language: Language) => string;
  /** What must not stand in an error or a note: addresses but for the host, secrets, tokens, numbers. */
  readonly secrets: readonly string[];
}

/** One line of a pager's table: what its provider does, and what comes of it; null: accepted. */
export interface AnswerCase {
  readonly behaviour: Behaviour;
  readonly reason: DeliveryReason | null;
  readonly retryAfterMs?: number;
}

function toCase(
  status: number,
  headers: Record<string, string>,
  reason: DeliveryReason | null,
  retryAfterMs?: number,
): AnswerCase {
  return {
    behaviour: { kind: "status", status, headers },
    reason,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  };
}

/** The table of a provider that keeps to HTTP. */
export const httpAnswers: readonly AnswerCase[] = [
  toCase(200, {}, null),
  toCase(202, {}, null),
  toCase(204, {}, null),
  toCase(301, { location: "http://127.0.0.1:9/elsewhere" }, "misconfigured"),
  toCase(307, { location: "http://127.0.0.1:9/elsewhere" }, "misconfigured"),
  toCase(400, {}, "refused"),
  toCase(401, {}, "misconfigured"),
  toCase(403, {}, "misconfigured"),
  toCase(404, {}, "refused"),
  toCase(407, {}, "misconfigured"),
  toCase(408, {}, "unreachable"),
  toCase(409, {}, "refused"),
  toCase(410, {}, "refused"),
  toCase(429, {}, "throttled"),
  toCase(429, { "retry-after": "7" }, "throttled", 7000),
  toCase(429, { "retry-after": new Date(pagedAt + 30_000).toUTCString() }, "throttled", 30_000),
  toCase(429, { "retry-after": new Date(pagedAt - 30_000).toUTCString() }, "throttled", 0),
  toCase(429, { "retry-after": "soon" }, "throttled"),
  toCase(500, {}, "unreachable"),
  toCase(502, {}, "unreachable"),
  toCase(503, {}, "unreachable"),
  toCase(503, { "retry-after": "2" }, "throttled", 2000),
  toCase(504, {}, "unreachable"),
];

/** What every pager must keep to, whatever its provider answers. */
export function pagerContract<Options>(
  name: string,
  pager: Pager<Options>,
  startProvider: () => Promise<FakeProvider<Options>>,
  answers: readonly AnswerCase[] = httpAnswers,
): void {
  describe(`pager ${name}`, () => {
    let provider: FakeProvider<Options>;
    let host: TestPagerHost;
    let ready: ReadyPager;
    beforeAll(async () => {
      provider = await startProvider();
      host = createPagerHost(new FakeClock(pagedAt));
      ready = pager.open(provider.options, host);
    });
    afterAll(async () => {
      await ready[Symbol.asyncDispose]();
      await provider[Symbol.asyncDispose]();
      expectNoSecret(JSON.stringify(host.notes), provider);
    });
    const send = (signal = new AbortController().signal, sent = page) => ready.page(sent, signal);

    it("has a title and settings that its own schema takes, also a second time", () => {
      expect(pager.title).not.toBe("");
      expect(pager.Options.parse(pager.Options.parse(provider.options))).toEqual(provider.options);
    });

    it("is given up within 15 s, so that the next way is tried", () => {
      expect(ready.timeoutMs).toBeGreaterThan(0);
      expect(ready.timeoutMs).toBeLessThanOrEqual(maxSendMs);
    });

    for (const [index, { behaviour, reason, retryAfterMs = null }] of answers.entries()) {
      it(`${JSON.stringify(behaviour)} is ${reason ?? "accepted"}`, async () => {
        provider.behave(behaviour);
        const sent = { ...page, key: `i-1-1-${100 + index}`, pageKey: `i-1-1-${100 + index}` };
        if (reason === null) await expect(send(undefined, sent)).resolves.toEqual({ acceptedAt: pagedAt });
        else expect(await failureOf(send(undefined, sent), provider)).toMatchObject({ reason, retryAfterMs });
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
      provider.behave({ kind: "ok" });
      await send();
      const keys = provider.keys.slice(before);
      expect(keys.length).toBeGreaterThanOrEqual(2);
      expect(new Set(keys)).toHaveLength(1);
    });

    it("sends a page without place, directions, position and link", async () => {
      provider.behave({ kind: "ok" });
      const incident = { ...page.incident, place: null, directions: null, position: null };
      await expect(send(undefined, { ...page, acceptUrl: null, incident })).resolves.toBeDefined();
    });

    for (const language of languages) {
      it.each(ats)(`says where it is and whom to call back, in ${language}, %s`, async (name, at) => {
        provider.behave({ kind: "ok" });
        await using speaking = pager.open(provider.options, createPagerHost(new FakeClock(pagedAt), { language }));
        const key = `i-1-9-${languages.indexOf(language)}${ats.findIndex(([each]) => each === name)}`;
        await speaking.page(buildPageAt(at, language, key), new AbortController().signal);
        const text = provider.lastText();
        const { shows = (part: string) => part } = provider;
        const { address, callBack } = at.site;
        expect(text).toContain(shows(at.place ?? "", "place", language));
        expect(text).toContain(shows(address ?? "", "address", language));
        if (callBack?.kind !== "number") throw new Error("nobody can be called back");
        expect(text).toContain(shows(callBack.number, "number", language));
      });
    }

    for (const language of languages) {
      it.each(ats)(`says that it may be over where it goes on from a copy, in ${language}, %s`, async (name, at) => {
        provider.behave({ kind: "ok" });
        await using speaking = pager.open(provider.options, createPagerHost(new FakeClock(pagedAt), { language }));
        const key = `i-1-7-${languages.indexOf(language)}${ats.findIndex(([each]) => each === name)}`;
        const returned = { at: pagedAt, copiedAt: pagedAt - 2 * 3_600_000 - 60_000 };
        await speaking.page(buildPageAt(at, language, key, { returned }), new AbortController().signal);
        const { shows = (part: string) => part } = provider;
        for (const part of [copy[language].mayBeOver("08:00"), at.place ?? "", at.site.address ?? ""])
          expect(provider.lastText()).toContain(shows(part, part === at.site.address ? "address" : "place", language));
      });
    }

    it("says nothing of a location that has left the configuration but what it is called, or that it is unknown", async () => {
      provider.behave({ kind: "ok" });
      const nothing = { address: null, entrance: null, callBack: null, account: null, position: null };
      for (const [index, location] of ["town-hall", null].entries()) {
        const site = { ...townHall, ...nothing, location };
        const at = { place: "Balie", directions: "Links", site };
        await send(undefined, buildPageAt(at, "nl", `i-1-8-${index}`));
        expect(provider.lastText()).not.toMatch(/adres is|ingang is|terugbellen|null|undefined/i);
      }
    });

    it("tells what is wrong, if it can do so without it being taken for an alarm", async () => {
      provider.behave({ kind: "ok" });
      expect(ready.tell !== undefined).toBe(pager.canTell);
      if (ready.tell === undefined) return;
      const received = provider.received();
      await expect(ready.tell(report, new AbortController().signal)).resolves.toEqual({ acceptedAt: pagedAt });
      await received;
      expect(await failureOf(ready.tell(report, AbortSignal.abort()), provider)).toMatchObject({
        reason: "unreachable",
      });
    });

    it("sends a hundred at once", async () => {
      provider.behave({ kind: "ok" });
      const before = provider.keys.length;
      const pages = Array.from({ length: 100 }, (_, index) => ({
        ...page,
        key: `i-${index}-2-1`,
        pageKey: `i-${index}-2-1`,
      }));
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
    expectNoSecret(`${link.message} ${link.stack} ${JSON.stringify(link)}`, provider);
  }
  return error as DeliveryError;
}

function expectNoSecret<Options>(text: string, { secrets }: FakeProvider<Options>): void {
  for (const secret of [...secrets, page.acceptUrl ?? "", "proof-of-this-page"]) expect(text).not.toContain(secret);
}
