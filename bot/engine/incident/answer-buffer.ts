import type { Incident } from "../../domain/incident/incident.ts";
import { late, withTimeout } from "../../kit/with-timeout.ts";
import type { CommandResult } from "../../ports/click.ts";
import type { Transaction } from "../../ports/store/store.ts";
import { maxSendMs } from "../../ports/timing.ts";
import type { Handler, Request } from "../kernel/handle.ts";
import type { Kernel } from "../kernel/kernel.ts";

/** Whoever answers looks at a screen or holds a phone. */
const reportWithinMs = 5_000;
const againAfterMs = 1_000;
/** A process that is told to stop goes on trying for as long as it waits for a sending that is under way. */
const lastTriesMs = maxSendMs;
/** More than this at once is no crowd of responders. */
const maxBuffered = 1_000;

/** What one human answered, and what else is written with it. */
export interface HumanAnswer {
  readonly incident: string;
  /** The colleague's id or the key of the guard's page: theirs are written in the order in which they gave them. */
  readonly who: string;
  readonly request: Request;
  readonly also?: (tx: Transaction) => Promise<void>;
}

/** An answer that is not on disk yet. */
interface BufferedAnswer {
  readonly answer: HumanAnswer;
  readonly givenAt: number;
  /** null: it failed, and waits for its next try. A write that takes long is not begun again. */
  writing: Promise<unknown> | null;
}

/**
 * Keeps what humans answered in memory while the disk does not take it: a promise to come, or that somebody is there,
 * is not lost because a disk is busy for a while. Disposing goes on trying for `lastTriesMs`.
 */
export class AnswerBuffer implements AsyncDisposable {
  readonly #kernel: Pick<Kernel, "clock" | "log">;
  readonly #handler: Handler;
  /** Oldest first. */
  readonly #buffered: BufferedAnswer[] = [];
  #cancel: (() => void) | null = null;

  constructor(kernel: Pick<Kernel, "clock" | "log">, handler: Handler) {
    this.#kernel = kernel;
    this.#handler = handler;
  }

  /**
   * Resolves once it is on disk; null when there is no such incident. "buffered": the storage does not take it now; it
   * is tried again every second, also for a while when the process stops. Rejects when too many are kept already.
   */
  async submit(answer: HumanAnswer): Promise<CommandResult | null | "buffered"> {
    const { clock } = this.#kernel;
    for (const older of this.#buffered.filter((each) => each.writing === null && replaces(answer, each.answer))) {
      this.#remove(older);
    }
    if (this.#buffered.length >= maxBuffered) throw new Error("too many answers are kept already");
    const hasOlder = this.#buffered.some((each) => toKey(each.answer) === toKey(answer));
    const entry: BufferedAnswer = { answer, givenAt: clock.now(), writing: null };
    this.#buffered.push(entry);
    // A call for help waits for nothing.
    if (hasOlder && answer.request.kind !== "help") {
      this.#schedule();
      return "buffered";
    }
    const writing = this.#begin(entry, false);
    // What they said meanwhile waits for this.
    writing.then(
      () => this.#tryAgain(),
      () => undefined,
    );
    return this.#say(answer, writing);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const { clock, log } = this.#kernel;
    const until = clock.now() + lastTriesMs;
    while (this.#buffered.length > 0) {
      this.#tryAgain();
      const underWay = this.#buffered.flatMap(({ writing }) => writing ?? []);
      await withTimeout(clock, until - clock.now(), Promise.allSettled(underWay));
      if (this.#buffered.length === 0 || clock.now() >= until) break;
      await withTimeout(clock, againAfterMs, new Promise(() => undefined));
    }
    // What is given up is not tried any more: the store closes after this.
    for (const { answer } of this.#buffered.splice(0)) {
      log.error({ incident: answer.incident, command: answer.request.kind }, "answer-lost");
    }
    this.#stopWaiting();
  }

  /** What came of it, or that it is not known yet. */
  async #say(
    { incident, request }: HumanAnswer,
    writing: Promise<CommandResult | null>,
  ): Promise<CommandResult | null | "buffered"> {
    const { clock, log } = this.#kernel;
    const settled = writing.catch((err: unknown) => (err instanceof Error ? err : new Error(String(err))));
    const said = await withTimeout(clock, reportWithinMs, settled);
    const failure = said === late ? new Error("the storage did not answer in time") : said;
    if (!(failure instanceof Error)) return failure;
    log.error({ incident, command: request.kind, err: failure }, "answer-kept");
    return "buffered";
  }

  #begin(entry: BufferedAnswer, isLate: boolean): Promise<CommandResult | null> {
    const writing = this.#write(entry, isLate).then(
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

  async #write(entry: BufferedAnswer, isLate: boolean): Promise<CommandResult | null> {
    const { incident, request, also } = entry.answer;
    const written = await this.#handler.writeLate<CommandResult | null | "outdated">(async (tx) => {
      // It was given for what was so then.
      if (isLate && isOutdated(await tx.loadIncident(incident), entry)) return { value: "outdated", commits: [] };
      const { result: made, commit } = await this.#handler.handleIn(tx, incident, request);
      if (made !== null) await also?.(tx);
      return { value: made, commits: [commit] };
    });
    const reason = written === "outdated" ? written : (written?.reason ?? "unknown-incident");
    this.#kernel.log.info({ incident, command: request.kind, reason }, "handled");
    return written === "outdated" ? null : written;
  }

  /** Begins, of each person, the oldest one that waits; the next one follows when that is on disk. */
  #tryAgain(): void {
    // Also asked for in between: one timer at most is on its way.
    this.#stopWaiting();
    const seen = new Set<string>();
    for (const entry of [...this.#buffered]) {
      const key = toKey(entry.answer);
      if (!seen.has(key) && entry.writing === null) {
        this.#begin(entry, true).then(
          () => this.#tryAgain(),
          () => undefined,
        );
      }
      seen.add(key);
    }
    this.#schedule();
  }

  #schedule(): void {
    const { clock } = this.#kernel;
    if (this.#buffered.length > 0) this.#cancel ??= clock.wakeAt(clock.now() + againAfterMs, () => this.#tryAgain());
  }

  #stopWaiting(): void {
    this.#cancel?.();
    this.#cancel = null;
  }

  #remove(entry: BufferedAnswer): void {
    const at = this.#buffered.indexOf(entry);
    if (at !== -1) this.#buffered.splice(at, 1);
  }
}

function toKey({ incident, who }: HumanAnswer): string {
  return JSON.stringify([incident, who]);
}

/** Whether they changed their mind: going or not is one question. Anything else they said stands beside it. */
function replaces(newer: HumanAnswer, older: HumanAnswer): boolean {
  return toKey(newer) === toKey(older) && isOfGoing(newer.request) && isOfGoing(older.request);
}

function isOfGoing(request: Request): boolean {
  if (request.kind === "guard") return request.answer === "accept" || request.answer === "decline";
  return request.kind === "claim" || request.kind === "decline";
}

/**
 * Somebody pressed after this was given: it closes nothing any more, and where a new round began nobody counts as
 * coming until they answer again (rule 3). Help that was asked for is always asked for.
 */
function isOutdated(incident: Incident | null, { answer: { request }, givenAt }: BufferedAnswer): boolean {
  if (incident === null || incident.lastPressAt <= givenAt || request.kind === "help") return false;
  if (request.kind === "resolve" || (request.kind === "guard" && request.answer === "safe")) return true;
  return incident.round.startedAt === incident.lastPressAt;
}
