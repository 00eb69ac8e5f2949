import type { Alarm } from "../../../domain/alarm.ts";
import { type ButtonState, toButtonState, toStateName } from "../../../domain/device/button-state.ts";
import type { Log } from "../../../log.ts";
import { isDue, toWaiting, type WaitingAlarm } from "./waiting.ts";

/** More buttons than this are not let go while a disk takes nothing. */
const maxKept = 2_000;

/** The end of a state, or a cancel, that is kept in memory because it is not on disk. */
export interface KeptEnd extends WaitingAlarm {
  readonly source: string;
}

/** Whether an alarm, which is no press, has to be kept: without it the press before it would go on. */
export function isEnd({ kind, state }: Pick<Alarm, "kind" | "state">): boolean {
  return kind === "cancel" || state?.isOn === false;
}

/**
 * The ends that could not be recorded, oldest first, until they are: a state that is wrongly on would swallow the next
 * press (rule 2), and its sender may say only once that it is off.
 */
export class UnrecordedEnds {
  readonly #log: Log;
  #kept: readonly KeptEnd[] = [];

  constructor(log: Log) {
    this.#log = log;
  }

  get all(): readonly KeptEnd[] {
    return this.#kept;
  }

  /** `writing`: its write that may still succeed. */
  keep(source: string, alarm: Alarm, receivedAt: number, writing: Promise<unknown>): void {
    const kept: KeptEnd = { source, ...toWaiting(alarm, receivedAt, true) };
    this.#makeRoom(kept);
    this.#kept = [...this.#kept, kept];
    writing.then(
      () => this.noteRecorded(kept),
      () => {
        kept.isBeingWritten = false;
      },
    );
  }

  noteRecorded(kept: KeptEnd): void {
    this.#kept = this.#kept.filter((each) => each !== kept);
  }

  /** Those that go with the next transaction, oldest first. */
  listDue(now: number): readonly KeptEnd[] {
    return this.#kept.filter((kept) => isDue(kept, now));
  }

  /**
   * What was last said by then of the state that an alarm names; `onDisk`: as far as that was written. Also where the
   * disk takes a press and not the end before it.
   */
  stateAt(source: string, alarm: Alarm, receivedAt: number, onDisk: ButtonState | null): ButtonState | null {
    const since = onDisk?.at ?? Number.NEGATIVE_INFINITY;
    const end = this.#kept.findLast(
      (kept) =>
        kept.alarm.state !== null &&
        isOfState(kept, source, alarm) &&
        since <= kept.receivedAt &&
        kept.receivedAt <= receivedAt,
    );
    return end === undefined ? onDisk : toButtonState(onDisk, source, end.alarm, end.receivedAt);
  }

  /** Forgets all that is kept, because the process ends. */
  giveUp(): void {
    for (const kept of this.#kept) this.#drop(kept, "stopped");
  }

  #makeRoom(kept: KeptEnd): void {
    const [, second] = this.#kept.filter((each) => endsSame(each, kept));
    // It was the newest until now.
    if (second !== undefined) this.noteRecorded(second);
    const [oldest] = this.#kept;
    if (this.#kept.length >= maxKept && oldest !== undefined) this.#drop(oldest, "many");
  }

  #drop(kept: KeptEnd, why: "many" | "stopped"): void {
    const { source, alarm } = kept;
    this.noteRecorded(kept);
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
