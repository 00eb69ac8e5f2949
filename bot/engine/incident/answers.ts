import type { Incident } from "../../domain/incident/incident.ts";
import type { Log } from "../../log.ts";
import type { Answer } from "../../ports/click.ts";
import type { Transaction } from "../../ports/store.ts";
import type { Clock } from "../../ports/time.ts";
import type { Handler, Request } from "../kernel/handle.ts";

/** Whoever answers looks at a screen or holds a phone. */
const sayWithinMs = 5_000;
const againAfterMs = 1_000;
/** A process that is told to stop goes on trying for so long; who stops it with more haste loses what is not on disk. */
const lastTriesMs = 15_000;
/** More than this at once is no crowd of responders. */
const mostKept = 1_000;

/** What one human answered, and what else is written with it. */
export interface HumanAnswer {
  readonly incident: string;
  /** The colleague's id or the key of the guard's page: theirs are written in the order in which they gave them. */
  readonly who: string;
  readonly request: Request;
  readonly also?: (tx: Transaction) => Promise<void>;
}

export interface Answers extends AsyncDisposable {
  /**
   * Resolves once it is on disk; null when there is no such incident. "kept": the storage does not take it now; it is
   * tried again every second, also for a while when the process stops. Rejects when too many are kept already.
   */
  give(answer: HumanAnswer): Promise<Answer | null | "kept">;
  /** How many are being written now; those that wait for the storage do not count. */
  pending(): number;
}

/** An answer that is not on disk yet. */
interface Unwritten {
  readonly answer: HumanAnswer;
  readonly givenAt: number;
  /** null: it failed, and waits for its next try. A write that takes long is not begun again. */
  writing: Promise<unknown> | null;
}

/** A promise to come, or that somebody is there, is not lost because a disk is busy for a while. */
export function startAnswers(handler: Handler, clock: Clock, log: Log): Answers {
  /** Oldest first. */
  const unwritten: Unwritten[] = [];
  let cancel: (() => void) | null = null;

  function remove(entry: Unwritten): void {
    const at = unwritten.indexOf(entry);
    if (at !== -1) unwritten.splice(at, 1);
  }

  async function write(entry: Unwritten, isLate: boolean): Promise<Answer | null> {
    const { incident, request, also } = entry.answer;
    const written = await handler.writeLate<Answer | null | "outdated">(async (tx) => {
      // It was given for what was so then.
      if (isLate && isOutdated(await tx.loadIncident(incident), entry)) return { value: "outdated", committed: [] };
      const { answer: made, committed } = await handler.within(tx, incident, request);
      if (made !== null) await also?.(tx);
      return { value: made, committed: [committed] };
    });
    const reason = written === "outdated" ? written : (written?.reason ?? "unknown-incident");
    log.info({ incident, command: request.kind, reason }, "handled");
    return written === "outdated" ? null : written;
  }

  function begin(entry: Unwritten, isLate: boolean): Promise<Answer | null> {
    const writing = write(entry, isLate).then(
      (written) => {
        remove(entry);
        return written;
      },
      (err: unknown) => {
        entry.writing = null;
        schedule();
        throw err;
      },
    );
    entry.writing = writing;
    return writing;
  }

  function schedule(): void {
    if (unwritten.length > 0) cancel ??= clock.wakeAt(clock.now() + againAfterMs, tryAgain);
  }

  function stopWaiting(): void {
    cancel?.();
    cancel = null;
  }

  /** Of each person the oldest; the next one follows when that is on disk. */
  function tryAgain(): void {
    // Also asked for in between: one timer at most is on its way.
    stopWaiting();
    const seen = new Set<string>();
    for (const entry of [...unwritten]) {
      const key = toKey(entry.answer);
      if (!seen.has(key) && entry.writing === null) begin(entry, true).then(tryAgain, () => undefined);
      seen.add(key);
    }
    schedule();
  }

  return {
    async give(answer) {
      const { incident, request } = answer;
      for (const older of unwritten.filter((each) => each.writing === null && replaces(answer, each.answer)))
        remove(older);
      if (unwritten.length >= mostKept) throw new Error("too many answers are kept already");
      const hasOlder = unwritten.some((each) => toKey(each.answer) === toKey(answer));
      const entry: Unwritten = { answer, givenAt: clock.now(), writing: null };
      unwritten.push(entry);
      // A call for help waits for nothing.
      if (hasOlder && request.kind !== "help") {
        schedule();
        return "kept";
      }
      const writing = begin(entry, false);
      // What they said meanwhile waits for this.
      writing.then(tryAgain, () => undefined);
      const said = await inTime(clock, writing);
      if (!(said instanceof Error)) return said;
      log.error({ incident, command: request.kind, err: said }, "answer-kept");
      return "kept";
    },
    pending: () => unwritten.filter(({ writing }) => writing !== null).length,
    async [Symbol.asyncDispose]() {
      const until = clock.now() + lastTriesMs;
      while (unwritten.length > 0) {
        tryAgain();
        const underWay = unwritten.flatMap(({ writing }) => writing ?? []);
        await before(clock, until, Promise.allSettled(underWay));
        if (unwritten.length === 0 || clock.now() >= until) break;
        await before(clock, clock.now() + againAfterMs, new Promise(() => undefined));
      }
      // What is given up is not tried any more: the store closes after this.
      for (const { answer } of unwritten.splice(0)) {
        log.error({ incident: answer.incident, command: answer.request.kind }, "answer-lost");
      }
      stopWaiting();
    },
  };
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
 * Somebody pressed after this was given: it closes nothing any more, and where a new round began nobody counts as coming
 * until they answer again (rule 3). Help that was asked for is always asked for.
 */
function isOutdated(incident: Incident | null, { answer: { request }, givenAt }: Unwritten): boolean {
  if (incident === null || incident.lastPressAt <= givenAt || request.kind === "help") return false;
  if (request.kind === "resolve" || (request.kind === "guard" && request.answer === "safe")) return true;
  return incident.round.startedAt === incident.lastPressAt;
}

/** What came of it, or an error: why it failed, or that it takes long. */
async function inTime<T>(clock: Clock, writing: Promise<T>): Promise<T | Error> {
  const settled = writing.catch((err: unknown) => (err instanceof Error ? err : new Error(String(err))));
  const said = await before(clock, clock.now() + sayWithinMs, settled);
  return said === "late" ? new Error("the storage did not answer in time") : said;
}

/** What `work` comes to, or "late" at that moment. */
async function before<T>(clock: Clock, at: number, work: Promise<T>): Promise<T | "late"> {
  const { promise, resolve } = Promise.withResolvers<"late">();
  const cancel = clock.wakeAt(at, () => resolve("late"));
  try {
    return await Promise.race([work, promise]);
  } finally {
    cancel();
  }
}
