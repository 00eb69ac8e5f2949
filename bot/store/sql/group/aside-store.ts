import { Reasons } from "../../../kit/reasons.ts";
import type { Log } from "../../../log.ts";
import type { FirstWork, Foreseen, Reader, StorageFault, Store, Transaction } from "../../../ports/store/store.ts";

/** What is left of a database that can't be used, as far as one can tell. */
export interface Remains extends AsyncDisposable {
  /** Reads what can still be read; null: nothing can. */
  readonly reader: Reader | null;
  /** Why it can't be used, as was found last. */
  readonly cause: unknown;
  /** What is wrong beside that it can't be used. */
  readonly faults: readonly StorageFault[];
  /** For the log: how much of it is there. */
  readonly facts: {
    readonly isRead: boolean;
    readonly open: number;
    readonly damaged: number;
    readonly isAlone: boolean;
  };
  /** Opens the database as it should be, once nothing reads any more; null while that can't be done. Never rejects. */
  tryToOpen(reads: () => Promise<unknown>): Promise<Store | null>;
  lastCopyAt: Store["lastCopyAt"];
}

export interface AsideStoreOptions {
  readonly remains: Remains;
  readonly log: Log;
  /** Called once the database is open as it should be. */
  readonly onWhole: () => void;
}

/**
 * Stands in for a database that can't be used: it takes no writes, and reads what can still be read. At each `inspect`
 * it looks whether the database is well again; from then on it hands everything on to that.
 */
export class AsideStore implements Store {
  readonly #options: AsideStoreOptions;
  readonly #refusal: Error;
  readonly #reasons = new Reasons();
  readonly #reads = new Set<Promise<unknown>>();
  #whole: Store | null = null;
  #listFirst: () => readonly FirstWork[] = () => [];
  /** One at a time, for a server may not answer. */
  #opening: Promise<void> | null = null;

  constructor(options: AsideStoreOptions) {
    this.#options = options;
    this.#refusal = new Error("the storage can't be used", { cause: options.remains.cause });
    this.#noteCause();
  }

  async write<T>(work: (tx: Transaction) => Promise<T>, foreseen?: Foreseen): Promise<T> {
    if (this.#whole === null) throw this.#refusal;
    return this.#whole.write(work, foreseen);
  }

  writeFirst(list: () => readonly FirstWork[]): void {
    this.#listFirst = list;
    this.#whole?.writeFirst(list);
  }

  async read<T>(work: (reader: Reader) => Promise<T>): Promise<T> {
    if (this.#whole !== null) return this.#whole.read(work);
    const { reader } = this.#options.remains;
    if (reader === null) throw this.#refusal;
    const reading = work(reader);
    this.#reads.add(reading);
    try {
      return await reading;
    } finally {
      this.#reads.delete(reading);
    }
  }

  async probe(): Promise<void> {
    if (this.#whole === null) throw this.#refusal;
    await this.#whole.probe();
  }

  async readClock(): Promise<number | null> {
    return this.#whole === null ? null : this.#whole.readClock();
  }

  lastCopyAt(): Promise<number | null> {
    return this.#options.remains.lastCopyAt();
  }

  async inspect(): Promise<readonly StorageFault[]> {
    if (this.#whole === null) await this.#tryToOpen();
    if (this.#whole !== null) return this.#whole.inspect();
    return ["storage-aside", ...this.#options.remains.faults];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#opening;
    await this.#options.remains[Symbol.asyncDispose]();
    await this.#whole?.[Symbol.asyncDispose]();
  }

  #tryToOpen(): Promise<void> {
    this.#opening ??= this.#open().finally(() => {
      this.#opening = null;
    });
    return this.#opening;
  }

  async #open(): Promise<void> {
    const { remains, log, onWhole } = this.#options;
    this.#whole = await remains.tryToOpen(() => Promise.allSettled(this.#reads));
    if (this.#whole === null) return this.#noteCause();
    this.#whole.writeFirst(this.#listFirst);
    log.warn({}, "storage-whole");
    onWhole();
  }

  #noteCause(): void {
    const { log, remains } = this.#options;
    const { cause: err, facts } = remains;
    if (this.#reasons.isNew(err)) log.error({ ...facts, err }, "storage-aside");
  }
}
