import type { Page, ReadyPager, SendFeedback } from "../../contracts.ts";
import { isAnybodyComing } from "../../domain/incident/feedback.ts";
import type { Incident } from "../../domain/incident/incident.ts";
import type { Person } from "../../domain/person.ts";
import type { RouteTest } from "../../domain/route-test/route-test.ts";
import type { Visit } from "../../domain/visit/visit.ts";
import { DeliveryError } from "../../errors.ts";
import type { OutboxRow } from "../../ports/outbox.ts";
import type { Sent } from "../../ports/sender.ts";
import type { Trouble } from "../../ports/status.ts";
import type { Reader, Store } from "../../ports/store.ts";
import type { Clock } from "../../ports/time.ts";
import { sendOverMs } from "../../ports/timing.ts";
import type { Handler, Request } from "../kernel/handle.ts";
import type { Delivery } from "../kernel/outbox.ts";
import type { RouteTests } from "../route-test/route-tests.ts";
import { type ToPage, type ToPageWords, toUnlinkedPage } from "./page.ts";

/** Teams, as the engine needs it; each sends once and rejects with DeliveryError. */
export interface Board {
  postCard(incident: string, signal: AbortSignal): Promise<Sent>;
  syncBoard(incident: string, signal: AbortSignal): Promise<Sent>;
  sendMessage(incident: string, person: Person, signal: AbortSignal): Promise<Sent>;
  sendNotice(incident: string, channel: string, signal: AbortSignal): Promise<Sent>;
  /** Asks whether all is well, at the end of a visit. */
  askVisitor(visit: Visit, signal: AbortSignal): Promise<Sent>;
  /** Tells somebody that their visit has become an alarm. */
  tellVisitor(person: Person, signal: AbortSignal): Promise<Sent>;
  /** The day's line about what is wrong. */
  sendTroubles(channel: string, troubles: readonly Trouble[], signal: AbortSignal): Promise<Sent>;
  /** What came of a test of the routes. */
  sendTestResult(channel: string, test: RouteTest, signal: AbortSignal): Promise<Sent>;
}

export interface DeliveryOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly handler: Handler;
  readonly board: Board;
  readonly pagers: Readonly<Record<string, ReadyPager>>;
  readonly toPage: ToPage;
  readonly toPageWords: ToPageWords;
  /** null: that colleague has no phone in the configuration. */
  readonly phoneOf: (person: Person) => string | null;
  /** By source, for those whose devices can be told something. */
  readonly feedback: Readonly<Record<string, SendFeedback>>;
  readonly troublesOf: (channel: string) => Promise<readonly Trouble[]>;
  readonly tests: Pick<RouteTests, "isWanted" | "send" | "load">;
}

const done: Sent = { kind: "done" };
/** A message to a person or an update to a pager that fails this often is given up. */
const mostAttempts = 8;
const mostCallAttempts = 3;
/** A sign to the presser that comes a minute late says nothing any more. */
const mostFeedbackAttempts = 3;
const feedbackWithinMs = 60_000;

const lookAgainMs = 1_000;

type NewsRow = Extract<OutboxRow["outgoing"], { kind: "update" | "call-off" }>;
type FeedbackRow = Extract<OutboxRow["outgoing"], { kind: "feedback" }>;

/** The two hands: rows of the outbox to Teams and to the pagers. */
export function createDelivery(options: DeliveryOptions): Delivery {
  const { store, clock, handler, board, pagers, toPage, toPageWords, phoneOf, feedback, tests } = options;

  async function before(row: OutboxRow): Promise<"send" | "drop"> {
    if (row.outgoing.kind === "feedback") return beforeFeedback(row, row.outgoing);
    if (row.outgoing.kind === "call") {
      // The storage is down: rather a call too many than none.
      const answer = await handler.handle(row.incident, { kind: "delivery-starting", key: row.key }).catch(() => null);
      return answer === null || answer.reason === "delivery-started" ? "send" : "drop";
    }
    if (row.outgoing.kind === "update" || row.outgoing.kind === "call-off") return beforeNews(row, row.outgoing);
    if (row.outgoing.kind === "test") return (await tests.isWanted(row.outgoing.page)) ? "send" : "drop";
    if (row.outgoing.kind !== "page") return "send";
    const { page } = row.outgoing;
    const answer = await handler.handle(row.incident, { kind: "page-starting", key: page }).catch(() => null);
    // The storage is down: rather a page too many than none.
    if (answer === null) return "send";
    return answer.reason === "page-withheld" || answer.reason === "already-closed" ? "drop" : "send";
  }

  /** What is no longer so: a newer page went since, they were called off, or somebody is needed again after all. */
  async function beforeNews(row: OutboxRow, { kind, pager, page }: NewsRow): Promise<"send" | "drop"> {
    const incident = await store.read((reader) => reader.loadIncident(row.incident));
    const progress = incident?.pagers[pager];
    if (incident === null || progress?.key !== page) return "drop";
    const isSo = kind === "call-off" ? progress.callOff?.state === "queued" : progress.callOff === null;
    return isSo && (kind === "call-off" || incident.closedAt === null) ? "send" : "drop";
  }

  /** A sign that no longer holds, or comes so late that nobody knows any more what it is about, is not given. */
  async function beforeFeedback(row: OutboxRow, { button, what, at }: FeedbackRow): Promise<"send" | "drop"> {
    const incident = await store.read((reader) => reader.loadIncident(row.incident));
    if (incident === null || incident.closedAt !== null) return "drop";
    if (what === "coming" && !isAnybodyComing(incident)) return "drop";
    if (clock.now() - at <= feedbackWithinMs) return "send";
    await handler.handle(incident.id, { kind: "feedback-failed", button, what });
    return "drop";
  }

  async function send(row: OutboxRow, signal: AbortSignal): Promise<Sent> {
    const { outgoing, incident } = row;
    switch (outgoing.kind) {
      case "card":
        return board.postCard(incident, signal);
      case "board":
        return board.syncBoard(incident, signal);
      case "message":
        return board.sendMessage(incident, outgoing.person, signal);
      case "notice":
        return board.sendNotice(incident, outgoing.channel, signal);
      case "page":
        return page(row, outgoing.pager, outgoing.page, outgoing.reason, signal);
      case "call":
        return call(row, outgoing.pager, outgoing.person, signal);
      case "update":
      case "call-off":
        return page(row, outgoing.pager, outgoing.page, outgoing.kind, signal);
      case "feedback": {
        const tell = feedback[outgoing.source];
        if (tell === undefined) throw new DeliveryError("misconfigured", "this source has no down-link any more");
        await tell(outgoing.button, outgoing.what, signal);
        return done;
      }
      case "visit-ask": {
        const visit = await store.read((reader) => reader.loadVisit(outgoing.person.id));
        // Ended, made longer or asked anew meanwhile: this question is none any more.
        const isSame = visit?.endsAt === outgoing.endsAt && visit.asked === outgoing.asked;
        return isSame ? board.askVisitor(visit, signal) : done;
      }
      case "visit-pressed":
        return board.tellVisitor(outgoing.person, signal);
      case "troubles": {
        const { channel, day } = outgoing;
        const troubles = await options.troublesOf(channel);
        if (troubles.length === 0) return done;
        await board.sendTroubles(channel, troubles, signal);
        return { ...done, record: (tx) => tx.saveSetting("troubles-reported", channel, day) };
      }
      case "test":
        return tests.send(outgoing.page, signal);
      case "test-result": {
        const test = await tests.load(outgoing.test);
        return test === null ? done : board.sendTestResult(outgoing.channel, test, signal);
      }
    }
  }

  async function loadIncident(id: string): Promise<Incident> {
    const incident = await store.read((reader: Reader) => reader.loadIncident(id));
    if (incident === null) throw new DeliveryError("misconfigured", "this incident is not in the database");
    return incident;
  }

  /** Rule 6: a pager that has vanished since counts as failed. */
  function pagerOf(name: string): ReadyPager {
    const pager = pagers[name];
    if (pager === undefined) throw new DeliveryError("misconfigured", "this pager is no longer in the configuration");
    return pager;
  }

  async function call(row: OutboxRow, name: string, person: Person, signal: AbortSignal): Promise<Sent> {
    const pager = pagerOf(name);
    if (pager.call === undefined) throw new DeliveryError("misconfigured", "this pager can't call colleagues");
    const phone = phoneOf(person);
    if (phone === null) throw new DeliveryError("misconfigured", "this colleague has no phone in the configuration");
    const incident = await loadIncident(row.incident);
    await pager.call(toUnlinkedPage(incident, row.key, "unclaimed", toPageWords(incident, "unclaimed")), phone, signal);
    return done;
  }

  async function page(
    row: OutboxRow,
    name: string,
    page: string,
    reason: Page["reason"],
    signal: AbortSignal,
  ): Promise<Sent> {
    const pager = pagerOf(name);
    const incident = await loadIncident(row.incident);
    const progress = incident.pagers[name];
    // Its page may still be under way, also by another try, and what is called off must have come before.
    const mayBeUnderWay = progress?.state === "started" || progress?.state === "failed";
    if (reason === "call-off" && mayBeUnderWay && clock.now() - progress.at < sendOverMs) {
      return { kind: "again", at: clock.now() + lookAgainMs };
    }
    const finished = toPage(incident, row.key, page, reason);
    if (reason === "update") await pager.update?.(finished, signal);
    else if (reason === "call-off") await pager.callOff?.(finished, signal);
    else await pager.page(finished, signal);
    return done;
  }

  return {
    before,
    send,
    after(row, failure): Request | null {
      const { outgoing } = row;
      if (outgoing.kind === "card")
        return failure ? { kind: "card-failed", reason: failure.reason } : { kind: "card-posted" };
      if (outgoing.kind === "feedback") return toFeedbackNews(row, outgoing, failure);
      if (outgoing.kind === "message" || outgoing.kind === "call") {
        const { key } = row;
        return failure ? { kind: "delivery-failed", key, reason: failure.reason } : { kind: "delivery-accepted", key };
      }
      if (outgoing.kind === "call-off") return toCallOffNews(row, outgoing, pagers[outgoing.pager], failure);
      if (outgoing.kind !== "page") return null;
      const key = outgoing.page;
      return failure ? { kind: "page-failed", key, reason: failure.reason } : { kind: "page-accepted", key };
    },
    isRetried,
  };
}

/** Whether they know that it is over, once that is certain. */
function toCallOffNews(
  row: OutboxRow,
  { page }: NewsRow,
  pager: ReadyPager | undefined,
  failure: DeliveryError | null,
): Request | null {
  if (failure === null && pager?.callOff === undefined) return { kind: "call-off-failed", page, reason: "impossible" };
  if (failure === null) return { kind: "call-off-taken", page };
  return isRetried(row, failure) ? null : { kind: "call-off-failed", page, reason: failure.reason };
}

/** Only what it comes to in the end is told; a try that failed is not. */
function toFeedbackNews(row: OutboxRow, { button, what }: FeedbackRow, failure: DeliveryError | null): Request | null {
  if (failure !== null && isRetried(row, failure)) return null;
  return { kind: failure === null ? "feedback-sent" : "feedback-failed", button, what };
}

function isRetried(row: OutboxRow, failure: DeliveryError): boolean {
  const { kind } = row.outgoing;
  // The next step goes meanwhile (rule 14); a newer page to the same pager, an answer or the end takes it back.
  if (kind === "card" || kind === "page") return true;
  if (failure.reason === "refused") return false;
  // A card that stands there must not go on telling what is no longer so.
  if (kind === "board" || kind === "notice") return true;
  // Whoever does not pick up now is called again with everything else.
  if (kind === "call") return failure.reason !== "misconfigured" && row.attempts + 1 < mostCallAttempts;
  if (kind === "feedback") return failure.reason !== "misconfigured" && row.attempts + 1 < mostFeedbackAttempts;
  return row.attempts + 1 < mostAttempts || failure.reason === "throttled";
}
