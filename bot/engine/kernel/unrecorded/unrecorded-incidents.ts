import type { Incident } from "../../../domain/incident/incident.ts";
import type { CommandResult } from "../../../ports/click.ts";
import type { Directory } from "../../../ports/directory.ts";
import type { OutboxRow } from "../../../ports/store/outbox.ts";
import type { Transaction } from "../../../ports/store/store.ts";
import type { Decided, Request } from "../decisions.ts";
import type { Commit, Handler } from "../handle.ts";
import { type LoadedIncident, toLoaded } from "../incidents/load-or-restore.ts";
import type { Kernel } from "../kernel.ts";
import type { OpenIncident } from "../open/open-incident.ts";
import type { OpenIncidents } from "../open/open-incidents.ts";
import type { UnrecordedQueue } from "./unrecorded-queue.ts";
import { toProgress, type Waiting } from "./waiting.ts";

/** More than this is not kept of one incident: what follows is decided anew once it can be written, and paged again. */
const maxOfOne = 1_000;

/** A message that went out from memory, so that the row that the outbox has for it does not go out as well. */
export interface Out {
  readonly key: string;
  /** Saves where it stands, in the transaction that writes what it was decided by. */
  readonly record: (tx: Transaction) => Promise<readonly Commit[]>;
  /** Called once that is on disk, with the incident as it is there; null: there is none. */
  readonly onRecorded: (incident: Incident | null) => void;
}

/** What was asked of an incident, when (epoch milliseconds), and what keeps it until it is on disk. */
interface Said {
  readonly request: Request;
  readonly at: number;
  readonly keptBy: Waiting;
}

/** An incident as it will be once what waits is on disk. */
interface Presumed {
  /** As it was committed when this was decided; null: memory did not know it, and it was read or restored. */
  base: OpenIncident | null;
  /** What all that was said is decided on. */
  found: LoadedIncident;
  said: readonly Said[];
  open: LoadedIncident;
}

/** What was decided in memory on one incident, one after the other, and is in memory until it is on disk. */
interface KeptDecisions extends Waiting {
  readonly kind: "decisions";
  readonly incident: string;
  readonly said: Said[];
  /** What went out because of it. */
  readonly out: Out[];
  /** Whether it was begun to be written, so that what is decided from now on is kept by itself. */
  isBegun: boolean;
}

export interface UnrecordedIncidentsOptions {
  readonly handler: Pick<Handler, "decisions" | "handleIn">;
  readonly queue: UnrecordedQueue;
  readonly openIncidents: Pick<OpenIncidents, "of" | "versionOf" | "note" | "listDue">;
  readonly directory: Directory;
}

/**
 * Open incidents as they will be once all that waits for the disk is there: as they were last committed, with what
 * people answered since, and what time brought. So steps follow one another while nothing can be written or read, each
 * once, and answers hold them back. What is decided here is kept, and written in its order and as of its moment.
 */
export class UnrecordedIncidents {
  readonly #kernel: Pick<Kernel, "clock" | "log">;
  readonly #options: UnrecordedIncidentsOptions;
  readonly #presumed = new Map<string, Presumed>();
  /** The newest of each incident. */
  readonly #kept = new Map<string, KeptDecisions>();
  readonly #onStuck: ((incident: string) => void)[] = [];

  constructor(kernel: Pick<Kernel, "clock" | "log">, options: UnrecordedIncidentsOptions) {
    this.#kernel = kernel;
    this.#options = options;
  }

  /** That incident as far as memory knows it; null: it does not, or it is closed. */
  of(id: string): OpenIncident | null {
    return this.#find(id)?.open ?? this.#options.openIncidents.of(id);
  }

  /** Whether something was decided on it that is not on disk. */
  isAhead(id: string): boolean {
    return this.#find(id) !== null;
  }

  /** Whether what is decided on it from now on is not kept, so that it is decided anew once it can be written. */
  isFull(id: string): boolean {
    return (this.#presumed.get(id)?.said.length ?? 0) >= maxOfOne;
  }

  /**
   * Calls `onStuck` with each incident of which decisions are given up, because the disk takes all but them: answers
   * after them would wait for ever. What they were about is decided anew, and has to go out anew.
   */
  subscribe(onStuck: (incident: string) => void): void {
    this.#onStuck.push(onStuck);
  }

  /** Ids of those with `nextAt <= now`. */
  listDue(now: number): readonly string[] {
    const committed = this.#options.openIncidents.listDue(now).filter((id) => !this.isAhead(id));
    const ahead = [...this.#presumed.keys()].filter((id) => (this.of(id)?.incident.nextAt ?? now + 1) <= now);
    return [...committed, ...ahead];
  }

  /**
   * Decides on an incident, and keeps that. `found`: what it is decided on where memory does not know it; null comes
   * back where that is left out.
   */
  decide(id: string, request: Request, found?: LoadedIncident): Decided | null {
    const at = this.#kernel.clock.now();
    const kept = this.#toKept(id, at);
    const said = { request, at, keptBy: kept };
    const decided = this.#add(id, said, found);
    if (decided === null || this.#presumed.get(id)?.said.at(-1) !== said) return decided;
    this.#keep(kept);
    kept.said.push(said);
    return decided;
  }

  /** Keeps that it went out, with what was decided on that incident last. */
  noteOut(id: string, out: Out): void {
    const kept = this.#toKept(id, this.#kernel.clock.now());
    this.#keep(kept);
    kept.out.push(out);
  }

  #keep(kept: KeptDecisions): void {
    if (this.#kept.get(kept.incident) === kept) return;
    this.#kept.set(kept.incident, kept);
    this.#options.queue.add(kept);
  }

  /**
   * Decides on what was said at that moment and is kept by others; null: memory does not know that incident, or it
   * waits no more. `found` as of `decide`.
   */
  follow(keptBy: Waiting, id: string, request: Request, at: number, found?: LoadedIncident): Decided | null {
    return this.#options.queue.has(keptBy) ? this.#add(id, { request, at, keptBy }, found) : null;
  }

  /** What was kept by that is on disk, or came to nothing. */
  forget(id: string, keptBy: Waiting): void {
    const known = this.#presumed.get(id);
    if (known === undefined) return;
    known.said = known.said.filter((each) => each.keptBy !== keptBy);
    this.#decideAnew(id, known);
  }

  /** What changed nothing is not kept. */
  #add(id: string, said: Said, found?: LoadedIncident): Decided | null {
    const known = this.#find(id) ?? this.#begin(id, found);
    if (known === null) return null;
    const before = known.open.incident;
    const decided = this.#decideOn(known, said);
    if (known.open.incident === before) return decided;
    if (known.said.length < maxOfOne) known.said = [...known.said, said];
    this.#presumed.set(id, known);
    return decided;
  }

  #find(id: string): Presumed | null {
    const known = this.#presumed.get(id);
    if (known === undefined) return null;
    const { openIncidents } = this.#options;
    if (openIncidents.versionOf(id) !== (known.base?.incident.version ?? null)) {
      known.base = openIncidents.of(id);
      this.#decideAnew(id, known);
    }
    return this.#presumed.get(id) ?? null;
  }

  #begin(id: string, read?: LoadedIncident): Presumed | null {
    const base = this.#options.openIncidents.of(id);
    const found = base === null ? read : toLoaded(base, this.#options.directory);
    return found === undefined ? null : { base, found, said: [], open: found };
  }

  /** On what is committed since, or without what is there already. */
  #decideAnew(id: string, known: Presumed): void {
    if (known.said.length === 0) {
      this.#presumed.delete(id);
      return;
    }
    if (known.base !== null) known.found = toLoaded(known.base, this.#options.directory);
    known.open = known.found;
    for (const said of known.said) this.#decideOn(known, said);
  }

  /** Returns the last decision, with the effects of those that had to come first. */
  #decideOn(known: Presumed, { request, at }: Said): Decided {
    const { handler, directory } = this.#options;
    const all = [...handler.decisions.decideAll(known.open, request, at)];
    const last = all.at(-1);
    if (last === undefined) throw new Error("nothing was decided");
    known.open = toLoaded(last, directory);
    return { ...last, effects: all.flatMap(({ effects }) => effects) };
  }

  /** What the next decision on it is kept by: nothing that is kept since comes in between. */
  #toKept(id: string, now: number): KeptDecisions {
    const kept = this.#kept.get(id);
    const isNewest = kept !== undefined && this.#presumed.get(id)?.said.at(-1)?.keptBy === kept;
    if (isNewest && !kept.isBegun) return kept;
    const { log } = this.#kernel;
    // What it was decided on goes first.
    const before = new Set(this.#presumed.get(id)?.said.flatMap(({ keptBy }) => keptBy.holds));
    const fresh: KeptDecisions = {
      ...{ kind: "decisions", incident: id, said: [], out: [], isBegun: false, receivedAt: now, closes: null },
      ...{ holds: [id], waitsFor: [...before], foreseen: { incidents: [id] } },
      ...toProgress(now, false),
      work: (tx) => this.#write(tx, fresh),
      onFault: (err) => log.error({ incident: id, err, due: 1, failed: 1 }, "deadline-not-handled"),
      onGivenUp: () => this.#giveUp(fresh, "the process ended, and the disk had not taken it"),
      onStuck: () => {
        this.#options.queue.remove(fresh);
        this.#giveUp(fresh, "it is decided anew, because the disk does not take it");
        for (const onStuck of this.#onStuck) onStuck(id);
        // What stands in Teams stands there all the same.
        if (fresh.said.length > 0) for (const out of fresh.out) this.noteOut(id, out);
      },
    };
    return fresh;
  }

  #giveUp(kept: KeptDecisions, why: string): void {
    const { incident } = kept;
    if (this.#kept.get(incident) === kept) this.#kept.delete(incident);
    this.forget(incident, kept);
    this.#kernel.log.error({ incident, err: new Error(why), due: 1, failed: 1 }, "deadline-not-handled");
  }

  async #write(tx: Transaction, kept: KeptDecisions) {
    const { handler, openIncidents } = this.#options;
    const { incident, said, out } = kept;
    kept.isBegun = true;
    const commits: Commit[] = [];
    let result: CommandResult | null = null;
    for (const { request, at } of said) {
      const outcome = await handler.handleIn(tx, incident, request, at);
      commits.push(outcome.commit);
      result = outcome.result;
    }
    const left = [...(await leaveOut(tx, commits, new Set(out.map(({ key }) => key)), this.#kernel.clock.now()))];
    for (const each of out) left.push(...(await each.record(tx)));
    const onDone = () => {
      if (this.#kept.get(incident) === kept) this.#kept.delete(incident);
      this.forget(incident, kept);
      for (const { onRecorded } of out) onRecorded(result?.incident ?? null);
      // Also where it was on disk already, by a commit whose answer was lost.
      if (result !== null) openIncidents.note(result);
      const reason = result?.reason ?? "unknown-incident";
      if (said.length > 0) this.#kernel.log.info({ incident, command: "deadline", reason }, "handled");
    };
    return { commits: left, onDone };
  }
}

/**
 * Takes out of the outbox what went out from memory, and all but the newest of what rings the same people: nobody is
 * rung for each round that came while nothing was written.
 */
async function leaveOut(
  tx: Transaction,
  commits: readonly Commit[],
  out: ReadonlySet<string>,
  now: number,
): Promise<readonly Commit[]> {
  const newest = new Map(commits.flatMap(({ rows }) => rows.map((row) => [toRung(row), row])));
  const isLeftOut = (row: OutboxRow) => out.has(row.key) || (toRung(row) !== null && newest.get(toRung(row)) !== row);
  for (const { rows } of commits) for (const row of rows.filter(isLeftOut)) await tx.settle(row, now);
  return commits.map((commit) => ({ ...commit, rows: commit.rows.filter((row) => !isLeftOut(row)) }));
}

/** Whom it rings, and by which way; null: nobody. */
function toRung({ outgoing }: OutboxRow): string | null {
  switch (outgoing.kind) {
    case "ring":
      return "ring";
    case "message":
    case "call":
      return `${outgoing.kind} ${outgoing.person.id}`;
    case "notice":
      return `notice ${outgoing.channel}`;
    default:
      return null;
  }
}
