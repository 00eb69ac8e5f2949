/** The house's words as types, and the outside as interfaces. A moment ends in `At`: epoch milliseconds UTC. */
import type { Alarm } from "../domain/alarm.ts";
import type { Sign } from "../domain/device/sign.ts";
import type { Trouble, Watched } from "../domain/device/trouble.ts";
import type { ClickVerb, DecisionReason, Feedback, Press } from "../domain/incident/command.ts";
import type { HistoryLine, RecordedLine } from "../domain/incident/history.ts";
import type { DeliveryReason, Incident, Outcome, PageReason, Person } from "../domain/incident/incident.ts";
import type { Policy } from "../domain/incident/policy.ts";
import type { RouteTest } from "../domain/route-test/route-test.ts";
import type { Visit } from "../domain/visit/visit.ts";

// ---- time

/** The start's wall clock plus monotonic time: a stepped clock moves no deadline. */
export interface Clock {
  now(): number;
  /** The machine's clock as it is set now: for how fresh somebody else's timestamp is, never for a deadline. */
  wall(): number;
  /** Calls `wake` once, at `at` or right after; the returned function takes it back. */
  wakeAt(at: number, wake: () => void): () => void;
  /** Aborts `ms` from now with a TimeoutError; dispose it when the work is done. */
  timeout(ms: number): { readonly signal: AbortSignal } & Disposable;
}

// ---- what the configuration knows

/** A policy and the hash of its content. */
export interface NamedPolicy {
  readonly hash: string;
  readonly policy: Policy;
}

/** The configuration as the engine sees it. */
export interface Directory {
  /** Joins a press with its button, place, channel and policy. `incident`: the id a new incident gets. */
  toPress(source: string, alarm: Alarm, incident: string, receivedAt: number): Press;
  /** The policy a press of this source opens with; `hash` is what a Press and an incident name it by. */
  policyOf(source: string): NamedPolicy;
  /** All that a press may open with: they are on disk before the doors open (rule 6). */
  readonly policies: readonly NamedPolicy[];
  /** Buttons and sources whose silence is a trouble. */
  readonly watched: Watched;
  /** Who is on duty at that moment; null when no roster is configured. */
  onDuty(at: number): readonly Person[] | null;
  isLead(person: Person): boolean;
  /** By their id; null for somebody who is not in the configuration. */
  personOf(id: string): Person | null;
  /** With its country, as "+31600000001"; null where none is configured. */
  phoneOf(person: Person): string | null;
}

// ---- what Teams asks of the engine

export interface Click {
  readonly incident: string;
  readonly verb: ClickVerb;
  readonly by: Person;
  /** Only with `resolve`. */
  readonly outcome: Outcome | null;
}

/** What became of a click: the incident as it is now, for the fresh card. */
export interface Answer {
  readonly incident: Incident;
  readonly policy: Policy;
  readonly reason: DecisionReason;
}

/** What `status` shows, of one channel or of all. */
export interface Status {
  /** The newest ones; `openCount` counts them all. */
  readonly open: readonly Incident[];
  readonly openCount: number;
  readonly onDuty: readonly Person[] | null;
  readonly channels: readonly { readonly name: string; readonly linked: boolean }[];
  readonly pagers: readonly string[];
  readonly troubles: readonly Trouble[];
}

/** What `/metrics` shows. Moments are epoch milliseconds UTC. */
export interface Figures {
  readonly troubles: readonly Trouble[];
  readonly heard: readonly { readonly source: string; readonly at: number }[];
  /** When a human last answered through each pager; those through which none did are not among them. */
  readonly proven: readonly { readonly pager: string; readonly at: number }[];
  readonly openIncidents: number;
  readonly outboxRows: number;
}

// ---- outbox

/** One message that has to go out. */
export type Outgoing =
  | { readonly kind: "card" }
  | { readonly kind: "board" }
  | { readonly kind: "message"; readonly person: Person; readonly ring: number }
  | { readonly kind: "notice"; readonly channel: string }
  | { readonly kind: "page"; readonly pager: string; readonly page: string; readonly reason: PageReason }
  | { readonly kind: "update" | "call-off"; readonly pager: string; readonly page: string }
  | { readonly kind: "call"; readonly pager: string; readonly call: string; readonly person: Person }
  /** `at`: when there was something to tell. */
  | {
      readonly kind: "feedback";
      readonly source: string;
      readonly button: string;
      readonly what: Feedback;
      readonly at: number;
    }
  /** Of no incident: asks a colleague whether all is well, as long as the visit stands as it did then. */
  | { readonly kind: "visit-ask"; readonly person: Person; readonly endsAt: number; readonly asked: number }
  /** Tells a colleague that their visit has become an alarm. */
  | { readonly kind: "visit-pressed"; readonly person: Person }
  /** Of no incident: the day's line about what is wrong. */
  | { readonly kind: "troubles"; readonly channel: string; readonly day: string }
  /** Of no incident: a test of that route, and what came of all of them. `page`: its key. */
  | { readonly kind: "test"; readonly pager: string; readonly page: string }
  | { readonly kind: "test-result"; readonly channel: string; readonly test: string };

/** Lanes do not wait for each other: cards and notices, 1:1 messages, replies and updates, signs to devices, calls to colleagues, one per pager. */
export type Lane = "alarm" | "message" | "board" | "feedback" | "call" | `pager:${string}`;

export interface NewOutboxRow {
  /** Unique. Enqueued again while it waits: the rows become one, due at the earlier moment, and `wanted` grows. */
  readonly key: string;
  readonly lane: Lane;
  /** "" for what belongs to none. */
  readonly incident: string;
  readonly outgoing: Outgoing;
  readonly dueAt: number;
}

export interface OutboxRow extends NewOutboxRow {
  readonly id: number;
  readonly attempts: number;
  readonly wanted: number;
  readonly leasedUntil: number;
}

/**
 * A sender's answer: it is out, or there is more to do not before `at`. It rejects with DeliveryError. `record`: what the
 * sender has to remember of it, in the transaction that settles the row.
 */
export type Sent = ({ readonly kind: "done" } | { readonly kind: "again"; readonly at: number }) & {
  readonly record?: (tx: Transaction) => Promise<void>;
};

// ---- Teams' memory

/** A channel of the configuration, bound to a conversation in Teams. */
export interface LinkedChannel {
  readonly name: string;
  readonly conversation: string;
  readonly serviceUrl: string;
  readonly tenant: string | null;
}

/** Where an incident's card is, and how far its thread has come. */
export interface BoardState {
  readonly incident: string;
  readonly conversation: string;
  readonly serviceUrl: string;
  /** Activity id of the newest card. */
  readonly activity: string;
  /** Digest of the card as it was last shown: what would look the same is not sent again. */
  readonly shown: string;
  readonly shownAt: number;
  /** Last line of the history that was replied in the thread. */
  readonly repliedTo: number;
}

/** A person as this bot may address them in Teams. */
export interface Member {
  readonly person: Person;
  /** The id to mention and message: `29:…`. */
  readonly teamsId: string;
  /** The 1:1 conversation, once made. */
  readonly conversation: string | null;
  readonly serviceUrl: string;
}

// ---- store

/** How an alarm was answered; kept 24 hours to recognise a duplicate (rule 2). */
export type AlarmOutcome = "opened" | "repeated" | "verified" | "seen";

export interface TakenAlarm {
  readonly source: string;
  /** Identity of the message: hash over id and body. */
  readonly key: string;
  readonly incident: string | null;
  readonly outcome: AlarmOutcome;
  readonly receivedAt: number;
}

/** What one alarm of a message came to. */
export interface Taken {
  readonly incident: string | null;
  readonly outcome: AlarmOutcome | "duplicate";
}

/**
 * Takes the alarms of one message in one transaction; resolves, in order, once they are on disk, rejects when they could
 * not be recorded. `receivedAt` is epoch milliseconds.
 */
export type TakeAlarms = (source: string, alarms: readonly Alarm[], receivedAt: number) => Promise<readonly Taken[]>;

export interface Reader {
  loadIncident(id: string): Promise<Incident | null>;
  loadHistory(incident: string, afterSeq: number): Promise<readonly RecordedLine[]>;
  loadPolicy(hash: string): Promise<Policy | null>;
  loadBoard(incident: string): Promise<BoardState | null>;
  loadChannel(name: string): Promise<LinkedChannel | null>;
  /** By `Person.id`. */
  loadMember(person: string): Promise<Member | null>;
  loadSetting(name: string): Promise<string | null>;
  /** In that channel; null: in all. */
  countOpen(channel: string | null): Promise<number>;
  countOutbox(): Promise<number>;
  /** Open incidents, newest first. */
  listOpen(limit: number): Promise<readonly Incident[]>;
  /** Ids of open incidents with `nextAt <= now`, the earliest first. */
  listDue(now: number, limit: number): Promise<readonly string[]>;
  /** The earliest `nextAt` of all open incidents; null when there are none. */
  nextDeadline(): Promise<number | null>;
  /** All that is known of one button, or with button "" of the source itself. */
  loadSigns(source: string, button: string): Promise<readonly Sign[]>;
  listSigns(): Promise<readonly Sign[]>;
  /** Incidents of that source that were closed after `since`, the last one first. */
  listClosed(source: string, since: number, limit: number): Promise<readonly Incident[]>;
  /** By `Person.id`. */
  loadVisit(person: string): Promise<Visit | null>;
  /** Visits with `nextAt <= now`, the earliest first. */
  listDueVisits(now: number, limit: number): Promise<readonly Visit[]>;
  nextVisitAt(): Promise<number | null>;
  loadRouteTest(id: string): Promise<RouteTest | null>;
  /** The test that is not over; null when there is none. */
  loadRunningTest(): Promise<RouteTest | null>;
  /** The earliest moment at which a waiting row can be leased; null when the outbox is empty. */
  nextOutboxAt(): Promise<number | null>;
}

export interface Transaction extends Reader {
  loadOpenByButton(source: string, button: string): Promise<Incident | null>;
  loadOpenByPlace(channel: string, fixedPlace: string): Promise<Incident | null>;
  /** Gives it its number; throws StaleIncident when an open incident for this button or place is there already. */
  insertIncident(incident: Incident): Promise<Incident>;
  /** Throws StaleIncident unless the stored version is `incident.version - 1`. */
  updateIncident(incident: Incident): Promise<void>;
  appendHistory(incident: string, lines: readonly HistoryLine[]): Promise<void>;
  savePolicy(hash: string, policy: Policy): Promise<void>;
  findAlarm(source: string, key: string): Promise<TakenAlarm | null>;
  saveAlarm(alarm: TakenAlarm): Promise<void>;
  /** Forgets alarms received before that moment; answers how many. */
  forgetAlarms(before: number): Promise<number>;
  /** Keeps the last sign of each kind of a button. */
  saveSigns(signs: readonly Sign[]): Promise<void>;
  /** Forgets signs of a source from before that moment, of buttons of which `isKept` says no; answers how many. */
  forgetSigns(source: string, before: number, isKept: (button: string) => boolean): Promise<number>;
  saveVisit(visit: Visit): Promise<void>;
  /** By `Person.id`; false when there was none. */
  deleteVisit(person: string): Promise<boolean>;
  saveRouteTest(test: RouteTest): Promise<void>;
  /** Answers the rows that are new, in order, leased to this process until `leasedUntil`; a row that joined a waiting one is not among them. */
  enqueue(rows: readonly NewOutboxRow[], leasedUntil: number): Promise<readonly OutboxRow[]>;
  /** Rows of that lane that are due and not leased, oldest first, leased now. */
  lease(lane: Lane, now: number, leasedUntil: number, limit: number): Promise<readonly OutboxRow[]>;
  /** Lanes that have rows. */
  lanes(): Promise<readonly Lane[]>;
  /** It is out: the row goes, and true comes back, unless it was wanted again meanwhile; then it is due at `againAt`. */
  settle(row: OutboxRow, againAt: number): Promise<boolean>;
  /** Not out yet: due again at `dueAt`. With a reason it failed and an attempt counts; without, there is only more to do. */
  postpone(row: OutboxRow, dueAt: number, reason: DeliveryReason | null): Promise<void>;
  /** Makes everything that waits in that lane due now. */
  hasten(lane: Lane, now: number): Promise<void>;
  saveBoard(board: BoardState): Promise<void>;
  saveChannel(channel: LinkedChannel): Promise<void>;
  saveMembers(members: readonly Member[]): Promise<void>;
  saveSetting(name: string, value: string): Promise<void>;
}

/** Everything that must survive. One process owns a SQLite file. */
export interface Store extends AsyncDisposable {
  /**
   * Runs `work` under a savepoint of the next group transaction and resolves once that is on disk (one fsync for all
   * that wait). A rejection of `work` undoes its own savepoint only. `work` must use nothing but the transaction.
   */
  write<T>(work: (tx: Transaction) => Promise<T>): Promise<T>;
  /** Runs `work` on committed data. */
  read<T>(work: (reader: Reader) => Promise<T>): Promise<T>;
  /** Works through a real read and a real write; rejects when the storage is not usable. */
  probe(): Promise<void>;
}
