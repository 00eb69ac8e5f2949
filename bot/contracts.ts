/**
 * The contracts of adapters: a source, or a way to external security. A moment ends in `At`: epoch milliseconds UTC.
 */
import type { z } from "zod";
import type { Alarm, Position } from "./domain/alarm.ts";
import type { Feedback, PageReason, Verification } from "./domain/incident/incident.ts";
import type { Language } from "./domain/language.ts";
import type { PageSite } from "./domain/location.ts";
import type { SecretValue } from "./kit/secrets/secret.ts";
import type { Strangers } from "./kit/strangers.ts";
import type { LogEvent } from "./log-events/log-events.ts";
import type { Clock } from "./ports/time.ts";

export type { Feedback } from "./domain/incident/incident.ts";
export type { PageSite } from "./domain/location.ts";

// ---- sources: where alarms come from

/** What is there of an HTTP request before its body comes; header names in lower case. */
export interface RequestHead {
  readonly method: string;
  /** The path after the source's name, decoded and without a slash in front; "" for nothing. */
  readonly path: string;
  /** As received, without the question mark; "" for none. */
  readonly query: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** Where the call comes from, by the word of trusted proxies; "" when the connection has been closed. */
  readonly remote: string;
  /** By the wall clock, because whoever signed the request used one. */
  readonly receivedAt: number;
}

/** A whole HTTP request; `body` as received. */
export interface InboundRequest extends RequestHead {
  readonly body: Buffer;
  /** Whether its end is missing, because it broke off or is longer than what is read; left out: it is whole. */
  readonly isCut?: boolean;
}

/** Checks by the body who is calling, in constant time; returns which value was right; throws RequestRejected(401). */
export type VerifyBody = (body: Buffer) => SecretValue;

/** A request as a supplier would send it to `/alarms/{source}`. */
export type OutboundRequest = Omit<InboundRequest, "receivedAt" | "remote" | "isCut">;

/** The methods by which a source may be called. HEAD and OPTIONS only look at an address and never press. */
export type AlarmMethod = "GET" | "POST" | "PUT";

/** One kind of HTTP source, with the schema of its settings. */
export interface AlarmSource<Options> {
  readonly title: string;
  readonly Options: z.ZodType<Options>;
  /** The methods that are answered; POST alone when left out. */
  readonly methods?: readonly AlarmMethod[];
  /** Whether its buttons send heartbeats; the silence of a button that sends none is no trouble. */
  readonly hasHeartbeat: boolean;
  /**
   * Checks who is calling before the body is read, in constant time. Returns which value of the secret was right when
   * the head alone is the proof: then a body of up to 4 MiB is read, and one that breaks off is taken as far as it
   * came. Where the body is part of the proof, returns what checks it, once at most 64 KiB of it are read. Throws
   * RequestRejected(401) when no body could make it right.
   */
  verify(head: RequestHead, options: Options): SecretValue | VerifyBody;
  /**
   * Parses a request. Pure, and never throws: what may be a press and can't be read is an Alarm of kind "unreadable",
   * with the button that it names whole. An empty list means that the request holds no alarm.
   */
  parse(request: InboundRequest, options: Options): Alarm[];
  /** Makes one authenticated press at `now` for `button`, for `ring`, the demo and the contract suite. */
  example(options: Options, button: string, now: number): OutboundRequest;
  /** The settings under which the contract suite runs. */
  readonly exampleOptions: Options;
  /**
   * Makes the function that notifies a button's holder through the device; null when these settings have no down-link.
   */
  feedback?(options: Options): NotifyDevice | null;
}

/**
 * Notifies a button's holder through the device. Resolves when its network has taken the message, rejects with
 * DeliveryError.
 */
export type NotifyDevice = (button: string, what: Feedback, now: number, signal: AbortSignal) => Promise<void>;

/** A source bound to its settings, by its name in the configuration. */
export interface ReadySource {
  readonly methods: readonly AlarmMethod[];
  /** Throws RequestRejected. */
  verify(head: RequestHead): SecretValue | VerifyBody;
  parse(request: InboundRequest): Alarm[];
  /** Makes one authenticated press at `now`. */
  example(button: string, now: number): OutboundRequest;
}

/** `NotifyDevice`, bound to the clock. */
export type SendFeedback = (button: string, what: Feedback, signal: AbortSignal) => Promise<void>;

/** What the bot provides to a listener. */
export interface ListenerHost {
  readonly clock: Clock;
  /** What callers share who have proved nothing. */
  readonly strangers: Strangers;
  /**
   * Takes alarms. Resolves after the commit, and only then may the other side get an acknowledgement. Rejects when the
   * storage is down.
   */
  accept(alarms: readonly Alarm[]): Promise<void>;
  /** Notes which value of the secret was used of which the path goes on like that, such as `accounts.1234`. */
  noteSecret(setting: string, value: SecretValue): void;
  /** Writes a line to the log; `facts` hold no secret and no raw message. */
  note(event: LogEvent<"warn">, facts?: Readonly<Record<string, unknown>>): void;
}

/** A running listener. Disposing ends it after what is under way. */
export interface RunningListener extends AsyncDisposable {
  /** The TCP port on which it is called; null where it calls the other side itself. */
  readonly port: number | null;
}

/** One kind of source that holds a connection, with the schema of its settings. */
export interface AlarmListener<Options> {
  readonly title: string;
  readonly Options: z.ZodType<Options>;
  readonly hasHeartbeat: boolean;
  /**
   * The device whose messages count as signs of life for this button too, in upper or lower case, and which is
   * therefore no unknown button; null when the button sends its own. Pure. Left out: no button has one.
   */
  parentOf?(button: string): string | null;
  /**
   * Resolves when it listens, or has begun to connect: another side that is away is tried again without end. Rejects
   * with a sentence about what only a change of the configuration can solve, such as a port in use.
   */
  listen(options: Options, host: ListenerHost): Promise<RunningListener>;
  /**
   * Sends one press for `button` to where this listener receives it, as its device would; rejects when it was not
   * taken.
   */
  press(options: Options, button: string, now: number, signal: AbortSignal): Promise<void>;
  /** The settings under which its tests run. */
  readonly exampleOptions: Options;
}

/** A listener bound to its settings, by its name in the configuration. */
export interface ReadyListener {
  listen(host: ListenerHost): Promise<RunningListener>;
  press(button: string, now: number, signal: AbortSignal): Promise<void>;
}

// ---- pagers: how external security is reached

/** The message that a pager sends. */
export interface Page {
  /** Stays the same over retries; an update or call-off has a key of its own. */
  readonly key: string;
  /** The key of the page this belongs to, as it was sent; equal to `key` for the page itself. */
  readonly pageKey: string;
  /** The keys of its pager's earlier pages for the incident, and others of this one; a call-off ends those too. */
  readonly earlier: readonly string[];
  /** `test`: nobody is in danger, and every word and code that goes out must say so. */
  readonly reason: PageReason | "update" | "call-off" | "test";
  readonly incident: {
    readonly id: string;
    readonly number: number;
    readonly place: string | null;
    readonly directions: string | null;
    readonly position: Position | null;
    readonly raisedAt: number;
    readonly verification: Verification;
    /** Colleagues on the way or there. */
    readonly responding: number;
  };
  /** Where the guard has to go, and whom they call back; left out where the configuration has no locations. */
  readonly site?: PageSite;
  /** Of a test: the numbers at the alarm centre that are tested, null for the pager's own; left out: only that. */
  readonly accounts?: readonly (string | null)[];
  /** Where the guard answers; null when no link could work: the incident was not recorded, or a colleague is called. */
  readonly acceptUrl: string | null;
  /** The finished sentences, in the configuration's language. Those of a test begin with TEST. */
  readonly words: {
    readonly title: string;
    readonly text: string;
    /** Of `text`, or left out: where to look while the place is unknown; that it may be over since a copy was made. */
    readonly where?: string;
    readonly copy?: string;
  };
}

/** What whoever keeps the bot running is told: in no way to be taken for an alarm, and it asks for no answer. */
export interface Report {
  /** Stays the same over retries. */
  readonly key: string;
  /** The finished sentences, in the configuration's language; they say that it is no alarm. */
  readonly words: { readonly title: string; readonly text: string };
}

/** The provider has the page; no human has answered yet. */
export interface Receipt {
  readonly acceptedAt: number;
}

/** What the bot provides to a pager. */
export interface PagerHost {
  readonly clock: Clock;
  readonly language: Language;
  /** A POST to this address, also with a query, reaches `callBack`. It ends without a slash or a query. */
  readonly callBackUrl: string;
  readonly memory: PagerMemory;
  /** Reports that part of the route ("primary", "backup") is lost, or there again; a repeat changes nothing. */
  report(part: string, state: "lost" | "there"): void;
  /** Writes a line to the log; `facts` hold no secret, no phone number and no link. */
  note(event: LogEvent<"warn">, facts?: Readonly<Record<string, unknown>>): void;
}

/** Stores what one pager has to know after a restart. */
export interface PagerMemory {
  load(name: string): Promise<string | null>;
  /** Resolves once it is on disk; rejects when the storage is down. */
  save(name: string, value: string): Promise<void>;
}

/**
 * Sends once, because retries, order and history belong to the outbox. Resolves when the provider has accepted it;
 * rejects with DeliveryError, also when `signal` aborts. A human's answer comes later, through the guard's link or a
 * call-back.
 */
export type SendPage = (page: Page, signal: AbortSignal) => Promise<Receipt>;

/** A pager bound to its settings. Disposing ends what it holds open. */
export interface ReadyPager extends AsyncDisposable {
  /** How long one sending may take, at most `maxSendMs` (15 s); after that the outbox aborts it. */
  readonly timeoutMs: number;
  readonly page: SendPage;
  /** Sends what has changed about an earlier page; absent where the provider can't. */
  readonly update?: SendPage;
  readonly callOff?: SendPage;
  /** Calls a colleague on that phone number, who answers by the same keys as a guard; `page.key` is the call's. */
  readonly call?: (page: Page, phone: string, signal: AbortSignal) => Promise<Receipt>;
  /** Tells whoever keeps the bot running what is wrong; absent where `Pager.canTell` is false. Else as `SendPage`. */
  readonly tell?: (report: Report, signal: AbortSignal) => Promise<Receipt>;
  /**
   * Parses what the provider posts to `callBackUrl`. Pure but for time; throws RequestRejected(401) unless it is proven
   * to be the provider's.
   */
  readonly callBack?: (request: InboundRequest) => CallBack;
  /** Watches over the route until `signal` aborts, and calls `host.report`. Never rejects. */
  readonly supervise?: (signal: AbortSignal) => Promise<void>;
}

/** What a provider reports of a page or call. `key` is the one it was sent under. */
export type PageEvent =
  /** A human answered; no report of the provider itself has this kind. */
  | { readonly kind: "answered"; readonly key: string; readonly answer: "accept" | "decline" }
  /** The provider had it, and it reached nobody. */
  | { readonly kind: "failed"; readonly key: string; readonly reason: "no-answer" | "undelivered" };

/** It was taken; changed nothing, because what was said elsewhere stands; was of an alarm that is over, or no page. */
export type CallBackOutcome = "taken" | "stands" | "over" | "unknown";

export interface CallBack {
  /** Which value of the pager's secret its provider proved itself by. */
  readonly proof: SecretValue;
  readonly events: readonly PageEvent[];
  /** Makes the body of the 200 once the events are on disk; `outcome` is the last event's, "taken" where none is. */
  reply(outcome: CallBackOutcome): { readonly type: string; readonly body: string };
}

/** Where a pager sends to. `host` is a name or address without brackets or port. */
export interface OutgoingAddress {
  readonly host: string;
  readonly port: number;
  /** What is spoken from the first byte on. */
  readonly transport: "tls" | "tcp" | "udp";
  /** The only authority whose certificates are taken, in PEM; left out: the public ones. */
  readonly ca?: string | undefined;
  /** Whether pages cross the network unencrypted. */
  readonly isPlain: boolean;
}

/** One kind of way to external security, with the schema of its settings. */
export interface Pager<Options> {
  readonly title: string;
  readonly Options: z.ZodType<Options>;
  /** Whether it can call colleagues on their own phones (`ReadyPager.call`). */
  readonly canCall: boolean;
  /** Whether it can tell what is wrong without it being taken for an alarm (`ReadyPager.tell`). */
  readonly canTell: boolean;
  /** Whether it may be told a colleague's own number at all, where the configuration lets it. */
  readonly mayGetPhones: boolean;
  /** The addresses it sends to; a start warns of hosts on this machine, and of what crosses the network unencrypted. */
  addresses(options: Options): readonly OutgoingAddress[];
  /** Whether it says in words where an alarm is, and not by the account alone; left out: it does. */
  tellsWhere?(options: Options): boolean;
  /** What in these settings lets somebody answer who should not, each as the end of a sentence. */
  findWeaknesses?(options: Options): readonly string[];
  /** Binds it to its settings. Opens no connection yet. */
  open(options: Options, host: PagerHost): ReadyPager;
}
