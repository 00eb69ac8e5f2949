import Database from "better-sqlite3";
import { describe, expect, it } from "vitest";
import { openPager } from "../../adapters/index.ts";
import { nl, way } from "../dutch.ts";
import { createPagerHost } from "../fakes/pager-host.ts";
import { type PagerType, type Provider, pagerTypes, startProvider } from "../fakes/providers.ts";
import { alice, type Bot, building, minute, second, startBot } from "../harness.ts";

/**
 * A bot whose first page goes to that kind of pager and whose second to the desk. `desk.hanging` counts what hangs
 * there, too.
 */
async function startWith(type: PagerType, isUntrusted = false) {
  await using stack = new AsyncDisposableStack();
  // The fakes check time stamps by the story's own clock.
  let bot: Bot | null = null;
  const now = () => bot?.clock.now() ?? 0;
  const first = stack.use(await startProvider(type, { now, isUntrusted }));
  const steps = [
    { after: "0s", tell: "frontdesk" },
    { after: "60s", page: "first" },
    { after: "10m", page: "desk" },
  ];
  const started = stack.use(await startBot());
  bot = started;
  const pagers = { ...(started.settings.pagers as object), first: first.settings };
  await started.restart({ pagers, policies: { building: { ...building, repeatEvery: "30m", steps } } });
  countHanging(started, [first]);
  const held = stack.move();
  return { bot: started, first, [Symbol.asyncDispose]: () => held.disposeAsync() };
}

/** A story comes to rest although something hangs at these. */
function countHanging({ desk }: Bot, providers: readonly Provider[]): void {
  const get = () => providers.reduce((sum, { gate }) => sum + gate.hanging, 0);
  Object.defineProperty(desk, "hanging", { get });
}

/** How long the outbox gives that pager. */
function timeoutOf({ type, settings }: Provider): number {
  const { type: _, ...options } = settings;
  return openPager(type, options, createPagerHost()).timeoutMs;
}

type Fault = readonly [what: string, begin: (first: Provider) => unknown, why: string];

const { refused, unreachable, throttled: busy, misconfigured } = nl.terms.failure;

function faultsOf(type: PagerType): Fault[] {
  // A receiver of DC-09 has no word for "later": a NAK or nonsense proves nothing.
  const later = type === "sia-dc09" ? unreachable : busy;
  return [
    ["refuses", ({ answer }) => answer("refuse"), refused],
    ["is too busy", ({ answer }) => answer("busy"), later],
    ["is broken", ({ answer }) => answer("broken"), type === "smtp" ? busy : unreachable],
    ["takes the connection and says nothing", ({ gate }) => gate.behave("swallow"), unreachable],
    ["takes the message and says nothing", ({ gate }) => gate.behave("hold-answer"), unreachable],
    ["answers garbage", ({ gate }) => gate.behave("garbage"), unreachable],
    ["resets after the message", ({ gate }) => gate.behave("reset"), unreachable],
    ["is not there", ({ gate }) => gate.close(), unreachable],
  ];
}

async function mend({ gate, answer }: Provider): Promise<void> {
  answer("ok");
  gate.behave("pass");
  gate.drop();
  await gate.close().catch(() => undefined);
  await gate.open();
}

/**
 * Each fault over the whole bot with half of the pagers, and each pager with half of the faults: what a pager makes of
 * an answer is held for all of them by the contract. FUZZ_RUNS asks for all of it.
 */
function someFaultsOf(type: PagerType): Fault[] {
  if (process.env.FUZZ_RUNS !== undefined) return faultsOf(type);
  return faultsOf(type).filter((_, index) => (index + pagerTypes.indexOf(type)) % 2 === 0);
}

describe.each(pagerTypes)("the first pager is %s", (type) => {
  it.each(someFaultsOf(type))(
    "rule 14: it %s: the next is paged in time, the card says so, and it recovers",
    async (...fault) => {
      const [, begin, why] = fault;
      await using held = await startWith(type);
      const { bot, first } = held;
      await begin(first);
      await bot.press("0042");
      const card = await bot.expectCard("Spreekkamer 3");
      await bot.fastForward(minute);
      const timeoutMs = timeoutOf(first);
      for (let waited = 0; bot.desk.pages.length === 0 && waited < timeoutMs; waited += 100) await bot.fastForward(100);
      await bot.desk.expectPage("unclaimed");
      await bot.fastForward(second);
      expect(bot.look(card).text).toContain(way("first", nl.security.failed(why)));
      await mend(first);
      await bot.fastForward(timeoutMs + 31 * second);
      expect(bot.look(card).text).toContain(way("first", nl.security.accepted));
      // To DC-09 an event that was refused is over: the next try is a new message, with the next number.
      const isNew = type === "sia-dc09" && why === refused;
      if (!isNew) expect(new Set(first.arrivals().map(({ key }) => key)).size).toBe(1);
      expect(bot.desk.pages).toHaveLength(1);
    },
  );

  it("rule 14: a page that hangs holds up no other page to the same pager", async () => {
    await using held = await startWith(type);
    const { bot, first } = held;
    first.gate.behave("swallow");
    await bot.press("0042");
    await bot.expectCard("Spreekkamer 3");
    await bot.fastForward(second);
    await bot.press("0051");
    const second_ = await bot.expectCard("Balie");
    await bot.fastForward(59 * second);
    expect(first.gate.hanging).toBe(1);
    // Whoever comes next is served.
    first.gate.behave("pass");
    await bot.fastForward(second);
    // DC-09 takes one message at a time: the second goes as soon as the first is tried again.
    if (type === "sia-dc09") await bot.fastForward(2 * second);
    else expect(first.gate.hanging).toBe(1);
    const served = way("first", nl.security.accepted);
    // A mail server is a process of its own, and takes its own time.
    for (let waited = 0; waited < 5 * second && !bot.look(second_).text.includes(served); waited += 100) {
      await bot.fastForward(100);
    }
    expect(bot.look(second_).text).toContain(served);
    expect(first.arrivals().filter(({ text }) => text.includes("Balie"))).toHaveLength(1);
  });
});

it.each(pagerTypes.filter((type) => type !== "sia-dc09"))(
  "rule 14: the certificate of %s is not to be trusted: nothing is said to it, and the next is paged at once",
  async (type) => {
    await using held = await startWith(type, true);
    const { bot, first } = held;
    await bot.press("0042");
    const card = await bot.expectCard("Spreekkamer 3");
    await bot.fastForward(minute);
    await bot.desk.expectPage("unclaimed");
    await bot.fastForward(second);
    expect(bot.look(card).text).toContain(way("first", nl.security.failed(misconfigured)));
    expect(first.arrivals()).toEqual([]);
  },
);

describe("every pager fails, each in its way, for long", () => {
  const ways: Readonly<Record<PagerType, (provider: Provider) => unknown>> = {
    webhook: ({ gate }) => gate.close(),
    smtp: ({ answer }) => answer("busy"),
    "sia-dc09": ({ gate }) => gate.behave("reset"),
    "twilio-voice": ({ answer }) => answer("refuse"),
    "twilio-sms": ({ gate }) => gate.behave("garbage"),
    "cm-sms": ({ answer }) => answer("broken"),
    pagerduty: ({ gate }) => gate.behave("reset"),
    ntfy: ({ answer }) => answer("busy"),
  };

  it("rule 14: it goes on for ever, keeps no more than one page for each, and recovers by itself", async () => {
    await using stack = new AsyncDisposableStack();
    let bot: Bot | null = null;
    const providers: Provider[] = [];
    for (const type of pagerTypes) {
      providers.push(stack.use(await startProvider(type, { now: () => bot?.clock.now() ?? 0 })));
    }
    const steps = [{ after: "0s", tell: "frontdesk" }, ...pagerTypes.map((type) => ({ after: "60s", page: type }))];
    const started = stack.use(await startBot());
    bot = started;
    const pagers = Object.fromEntries(providers.map(({ type, settings }) => [type, settings]));
    await started.restart({ pagers, policies: { building: { ...building, repeatEvery: "3m", steps } } });
    for (const provider of providers) await ways[provider.type](provider);
    await started.press("0042");
    const card = await started.expectCard("Spreekkamer 3");

    const waiting: number[] = [];
    for (let minutes = 0; minutes < 20; minutes += 1) {
      await started.fastForward(minute);
      waiting.push(countRows(started, "select count(*) from outbox where lane like 'pager:%'"));
    }
    expect(started.look(card).text).toContain(nl.card.headline.failed);
    const rounds = countRows(started, `select count(*) from history where body like '{"kind":"round-started"%'`);
    // The first after a minute, then every three: the last at 19 minutes.
    expect(rounds).toBe(6);
    // One page of this round waits for each pager, and one of the last until its next try, when it is taken back.
    expect(Math.max(...waiting)).toBeLessThanOrEqual(2 * pagerTypes.length);
    expect(Math.max(...waiting.slice(10))).toBeLessThanOrEqual(Math.max(...waiting.slice(0, 10)));
    const lines = countRows(started, "select count(*) from history");
    expect(lines).toBeLessThan((rounds + 1) * 3 * (pagerTypes.length + 1));

    const before = providers.map((provider) => provider.arrivals().length);
    for (const provider of providers) await mend(provider);
    await started.fastForward(31 * second);
    for (const [index, provider] of providers.entries()) {
      expect(provider.arrivals().length, provider.type).toBeGreaterThan(before[index] ?? 0);
      expect(started.look(card).text).toContain(way(provider.type, nl.security.accepted));
    }
    await started.click(alice, card, "arrive");
    await started.fastForward(minute);
    expect(countRows(started, "select count(*) from outbox")).toBe(0);
  }, 240_000);
});

function countRows({ folder }: Bot, query: string): number {
  using opened = new DisposableStack();
  const file = opened.adopt(new Database(`${folder}/rugdekking.db`, { readonly: true }), (each) => void each.close());
  return Number(file.prepare(query).pluck().get());
}
