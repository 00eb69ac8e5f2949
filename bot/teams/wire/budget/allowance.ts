import type { Window } from "./limits.ts";
import type { Standing } from "./urgency.ts";

/** Whoever is less urgent is put off for as many turns as a conversation has in half a minute, and no more. */
const maxPutOff = 60;
/** Of many who are told to come back at the same time each comes so much later: a conversation takes four a second. */
const comeBackEveryMs = 250;
const sameTimeMs = 1_000;
/** No call is put off for longer at once, because somebody may be in danger. */
const maxPutOffMs = 60_000;

/** Who was told to come back and is this much later counts as gone. */
const goneAfterMs = 2_000;

/** Those of one rank who had to wait: the turns that others had since, and when who was handed back comes again. */
interface PutOff {
  turns: number;
  /** When somebody was last told to. */
  toldAt: number;
  comingBackAt: readonly number[];
}

/** What Teams takes of one conversation, or of the bot as a whole: its calls by the moment at which they were made. */
export class Allowance {
  readonly #windows: readonly Window[];
  readonly #longestMs: number;
  readonly #times: number[] = [];
  /** By rank, who was put off and had no turn since. */
  readonly #putOff = new Map<number, PutOff>();
  #closedUntil = Number.NEGATIVE_INFINITY;
  #isAnswering = true;

  constructor(windows: readonly Window[]) {
    this.#windows = windows;
    this.#longestMs = Math.max(0, ...windows.map(({ withinMs }) => withinMs));
  }

  /** When a call may be made after `ahead` others that wait for it, in epoch milliseconds; `now`: at once. */
  freeAt(now: number, share: number, ahead = 0): number {
    const planned: number[] = [];
    for (;;) {
      const at = Math.max(
        now,
        this.#closedUntil,
        ...this.#windows.map((window) => this.#roomAt(window, share, planned)),
      );
      if (planned.length === ahead) return at;
      planned.push(at);
    }
  }

  /** Notes that a call is made. */
  count(now: number, { rank }: Standing): void {
    while ((this.#times[0] ?? Number.POSITIVE_INFINITY) <= now - this.#longestMs) this.#times.shift();
    this.#times.push(now);
    for (const [other, putOff] of this.#putOff) {
      if (other > rank) putOff.turns += 1;
      if (other !== rank) continue;
      putOff.turns = 0;
      putOff.comingBackAt = putOff.comingBackAt.slice(1);
    }
  }

  /** Notes that a call was answered, whatever was said, or was not. */
  noteAnswer(isAnswered: boolean): void {
    this.#isAnswering = isAnswered;
  }

  /** Whether the newest call that ended was answered. */
  get isAnswering(): boolean {
    return this.#isAnswering;
  }

  /** Teams asked for patience. */
  close(until: number): void {
    this.#closedUntil = Math.max(this.#closedUntil, until);
  }

  /** Notes that somebody of that rank has to wait. */
  notePutOff({ rank }: Standing): PutOff {
    const known = this.#putOff.get(rank);
    if (known !== undefined) return known;
    const putOff = { turns: 0, toldAt: Number.NEGATIVE_INFINITY, comingBackAt: [] };
    this.#putOff.set(rank, putOff);
    return putOff;
  }

  /** Whether those of that rank were put off so often that it is their turn. */
  isOverdue({ rank }: Standing): boolean {
    return (this.#putOff.get(rank)?.turns ?? 0) >= maxPutOff;
  }

  /** How many were handed back who are more urgent than that, and come again. */
  countComingBack(now: number, { rank }: Standing): number {
    let count = 0;
    for (const [other, putOff] of this.#putOff) {
      putOff.comingBackAt = putOff.comingBackAt.filter((at) => at >= now - goneAfterMs);
      if (other < rank) count += putOff.comingBackAt.length;
    }
    return count;
  }

  /** When somebody of that rank is to come back, who can't have a turn before `freeAt`; each a little later. */
  toComeBackAt(now: number, freeAt: number, standing: Standing): number {
    const putOff = this.notePutOff(standing);
    const { toldAt, comingBackAt } = putOff;
    const last = now - toldAt < sameTimeMs ? comingBackAt.at(-1) : undefined;
    const at = Math.min(Math.max(freeAt, (last ?? Number.NEGATIVE_INFINITY) + comeBackEveryMs), now + maxPutOffMs);
    putOff.toldAt = now;
    putOff.comingBackAt = [...comingBackAt, at];
    return at;
  }

  /** Whether nothing is left that anybody would have to know. */
  isIdle(now: number): boolean {
    const isSpent = (this.#times.at(-1) ?? Number.NEGATIVE_INFINITY) > now - this.#longestMs;
    const isAwaited = [...this.#putOff.values()].some(({ comingBackAt }) => comingBackAt.some((at) => at > now));
    return !isSpent && !isAwaited && this.#closedUntil <= now;
  }

  /** When that window has room for one more; `planned` follow those that were made. */
  #roomAt({ withinMs, most }: Window, share: number, planned: readonly number[]): number {
    const may = Math.max(1, Math.floor(most * share));
    const first = may > planned.length ? this.#times.at(planned.length - may) : planned.at(-may);
    return (first ?? Number.NEGATIVE_INFINITY) + withinMs;
  }
}
