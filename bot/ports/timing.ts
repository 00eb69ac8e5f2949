/**
 * How long a sending takes, and what is counted from that. Whoever raises the first number raises all the others with
 * it, and a call-off still comes after its page.
 */

/** Longest that one sending of a pager may take. */
export const maxSendMs = 15_000;
/** Longest that a sending may go on after its time was up; then it is not listening, and is not waited for. */
export const sendGraceMs = 1_000;
/** A sending that began this long ago is over, and what came of it is on disk or never will be. */
export const sendOverMs = maxSendMs + 2 * sendGraceMs;
/** How long a row of the outbox belongs to one process before it is looked for again. */
export const leaseMs = 4 * maxSendMs;
