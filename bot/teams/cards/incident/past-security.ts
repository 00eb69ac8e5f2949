import type { HistoryLine } from "../../../domain/incident/history.ts";
import { type DeliveryFailure, unnamed } from "../../../domain/incident/incident.ts";

/** What becomes of a guard who was reached. */
const guardEvents = ["guard-accepted", "guard-declined", "guard-lapsed", "guard-arrived", "guard-help"] as const;
type GuardEvent = (typeof guardEvents)[number];

/**
 * What happened over one way to external security. `paged`: the provider took a page. `silent`: a guard who was there
 * did not answer the check, and has given no sign since.
 */
export type SecurityEvent =
  | { readonly kind: GuardEvent | "paged" | "silent" | "called-off"; readonly at: number }
  | { readonly kind: "failed"; readonly at: number; readonly reason: DeliveryFailure };

/** How one way to external security went. */
export interface SecurityPast {
  /** When the first page was queued since one failed; null when there is none, or it was withheld. */
  readonly queuedAt: number | null;
  /** Each event at its first time, in their order; once more when it happened again after the last call-off. */
  readonly course: readonly SecurityEvent[];
}

/** Whether a guard answered; security was reached only then. */
export function isAnswered(course: SecurityPast["course"]): boolean {
  return course.some(({ kind }) => isOfGuard(kind));
}

/** Tells how each way to external security went, by the name of its pager. */
export function toSecurityPast(history: readonly HistoryLine[]): ReadonlyMap<string, SecurityPast> {
  const pagers = new Map<string, PagerRecord>();
  for (const line of history) {
    if ("pager" in line && !pagers.has(line.pager)) pagers.set(line.pager, new PagerRecord());
    for (const [name, record] of pagers) if (!("pager" in line) || line.pager === name) record.add(line);
  }
  return pagers;
}

/** Takes the lines of one pager, and those that belong to none. */
class PagerRecord implements SecurityPast {
  queuedAt: number | null = null;
  course: readonly SecurityEvent[] = [];
  /** Who of its guards comes or is there, since the press. */
  readonly #guards = new Map<string, "coming" | "there">();
  readonly #silent = new Map<string, SecurityEvent>();

  add(line: HistoryLine): void {
    const { at } = line;
    switch (line.kind) {
      case "page-queued":
        this.queuedAt ??= at;
        break;
      case "page-held":
        if (this.course.length === 0) this.queuedAt = null;
        break;
      case "page-accepted":
        this.#note({ kind: "paged", at });
        break;
      case "page-failed":
        this.queuedAt = null;
        this.#note({ kind: "failed", at, reason: line.reason });
        break;
      case "called-off":
        this.#callOff(at);
        break;
      case "check-missed":
        for (const [who, state] of this.#guards) if (state === "there") this.#fallSilent(who, at);
        break;
      case "round-started":
        if (line.reason === "press") this.#guards.clear();
        break;
      case "guard-accepted":
      case "guard-declined":
      case "guard-lapsed":
      case "guard-arrived":
      case "guard-help":
        this.#answer(line.kind, line.who ?? unnamed.link, at);
    }
  }

  /** Notes what a guard answered; a decline only where it leaves nobody of them coming: else it changed nothing. */
  #answer(kind: GuardEvent, who: string, at: number): void {
    if (kind === "guard-accepted" && this.#guards.get(who) !== "there") this.#guards.set(who, "coming");
    if (kind === "guard-arrived") {
      this.#guards.set(who, "there");
      this.course = this.course.filter((event) => event !== this.#silent.get(who));
      this.#silent.delete(who);
    }
    if (kind === "guard-declined" || kind === "guard-lapsed") this.#guards.delete(who);
    if (kind === "guard-declined" && this.#guards.size > 0) return;
    // Who answers was reached, also when the provider never said so.
    if (!this.course.some((event) => event.kind === "paged")) this.#note({ kind: "paged", at: this.queuedAt ?? at });
    this.#note({ kind, at });
  }

  #fallSilent(who: string, at: number): void {
    if (this.#silent.has(who)) return;
    const event = { kind: "silent", at } as const;
    this.#silent.set(who, event);
    this.course = [...this.course, event];
  }

  #callOff(at: number): void {
    for (const [who, state] of this.#guards) if (state === "coming") this.#guards.delete(who);
    const before = this.course.filter(({ kind }) => kind !== "called-off");
    const firsts = before.filter((event, index) => before.findIndex((each) => isAlike(each, event)) === index);
    this.course = [...firsts, { kind: "called-off", at }];
  }

  #note(event: SecurityEvent): void {
    const since = this.course.slice(this.course.findLastIndex(({ kind }) => kind === "called-off") + 1);
    if (!since.some((each) => isAlike(each, event))) this.course = [...this.course, event];
  }
}

function isOfGuard(kind: SecurityEvent["kind"]): kind is GuardEvent {
  return guardEvents.some((each) => each === kind);
}

function isAlike(one: SecurityEvent, other: SecurityEvent): boolean {
  if (one.kind === "failed" && other.kind === "failed") return one.reason === other.reason;
  // Each guard who fell silent counts.
  return one === other || (one.kind === other.kind && one.kind !== "silent");
}
