import type { DeliveryReason } from "./domain/incident/incident.ts";
import type { IncidentRemains } from "./domain/incident/press.ts";

/**
 * An inbound request that is refused. `status` is the HTTP status of the answer; the message may be shown to the
 * caller.
 */
export class RequestRejected extends Error {
  override readonly name = "RequestRejected";
  readonly status: 401 | 404 | 413;
  constructor(status: 401 | 404 | 413, message: string, options?: ErrorOptions) {
    super(message, options);
    this.status = status;
  }
}

/** What else is known of a message that failed. */
interface DeliveryFacts {
  readonly answer?: string | null;
  readonly retryAfterMs?: number | null;
  readonly mayHaveArrived?: boolean;
  readonly isHeldBack?: boolean;
}

/**
 * An outgoing message that did not arrive. `refused`: the other side refused it for good; `throttled`: the other side
 * asks to come back later; `unreachable`: there was no usable answer, and it may or may not have arrived;
 * `misconfigured`: nothing was taken, because the configuration has to change. The message never holds a URL, a token
 * or a phone number.
 */
export class DeliveryError extends Error {
  override readonly name = "DeliveryError";
  readonly reason: DeliveryReason;
  /**
   * What the other side answered, such as "403 BotDisabledByAdmin", or the code of what went wrong on the way; null: it
   * is not known.
   */
  readonly answer: string | null;
  /** Milliseconds the other side asked us to wait; null when it did not say. */
  readonly retryAfterMs: number | null;
  /** Whether all of it was sent before the answer failed to come, so that each repetition may be one too many. */
  readonly mayHaveArrived: boolean;
  /** Whether it was not tried at all, because its turn has not come: that is no failure, and says nothing of anyone. */
  readonly isHeldBack: boolean;
  constructor(reason: DeliveryReason, message: string, options?: ErrorOptions & DeliveryFacts) {
    super(message, options);
    this.reason = reason;
    this.answer = options?.answer ?? null;
    this.retryAfterMs = options?.retryAfterMs ?? null;
    this.mayHaveArrived = options?.mayHaveArrived ?? false;
    this.isHeldBack = options?.isHeldBack ?? false;
  }
}

/** Another writer was faster, so the incident on disk is newer than the one decided on. Load and decide again. */
export class StaleIncident extends Error {
  override readonly name = "StaleIncident";
}

/** An incident is there and can't be read as a whole; `remains` is what can. */
export class DamagedIncident extends Error {
  override readonly name = "DamagedIncident";
  readonly remains: IncidentRemains;
  constructor(remains: IncidentRemains, message: string, options?: ErrorOptions) {
    super(message, options);
    this.remains = remains;
  }
}
