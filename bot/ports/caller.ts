import type { IncomingMessage, ServerResponse } from "node:http";
import type { LogEvent } from "../log-events/log-events.ts";

/**
 * A body as far as it came. `too-long`: there was more than was asked for; `broken-off`: the sender hung up in it;
 * `torn`: it was packed, and what it was packed into ends too early.
 */
export interface Body {
  readonly bytes: Buffer;
  readonly end: "whole" | "too-long" | "broken-off" | "torn";
}

/** What the log is told of a refused call. */
export type RefusalFacts = Readonly<Record<string, string | number>>;

/** Whoever calls a door: a stranger, until a door has seen a proof. */
export interface Caller {
  /** Where the call comes from, by the word of trusted proxies; "" when the connection has been closed. */
  readonly address: string;
  /** Whoever calls is proven: from now on they are in none of the counts of strangers. */
  prove(): void;
  /**
   * Receives the body, decoded by its content encoding, at most `maxBytes` bytes of it; call it once, before anything
   * is waited for. `door` names the share out of which a body is held until its proof. Of a stranger who sends it in
   * too many pieces it is too long, and of one whose share is used up it breaks off. Never rejects.
   */
  receive(maxBytes: number, door: string): Promise<Body>;
  /**
   * Counts a refused call; false when its address had too many in this minute, which is then all that it is told, and
   * the end of the connection.
   */
  countRefusal(): boolean;
  /**
   * Writes to the log that the call was refused, one line a minute for each address and cause, which is what `facts`
   * say. `details`: what a stranger may have made up; it stands on that line, and makes no cause of its own.
   */
  noteRefusal(event: LogEvent<"warn">, facts: RefusalFacts, details?: RefusalFacts): void;
}

/** Handles a call of Teams and answers it. Never rejects. */
export type HandleActivity = (request: IncomingMessage, response: ServerResponse, caller: Caller) => Promise<void>;
