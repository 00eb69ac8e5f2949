/**
 * What an adapter fills in: one way in, or one way to external security. A moment ends in `At`: epoch milliseconds UTC.
 */
import type { z } from "zod";
import type { Alarm, Position } from "./domain/alarm.ts";
import type { Feedback, PageReason, Verification } from "./domain/incident/incident.ts";
import type { Language } from "./domain/language.ts";
import type { LogEvent } from "./log-events/log-events.ts";
import type { Clock } from "./ports/time.ts";

export type { Feedback } from "./domain/incident/incident.ts";

// ---- sources: where alarms come from

/** An HTTP request at a source's door; header names in lower case, `body` as received. */
export interface InboundRequest {
  readonly method: string;
  /** What stands behind the source's name in the path, decoded and without a slash in front; "" for nothing. */
  readonly path: string;
  /** As received, without the question mark; "" for none. */
  readonly query: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Buffer;
  /** Address of the socket's other end; "" when it is gone. */
  readonly remote: string;
  /** By the wall clock, as whoever signed it has one. */
  readonly receivedAt: number;
}

/** A request as a supplier would send it to `/alarms/{source}`. */
export type OutboundRequest = Omit<InboundRequest, "receivedAt" | "remote">;

/** One kind of HTTP source. Owns the schema of its settings. */
export interface AlarmSource<Options> {
  readonly title: string;
  readonly Options: z.ZodType<Options>;
  /** The only method that is answered; POST when left out. */
  readonly method?: "GET";
  /** Whether its buttons say by themselves that they are there; silence of one that does not is no trouble. */
  readonly hasHeartbeat: boolean;
  /** Checks who is calling, over the raw body and in constant time. Throws RequestRejected(401). */
  verify(request: InboundRequest, options: Options): void;
  /**
   * Pure and never throws: what may be a press and can't be read is an Alarm of kind "unreadable". No alarm: nothing of
   * ours.
   */
  parse(request: InboundRequest, options: Options): Alarm[];
  /** One authenticated press at `now` for `button`: feeds `ring`, the demo and the contract suite. */
  example(options: Options, button: string, now: number): OutboundRequest;
  /** Settings under which the contract suite runs. */
  readonly exampleOptions: Options;
  /** How a button's holder is told something through the device; null when these settings have no down-link. */
  feedback?(options: Options): NotifyDevice | null;
}

/**
 * Tells a button's holder something through the device. Resolves when its network has taken it, rejects with
 * DeliveryError.
 */
export type NotifyDevice = (button: string, what: Feedback, now: number, signal: AbortSignal) => Promise<void>;

/** A source bound to its settings, by its name in the configuration. */
export interface ReadySource {
  readonly method: "GET" | "POST";
  /** Throws RequestRejected. */
  verify(request: InboundRequest): void;
  parse(request: InboundRequest): Alarm[];
  /** One authenticated press at `now`. */
  example(button: string, now: number): OutboundRequest;
}

/** `TellDevice`, bound to the time. */
export type SendFeedback = (button: string, what: Feedback, signal: AbortSignal) => Promise<void>;

/** What a listener is given by the house. */
export interface ListenerHost {
  readonly clock: Clock;
  /** Resolves after the commit: only then may the other side hear that we have it. Rejects when the storage is down. */
  accept(alarms: readonly Alarm[]): Promise<void>;
  /** A line in the log, with facts that hold no secret and no raw message. */
  note(event: LogEvent<"warn">, facts?: Readonly<Record<string, unknown>>): void;
}

/** A listener at work. Disposing ends it after what is under way. */
export interface Listening extends AsyncDisposable {
  /** The TCP port on which it is called; null where it calls the other side itself. */
  readonly port: number | null;
}

/** One kind of source that holds a connection. Owns the schema of its settings. */
export interface AlarmListener<Options> {
  readonly title: string;
  readonly Options: z.ZodType<Options>;
  readonly hasHeartbeat: boolean;
  /**
   * The device whose signs of life count for this button too, whatever its capitals, and which is no unknown button by
   * that; null when it speaks for itself. Pure. Left out: no button has one.
   */
  parentOf?(button: string): string | null;
  /**
   * Resolves when it listens, or when it has begun to try: another side that is away is tried again without end.
   * Rejects with a sentence for what only a change of the configuration can mend, such as a port that is taken.
   */
  listen(options: Options, host: ListenerHost): Promise<Listening>;
  /**
   * Sends one press for `button` to where this listener hears it, as its device would; rejects when it was not taken.
   */
  press(options: Options, button: string, now: number, signal: AbortSignal): Promise<void>;
  /** Settings under which its tests run. */
  readonly exampleOptions: Options;
}

/** A listener bound to its settings, by its name in the configuration. */
export interface ReadyListener {
  listen(host: ListenerHost): Promise<Listening>;
  press(button: string, now: number, signal: AbortSignal): Promise<void>;
}

// ---- pagers: how external security is reached

/** What a pager sends. */
export interface Page {
  /** Stays the same over retries; an update or call-off has a key of its own. */
  readonly key: string;
  /** Key of the page this belongs to; equal to `key` for the page itself. */
  readonly pageKey: string;
  /** Keys of this pager's earlier pages for the same incident, the oldest first: calling off ends those too. */
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
  /** Where the guard answers; null when no link could work: the incident was not recorded, or a colleague is called. */
  readonly acceptUrl: string | null;
  /** The finished sentences, in the configuration's language. A test's begin with TEST. */
  readonly words: { readonly title: string; readonly text: string };
}

/** The provider has it. No human has answered yet. */
export interface Receipt {
  readonly acceptedAt: number;
}

/** What a pager is given by the house. */
export interface PagerHost {
  readonly clock: Clock;
  readonly language: Language;
  /** A POST here, or to this with a query, reaches `callBack`. Without a slash or a query at its end. */
  readonly callBackUrl: string;
  readonly memory: PagerMemory;
  /** Part of the route ("primary", "backup") is lost, or is there again; said again, it changes nothing. */
  report(part: string, state: "lost" | "there"): void;
  /** A line in the log, with facts that hold no secret, no phone number and no link. */
  note(event: LogEvent<"warn">, facts?: Readonly<Record<string, unknown>>): void;
}

/** What one pager has to know after a restart. */
export interface PagerMemory {
  load(name: string): Promise<string | null>;
  /** Resolves once it is on disk; rejects when the storage is down. */
  save(name: string, value: string): Promise<void>;
}

/**
 * Sends once: retry, order and history belong to the outbox. Resolves when the provider has accepted it; rejects with
 * DeliveryError, also when `signal` aborts. A human's answer comes later, through the guard's link or a call-back.
 */
export type SendPage = (page: Page, signal: AbortSignal) => Promise<Receipt>;

/** A pager bound to its settings. Disposing ends what it holds open. */
export interface ReadyPager extends AsyncDisposable {
  /** How long one sending may take, at most `maxSendMs` (15 s); longer, and the outbox aborts it. */
  readonly timeoutMs: number;
  readonly page: SendPage;
  /** The same for what is new about a page sent before; absent where the provider can't. */
  readonly update?: SendPage;
  readonly callOff?: SendPage;
  /** Calls a colleague on that phone number, who answers by the same keys as a guard; `page.key` is the call's. */
  readonly call?: (page: Page, phone: string, signal: AbortSignal) => Promise<Receipt>;
  /**
   * Reads what the provider posts to `callBackUrl`. Pure but for time; throws RequestRejected(401) unless it is proven
   * to be the provider's.
   */
  readonly callBack?: (request: InboundRequest) => CallBack;
  /** Watches over the route until `signal` aborts, telling `host.report`. Never rejects. */
  readonly supervise?: (signal: AbortSignal) => Promise<void>;
}

/** What a provider told of a page or call. `key` is the one it was sent under. */
export type PageEvent =
  /** A human answered: nothing else does this. */
  | { readonly kind: "answered"; readonly key: string; readonly answer: "accept" | "decline" }
  /** The provider had it, and it reached nobody. */
  | { readonly kind: "failed"; readonly key: string; readonly reason: "no-answer" | "undelivered" };

/** How things stand after a call-back was heard: it was taken, the alarm was over already, or there is no such page. */
export type CallBackOutcome = "taken" | "over" | "unknown";

export interface CallBack {
  readonly events: readonly PageEvent[];
  /** The body of the 200, asked for once the news is on disk; `heard` is of the last of it, "taken" for none. */
  reply(heard: CallBackOutcome): { readonly type: string; readonly body: string };
}

/** A name or address without brackets or port. */
export interface OutgoingAddress {
  readonly host: string;
  readonly isPlain: boolean;
}

/** One kind of way to external security. Owns the schema of its settings. */
export interface Pager<Options> {
  readonly title: string;
  readonly Options: z.ZodType<Options>;
  /** Whether it can call colleagues on their own phones (`ReadyPager.call`). */
  readonly canCall: boolean;
  /** Where it sends to: a start warns of hosts on this machine, and of what crosses the network in the clear. */
  addresses(options: Options): readonly OutgoingAddress[];
  /** Binds it to its settings. Connects to nobody yet. */
  open(options: Options, host: PagerHost): ReadyPager;
}
