import type { Circumstances, Command, Effect, FirstCommand, Press } from "../../domain/incident/command.ts";
import { decide } from "../../domain/incident/decide.ts";
import type { Incident } from "../../domain/incident/incident.ts";
import type { Policy } from "../../domain/incident/policy.ts";
import type { Moment } from "../../domain/incident/time/is-since.ts";
import { type Copied, toReturn } from "../../domain/incident/time/return.ts";
import { whereCorrected } from "../../domain/incident/whereabouts/correct-place.ts";
import { listOfOthers, type Where, whereAfter, whereOf } from "../../domain/incident/whereabouts/move.ts";
import { withoutOutweighed } from "../../domain/incident/whereabouts/outweighed.ts";
import { toWhereabouts, type Whereabouts } from "../../domain/location.ts";
import { StaleIncident } from "../../errors.ts";
import { late, withTimeout } from "../../kit/with-timeout.ts";
import type { CommandResult } from "../../ports/click.ts";
import type { Directory } from "../../ports/directory.ts";
import type { NewOutboxRow, OutboxRow } from "../../ports/store/outbox.ts";
import type { Foreseen, Transaction } from "../../ports/store/store.ts";
import type { TeamsSender } from "../../ports/teams-sender.ts";
import { leaseMs } from "../../ports/timing.ts";
import { type InAlarms, toInAlarms } from "./incidents/in-alarms.ts";
import { type LoadedIncident, loadOrRestore, toLoaded } from "./incidents/load-or-restore.ts";
import type { OpenIncident } from "./incidents/open-incidents.ts";
import type { Kernel } from "./kernel.ts";
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
  readonly changed?: OpenIncident;
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
}

/** A command without what `Handler` adds. */
export type Request = Command extends infer C ? (C extends Command ? Omit<C, keyof Circumstances> : never) : never;

/** What is asked of the world at each decision. */
export interface World {
  readonly teams: Pick<TeamsSender, "isBusy">;
  readonly inAlarms: InAlarms;
  /** What the database says of the copy that it was; null: it was none. */
  readonly copied: Copied | null;
}

/** Teams takes messages, nobody is in an alarm, and the database was no copy. */
const quietWorld: World = {
  teams: { isBusy: () => false },
  inAlarms: { isOccupied: () => false, findElsewhere: () => null },
  copied: null,
};

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
  readonly #kernel: Kernel;
  readonly #directory: Directory;
  readonly #toRows: ToRows;
  readonly #world: World;
  readonly #endVisitBy: EndVisitBy;
  readonly #subscribers: ((commit: Commit) => void)[] = [];

  /** `world` left out: as `quietWorld`; `endVisitBy` left out: nobody is on a visit. */
  constructor(
    kernel: Kernel,
    directory: Directory,
    toRows: ToRows,
    world: World = quietWorld,
    endVisitBy: EndVisitBy = async () => {},
  ) {
    this.#kernel = kernel;
    this.#directory = directory;
    this.#toRows = toRows;
    this.#world = world;
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
    let { incident, policy } = found;
    let first = this.#toFirst(found);
    let begun = emptyCommit;
    while (first !== null && incident.closedAt === null) {
      const { commit, incident: after } = await this.#commit(tx, incident, first, policy, at);
      this.#noteFirst(first, incident);
      begun = { ...commit, rows: [...begun.rows, ...commit.rows] };
      const next = toLoaded({ incident: after, policy }, this.#directory);
      incident = next.incident;
      policy = next.policy;
      first = this.#toFirst(next);
    }
    const { result, commit } = await this.#commit(tx, incident, request, policy, at);
    const rows = [...begun.rows, ...commit.rows];
    return { result, commit: { ...begun, ...(commit.changed === undefined ? {} : commit), rows } };
  }

  /** That it comes from a copy is decided last, because it begins a round of the policy of now. */
  #toFirst({ incident, first }: LoadedIncident): FirstCommand | null {
    return first ?? toReturn(incident, this.#world.copied);
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
    return this.#commit(tx, null, { kind: "press", press }, policy, at);
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
      list().map(({ work, onFailed }) => ({
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

  async #commit(
    tx: Transaction,
    before: Incident | null,
    request: Request,
    policy: Policy,
    now: number,
  ): Promise<CommandOutcome & { readonly incident: Incident }> {
    const { teams, inAlarms } = this.#world;
    // Whoever is rung is rung now, also for a press that could not be written until now.
    const decidedAt = this.#kernel.clock.now();
    const moment = { now, decidedAt };
    const onDuty = this.#directory.onDuty(decidedAt, whereaboutsAfter(before, request, moment));
    const circumstances: Circumstances = {
      onDuty,
      ...toInAlarms(before, request, onDuty, inAlarms),
      ...(before && { ofOthers: listOfOthers(before, toWhere(before, request, moment), this.#directory.stationOf) }),
      isTeamsBusy: before !== null && teams.isBusy(before.channel),
      decidedAt,
    };
    const decision = decide(before, { ...request, ...circumstances }, now, policy);
    const { reason } = decision;
    if (decision.incident === before)
      return { incident: before, result: { incident: before, policy, reason }, commit: emptyCommit };
    let incident = decision.incident;
    if (before === null) incident = await tx.insertIncident(decision.incident);
    else await tx.updateIncident(decision.incident);
    if (request.kind === "press") await this.#endVisitBy(tx, request.press, incident.id, now);
    if (decision.history.length > 0) await tx.appendHistory(incident.id, decision.history);
    const newRows = decision.effects.flatMap((effect) => this.#toRows(effect, incident, now));
    const rows = newRows.length === 0 ? [] : await tx.enqueue(newRows, now + leaseMs);
    return {
      incident,
      result: { incident, policy, reason },
      commit: { rows, nextAt: incident.nextAt, changed: { incident, policy } },
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
    // What most changes of an incident enqueue may wait since the change before.
    const keysOf = (incident: Incident) => this.#toRows({ kind: "card" }, incident, 0).map(({ key }) => key);
    const { value, commits } = await this.#kernel.store.write(work, foreseen && { ...foreseen, keysOf });
    this.#publish(commits);
    return value;
  }

  #publish(commits: readonly Commit[]): void {
    for (const each of commits) for (const onCommit of this.#subscribers) onCommit(each);
  }
}

/** Where the incident is once that is decided on. */
function whereaboutsAfter(before: Incident | null, request: Request, moment: Moment): Whereabouts | null {
  if (before === null) return request.kind === "press" ? toWhereabouts(request.press) : null;
  const { channel, source } = before;
  return toWhereabouts({ channel, source, ...toWhere(before, request, moment) });
}

function toWhere(before: Incident, request: Request, moment: Moment): Where {
  if (request.kind === "press") return whereAfter(before, withoutOutweighed(before, request.press, moment));
  return request.kind === "correct-place" ? whereCorrected(before, request, moment.now) : whereOf(before);
}
