import type { Log } from "../log.ts";
import type { Answer, Clock, Transaction } from "../ports.ts";
import type { Handler, Request } from "./handle.ts";

const againAfterMs = 1_000;
/** A process that is told to stop goes on trying for so long; who stops it with more haste loses what is not on disk. */
const lastTriesMs = 15_000;
/** More than this at once is no crowd of responders. */
const mostKept = 1_000;

/** What one human answered, and what else is written with it. */
export interface HumanAnswer {
  readonly incident: string;
  /** The colleague's id or the key of the guard's page: the newest of each counts. */
  readonly who: string;
  readonly request: Request;
  readonly also?: (tx: Transaction) => Promise<void>;
}

export interface Answers extends AsyncDisposable {
  /**
   * Resolves once it is on disk; null when there is no such incident. "kept": the storage does not take it now; it is
   * tried again every second, also for a while when the process stops. Never rejects.
   */
  give(answer: HumanAnswer): Promise<Answer | null | "kept">;
  /** How many are being written now; those that wait for the storage do not count. */
  pending(): number;
}

/** A promise to come, or that somebody is there, is not lost because a disk is busy for a while. */
export function startAnswers(handler: Handler, clock: Clock, log: Log): Answers {
  /** The newest answer of each, until it is on disk. */
  const newest = new Map<string, HumanAnswer>();
  const kept = new Set<HumanAnswer>();
  let cancel: (() => void) | null = null;
  const underWay = new Set<Promise<unknown>>();

  const toKey = ({ incident, who }: HumanAnswer) => JSON.stringify([incident, who]);

  async function write(answer: HumanAnswer): Promise<Answer | null> {
    const written = await handler.write(async (tx) => {
      const { answer: made, committed } = await handler.within(tx, answer.incident, answer.request);
      if (made !== null) await answer.also?.(tx);
      return { value: made, committed: [committed] };
    });
    kept.delete(answer);
    if (newest.get(toKey(answer)) === answer) newest.delete(toKey(answer));
    const facts = { incident: answer.incident, command: answer.request.kind };
    log.info({ ...facts, reason: written?.reason ?? "unknown-incident" }, "handled");
    return written;
  }

  /** What can't be written is kept; `tell` hears why. */
  function attempt(answer: HumanAnswer, tell: (err: unknown) => void): Promise<Answer | null | "kept"> {
    const trying = write(answer)
      .catch((err: unknown) => {
        tell(err);
        keep(answer);
        return "kept" as const;
      })
      .finally(() => underWay.delete(trying));
    underWay.add(trying);
    return trying;
  }

  function keep(answer: HumanAnswer): void {
    // They have said something else since: that is what counts.
    if (newest.get(toKey(answer)) !== answer) return;
    if (kept.size >= mostKept) {
      log.error({ incident: answer.incident }, "answer-lost");
      return;
    }
    kept.add(answer);
    cancel ??= clock.wakeAt(clock.now() + againAfterMs, tryAgain);
  }

  async function tryAgain(): Promise<void> {
    cancel = null;
    const waiting = [...kept];
    kept.clear();
    await Promise.all(waiting.map((answer) => attempt(answer, () => undefined)));
  }

  return {
    async give(answer) {
      const before = newest.get(toKey(answer));
      if (before !== undefined) kept.delete(before);
      newest.set(toKey(answer), answer);
      const { incident, request } = answer;
      return attempt(answer, (err) => log.error({ incident, command: request.kind, err }, "answer-kept"));
    },
    pending: () => underWay.size,
    async [Symbol.asyncDispose]() {
      const until = clock.now() + lastTriesMs;
      for (;;) {
        // What is being written now may have to be kept as well.
        await Promise.all(underWay);
        cancel?.();
        if (kept.size > 0) await tryAgain();
        if (kept.size === 0) break;
        if (clock.now() >= until) break;
        await new Promise<void>((resolve) => clock.wakeAt(clock.now() + againAfterMs, resolve));
      }
      cancel?.();
      for (const { incident, request } of kept) log.error({ incident, command: request.kind }, "answer-lost");
    },
  };
}
