import type { Heard, PageNews } from "../../contracts.ts";
import type { RecordedLine } from "../../domain/incident/history.ts";
import type { Incident, Outcome } from "../../domain/incident/incident.ts";
import { parseKey, parsePageKey } from "../../domain/message-key.ts";
import type { Person } from "../../domain/person.ts";
import { parseTestKey } from "../../domain/route-test/route-test.ts";
import type { Answer } from "../../ports/click.ts";
import type { Store, Transaction } from "../../ports/store.ts";
import type { Clock } from "../../ports/time.ts";
import type { Handler, Request } from "../kernel/handle.ts";
import type { RouteTests } from "../route-test/route-tests.ts";
import type { Answers } from "./answers.ts";

export type GuardAnswer = "accept" | "decline" | "arrived" | "safe";

/** A guard's page: the incident, what happened so far, and the pager through which this guard was reached. */
export interface GuardCase {
  readonly incident: Incident;
  readonly history: readonly RecordedLine[];
  readonly pager: string;
}

/** The page of a test. `answeredAt`: when a human answered it, through whatever. Moments are epoch milliseconds UTC. */
export interface TestCase {
  readonly test: { readonly startedAt: number; readonly endsAt: number; readonly answeredAt: number | null };
}

/** What humans behind a page or a call answer. */
export interface Guards {
  /** null when that page never was. Rejects when the storage is down. */
  load(pageKey: string): Promise<GuardCase | TestCase | null>;
  /**
   * What a guard answered on the page; `outcome` only counts with `safe`. "kept": not on disk yet, and tried again. The
   * answer to a test is not kept: nobody waits for help, so it rejects when the storage is down.
   */
  answer(pageKey: string, answer: GuardAnswer, outcome: Outcome): Promise<"recorded" | "kept">;
  /** What the provider of that pager told. Rejects when the storage is down, unless a human answered: that is kept. */
  hear(pager: string, news: readonly PageNews[]): Promise<Heard>;
}

export interface GuardsOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly handler: Handler;
  readonly answers: Answers;
  /** By their id; null for somebody who is not in the configuration. */
  readonly personOf: (id: string) => Person | null;
  readonly tests: Pick<RouteTests, "load" | "hear">;
}

/** See `Guards`. */
export function createGuards({ store, clock, handler, answers, personOf, tests }: GuardsOptions): Guards {
  async function loadTest({ test: id, pager }: { test: string; pager: string }): Promise<TestCase | null> {
    const test = await tests.load(id);
    const route = test?.routes[pager];
    if (test === null || route === undefined) return null;
    const { startedAt, endsAt } = test;
    return { test: { startedAt, endsAt, answeredAt: route.state === "answered" ? route.at : null } };
  }

  async function load(pageKey: string): Promise<GuardCase | null> {
    const parsed = parsePageKey(pageKey);
    if (parsed === null) return null;
    return store.read(async (reader) => {
      const incident = await reader.loadIncident(parsed.incident);
      const step = incident && (await reader.loadPolicy(incident.policy))?.steps[parsed.step];
      if (!incident || step?.kind !== "page" || parsed.round > incident.round.number) return null;
      return { incident, pager: step.pager, history: await reader.loadHistory(incident.id, 0) };
    });
  }

  function prove(pager: string) {
    const at = String(clock.now());
    return (tx: Transaction) => tx.saveSetting("route-proven", pager, at);
  }

  async function give(incident: string, pageKey: string, pager: string | null, request: Request) {
    const proof = pager === null ? {} : { also: prove(pager) };
    return answers.give({ incident, who: pageKey, request, ...proof });
  }

  async function hear(pager: string, news: PageNews): Promise<Heard> {
    const tested = parseTestKey(news.key);
    // A provider proves its own route only.
    if (tested !== null) return tested.pager === pager ? tests.hear(news.key, news) : "unknown";
    const key = parseKey(news.key);
    if (key?.kind === "call") return hearColleague(key, news);
    if (key?.kind === "call-off") return hearOfCallOff(parsePageKey(key.page)?.incident ?? "", key.page, news);
    return hearGuard(pager, key?.kind === "again" ? key.page : news.key, news);
  }

  async function hearGuard(pager: string, key: string, news: PageNews): Promise<Heard> {
    const incident = parsePageKey(key)?.incident;
    if (incident === undefined) return "unknown";
    // A provider speaks for its own route only; while the disk can't be read its proof has to do.
    const found = await load(key).catch(() => undefined);
    if (found === null || (found !== undefined && found.pager !== pager)) return "unknown";
    if (news.kind === "failed") {
      return toHeard(await handler.handle(incident, { kind: "page-failed", key, reason: news.reason }));
    }
    const proven = found === undefined ? null : pager;
    return toHeard(await give(incident, key, proven, { kind: "guard", pageKey: key, answer: news.answer }));
  }

  /** Nobody heard that it is over. */
  async function hearOfCallOff(incident: string, page: string, news: PageNews): Promise<Heard> {
    if (news.kind === "answered") return "unknown";
    return toHeard(await handler.handle(incident, { kind: "call-off-failed", page, reason: news.reason }));
  }

  /** Also of a call of an earlier round: whoever says that they go, goes. */
  async function hearColleague(call: { incident: string; person: string }, news: PageNews): Promise<Heard> {
    const { incident } = call;
    if (news.kind === "failed") {
      const { key, reason } = news;
      return toHeard(await handler.handle(incident, { kind: "delivery-failed", key, reason }));
    }
    const by = personOf(call.person);
    if (by === null) return "unknown";
    const kind = news.answer === "accept" ? "claim" : "decline";
    return toHeard(await answers.give({ incident, who: by.id, request: { kind, by } }));
  }

  return {
    async load(pageKey) {
      const tested = parseTestKey(pageKey);
      return tested === null ? load(pageKey) : loadTest(tested);
    },
    async answer(pageKey, answer, outcome) {
      if (parseTestKey(pageKey) !== null) {
        await tests.hear(pageKey, { kind: "answered" });
        return "recorded";
      }
      const incident = parsePageKey(pageKey)?.incident;
      if (incident === undefined) return "recorded";
      // A page that can't be read now may be answered all the same; which route it proves is then not known.
      const pager = await load(pageKey).then(
        (found) => found?.pager ?? null,
        () => null,
      );
      const base = { kind: "guard", pageKey } as const;
      const request = answer === "safe" ? { ...base, answer, outcome } : { ...base, answer };
      return (await give(incident, pageKey, pager, request)) === "kept" ? "kept" : "recorded";
    },
    async hear(pager, news) {
      // An answer counts, whatever becomes of the news before it.
      const heard = await Promise.allSettled(news.map((each) => hear(pager, each)));
      const failed = heard.find((each) => each.status === "rejected");
      if (failed !== undefined) throw failed.reason;
      const last = heard.at(-1);
      return last?.status === "fulfilled" ? last.value : "taken";
    },
  };
}

function toHeard(answer: Answer | null | "kept"): Heard {
  if (answer === "kept") return "taken";
  if (answer === null || answer.reason === "unknown-page" || answer.reason === "unknown-delivery") return "unknown";
  return answer.reason === "already-closed" ? "over" : "taken";
}
