/**
 * How long a sending may take, and the times that depend on it. Raising the first number raises all others, so that a
 * call-off still comes after its page.
 */

/** The longest that one sending of a pager may take. */
export const maxSendMs = 15_000;
/** The longest that a sending may go on after its time was up; it ignores its signal then, and is not waited for. */
export const sendGraceMs = 1_000;
/** A sending that began this long ago is over, and its result is on disk or never will be. */
export const sendOverMs = maxSendMs + 2 * sendGraceMs;
/** How long a row of the outbox belongs to one process before it may be leased again. */
export const leaseMs = 4 * maxSendMs;
/**
 * How long to wait after each refusal of what rings somebody: 1, 3 and 8 s after the first one, because a false refusal
 * passes by then.
 */
export const ringingWaitsMs: readonly number[] = [1_000, 2_000, 5_000];
