import { QuietNotes } from "../../kit/quiet-notes.ts";
import type { Log } from "../../log.ts";
import type { Audit, AuditEvent } from "../../log-events/audit.ts";
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
    const audit = toAudit(event, facts);
    const more = audit === null ? {} : { audit };
    this.#notes.write(
      event,
      cause,
      { ...facts, ...details, remote, ...more },
      { ...facts, remote: "several", ...more },
    );
  }
}

/** Which secret a call had to prove that it has, by the event of its refusal. */
const secretOf: Partial<Readonly<Record<LogEvent<"warn">, (facts: RefusalFacts) => string>>> = {
  "activity-refused": () => "teams",
  "alarm-refused": ({ source }) => `sources.${source}`,
  "call-back-refused": ({ pager }) => `pagers.${pager}`,
  "doctor-refused": () => "doctorToken",
  "guard-link-refused": () => "guardKeys",
  "metrics-refused": () => "metricsToken",
} satisfies Partial<Readonly<Record<AuditEvent, (facts: RefusalFacts) => string>>>;
/** What is refused with another status, or for one of these reasons, may have been proven. */
const statuses: ReadonlySet<unknown> = new Set([401, 429, undefined]);
const otherReasons: ReadonlySet<unknown> = new Set(["unreadable", "keys-unreachable"]);

/** Who may account for the bot wants to know of a proof that was wrong; null: it was refused for another reason. */
function toAudit(event: LogEvent<"warn">, facts: RefusalFacts): Audit | null {
  const path = secretOf[event]?.(facts);
  if (path === undefined || path.endsWith(".unknown")) return null;
  if (!statuses.has(facts.status) || otherReasons.has(facts.reason)) return null;
  return { by: { kind: "stranger" }, on: [path], result: "refused" };
}
