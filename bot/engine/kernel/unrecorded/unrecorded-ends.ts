import type { Alarm } from "../../../domain/alarm.ts";
import { type ButtonState, toButtonState, toStateName } from "../../../domain/device/button-state.ts";
import type { Log } from "../../../log.ts";
import type { UnrecordedQueue } from "./unrecorded-queue.ts";
import { toProgress, type Waiting, type Writing } from "./waiting.ts";

/** More buttons than this are not let go while a disk takes nothing. */
const maxKept = 2_000;

/** The end of a state, or a cancel, that is kept in memory because it is not on disk. */
export interface KeptEnd extends Waiting {
  readonly kind: "end";
  readonly source: string;
  readonly alarm: Alarm;
}

/** Whether an alarm, which is no press, has to be kept: without it the press before it would go on. */
export function isEnd({ kind, state }: Pick<Alarm, "kind" | "state">): boolean {
  return kind === "cancel" || state?.isOn === false;
}

/**
 * The ends that could not be recorded, until they are: a state that is wrongly on would swallow the next
 * press (rule 2), and its sender may say only once that it is off.
 */
export class UnrecordedEnds {
  readonly #queue: UnrecordedQueue;
  readonly #log: Log;
  readonly #toWriting: Writing<KeptEnd>;

  constructor(queue: UnrecordedQueue, log: Log, toWriting: Writing<KeptEnd>) {
    this.#queue = queue;
    this.#log = log;
    this.#toWriting = toWriting;
  }

  /** Oldest first. */
  get all(): readonly KeptEnd[] {
    return this.#queue.listOf(isKeptEnd);
  }

  /** `writing`: its write that may still succeed. */
  keep(source: string, alarm: Alarm, receivedAt: number, writing: Promise<unknown>): void {
    const kept: KeptEnd = {
      ...{ kind: "end", source, alarm, receivedAt, holds: [], waitsFor: [], closes: null },
      ...toProgress(receivedAt, true),
      work: (tx) => this.#toWriting(kept).work(tx),
      onFault: (error) => this.#toWriting(kept).onFault(error),
      onGivenUp: () => this.#drop(kept, "stopped"),
    };
    this.#makeRoom(kept);
    this.#queue.add(kept);
    writing.then(
      () => this.#queue.remove(kept),
      () => this.#queue.noteRefused(kept),
    );
  }

  /**
   * What was last said by then of the state that an alarm names; `onDisk`: as far as that was written. Also where the
   * disk takes a press and not the end before it.
   */
  stateAt(source: string, alarm: Alarm, receivedAt: number, onDisk: ButtonState | null): ButtonState | null {
    const since = onDisk?.at ?? Number.NEGATIVE_INFINITY;
    const end = this.all.findLast(
      (kept) =>
        kept.alarm.state !== null &&
        isOfState(kept, source, alarm) &&
        since <= kept.receivedAt &&
        kept.receivedAt <= receivedAt,
    );
    return end === undefined ? onDisk : toButtonState(onDisk, source, end.alarm, end.receivedAt);
  }

  #makeRoom(kept: KeptEnd): void {
    const { all } = this;
    const [, second] = all.filter((each) => endsSame(each, kept));
    // It was the newest until now.
    if (second !== undefined) this.#queue.remove(second);
    const [oldest] = all;
    if (all.length >= maxKept && second === undefined && oldest !== undefined) this.#drop(oldest, "many");
  }

  #drop(kept: KeptEnd, why: "many" | "stopped"): void {
    const { source, alarm } = kept;
    this.#queue.remove(kept);
    this.#log.error({ source, button: alarm.button, kind: alarm.kind, why }, "end-not-kept");
  }
}

function endsSame(one: KeptEnd, other: KeptEnd): boolean {
  const areOfOneKind = (one.alarm.kind === "cancel") === (other.alarm.kind === "cancel");
  return areOfOneKind && isOfState(one, other.source, other.alarm);
}

function isOfState({ source, alarm }: KeptEnd, ofSource: string, of: Alarm): boolean {
  return source === ofSource && toStateName(alarm) === toStateName(of);
}

function isKeptEnd(waiting: Waiting): waiting is KeptEnd {
  return waiting.kind === "end";
}
