import { QuietNotes } from "../../kit/quiet-notes.ts";
import type { Log } from "../../log.ts";
import type { LogEvent } from "../../log-events/log-events.ts";
import type { RefusalFacts } from "../../ports/caller.ts";
import type { Clock } from "../../ports/time.ts";

/** The answer to a message that is refused: an HTTP status, or none, because its sender had hung up. */
export type RefusalAnswer = 400 | 401 | 404 | 405 | 413 | 429 | "none";

/** How many messages to one source got that answer since the start; `source` "unknown": to none that we have. */
export interface RefusedMessages {
  readonly source: string;
  readonly answer: RefusalAnswer;
  readonly count: number;
}

/**
 * Writes what the doors refuse to the log, one line a minute for each address and cause, beyond fifty of them for each
 * source and cause, and counts all of it: behind what is refused may be a press, and its operator must find it. Nothing
 * of a request but its address is written, because a path can be a secret. Dispose it behind the doors.
 */
export class Refusals implements Disposable {
  readonly #notes: QuietNotes<LogEvent<"warn">>;
  readonly #messages = new Map<string, RefusedMessages>();
  readonly #brokenOff = new Map<string, number>();
  readonly #unread = new Map<string, number>();

  constructor(clock: Pick<Clock, "now" | "wakeAt">, log: Pick<Log, "warn">) {
    this.#notes = new QuietNotes(clock, (event, facts) => log.warn(facts, event));
  }

  /** A message to a source that is not taken. */
  noteMessage(source: string, answer: RefusalAnswer, remote: string): void {
    const key = `${source} ${answer}`;
    const refused = this.#messages.get(key) ?? { source, answer, count: 0 };
    this.#messages.set(key, { ...refused, count: refused.count + 1 });
    if (answer === "none") this.note("alarm-broken-off", { source }, remote);
    else this.note("alarm-refused", { source, status: answer }, remote);
  }

  /** A message of a proven sender who hung up in it: it is taken as far as it came. */
  noteBrokenOff(source: string, remote: string): void {
    this.#brokenOff.set(source, (this.#brokenOff.get(source) ?? 0) + 1);
    this.note("alarm-broken-off", { source }, remote);
  }

  /** A request that could not be read as HTTP, or is none to a door; `code` is Node's own, or CONNECT. */
  noteUnread(code: string, remote: string): void {
    this.#unread.set(code, (this.#unread.get(code) ?? 0) + 1);
    this.note("request-not-read", { code }, remote);
  }

  [Symbol.dispose](): void {
    this.#notes[Symbol.dispose]();
  }

  get messages(): readonly RefusedMessages[] {
    return [...this.#messages.values()];
  }

  /** How many messages to each source were taken as far as they came since the start. */
  get brokenOff(): ReadonlyMap<string, number> {
    return this.#brokenOff;
  }

  /** How many requests could not be read since the start, by the code that says why. */
  get unread(): ReadonlyMap<string, number> {
    return this.#unread;
  }

  /** A call that is refused, at whatever door; `details` are as of `Caller.noteRefusal`. */
  note(event: LogEvent<"warn">, facts: RefusalFacts, remote: string, details: RefusalFacts = {}): void {
    const cause = [remote, ...Object.values(facts)];
    this.#notes.write(event, cause, { ...facts, ...details, remote }, { ...facts, remote: "several" });
  }
}
