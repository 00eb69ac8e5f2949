import { type Alarm, toAlarm } from "../../domain/alarm.ts";
import { formatIdentity } from "../../domain/alarm-identity.ts";
import { formatKey } from "../../domain/message-key.ts";
import type { Person } from "../../domain/person.ts";
import { advanceVisit, answerWithinMs, extendVisit, startVisit, type Visit } from "../../domain/visit/visit.ts";
import type { PersonalVisits } from "../../ports/personal.ts";
import type { Outgoing } from "../../ports/store/outbox.ts";
import type { Transaction } from "../../ports/store/store.ts";
import type { Alarms } from "../kernel/alarms.ts";
import type { Commit, Handler } from "../kernel/handle.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { Poller } from "../kernel/poller.ts";

const maxAtOnce = 100;

export interface VisitsOptions {
  readonly handler: Handler;
  readonly alarms: Alarms;
  /** Whether visits can be announced: there is a source of alarms from Teams. */
  readonly isOpen: boolean;
  /** By whose policy and channel the press goes, also for a visit that was announced under another configuration. */
  readonly source: string;
}

/**
 * Check-ins for field work. Their deadlines are stored moments like those of incidents, so they survive a restart; a
 * visit that nobody ends becomes a press in the transaction that ends it.
 */
export class Visits implements PersonalVisits, AsyncDisposable {
  readonly #kernel: Kernel;
  readonly #options: VisitsOptions;
  readonly #poller: Poller;
  /** A disk that is full must not be filled with lines that say so. */
  #isFailing = false;

  constructor(kernel: Kernel, options: VisitsOptions) {
    this.#kernel = kernel;
    this.#options = options;
    this.#poller = new Poller(kernel, () => this.#poll());
  }

  async startVisit(person: Person, lengthMs: number, id: string | null): Promise<Visit | null> {
    if (!this.#options.isOpen) return null;
    const visit = await this.#begin(person, lengthMs, id);
    if (visit !== null) this.#poller.expect(visit.nextAt);
    return visit;
  }

  visitOf(person: Person): Promise<Visit | null> {
    return this.#kernel.store.read((reader) => reader.loadVisit(person.id));
  }

  async extendVisit(person: Person, byMs: number): Promise<Visit | null> {
    const { store, clock } = this.#kernel;
    const extended = await store.write(async (tx) => {
      const visit = await tx.loadVisit(person.id);
      if (visit === null) return null;
      const longer = extendVisit(visit, byMs, clock.now());
      await tx.saveVisit(longer);
      return longer;
    });
    if (extended !== null) this.#poller.expect(extended.nextAt);
    return extended;
  }

  endVisit(person: Person): Promise<boolean> {
    return this.#kernel.store.write((tx) => tx.deleteVisit(person.id));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#poller[Symbol.asyncDispose]();
  }

  async #poll(): Promise<number | null> {
    const { store, clock } = this.#kernel;
    const due = await store.read((reader) => reader.listDueVisits(clock.now(), maxAtOnce));
    const done = await Promise.all(due.map((visit) => this.#advanceOrRaise(visit)));
    // What could not be handled is tried again at the next look, not in a tight circle.
    return done.includes(false) ? null : store.read((reader) => reader.nextVisitAt());
  }

  async #advanceOrRaise(visit: Visit): Promise<boolean> {
    const { clock, log } = this.#kernel;
    try {
      await this.#advance(visit.person);
      this.#isFailing = false;
      return true;
    } catch (error) {
      if (!this.#isFailing) log.error({ person: visit.person.id, err: error }, "visit-not-recorded");
      this.#isFailing = true;
      // The questions that are left can't be recorded either, and get their time all the same (rule 1).
      const isOverdue = clock.now() >= visit.nextAt + (2 - visit.asked) * answerWithinMs;
      if (isOverdue) this.#options.alarms.raise(this.#options.source, toPress(visit), clock.now());
      return false;
    }
  }

  #advance(person: Person): Promise<void> {
    return this.#options.handler.write(async (tx) => {
      const visit = await tx.loadVisit(person.id);
      const step = visit && advanceVisit(visit, this.#kernel.clock.now());
      if (visit === null || step === null || step.kind === "wait") return { value: undefined, commits: [] };
      if (step.kind === "ask") return { value: undefined, commits: [await this.#ask(tx, step.visit)] };
      await tx.deleteVisit(person.id);
      return { value: undefined, commits: await this.#press(tx, visit) };
    });
  }

  async #ask(tx: Transaction, visit: Visit): Promise<Commit> {
    await tx.saveVisit(visit);
    const { person, startedAt, endsAt, asked } = visit;
    const key = formatKey({ kind: "visit-ask", person: person.id, startedAt, endsAt, asked });
    return this.#enqueue(tx, key, { kind: "visit-ask", person, endsAt, asked });
  }

  async #press(tx: Transaction, visit: Visit): Promise<Commit[]> {
    const { alarms, source } = this.#options;
    const alarm = toPress(visit);
    const { receipt, commit } = await alarms.takeIn(tx, source, alarm, this.#kernel.clock.now());
    this.#kernel.log.info({ source, kind: alarm.kind, ...receipt }, "visit-not-ended");
    const { person, startedAt, endsAt } = visit;
    const key = formatKey({ kind: "visit-pressed", person: person.id, startedAt, endsAt });
    const told = await this.#enqueue(tx, key, { kind: "visit-pressed", person });
    return commit === null ? [told] : [commit, told];
  }

  #enqueue(tx: Transaction, key: string, outgoing: Outgoing): Promise<Commit> {
    const dueAt = this.#kernel.clock.now();
    return this.#options.handler.enqueue(tx, [{ key, lane: "message", incident: "", outgoing, dueAt }]);
  }

  /** The visit that is under way, or that begins now; null when this announcement was heard before and is over. */
  #begin(person: Person, lengthMs: number, id: string | null): Promise<Visit | null> {
    const { store, clock } = this.#kernel;
    const { source } = this.#options;
    const key = id === null ? null : formatIdentity({ kind: "announced", message: id });
    return store.write(async (tx) => {
      if (key !== null && (await tx.findAlarm(source, key)) !== null) return tx.loadVisit(person.id);
      const started = startVisit(person, lengthMs, clock.now());
      await tx.saveVisit(started);
      if (key === null) return started;
      await tx.saveAlarm({ source, key, incident: null, outcome: "seen", receivedAt: clock.now() });
      return started;
    });
  }
}

/**
 * The press that a visit becomes. Its identity is the visit's: from memory it goes out once. It names no place: the one
 * that somebody set is where they usually are, and on a visit they are not.
 */
function toPress({ person, startedAt, endsAt }: Visit): Alarm {
  const { id, name } = person;
  const identity = formatIdentity({ kind: "visit", person: id, startedAt, endsAt });
  return toAlarm("press", { id: identity, button: id, colleague: { id, name, via: "visit", isPlaceTyped: false } });
}
