import type { Incident } from "../../../domain/incident/incident.ts";
import type { DeliveryError } from "../../../errors.ts";
import type { Log } from "../../../log.ts";
import type { LogEvent } from "../../../log-events/log-events.ts";
import { done, type SendOutcome } from "../../../ports/send-outcome.ts";
import type { OutboxRow, Outgoing } from "../../../ports/store/outbox.ts";
import type { Transaction } from "../../../ports/store/store.ts";
import type { Request } from "../decisions.ts";
import type { Commit, Handler } from "../handle.ts";

/** A row of the outbox that holds such a message. */
type Row<Message extends Outgoing> = OutboxRow & { readonly outgoing: Message };

/** A row of the outbox that holds a message of one of these kinds. */
export type RowOf<Kind extends Outgoing["kind"]> = Row<Extract<Outgoing, { kind: Kind }>>;

/**
 * The result of one sending. `failure` null: it was sent, unless `isWithheld`: it was not meant to be. `isRetried`: it
 * failed, and is tried again. `shown` as of `SendOutcome`; null: it is not known.
 */
export interface SendResult {
  readonly failure: DeliveryError | null;
  readonly isRetried: boolean;
  readonly isWithheld: boolean;
  readonly shown: number | null;
}

/** A try that failed. `attempts`: how often it failed, this time included; `nextAt`: when the next try would be. */
export interface FailedTry {
  readonly attempts: number;
  readonly failure: DeliveryError;
  readonly nextAt: number;
}

/** Whether a message that failed is tried again. */
export type Retry = (failed: FailedTry) => boolean;

/** Gives an incident as memory has it now. */
export type Recall = () => Incident;

/** How one kind of message goes out. */
export interface Sender<Message extends Outgoing = Outgoing> {
  /** Runs right before the sending; "drop": the message is no longer to be sent. Left out: it is always sent. */
  before?(row: Row<Message>): Promise<"send" | "drop">;
  /**
   * Sends once; rejects with DeliveryError. `recall`: its incident, for what goes out from memory; null or left out:
   * the store is asked, unless memory is ahead of it.
   */
  send(row: Row<Message>, signal: AbortSignal, recall?: Recall | null): Promise<SendOutcome>;
  /** Records the result in the transaction that settles the row, so that neither is known without the other. */
  after?(tx: Transaction, row: Row<Message>, result: SendResult): Promise<readonly Commit[]>;
  retry(failed: FailedTry, row: Row<Message>): boolean | Promise<boolean>;
  /** The event in the log for a try that failed; left out: "delivery-failed". */
  readonly failedEvent?: LogEvent<"warn">;
  /**
   * How long to wait for the next try, in milliseconds, when the other side does not say; null or left out: the usual
   * back-off.
   */
  waitMs?(row: Row<Message>, failure: DeliveryError): number | null;
}

/** The senders by kind; each is made beside its subject. */
export type Senders = { readonly [Kind in Outgoing["kind"]]: Sender<Extract<Outgoing, { kind: Kind }>> };

/** Whether a failure is for good: the other side refused, or the configuration has to change first. */
function isPermanent({ reason }: DeliveryError): boolean {
  return reason === "refused" || reason === "misconfigured";
}

/** Tries without end. */
export const always: Retry = () => true;

/** Gives up after that many attempts, or when the message is refused; being asked to come back later is no failure. */
export function atMost(max: number): Retry {
  return ({ attempts, failure: { reason } }) => {
    return reason !== "refused" && (attempts < max || reason === "throttled");
  };
}

/** As `atMost`, and gives up at once when the configuration has to change first, because people wait for the result. */
export function atMostUnlessPermanent(max: number): Retry {
  return (failed) => !isPermanent(failed.failure) && atMost(max)(failed);
}

/**
 * Gives up after that many attempts, whatever the reason, and at once when the failure is for good, because the message
 * means nothing later.
 */
export function soonGivenUp(max: number): Retry {
  return ({ attempts, failure }) => !isPermanent(failure) && attempts < max;
}

/** Makes an `after` that applies a request to the incident; `toRequest` null: there is nothing to record. */
export function reportToIncident<Message extends Outgoing>(
  handler: Handler,
  toRequest: (row: Row<Message>, result: SendResult) => Request | null,
): NonNullable<Sender<Message>["after"]> {
  return async (tx, row, result) => {
    const request = toRequest(row, result);
    return request === null ? [] : [(await handler.handleIn(tx, row.incident, request)).commit];
  };
}

/** Makes the sender of what can't be read any more: it is noted, and leaves the outbox. */
export function createUnreadableSender(log: Log): Pick<Senders, "unreadable"> {
  return {
    unreadable: {
      async send({ key, lane, incident }) {
        log.error({ row: key, lane, incident }, "message-not-read");
        return done;
      },
      retry: always,
    },
  };
}
