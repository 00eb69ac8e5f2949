import { DeliveryError } from "../../../errors.ts";
import type { InFlight } from "../../../kit/in-flight.ts";
import type { Clock } from "../../../ports/time.ts";
import { isThrottled, isUnanswered } from "../failure.ts";
import { Allowance } from "./allowance.ts";
import type { Limits, Window } from "./limits.ts";
import { last, overdue, type Standing, standingOf, type Urgency } from "./urgency.ts";

/** What a call counts for. */
export interface Account {
  /** `converse`: the making of a 1:1. */
  readonly kind: "message" | "look-up" | "converse";
  /** The conversation, or whom the 1:1 is with. */
  readonly of: string;
  readonly mentionsTag: boolean;
}

/** How a call waits: for `maxWaitMs` at most, and not beyond its signal. */
export interface Patience {
  readonly urgency: Urgency;
  readonly maxWaitMs: number;
  readonly signal: AbortSignal;
}

/** A call whose turn has not come. */
interface Waiting {
  readonly standing: Standing;
  /** Of its conversation or person. */
  readonly own: Allowance;
  readonly tags: Allowance | null;
  readonly until: number;
  readonly start: () => void;
  readonly handBack: (error: DeliveryError) => void;
}

export interface BudgetOptions {
  readonly limits: Limits;
  readonly clock: Clock;
  readonly inFlight: InFlight;
}

/**
 * Gives each call to Teams its turn, so that no more are made than Teams takes: the most urgent first, and among equals
 * who came first. What can't have its turn in time is handed back at once, and says when to come again, so that it
 * holds nothing meanwhile. A process that starts knows of no calls of before; where that is too few, Teams' 429 closes
 * that conversation, and no other, for as long as it says.
 */
export class Budget {
  readonly #options: BudgetOptions;
  readonly #app: Allowance;
  readonly #allowances = new Map<string, Allowance>();
  /** In order of arrival. */
  #waiting: readonly Waiting[] = [];
  #cancelWake = (): void => {};

  constructor(options: BudgetOptions) {
    this.#options = options;
    this.#app = new Allowance(options.limits.app);
  }

  /** Makes the call when its turn comes. Rejects as held back when that is not in time, and else as the call does. */
  async spend<T>(account: Account, patience: Patience, call: () => Promise<T>): Promise<T> {
    const { own, tags } = this.#open(account);
    await this.#waitForTurn(own, tags, patience);
    try {
      const answer = await call();
      own.noteAnswer(true);
      return answer;
    } catch (error) {
      own.noteAnswer(!isUnanswered(error));
      if (isThrottled(error) && error.retryAfterMs !== null) this.#close(tags ?? own, error.retryAfterMs);
      throw error;
    }
  }

  /** Whether what is posted there has to wait for its turn, in a Teams that answered last. */
  isBusy(conversation: string): boolean {
    const own = this.#allowances.get(nameOf("message", conversation));
    if (own === undefined || !own.isAnswering) return false;
    const now = this.#options.clock.now();
    const isAwaited = this.#waiting.some((each) => each.own === own) || own.countComingBack(now, last) > 0;
    return isAwaited || own.freeAt(now, 1) > now;
  }

  async #waitForTurn(own: Allowance, tags: Allowance | null, patience: Patience): Promise<void> {
    const { clock, inFlight } = this.#options;
    const { urgency, maxWaitMs, signal } = patience;
    // The call itself says what an end before its beginning means.
    if (signal.aborted) return;
    const turn = Promise.withResolvers<void>();
    const until = clock.now() + maxWaitMs;
    const { resolve: start, reject: handBack } = turn;
    const waiting: Waiting = { standing: standingOf(urgency), own, tags, until, start, handBack };
    const giveUp = () => {
      this.#waiting = this.#waiting.filter((each) => each !== waiting);
      handBack(this.#toHeldBack(waiting, clock.now(), 0));
    };
    this.#waiting = [...this.#waiting, waiting];
    this.#advance();
    if (!this.#waiting.includes(waiting)) return turn.promise;
    signal.addEventListener("abort", giveUp, { once: true });
    using _pause = inFlight.pause();
    try {
      await turn.promise;
    } finally {
      signal.removeEventListener("abort", giveUp);
    }
  }

  /** Starts whose turn it is, hands back who would wait in vain, and comes again when that changes. */
  #advance(): void {
    const { clock } = this.#options;
    this.#cancelWake();
    const now = clock.now();
    const ahead = new Map<Allowance, number>();
    const left = new Set<Waiting>();
    let nextAt = Number.POSITIVE_INFINITY;
    for (const each of this.#inOrder()) {
      const { own, standing, until } = each;
      const others = ahead.get(own) ?? 0;
      const freeAt = this.#freeAt(each, now, others);
      const isLate = freeAt > until || (each.tags?.freeAt(now, 1) ?? now) > now;
      if (freeAt <= now && !isLate) this.#start(each, now);
      else if (isLate) each.handBack(this.#toHeldBack(each, now, others));
      else {
        for (const allowance of [own, this.#app]) allowance.notePutOff(standing);
        ahead.set(own, others + 1);
        left.add(each);
        nextAt = Math.min(nextAt, freeAt);
      }
    }
    this.#waiting = this.#waiting.filter((each) => left.has(each));
    this.#cancelWake = left.size === 0 ? () => {} : clock.wakeAt(nextAt, () => this.#advance());
  }

  #inOrder(): readonly Waiting[] {
    return this.#waiting.toSorted((a, b) => this.#presentStanding(a).rank - this.#presentStanding(b).rank);
  }

  /** Who was put off for too long stands first. */
  #presentStanding({ own, standing }: Waiting): Standing {
    return [own, this.#app].some((allowance) => allowance.isOverdue(standing)) ? overdue : standing;
  }

  /** When that call can be made if `others` wait before it, and those who come back before it have their turns. */
  #freeAt(waiting: Waiting, now: number, others: number): number {
    const { own } = waiting;
    const standing = this.#presentStanding(waiting);
    const ahead = others + own.countComingBack(now, standing);
    return Math.max(own.freeAt(now, standing.share, ahead), this.#app.freeAt(now, standing.share));
  }

  #start({ own, tags, standing, start }: Waiting, now: number): void {
    for (const allowance of [own, this.#app, ...(tags === null ? [] : [tags])]) allowance.count(now, standing);
    start();
  }

  #toHeldBack(waiting: Waiting, now: number, others: number): DeliveryError {
    const { own, standing } = waiting;
    this.#app.notePutOff(standing);
    const at = own.toComeBackAt(now, this.#freeAt(waiting, now, others), standing);
    return new DeliveryError("throttled", "Teams takes no more now", { retryAfterMs: at - now, isHeldBack: true });
  }

  #close(allowance: Allowance, forMs: number): void {
    allowance.close(this.#options.clock.now() + forMs);
    this.#advance();
  }

  /** A thread is part of its conversation. */
  #open({ kind, of, mentionsTag }: Account): { readonly own: Allowance; readonly tags: Allowance | null } {
    const { limits } = this.#options;
    const conversation = of.replace(/;messageid=.*/s, "");
    const own = this.#allowanceOf(nameOf(kind, conversation), kind === "look-up" ? limits.lookUps : limits.messages);
    return { own, tags: mentionsTag ? this.#allowanceOf(`tag ${conversation}`, limits.tags) : null };
  }

  #allowanceOf(name: string, windows: readonly Window[]): Allowance {
    const known = this.#allowances.get(name);
    if (known !== undefined) return known;
    const now = this.#options.clock.now();
    for (const [other, allowance] of this.#allowances) if (allowance.isIdle(now)) this.#allowances.delete(other);
    const opened = new Allowance(windows);
    this.#allowances.set(name, opened);
    return opened;
  }
}

function nameOf(kind: Account["kind"], conversation: string): string {
  return `${kind} ${conversation}`;
}
