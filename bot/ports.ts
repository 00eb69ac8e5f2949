/** The house's words as types, and the outside as interfaces. A moment ends in `At`: epoch milliseconds UTC. */
import type { z } from "zod";
import type { Alarm, Position } from "./incident/alarm.ts";
import type { ClickVerb, DecisionReason, Press } from "./incident/command.ts";
import type { HistoryLine, RecordedLine } from "./incident/history.ts";
import type { DeliveryReason, Incident, Outcome, PageReason, Person, Verification } from "./incident/incident.ts";
import type { Policy } from "./incident/policy.ts";

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

// ---- sources: where alarms come from

/** An HTTP request at a source's door; header names in lower case, `body` as received. */
export interface InboundRequest {
  readonly method: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Buffer;
  /** By the wall clock, as whoever signed it has one. */
  readonly receivedAt: number;
}

/** One kind of HTTP source. Owns the schema of its settings. */
export interface AlarmSource<Options> {
  readonly title: string;
  readonly Options: z.ZodType<Options>;
  /** Checks who is calling, over the raw body and in constant time. Throws AlarmRejected(401). */
  verify(request: InboundRequest, options: Options): void;
  /** Pure and never throws: what may be a press and can't be read is an Alarm of kind "unreadable". */
  parse(request: InboundRequest): Alarm[];
  /** One authenticated press at `now` for `button`: feeds `ring`, the demo and the contract suite. */
  example(options: Options, button: string, now: number): Omit<InboundRequest, "receivedAt">;
  /** Settings under which the contract suite runs. */
  readonly exampleOptions: Options;
}

/** A source bound to its settings, by its name in the configuration. */
export interface ReadySource {
  /** Throws AlarmRejected. */
  verify(request: InboundRequest): void;
  parse(request: InboundRequest): Alarm[];
  /** One authenticated press at `now`. */
  example(button: string, now: number): Omit<InboundRequest, "receivedAt">;
}

// ---- pagers: how external security is reached

/** What a pager sends. */
export interface Page {
  /** Stays the same over retries; an update or call-off has a key of its own. */
  readonly key: string;
  /** Key of the page this belongs to; equal to `key` for the page itself. */
  readonly page: string;
  readonly reason: PageReason | "update" | "call-off";
  readonly incident: {
    readonly id: string;
    readonly number: number;
    readonly place: string | null;
    readonly directions: string | null;
    readonly position: Position | null;
    readonly raisedAt: number;
    readonly verification: Verification;
    /** Colleagues on the way or there. */
    readonly onTheWay: number;
  };
  /** Where the guard answers; null when the incident was not recorded, so that no link could work. */
  readonly acceptUrl: string | null;
  /** The finished sentences, in the configuration's language. */
  readonly words: { readonly title: string; readonly text: string };
}

/** The provider has it. No human has answered yet. */
export interface Receipt {
  readonly acceptedAt: number;
}

/** One way to reach external security. Sends once: retry, order and history belong to the outbox. */
export interface Pager<Options> {
  readonly title: string;
  readonly Options: z.ZodType<Options>;
  /** Resolves when the provider has accepted it; rejects with DeliveryError. A human's answer comes later, through the guard's link. */
  page(page: Page, options: Options, now: number, signal: AbortSignal): Promise<Receipt>;
  /** The same for what is new about a page sent before; absent where the provider can't. */
  update?(page: Page, options: Options, now: number, signal: AbortSignal): Promise<Receipt>;
  callOff?(page: Page, options: Options, now: number, signal: AbortSignal): Promise<Receipt>;
}

/** A pager bound to its settings, by its name in the configuration. */
export interface ReadyPager {
  page(page: Page, signal: AbortSignal): Promise<Receipt>;
  readonly update: ((page: Page, signal: AbortSignal) => Promise<Receipt>) | null;
  readonly callOff: ((page: Page, signal: AbortSignal) => Promise<Receipt>) | null;
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
  /** Who is on duty at that moment; null when no roster is configured. */
  onDuty(at: number): readonly Person[] | null;
  isLead(person: Person): boolean;
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

/** What `status` shows. */
export interface Status {
  readonly open: readonly Incident[];
  readonly onDuty: readonly Person[] | null;
  readonly channels: readonly { readonly name: string; readonly linked: boolean }[];
  readonly pagers: readonly string[];
}

// ---- outbox

/** One message that has to go out. */
export type Outgoing =
  | { readonly kind: "card" }
  | { readonly kind: "board" }
  | { readonly kind: "message"; readonly person: Person; readonly ring: number }
  | { readonly kind: "notice"; readonly channel: string }
  | { readonly kind: "page"; readonly pager: string; readonly page: string; readonly reason: PageReason }
  | { readonly kind: "update" | "call-off"; readonly pager: string; readonly page: string };

/** Lanes do not wait for each other: `alarm` (cards, notices), `message` (1:1), `board` (replies, updates), one per pager. */
export type Lane = "alarm" | "message" | "board" | `pager:${string}`;

export interface NewOutboxRow {
  /** Unique. Enqueued again while it waits: the rows become one, due at the earlier moment, and `wanted` grows. */
  readonly key: string;
  readonly lane: Lane;
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

export interface Reader {
  loadIncident(id: string): Promise<Incident | null>;
  loadHistory(incident: string, afterSeq: number): Promise<readonly RecordedLine[]>;
  loadPolicy(hash: string): Promise<Policy | null>;
  loadBoard(incident: string): Promise<BoardState | null>;
  loadChannel(name: string): Promise<LinkedChannel | null>;
  /** By `Person.id`. */
  loadMember(person: string): Promise<Member | null>;
  loadSetting(name: string): Promise<string | null>;
  /** Open incidents, newest first. */
  listOpen(limit: number): Promise<readonly Incident[]>;
  /** Ids of open incidents with `nextAt <= now`, the earliest first. */
  listDue(now: number, limit: number): Promise<readonly string[]>;
  /** The earliest `nextAt` of all open incidents; null when there are none. */
  nextDeadline(): Promise<number | null>;
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
  /** Last sign of each kind of a button, known or not. */
  noteButton(source: string, button: string, kind: Alarm["kind"], at: number, battery: number | null): Promise<void>;
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
