import type { Effect, FirstCommand, Press } from "../../domain/incident/command.ts";
import type { HistoryLine } from "../../domain/incident/history.ts";
import type { Incident } from "../../domain/incident/incident.ts";
import type { Policy } from "../../domain/incident/policy.ts";
import { StaleIncident } from "../../errors.ts";
import { late, withTimeout } from "../../kit/with-timeout.ts";
import type { CommandResult } from "../../ports/click.ts";
import type { Directory } from "../../ports/directory.ts";
import type { NewOutboxRow, OutboxRow } from "../../ports/store/outbox.ts";
import type { Foreseen, Transaction } from "../../ports/store/store.ts";
import { leaseMs } from "../../ports/timing.ts";
import { type Decided, Decisions, type Request, type World } from "./decisions.ts";
import { loadOrRestore } from "./incidents/load-or-restore.ts";
import type { Kernel } from "./kernel.ts";
import type { OpenIncident } from "./open/open-incident.ts";
import { Presses } from "./outbox/presses.ts";

const maxTries = 10;
/**
 * A disk that takes longer than this counts as down: the caller gets an error, and an alarm goes out from memory (rule
 * 1).
 */
export const writeWithinMs = 5_000;
const emptyCommit: Commit = { rows: [], nextAt: null };

/** What a transaction enqueued, scheduled and changed, for those who act after the commit. */
export interface Commit {
  readonly rows: readonly OutboxRow[];
  readonly nextAt: number | null;
  /** The incident as it is now; left out when none changed. */
  readonly changed?: Change;
}

/** An incident after a decision. */
export interface Change extends OpenIncident {
  /** Whether that opened it. */
  readonly isOpened: boolean;
  /** What it added to the history. */
  readonly lines: readonly HistoryLine[];
}

/** The result of a command inside a transaction; `result` is null when there is no such incident. */
export interface CommandOutcome {
  readonly result: CommandResult | null;
  readonly commit: Commit;
}

/** Work in one transaction, which returns a value and its commits. */
export type Work<T> = (tx: Transaction) => Promise<{ value: T; commits: readonly Commit[] }>;

/** Work that goes before all that waits. */
export interface Ahead {
  /** Resolves with its commits, and what is called once they are on disk. */
  readonly work: (tx: Transaction) => Promise<{ readonly commits: readonly Commit[]; readonly onDone: () => void }>;
  /** Called when it failed by itself. */
  readonly onFailed: (error: unknown) => void;
  /** As of `Store.write`. */
  readonly foreseen?: Foreseen;
}

/**
 * Ends the visit of who presses for that incident, whom its change is shown as every presser; `at`: when it was
 * received, in epoch milliseconds.
 */
export type EndVisitBy = (tx: Transaction, press: Press, incident: string, at: number) => Promise<void>;

/** Maps one effect of a decision on that incident to the rows that go out for it. */
export type ToRows = (effect: Effect, incident: Incident, now: number) => readonly NewOutboxRow[];

/** Loads, decides and commits. Everything that changes an incident goes through here. */
export class Handler {
  readonly presses = new Presses();
  readonly decisions: Decisions;
  readonly #kernel: Kernel;
  readonly #directory: Directory;
  readonly #toRows: ToRows;
  readonly #endVisitBy: EndVisitBy;
  readonly #subscribers: ((commit: Commit) => void)[] = [];

  /** `world` left out: as of `Decisions`; `endVisitBy` left out: nobody is on a visit. */
  constructor(
    kernel: Kernel,
    directory: Directory,
    toRows: ToRows,
    world?: World,
    endVisitBy: EndVisitBy = async () => {},
  ) {
    this.#kernel = kernel;
    this.#directory = directory;
    this.#toRows = toRows;
    this.decisions = new Decisions(kernel.clock, directory, world);
    this.#endVisitBy = endVisitBy;
  }

  /**
   * Applies a command. Resolves after the commit; null when there is no such incident. Rejects when the storage is
   * down. `isTold`: whether the log gets a line of it.
   */
  async handle(incident: string, request: Request, isTold = true): Promise<CommandResult | null> {
    const result = await this.write(
      async (tx) => {
        const { result, commit } = await this.handleIn(tx, incident, request);
        return { value: result, commits: [commit] };
      },
      { incidents: [incident] },
    );
    const reason = result?.reason ?? "unknown-incident";
    if (isTold) this.#kernel.log.info({ incident, command: request.kind, reason }, "handled");
    return result;
  }

  /** As `handle`, inside a transaction of the caller, who returns the commit from `write`. */
  async handleIn(
    tx: Transaction,
    id: string,
    request: Request,
    at = this.#kernel.clock.now(),
  ): Promise<CommandOutcome> {
    const found = await loadOrRestore(tx, this.#directory, id);
    if (found === null) return { result: null, commit: emptyCommit };
    let before = found.incident;
    let all = emptyCommit;
    let result: CommandResult | null = null;
    for (const decided of this.decisions.decideAll(found, request, at)) {
      const outcome = await this.#commit(tx, before, decided, at);
      if (isFirst(decided.request)) this.#noteFirst(decided.request, before);
      const { rows, ...changes } = outcome.commit;
      if (changes.changed !== undefined) all = { ...changes, rows: [...all.rows, ...rows] };
      before = decided.incident;
      result = outcome.result;
    }
    return { result, commit: all };
  }

  #noteFirst(first: FirstCommand, { id, number, place }: Incident): void {
    const { log } = this.#kernel;
    const facts = { incident: id, number, place };
    if (first.kind === "restore") log.error(facts, "incident-restored");
    else if (first.kind === "replace-policy") log.warn({ ...facts, gone: first.gone }, "policy-replaced");
    else log.error({ ...facts, copiedAt: new Date(first.copiedAt).toISOString() }, "incident-returned");
  }

  /** Opens an incident; `at` is when its press was received, in epoch milliseconds. */
  open(tx: Transaction, press: Press, policy: Policy, at: number): Promise<CommandOutcome> {
    return this.#commit(tx, null, this.decisions.decide(null, { kind: "press", press }, policy, at), at);
  }

  /**
   * Runs `work` in a transaction, again when another writer was faster, and publishes its commits. Rejects when the
   * storage does not answer within `writeWithinMs`; what has not begun by then is not done any more, because whoever
   * asked was told that it failed, and acts on that. `foreseen` as of `Store.write`.
   */
  write<T>(work: Work<T>, foreseen?: Foreseen): Promise<T> {
    return this.#retryStale(async () => {
      let isGivenUp = false;
      const begin: Work<T> = (tx) => {
        if (isGivenUp) throw new Error("nobody waits for it any more");
        return work(tx);
      };
      const result = await withTimeout(this.#kernel.clock, writeWithinMs, this.#writeAndPublish(begin, foreseen));
      isGivenUp = result === late;
      if (result === late) throw new Error("the storage did not answer in time");
      return result;
    });
  }

  /** As `write`, however long the disk takes; rejects only when it failed. */
  writeLate<T>(work: Work<T>, foreseen?: Foreseen): Promise<T> {
    return this.#retryStale(() => this.#writeAndPublish(work, foreseen));
  }

  /** Has what `list` has written before all else, and publishes its commits; see `Store.writeFirst`. */
  writeFirst(list: () => readonly Ahead[]): void {
    this.#kernel.store.writeFirst(() =>
      list().map(({ work, onFailed, foreseen }) => ({
        run: async (tx) => {
          const { commits, onDone } = await work(tx);
          return () => {
            try {
              onDone();
              this.#publish(commits);
            } catch (error) {
              onFailed(error);
            }
          };
        },
        reject: onFailed,
        foreseen: this.#withKeys(foreseen),
      })),
    );
  }

  /** Puts messages into the outbox in a transaction of the caller, leased to this process. */
  async enqueue(tx: Transaction, rows: readonly NewOutboxRow[]): Promise<Commit> {
    return { rows: await tx.enqueue(rows, this.#kernel.clock.now() + leaseMs), nextAt: null };
  }

  /** Calls `onCommit` after every commit. The outbox takes its rows from it, the timekeeper its deadline. */
  subscribe(onCommit: (commit: Commit) => void): void {
    this.#subscribers.push(onCommit);
  }

  async #commit(tx: Transaction, before: Incident | null, decided: Decided, now: number): Promise<CommandOutcome> {
    const { request, policy, reason } = decided;
    if (decided.incident === before) return { result: { incident: before, policy, reason }, commit: emptyCommit };
    const lines = decided.history;
    let incident = decided.incident;
    if (before === null) incident = await tx.insertIncident(decided.incident);
    else await tx.updateIncident(decided.incident);
    if (request.kind === "press") await this.#endVisitBy(tx, request.press, incident.id, now);
    if (lines.length > 0) await tx.appendHistory(incident.id, lines);
    const newRows = decided.effects.flatMap((effect) => this.#toRows(effect, incident, now));
    const rows = newRows.length === 0 ? [] : await tx.enqueue(newRows, now + leaseMs);
    return {
      result: { incident, policy, reason },
      commit: { rows, nextAt: incident.nextAt, changed: { incident, policy, isOpened: before === null, lines } },
    };
  }

  async #retryStale<T>(work: () => Promise<T>): Promise<T> {
    using _entry = this.#kernel.inFlight.enter();
    for (let tries = 1; ; tries += 1) {
      try {
        return await work();
      } catch (error) {
        if (!(error instanceof StaleIncident) || tries >= maxTries) throw error;
      }
    }
  }

  /** Publishes what is on disk, even when the caller no longer waits for it. */
  async #writeAndPublish<T>(work: Work<T>, foreseen?: Foreseen): Promise<T> {
    const { value, commits } = await this.#kernel.store.write(work, this.#withKeys(foreseen));
    this.#publish(commits);
    return value;
  }

  /** What most changes of an incident enqueue may wait since the change before. */
  #withKeys(foreseen: Foreseen | undefined): Foreseen | undefined {
    const keysOf = (incident: Incident) => this.#toRows({ kind: "card" }, incident, 0).map(({ key }) => key);
    return foreseen && { ...foreseen, keysOf };
  }

  #publish(commits: readonly Commit[]): void {
    for (const each of commits) for (const onCommit of this.#subscribers) onCommit(each);
  }
}

function isFirst(request: Request): request is FirstCommand {
  return request.kind === "restore" || request.kind === "replace-policy" || request.kind === "return";
}
