import type { Log } from "../log.ts";
import type { Answer, Clock, Transaction } from "../ports.ts";
import type { Handler, Request } from "./handle.ts";

const againAfterMs = 1_000;
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
   * tried again every second, and once more when the process stops. Never rejects.
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
  let trying = 0;

  const toKey = ({ incident, who }: HumanAnswer) => JSON.stringify([incident, who]);

  async function write(answer: HumanAnswer): Promise<Answer | null> {
    trying += 1;
    try {
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
    } finally {
      trying -= 1;
    }
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
    await Promise.all(waiting.map((answer) => write(answer).catch(() => keep(answer))));
  }

  return {
    async give(answer) {
      const before = newest.get(toKey(answer));
      if (before !== undefined) kept.delete(before);
      newest.set(toKey(answer), answer);
      try {
        return await write(answer);
      } catch (err) {
        log.error({ incident: answer.incident, command: answer.request.kind, err }, "answer-kept");
        keep(answer);
        return "kept";
      }
    },
    pending: () => trying,
    async [Symbol.asyncDispose]() {
      cancel?.();
      for (const answer of kept) {
        await write(answer).catch((err: unknown) => {
          log.error({ incident: answer.incident, command: answer.request.kind, err }, "answer-lost");
        });
      }
    },
  };
}
