import type { CallBackOutcome, PageEvent } from "../../contracts.ts";
import type { Outcome } from "../../domain/incident/incident.ts";
import { type MessageKey, type PageKey, parseKey, parsePageKey } from "../../domain/message-key.ts";
import type { Person } from "../../domain/person.ts";
import type { RouteTest } from "../../domain/route-test/route-test.ts";
import type { CommandResult } from "../../ports/click.ts";
import type { GuardAnswer, GuardCase, TestCase } from "../../ports/guard.ts";
import type { TestEvent } from "../../ports/route-testing.ts";
import type { Store, Transaction } from "../../ports/store/store.ts";
import type { Clock } from "../../ports/time.ts";
import type { Handler, Request } from "../kernel/handle.ts";
import type { AnswerBuffer } from "./answer-buffer.ts";

export interface GuardsOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly handler: Handler;
  readonly answers: Pick<AnswerBuffer, "submit">;
  /** By their id; null for somebody who is not in the configuration. */
  readonly personOf: (id: string) => Person | null;
  /** The tests of the routes; both reject when the storage is down. */
  readonly tests: {
    load(id: string): Promise<RouteTest | null>;
    /** What a human or the provider told of the test with that key. */
    recordEvent(key: string, event: TestEvent): Promise<CallBackOutcome>;
  };
}

type TestKey = Extract<MessageKey, { kind: "test" }>;
type CallKey = Extract<MessageKey, { kind: "call" }>;
type HumanEvent = Extract<PageEvent, { kind: "answered" }>;

/** What humans behind a page or a call answer, and what the providers tell of both. */
export class Guards {
  readonly #options: GuardsOptions;

  constructor(options: GuardsOptions) {
    this.#options = options;
  }

  /** null when that page never was. Rejects when the storage is down. */
  async load(pageKey: string): Promise<GuardCase | TestCase | null> {
    const key = parseKey(pageKey);
    if (key?.kind === "test") return this.#loadTest(key);
    return key?.kind === "page" ? this.#loadCase(key) : null;
  }

  /**
   * What a guard answered on the page; `outcome` only counts with `safe`. "buffered": not on disk yet, and tried again.
   * The answer to a test is not kept: nobody waits for help, so it rejects when the storage is down.
   */
  async answer(pageKey: string, answer: GuardAnswer, outcome: Outcome): Promise<"recorded" | "buffered"> {
    const key = parseKey(pageKey);
    if (key?.kind === "test") await this.#options.tests.recordEvent(pageKey, { kind: "answered" });
    if (key?.kind !== "page") return "recorded";
    // A page that can't be read now may be answered all the same; which route it proves is then not known.
    const found = await this.#loadCase(key).catch(() => null);
    const base = { kind: "guard", pageKey } as const;
    const request = answer === "safe" ? { ...base, answer, outcome } : { ...base, answer };
    const result = await this.#giveAnswer(key.incident, pageKey, found?.pager ?? null, request);
    return result === "buffered" ? "buffered" : "recorded";
  }

  /** What the provider of that pager told. Rejects when the storage is down, unless a human answered: that is kept. */
  async recordEvents(pager: string, event: readonly PageEvent[]): Promise<CallBackOutcome> {
    // An answer counts, whatever becomes of the news before it.
    const recorded = await Promise.allSettled(event.map((each) => this.#recordOne(pager, each)));
    const failed = recorded.find((each) => each.status === "rejected");
    if (failed !== undefined) throw failed.reason;
    const last = recorded.at(-1);
    return last?.status === "fulfilled" ? last.value : "taken";
  }

  async #recordOne(pager: string, event: PageEvent): Promise<CallBackOutcome> {
    const key = parseKey(event.key);
    switch (key?.kind) {
      case "test":
        // A provider proves its own route only.
        return key.pager === pager ? this.#options.tests.recordEvent(event.key, event) : "unknown";
      case "call":
        if (event.kind === "answered") return this.#recordColleague(key, event);
        return this.#recordFailure(key.incident, { kind: "delivery-failed", key: event.key, reason: event.reason });
      case "page":
        return this.#recordOfPage(pager, event.key, event);
      case "again":
        return this.#recordOfPage(pager, key.page, event);
      case "call-off":
        return this.#recordOfCallOff(key.page, event);
      default:
        return "unknown";
    }
  }

  async #recordOfPage(pager: string, pageKey: string, event: PageEvent): Promise<CallBackOutcome> {
    const key = parsePageKey(pageKey);
    if (key === null) return "unknown";
    // A provider speaks for its own route only; while the disk can't be read its proof has to do.
    const found = await this.#loadCase(key).catch(() => undefined);
    if (found === null || (found !== undefined && found.pager !== pager)) return "unknown";
    if (event.kind === "failed") {
      return this.#recordFailure(key.incident, { kind: "page-failed", key: pageKey, reason: event.reason });
    }
    const proven = found === undefined ? null : pager;
    const request = { kind: "guard", pageKey, answer: event.answer } as const;
    return toOutcome(await this.#giveAnswer(key.incident, pageKey, proven, request));
  }

  /** Nobody heard that it is over; nobody answers that. */
  async #recordOfCallOff(page: string, event: PageEvent): Promise<CallBackOutcome> {
    const key = parsePageKey(page);
    if (key === null || event.kind === "answered") return "unknown";
    return this.#recordFailure(key.incident, { kind: "call-off-failed", page, reason: event.reason });
  }

  /** Also of a call of an earlier round: whoever says that they go, goes. */
  async #recordColleague({ incident, person }: CallKey, { answer }: HumanEvent): Promise<CallBackOutcome> {
    const by = this.#options.personOf(person);
    if (by === null) return "unknown";
    const kind = answer === "accept" ? "claim" : "decline";
    return toOutcome(await this.#options.answers.submit({ incident, who: by.id, request: { kind, by } }));
  }

  async #recordFailure(incident: string, request: Request): Promise<CallBackOutcome> {
    return toOutcome(await this.#options.handler.handle(incident, request));
  }

  /** `proven`: the pager whose route the answer proves; null: that is not known. */
  #giveAnswer(incident: string, pageKey: string, proven: string | null, request: Request) {
    const answer = { incident, who: pageKey, request };
    if (proven === null) return this.#options.answers.submit(answer);
    const at = String(this.#options.clock.now());
    const also = (tx: Transaction) => tx.saveSetting("route-proven", proven, at);
    return this.#options.answers.submit({ ...answer, also });
  }

  async #loadTest({ test: id, pager }: TestKey): Promise<TestCase | null> {
    const test = await this.#options.tests.load(id);
    const route = test?.routes[pager];
    if (test === null || route === undefined) return null;
    const { startedAt, endsAt } = test;
    return { test: { startedAt, endsAt, answeredAt: route.state === "answered" ? route.at : null } };
  }

  #loadCase(key: PageKey): Promise<GuardCase | null> {
    return this.#options.store.read(async (reader) => {
      const incident = await reader.loadIncident(key.incident);
      const step = incident && (await reader.loadPolicy(incident.policy))?.steps[key.step];
      if (!incident || step?.kind !== "page" || key.round > incident.round.number) return null;
      return { incident, pager: step.pager, history: await reader.loadHistory(incident.id, 0) };
    });
  }
}

function toOutcome(answer: CommandResult | null | "buffered"): CallBackOutcome {
  if (answer === "buffered") return "taken";
  if (answer === null || answer.reason === "unknown-page" || answer.reason === "unknown-delivery") return "unknown";
  return answer.reason === "already-closed" ? "over" : "taken";
}
