import { withTimeout } from "../../../kit/with-timeout.ts";
import { maxSendMs } from "../../../ports/timing.ts";
import type { Ahead, Handler } from "../handle.ts";
import type { Kernel } from "../kernel.ts";
import { isDue, noteFault, type Waiting } from "./waiting.ts";

/** Each holds up those behind it for about 1 ms, and takes of a disk that is nearly full. */
const maxAtOnce = 16;
const tryEveryMs = 1_000;
/** A process that stops goes on trying for as long as it waits for a sending that is under way. */
const finalTriesMs = maxSendMs;

/**
 * All that waits for the disk, whoever said it, in the order in which it was said. The storage writes it before all
 * else, oldest first, so that it is as if the disk had taken each at its moment. Each second that is tried, also where
 * nobody writes anything. What can't be written by itself costs only itself, and what waits for it.
 * Disposing goes on trying for `finalTriesMs`, and gives up what is left then; so it is disposed of after whatever adds
 * to it, and before all that acts on what it writes.
 */
export class UnrecordedQueue implements AsyncDisposable {
  readonly #kernel: Pick<Kernel, "clock" | "inFlight" | "log">;
  readonly #handler: Handler;
  readonly #all: Waiting[] = [];
  #listWith: (due: readonly Waiting[]) => readonly Ahead[] = () => [];
  #draining: Promise<void> | null = null;
  #isRefused = false;
  #cancel: (() => void) | null = null;
  /** Called once nothing waits any more. */
  #onEmpty = () => {};

  constructor(kernel: Pick<Kernel, "clock" | "inFlight" | "log">, handler: Handler) {
    this.#kernel = kernel;
    this.#handler = handler;
    handler.writeFirst(() => this.#list());
  }

  /** Those of one kind, oldest first. */
  listOf<T extends Waiting>(isOne: (waiting: Waiting) => waiting is T): readonly T[] {
    return this.#all.filter(isOne);
  }

  has(waiting: Waiting): boolean {
    return this.#all.includes(waiting);
  }

  /** Puts it behind all that was said before it. */
  add(waiting: Waiting): void {
    const at = this.#all.findLastIndex(({ receivedAt }) => receivedAt <= waiting.receivedAt) + 1;
    this.#all.splice(at, 0, waiting);
    this.#schedule();
  }

  remove(waiting: Waiting): void {
    const at = this.#all.indexOf(waiting);
    if (at !== -1) this.#all.splice(at, 1);
    if (this.#all.length === 0) this.#onEmpty();
    this.#schedule();
  }

  /** Its own write did not bring it to disk, so that it is written from here. */
  noteRefused(waiting: Waiting): void {
    waiting.isBeingWritten = false;
    this.#schedule();
  }

  /** The alarms that something that waits closes. */
  listClosing(): ReadonlySet<string | null> {
    return new Set(this.#all.map(({ closes }) => closes));
  }

  /** What was said after that. */
  listAfter(waiting: Waiting): readonly Waiting[] {
    return this.#all.slice(this.#all.indexOf(waiting) + 1);
  }

  /** Whether something that was said before it, and that it waits for, waits for the disk. */
  isBehind(waiting: Waiting): boolean {
    const { waitsFor } = waiting;
    const before = this.#all.slice(0, this.#all.indexOf(waiting));
    return before.some(({ holds, isBeingWritten }) => !isBeingWritten && holds.some((key) => waitsFor.includes(key)));
  }

  /** Writes with all that is due what `list` has for that; `list` has nothing twice in a row. */
  writeWith(list: (due: readonly Waiting[]) => readonly Ahead[]): void {
    this.#listWith = list;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const { clock, inFlight } = this.#kernel;
    const until = clock.now() + finalTriesMs;
    const { promise: empty, resolve } = Promise.withResolvers<void>();
    this.#onEmpty = resolve;
    for (let leftMs = finalTriesMs; leftMs > 0; leftMs = until - clock.now()) {
      await withTimeout(clock, leftMs, this.#tryAll());
      if (this.#all.length === 0) break;
      using _entry = inFlight.enter();
      using _pause = inFlight.pause();
      await withTimeout(clock, tryEveryMs, empty);
    }
    // The store closes after this.
    for (const each of [...this.#all]) {
      this.remove(each);
      each.onGivenUp();
    }
  }

  /** Tries all of it at once, also what waits for its moment. Never rejects. */
  async #tryAll(): Promise<void> {
    await this.#draining;
    const now = this.#kernel.clock.now();
    for (const each of this.#all) each.triesAt = Math.min(each.triesAt, now);
    await this.#tryAgain();
  }

  #list(): readonly Ahead[] {
    const { clock } = this.#kernel;
    const due = this.#listDue(clock.now());
    const works = due.map((waiting): Ahead => {
      const work: Ahead["work"] = async (tx) => {
        const { commits, onDone } = await waiting.work(tx);
        const noteDone = () => {
          this.remove(waiting);
          onDone();
        };
        return { commits, onDone: noteDone };
      };
      const onFailed = (error: unknown) => {
        noteFault(waiting, error, clock.now());
        this.#schedule();
      };
      return { work, onFailed, ...(waiting.foreseen && { foreseen: waiting.foreseen }) };
    });
    return [...works, ...this.#listWith(due)];
  }

  /** What one transaction has, and nothing that waits for another one in it: only where that did not fail. */
  #listDue(now: number): readonly Waiting[] {
    const due: Waiting[] = [];
    const [begun, held] = [new Set<string>(), new Set<string>()];
    for (const each of this.#all) {
      const waitsForAny = (keys: ReadonlySet<string>) => each.waitsFor.some((key) => keys.has(key));
      if (due.length === maxAtOnce || waitsForAny(begun)) break;
      const mayGo = isDue(each, now) && !waitsForAny(held);
      if (mayGo) due.push(each);
      for (const key of each.holds) (mayGo ? begun : held).add(key);
    }
    return due;
  }

  #schedule(): void {
    const { clock } = this.#kernel;
    if (this.#all.every(({ isBeingWritten }) => isBeingWritten)) {
      this.#cancel?.();
      this.#cancel = null;
      return;
    }
    this.#cancel ??= clock.wakeAt(clock.now() + tryEveryMs, () => {
      this.#cancel = null;
      void this.#tryAgain().then(() => this.#schedule());
    });
  }

  /** A write that brings nothing else, before which all that is due is written. */
  async #tryAgain(): Promise<void> {
    if (this.#list().length === 0) return;
    this.#draining ??= this.#handler
      .writeLate(async (tx) => ({ value: await tx.saveSetting("probe", "storage", "written"), commits: [] }))
      .then(
        () => this.#noteTried(null),
        (error: unknown) => this.#noteTried(error),
      );
    await this.#draining;
  }

  #noteTried(err: unknown): void {
    this.#draining = null;
    if (err !== null && !this.#isRefused) this.#kernel.log.error({ err }, "kept-not-written");
    this.#isRefused = err !== null;
  }
}
