import { isDeepStrictEqual } from "node:util";
import { type Incident, unnamed } from "../../domain/incident/incident.ts";
import { late, withTimeout } from "../../kit/with-timeout.ts";
import type { CommandResult } from "../../ports/click.ts";
import type { Transaction } from "../../ports/store/store.ts";
import { maxSendMs } from "../../ports/timing.ts";
import type { Handler, Request } from "../kernel/handle.ts";
import type { OpenIncidents } from "../kernel/incidents/open-incidents.ts";
import type { Kernel } from "../kernel/kernel.ts";
import type { UnstoredAlarms } from "./unstored-alarms.ts";

/** A person waits this long for a result, at a screen or on the phone. */
const reportWithinMs = 5_000;
const retryEveryMs = 1_000;
/** A process that stops goes on trying for as long as it waits for a sending that is under way. */
const finalTriesMs = maxSendMs;
/** More different answers than this nobody has to one incident while they wait. */
const maxOfOne = 5;
/** The same of one colleague to all incidents, and of all guards with one link: they may be many, or made up. */
const maxOfLink = 20;

/** What one human answered, and what is written in the same transaction. */
export interface HumanAnswer {
  readonly incident: string;
  /**
   * The colleague's id, or the key of the guard's page and which guard it is. The answers of one person are written in
   * the order in which they were given.
   */
  readonly who: string;
  readonly request: Request;
  readonly also?: (tx: Transaction, result: CommandResult) => Promise<void>;
  /** Left out: the answer counts. Else it is asked when it is written; false: as if there were no such incident. */
  readonly mayCount?: (tx: Transaction) => Promise<boolean>;
}

/** An answer that is not on disk yet. */
interface BufferedAnswer {
  readonly answer: HumanAnswer;
  /** When it was given; when it was given again, the last time. */
  answeredAt: number;
  /**
   * The write under way; null when it failed and waits for its next try. A write that takes long is not started twice.
   */
  writing: Promise<CommandResult | null> | null;
}

/**
 * Buffers what humans answered in memory while the storage does not take it, so that a promise to come, or that
 * somebody is there, is not lost because a disk is busy for a while. Disposing goes on trying for `finalTriesMs`.
 */
export class AnswerBuffer implements AsyncDisposable {
  readonly #kernel: Pick<Kernel, "clock" | "log">;
  readonly #handler: Handler;
  readonly #openIncidents: Pick<OpenIncidents, "noteInside">;
  readonly #unstored: Pick<UnstoredAlarms, "callForHelp" | "escalate">;
  /** Oldest first. */
  readonly #buffered: BufferedAnswer[] = [];
  #cancel: (() => void) | null = null;

  constructor(
    kernel: Pick<Kernel, "clock" | "log">,
    handler: Handler,
    openIncidents: Pick<OpenIncidents, "noteInside">,
    unstored: Pick<UnstoredAlarms, "callForHelp" | "escalate">,
  ) {
    this.#kernel = kernel;
    this.#handler = handler;
    this.#openIncidents = openIncidents;
    this.#unstored = unstored;
  }

  /**
   * Resolves once the answer is on disk; null when there is no such incident. "buffered": the storage does not take it
   * now, and it is tried again every second, also for a while when the process stops. What was said last and is said
   * again joins that. Rejects, and keeps nothing, when that person or that link has too many that wait; a call for help
   * is never too many.
   */
  async submit(given: HumanAnswer): Promise<CommandResult | null | "buffered"> {
    const { clock } = this.#kernel;
    const answer = says(given.request, "help") && this.#isFull(given) ? withoutName(given) : given;
    const last = this.#buffered.findLast((each) => toPersonKey(each.answer) === toPersonKey(answer));
    if (last !== undefined && isSame(last.answer, answer)) {
      last.answeredAt = clock.now();
      if (says(answer.request, "help")) this.#unstored.callForHelp(answer.incident, answer.request);
      return last.writing === null ? "buffered" : this.#reportInTime(last, last.writing);
    }
    for (const older of this.#buffered.filter((each) => each.writing === null && isChangeOfMind(answer, each.answer))) {
      this.#remove(older);
    }
    if (!says(answer.request, "help") && this.#isFull(answer)) throw new Error("too many answers wait already");
    const hasOlder = this.#buffered.some((each) => toPersonKey(each.answer) === toPersonKey(answer));
    const entry: BufferedAnswer = { answer, answeredAt: clock.now(), writing: null };
    this.#buffered.push(entry);
    // A call for help does not wait for earlier answers of the same person.
    if (hasOlder && !says(answer.request, "help")) {
      this.#schedule();
      this.#noteInside(entry);
      return "buffered";
    }
    const writing = this.#startWrite(entry, false);
    // Later answers of the same person wait for this one.
    writing.then(
      () => this.#tryAgain(),
      () => undefined,
    );
    return this.#reportInTime(entry, writing);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const { clock, log } = this.#kernel;
    const until = clock.now() + finalTriesMs;
    while (this.#buffered.length > 0) {
      this.#tryAgain();
      const underWay = this.#buffered.flatMap(({ writing }) => writing ?? []);
      await withTimeout(clock, until - clock.now(), Promise.allSettled(underWay));
      if (this.#buffered.length === 0 || clock.now() >= until) break;
      await withTimeout(clock, retryEveryMs, new Promise(() => undefined));
    }
    // The store closes after this, so what is left is given up and not tried any more.
    for (const { answer } of this.#buffered.splice(0)) {
      log.error({ incident: answer.incident, command: answer.request.kind }, "answer-lost");
    }
    this.#cancelTimer();
  }

  #isFull(answer: HumanAnswer): boolean {
    const countOf = (keyOf: (each: HumanAnswer) => string) =>
      this.#buffered.filter((each) => keyOf(each.answer) === keyOf(answer)).length;
    return countOf(toPersonKey) >= maxOfOne || countOf(toLinkKey) >= maxOfLink;
  }

  /** Resolves with the result of a write, or with "buffered" when it failed or takes longer than `reportWithinMs`. */
  async #reportInTime(
    entry: BufferedAnswer,
    writing: Promise<CommandResult | null>,
  ): Promise<CommandResult | null | "buffered"> {
    const { clock, log } = this.#kernel;
    const { incident, request } = entry.answer;
    const settled = writing.catch((err: unknown) => (err instanceof Error ? err : new Error(String(err))));
    const result = await withTimeout(clock, reportWithinMs, settled);
    const outcome = result === late ? new Error("the storage did not answer in time") : result;
    if (!(outcome instanceof Error)) return outcome;
    log.error({ incident, command: request.kind, err: outcome }, "answer-kept");
    this.#noteInside(entry);
    // Help is never delayed (rule 11).
    if (says(request, "help")) this.#unstored.callForHelp(incident, request);
    return "buffered";
  }

  /**
   * Who is there, asked for help or goes there counts as there in no other alarm, also while that is not on disk yet,
   * unless a key on the phone said so (rule 7).
   */
  #noteInside({ answer: { incident, request }, answeredAt }: BufferedAnswer): void {
    if (request.kind !== "arrive" && request.kind !== "help" && request.kind !== "claim") return;
    if (!isByPhone(request)) this.#openIncidents.noteInside(incident, request.by, answeredAt, request.kind);
  }

  #startWrite(entry: BufferedAnswer, isLate: boolean): Promise<CommandResult | null> {
    const writing = this.#writeOne(entry, isLate).then(
      (written) => {
        this.#remove(entry);
        return written;
      },
      (err: unknown) => {
        entry.writing = null;
        this.#schedule();
        throw err;
      },
    );
    entry.writing = writing;
    return writing;
  }

  async #writeOne(entry: BufferedAnswer, isLate: boolean): Promise<CommandResult | null> {
    const { incident, request, also, mayCount } = entry.answer;
    const written = await this.#handler.writeLate<CommandResult | null | "outdated">(async (tx) => {
      // The answer was about the incident as it was when it was given, and what was kept in memory goes before it.
      const hasWaited = isLate || this.#kernel.clock.now() - entry.answeredAt >= reportWithinMs;
      if (hasWaited && isOutdated(await tx.loadIncident(incident), entry)) return { value: "outdated", commits: [] };
      if (mayCount !== undefined && !(await mayCount(tx))) return { value: null, commits: [] };
      const { result, commit } = await this.#handler.handleIn(tx, incident, toSaid(request, entry.answeredAt));
      if (result !== null) await also?.(tx, result);
      return { value: result, commits: [commit] };
    });
    const reason = written === "outdated" ? written : (written?.reason ?? "unknown-incident");
    this.#kernel.log.info({ incident, command: request.kind, reason }, "handled");
    return written === "outdated" ? null : written;
  }

  /** Writes the oldest waiting answer of each person; their next one follows when that is on disk. */
  #tryAgain(): void {
    // This also runs between timers, and at most one timer may be set.
    this.#cancelTimer();
    const seen = new Set<string>();
    for (const entry of [...this.#buffered]) {
      const key = toPersonKey(entry.answer);
      if (!seen.has(key) && entry.writing === null) {
        this.#startWrite(entry, true).then(
          () => this.#tryAgain(),
          () => this.#pageAgain(entry.answer),
        );
      }
      seen.add(key);
    }
    this.#schedule();
  }

  /** Nobody who needs help waits for the disk: until it is recorded nothing else repeats its page (rule 14). */
  #pageAgain({ incident, request }: HumanAnswer): void {
    if (says(request, "help")) this.#unstored.escalate(incident, request);
  }

  #schedule(): void {
    const { clock } = this.#kernel;
    if (this.#buffered.length > 0) this.#cancel ??= clock.wakeAt(clock.now() + retryEveryMs, () => this.#tryAgain());
  }

  #cancelTimer(): void {
    this.#cancel?.();
    this.#cancel = null;
  }

  #remove(entry: BufferedAnswer): void {
    const at = this.#buffered.indexOf(entry);
    if (at !== -1) this.#buffered.splice(at, 1);
  }
}

function toPersonKey({ incident, who }: HumanAnswer): string {
  return JSON.stringify([incident, who]);
}

/** What holds answers together that may be of one person: a colleague, or whoever has a guard's link. */
function toLinkKey({ who, request }: HumanAnswer): string {
  return request.kind === "guard" ? `guard ${request.pageKey}` : `colleague ${who}`;
}

/** The same call for help by a guard who did not say who they are, because names can be made up without end. */
function withoutName(answer: HumanAnswer): HumanAnswer {
  if (answer.request.kind !== "guard") return answer;
  const { guard: _, ...request } = answer.request;
  return { ...answer, who: `${request.pageKey} ${unnamed.link}`, request };
}

function isSame(one: HumanAnswer, other: HumanAnswer): boolean {
  return isDeepStrictEqual(one.request, other.request);
}

/**
 * The request with its moment, where that matters: whoever came to be in another alarm before it could be written does
 * not count in this one (rule 7), and a location that was named since is the newer one (rule 22).
 */
function toSaid(request: Request, saidAt: number): Request {
  const { kind } = request;
  const isTimed = kind === "claim" || kind === "arrive" || kind === "help" || kind === "correct-place";
  return isTimed ? { ...request, saidAt } : request;
}

/**
 * Whether the newer answer replaces the older one, because whether to go is one question, and where the alarm is
 * another; any other answer counts by itself. A key on the phone replaces nothing that was said in Teams, because
 * anybody may pick that up.
 */
function isChangeOfMind(newer: HumanAnswer, older: HumanAnswer): boolean {
  if (toPersonKey(newer) !== toPersonKey(older) || (isByPhone(newer.request) && !isByPhone(older.request)))
    return false;
  if (isAboutGoing(newer.request)) return isAboutGoing(older.request);
  return newer.request.kind === "correct-place" && older.request.kind === "correct-place";
}

function isByPhone(request: Request): boolean {
  return "byPhone" in request && request.byPhone === true;
}

/** A guard who did not say who they are may be another one each time, and changes nobody's mind. */
function isAboutGoing(request: Request): boolean {
  if (request.kind === "guard") {
    return request.guard !== undefined && (request.answer === "accept" || request.answer === "decline");
  }
  return request.kind === "claim" || request.kind === "decline";
}

/**
 * Whether a press that came after the answer makes it void: it no longer closes the incident, and nobody counts as
 * coming or there until they answer again (rule 3), also where that press began no round because it was written before
 * the answer. A call for help always counts, and a location does unless another was named since.
 */
function isOutdated(incident: Incident | null, { answer: { request }, answeredAt }: BufferedAnswer): boolean {
  if (incident === null || says(request, "help") || request.kind === "correct-place") return false;
  // What waited longer may be written last, and is not the newest one then.
  const pressedAt = Math.max(incident.lastPressAt, ...incident.pressers.map(({ at }) => at));
  if (pressedAt <= answeredAt) return false;
  return !says(request, "decline") || incident.round.startedAt === incident.lastPressAt;
}

/** Whether a colleague or a guard says that. */
function says(request: Request, what: "help" | "decline"): boolean {
  return request.kind === what || (request.kind === "guard" && request.answer === what);
}
