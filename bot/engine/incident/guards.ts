import type { CallBackOutcome, PageEvent } from "../../contracts.ts";
import type { GuardId } from "../../domain/incident/command.ts";
import { type Outcome, unnamed } from "../../domain/incident/incident.ts";
import { pagerOfPage } from "../../domain/incident/security/found-page.ts";
import { type MessageKey, type PageKey, parseKey, parsePageKey } from "../../domain/message-key.ts";
import type { Person } from "../../domain/person.ts";
import { type RouteTest, routeOf } from "../../domain/route-test/route-test.ts";
import { mayAskFrom } from "../../domain/who-may.ts";
import { late, withTimeout } from "../../kit/with-timeout.ts";
import type { CommandResult } from "../../ports/click.ts";
import type { Directory } from "../../ports/directory.ts";
import type { GuardAnswer, GuardCase, TestCase } from "../../ports/guard.ts";
import type { Reader, Store, Transaction } from "../../ports/store/store.ts";
import type { TestEvent } from "../../ports/tests/route-testing.ts";
import type { Clock } from "../../ports/time.ts";
import type { Request } from "../kernel/decisions.ts";
import type { Handler } from "../kernel/handle.ts";
import { loadOrRestore } from "../kernel/incidents/load-or-restore.ts";
import type { OpenIncident } from "../kernel/open/open-incident.ts";
import type { UnrecordedIncidents } from "../kernel/unrecorded/unrecorded-incidents.ts";
import type { AnswerBuffer } from "./answer-buffer.ts";
import type { SiteFor } from "./compose-page.ts";
import { loadRung } from "./rung.ts";
import type { UnstoredSendings } from "./unstored/unstored-sendings.ts";

/** A guard in front of a page waits no longer for a storage that may hang. */
const readWithinMs = 1_000;

export interface GuardsOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly handler: Handler;
  readonly answers: Pick<AnswerBuffer, "submit">;
  readonly directory: Directory;
  readonly siteFor: SiteFor;
  readonly unrecorded: Pick<UnrecordedIncidents, "of" | "isAhead">;
  readonly sendings: Pick<UnstoredSendings, "report">;
  /** The tests of the routes; both methods reject when the storage is down. */
  readonly tests: {
    load(id: string): Promise<RouteTest | null>;
    /** Records what a human or the provider reported of the test with that key. */
    recordEvent(key: string, event: TestEvent): Promise<CallBackOutcome>;
  };
  /** The tests of whether people hear that they are rung. */
  readonly ringTests: {
    /** Records what the provider of that pager reported of the call with that key; rejects when the storage is down. */
    recordEvent(key: RingTestKey, pager: string, event: PageEvent): Promise<CallBackOutcome>;
  };
}

type RingTestKey = Extract<MessageKey, { kind: "ring-test" }>;

type TestKey = Extract<MessageKey, { kind: "test" }>;
type CallKey = Extract<MessageKey, { kind: "call" }>;
type GuardRequest = Extract<Request, { kind: "guard" }>;
type HumanEvent = Extract<PageEvent, { kind: "answered" }>;

/** Records what humans behind a page or a call answer, and what the providers report of both. */
export class Guards {
  readonly #options: GuardsOptions;

  constructor(options: GuardsOptions) {
    this.#options = options;
  }

  /** Loads what the page with that key shows; null when there is none. Rejects when the storage is down. */
  async load(pageKey: string): Promise<GuardCase | TestCase | null> {
    const key = parseKey(pageKey);
    if (key?.kind === "test") return this.#loadTest(key);
    return key?.kind === "page" ? this.#loadCase(key) : null;
  }

  /**
   * Records what a guard answered on the page; `outcome` only counts with `safe`. `guard`: which of those who have that
   * page; left out: they did not say. "stands": it changed nothing, because somebody of that pager comes or is there.
   * "buffered": not on disk yet, and tried again. The answer to a test is not buffered, because nobody waits for help;
   * so it rejects when the storage is down.
   */
  async answer(
    pageKey: string,
    answer: GuardAnswer,
    outcome: Outcome,
    guard?: GuardId,
  ): Promise<"recorded" | "buffered" | "stands"> {
    const key = parseKey(pageKey);
    if (key?.kind === "test") await this.#options.tests.recordEvent(pageKey, { kind: "answered" });
    if (key?.kind !== "page") return "recorded";
    // A page that can't be read now may still be answered; then it is not known which route the answer proves.
    const found = await this.#loadCase(key).catch(() => null);
    const base = { kind: "guard", pageKey, ...(guard && { guard }) } as const;
    const request = answer === "safe" ? { ...base, answer, outcome } : { ...base, answer };
    const result = await this.#submitAnswer(key.incident, found?.pager ?? null, request);
    if (result === "buffered") return result;
    return result?.reason === "stands" ? "stands" : "recorded";
  }

  /**
   * Records what the provider of that pager reported. Rejects when the storage is down; a human's answer is buffered
   * instead.
   */
  async recordEvents(pager: string, events: readonly PageEvent[]): Promise<CallBackOutcome> {
    // An answer counts, even when an event before it could not be recorded.
    const recorded = await Promise.allSettled(events.map((each) => this.#recordEvent(pager, each)));
    const failed = recorded.find((each) => each.status === "rejected");
    if (failed !== undefined) throw failed.reason;
    const last = recorded.at(-1);
    return last?.status === "fulfilled" ? last.value : "taken";
  }

  async #recordEvent(pager: string, event: PageEvent): Promise<CallBackOutcome> {
    const key = parseKey(event.key);
    switch (key?.kind) {
      case "test":
        // A provider proves only its own route.
        return key.pager === pager ? this.#options.tests.recordEvent(event.key, event) : "unknown";
      case "ring-test":
        return this.#options.ringTests.recordEvent(key, pager, event);
      case "call":
        if (event.kind === "answered") return this.#recordColleagueAnswer(key, event);
        return this.#recordFailure(key.incident, { kind: "delivery-failed", key: event.key, reason: event.reason });
      case "page":
        return this.#recordPageEvent(pager, event.key, event);
      case "again":
        return this.#recordPageEvent(pager, key.page, event);
      case "call-off":
        return this.#recordCallOffEvent(key.page, event);
      default:
        return "unknown";
    }
  }

  async #recordPageEvent(pager: string, pageKey: string, event: PageEvent): Promise<CallBackOutcome> {
    const key = parsePageKey(pageKey);
    if (key === null) return "unknown";
    // A provider may report only on its own route. While the disk can't be read, the proof of who called is enough.
    const found = await this.#loadCase(key).catch(() => undefined);
    if (found === null || (found !== undefined && found.pager !== pager)) return "unknown";
    if (event.kind === "failed") {
      return this.#recordFailure(key.incident, { kind: "page-failed", key: pageKey, reason: event.reason });
    }
    const provenPager = found === undefined ? null : pager;
    const guard = { who: unnamed.route, isCertain: true };
    const request = { kind: "guard", pageKey, guard, answer: event.answer } as const;
    return toOutcome(await this.#submitAnswer(key.incident, provenPager, request));
  }

  /** Records that a call-off reached nobody; a call-off has no answer. */
  async #recordCallOffEvent(page: string, event: PageEvent): Promise<CallBackOutcome> {
    const key = parsePageKey(page);
    if (key === null || event.kind === "answered") return "unknown";
    return this.#recordFailure(key.incident, { kind: "call-off-failed", page, reason: event.reason });
  }

  /** Records what a colleague answered to a call, also to one of an earlier round. */
  async #recordColleagueAnswer({ incident, person }: CallKey, { answer }: HumanEvent): Promise<CallBackOutcome> {
    const kind = answer === "accept" ? "claim" : "decline";
    const by = await this.#findCalled(incident, person, kind);
    if (by === null) return "unknown";
    const request = { kind, by, byPhone: true } as const;
    return toOutcome(await this.#options.answers.submit({ incident, who: by.id, request }));
  }

  /** Finds who was called: somebody of the list, or who left it since; null for whoever may not answer by phone. */
  async #findCalled(incident: string, id: string, kind: "claim" | "decline"): Promise<Person | null> {
    const { store, directory } = this.#options;
    const listed = directory.personOf(id);
    const by = listed ?? (await store.read((reader) => loadRung(incident, id, reader)).catch(() => null));
    const role = listed === null ? "rung" : "listed";
    return by !== null && mayAskFrom(kind, "phone", [role]) ? by : null;
  }

  /** Where it can't be written now it counts in memory, and rejects, so that the provider reports it again. */
  async #recordFailure(incident: string, request: Request): Promise<CallBackOutcome> {
    const { handler, sendings, unrecorded } = this.#options;
    try {
      if (unrecorded.isAhead(incident)) throw new Error("what went before it is not on disk");
      return toOutcome(await handler.handle(incident, request));
    } catch (error) {
      // Of what is over, as most that is called off, memory knows nothing, and nothing follows from it.
      const isOver = request.kind === "call-off-failed" && unrecorded.of(incident) === null;
      if (!isOver) sendings.report(incident, request);
      throw error;
    }
  }

  /** Submits a guard's answer. `provenPager`: the pager whose route the answer proves; null when it is not known. */
  #submitAnswer(incident: string, provenPager: string | null, request: GuardRequest) {
    const answer = { incident, who: `${request.pageKey} ${request.guard?.who ?? unnamed.link}`, request };
    if (provenPager === null) return this.#options.answers.submit(answer);
    const at = String(this.#options.clock.now());
    const also = (tx: Transaction) => tx.saveSetting("route-proven", provenPager, at);
    return this.#options.answers.submit({ ...answer, also });
  }

  async #loadTest({ test: id, pager }: TestKey): Promise<TestCase | null> {
    const test = await this.#options.tests.load(id);
    const pagerTest = test === null ? undefined : routeOf(test, pager);
    if (test === null || pagerTest === undefined) return null;
    const { startedAt, endsAt } = test;
    return { test: { startedAt, endsAt, answeredAt: pagerTest.state === "answered" ? pagerTest.at : null } };
  }

  /**
   * Rejects when the storage is down and memory does not know the incident. Where memory is ahead of the storage, or
   * that does not answer, memory tells; of the history there is what could be read.
   */
  async #loadCase(key: PageKey): Promise<GuardCase | null> {
    const { store, clock, unrecorded, siteFor } = this.#options;
    const reading = store.read(async (reader) => ({
      stored: await this.#readCase(reader, key),
      history: await reader.loadHistory(key.incident, 0),
    }));
    const read = await withTimeout(clock, readWithinMs, reading).catch(toError);
    const isRead = read !== late && !(read instanceof Error);
    const known = unrecorded.of(key.incident);
    const isFromMemory = known !== null && (!isRead || unrecorded.isAhead(key.incident));
    if (!isRead && !isFromMemory) throw read === late ? new Error("the storage did not answer in time") : read;
    const found = isFromMemory ? known : isRead ? read.stored : null;
    const pager = found === null ? null : pagerOfPage(found.incident, found.policy, key);
    if (found === null || pager === null) return null;
    const { incident } = found;
    return { incident, pager, site: siteFor(incident, pager), history: isRead ? read.history : [] };
  }

  async #readCase(reader: Reader, { incident: id }: PageKey): Promise<OpenIncident | null> {
    const found = await loadOrRestore(reader, this.#options.directory, id);
    if (found === null) return null;
    const { incident, first } = found;
    return { incident, policy: first?.kind === "replace-policy" ? first.former : found.policy };
  }
}

function toError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}

function toOutcome(answer: CommandResult | null | "buffered"): CallBackOutcome {
  if (answer === "buffered") return "taken";
  if (answer === null || answer.reason === "unknown-page" || answer.reason === "unknown-delivery") return "unknown";
  if (answer.reason === "stands") return "stands";
  return answer.reason === "already-closed" ? "over" : "taken";
}
