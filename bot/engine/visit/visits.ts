import { type Alarm, toAlarm } from "../../domain/alarm.ts";
import { formatIdentity } from "../../domain/alarm-identity.ts";
import { formatKey } from "../../domain/message-key.ts";
import type { Person } from "../../domain/person.ts";
import {
  advanceVisit,
  answerWithinMs,
  askedAtOf,
  extendVisit,
  isEndedBy,
  startVisit,
  type Visit,
} from "../../domain/visit/visit.ts";
import type { PersonalVisits } from "../../ports/personal.ts";
import type { UnrecordedPress } from "../../ports/status.ts";
import type { Outgoing } from "../../ports/store/outbox.ts";
import type { MessagePlace } from "../../ports/store/personal-cards.ts";
import type { Transaction } from "../../ports/store/store.ts";
import type { Alarms } from "../kernel/alarms.ts";
import type { Commit, Handler } from "../kernel/handle.ts";
import type { Kernel } from "../kernel/kernel.ts";
import type { Occupations } from "../kernel/open/occupations.ts";
import { type Subject, turnVisitIn } from "../kernel/outbox/follow-ups.ts";
import { toPresserRow } from "../kernel/outbox/presser-row.ts";
import { Poller } from "../kernel/poller.ts";

const maxAtOnce = 100;

export interface VisitsOptions {
  readonly handler: Handler;
  readonly follower: Pick<PersonalVisits, "followVisit">;
  readonly alarms: Alarms;
  /** Is told who is on a visit, who is asked about it, and who not any more; knows whom an alarm occupies. */
  readonly occupations: Pick<Occupations, "noteVisit" | "isVisiting" | "isInAnother">;
  /** The presses that somebody has from memory, and that are not recorded. */
  readonly sentUnrecorded: () => readonly UnrecordedPress[];
  /** Whether visits may be announced, because there is a source of alarms from Teams. */
  readonly mayBeAnnounced: boolean;
  /**
   * The source whose policy and channel the press gets, also for a visit that was announced under another
   * configuration.
   */
  readonly source: string;
}

/**
 * Runs the visits of colleagues in the field. Their deadlines are stored moments like those of incidents, so they
 * survive a restart. A visit that nobody ends becomes a press in the transaction that ends it.
 */
export class Visits implements PersonalVisits, AsyncDisposable {
  readonly #kernel: Kernel;
  readonly #options: VisitsOptions;
  readonly #poller: Poller;
  /**
   * Whether the last visit could not be recorded; only the first failure is logged, so that the log does not fill a
   * full disk.
   */
  #isFailing = false;

  constructor(kernel: Kernel, options: VisitsOptions) {
    this.#kernel = kernel;
    this.#options = options;
    this.#poller = new Poller(kernel, () => this.#poll());
    options.handler.subscribe(({ changed }) => {
      for (const { holder } of changed?.incident.pressers ?? [])
        if (holder?.id != null) void this.#noteAgain(holder.id);
    });
  }

  async startVisit(person: Person, lengthMs: number, id: string | null): Promise<Visit | null> {
    if (!this.#options.mayBeAnnounced) return null;
    const visit = await this.#loadOrStart(person, lengthMs, id);
    if (visit === null) return null;
    this.#note(visit);
    return visit;
  }

  visitOf(person: Person): Promise<Visit | null> {
    return this.#kernel.store.read((reader) => reader.loadVisit(person.id));
  }

  async extendVisit(person: Person, byMs: number): Promise<Visit | null> {
    const { handler } = this.#options;
    const now = this.#kernel.clock.now();
    const extended = await handler.write(async (tx) => {
      const visit = await tx.loadVisit(person.id);
      if (visit === null) return { value: null, commits: [] };
      const longer = extendVisit(visit, byMs, now);
      await tx.saveVisit(longer);
      return { value: longer, commits: [await handler.enqueue(tx, [toPresserRow(person, now)])] };
    });
    if (extended !== null) this.#note(extended);
    return extended;
  }

  async endVisit(person: Person): Promise<boolean> {
    const { handler, occupations } = this.#options;
    const isEnded = await handler.write(async (tx) => {
      if (!(await tx.deleteVisit(person.id))) return { value: false, commits: [] };
      return { value: true, commits: [await this.#showEnd(tx, person, { shows: "visit-ended" })] };
    });
    occupations.noteVisit(person.id, null);
    return isEnded;
  }

  followVisit(person: Person, message: MessagePlace): Promise<void> {
    return this.#options.follower.followVisit(person, message);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#poller[Symbol.asyncDispose]();
  }

  #note(visit: Visit): void {
    this.#options.occupations.noteVisit(visit.person.id, { askedAt: askedAtOf(visit) });
    this.#poller.expect(visit.nextAt);
  }

  /** Notes what has become of the visit of who was on one. Never rejects: unread it stays as it was. */
  async #noteAgain(person: string): Promise<void> {
    const { store, log } = this.#kernel;
    const { occupations } = this.#options;
    if (!occupations.isVisiting(person)) return;
    try {
      const visit = await store.read((reader) => reader.loadVisit(person));
      occupations.noteVisit(person, visit && { askedAt: askedAtOf(visit) });
    } catch (error) {
      log.warn({ err: error }, "visit-not-read");
    }
  }

  async #poll(): Promise<number | null> {
    const { store, clock } = this.#kernel;
    const due = await store.read((reader) => reader.listDueVisits(clock.now(), maxAtOnce));
    const results = await Promise.all(due.map((visit) => this.#advanceOrRaise(visit)));
    // What could not be handled is tried again at the next poll, and not in a tight loop.
    return results.includes(false) ? null : store.read((reader) => reader.nextVisitAt());
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
      // The questions that are left can't be recorded either, but their time passes before the press goes out from
      // memory (rule 1).
      const isOverdue = clock.now() >= visit.nextAt + (2 - visit.asked) * answerWithinMs;
      if (isOverdue && !this.#hasPressed(visit))
        this.#options.alarms.raise(this.#options.source, toPress(visit), clock.now());
      return false;
    }
  }

  async #advance(person: Person): Promise<void> {
    await this.#options.handler.write(async (tx) => {
      const visit = await tx.loadVisit(person.id);
      const step = visit && advanceVisit(visit, this.#kernel.clock.now());
      if (visit === null || step === null || step.kind === "wait") return { value: undefined, commits: [] };
      // What it has become in memory is written before this; where that can't be, nobody is asked, and it is a press.
      if (step.kind === "ask" && !this.#hasPressed(visit))
        return { value: undefined, commits: [await this.#askIfWell(tx, step.visit)] };
      await tx.deleteVisit(person.id);
      return { value: undefined, commits: await this.#raisePress(tx, visit) };
    });
    await this.#noteAgain(person.id);
  }

  /** Whether it has become an alarm that went out from memory and is not on disk yet. */
  #hasPressed(visit: Visit): boolean {
    return this.#options.sentUnrecorded().some(({ press, receivedAt }) => isEndedBy(visit, press, receivedAt));
  }

  async #showEnd(tx: Transaction, person: Person, became: Subject): Promise<Commit> {
    return this.#options.handler.enqueue(tx, await turnVisitIn(tx, person, became, this.#kernel.clock.now()));
  }

  async #askIfWell(tx: Transaction, visit: Visit): Promise<Commit> {
    await tx.saveVisit(visit);
    const { person, startedAt, endsAt, asked } = visit;
    const key = formatKey({ kind: "visit-ask", person: person.id, startedAt, endsAt, asked });
    return this.#enqueue(tx, key, { kind: "visit-ask", person, endsAt, asked });
  }

  async #raisePress(tx: Transaction, visit: Visit): Promise<readonly Commit[]> {
    const { alarms, occupations, source } = this.#options;
    const alarm = toPress(visit);
    const now = this.#kernel.clock.now();
    const isInDanger = occupations.isInAnother(visit.person, "", now);
    const { receipt, commits } = await alarms.takeIn(tx, source, alarm, now);
    this.#kernel.log.info({ source, kind: alarm.kind, ...receipt }, "visit-not-ended");
    const { person, startedAt, endsAt } = visit;
    const { incident } = receipt;
    // The change of the alarm shows it, as its message does.
    await turnVisitIn(tx, person, incident === null ? { shows: "no-visit" } : { shows: "alarm", incident }, now);
    // Whom an alarm had already was asked nothing, and the sound of a message may give them away (rule 7).
    if (isInDanger) return commits;
    const key = formatKey({ kind: "visit-pressed", person: person.id, startedAt, endsAt });
    const notice = await this.#enqueue(tx, key, { kind: "visit-pressed", person }, incident ?? "");
    return [...commits, notice];
  }

  /** `incident`: "" for a message that belongs to none. */
  #enqueue(tx: Transaction, key: string, outgoing: Outgoing, incident = ""): Promise<Commit> {
    const dueAt = this.#kernel.clock.now();
    return this.#options.handler.enqueue(tx, [{ key, lane: "message", incident, outgoing, dueAt }]);
  }

  /** Starts a visit, or loads the one of an announcement that came before; null when that visit is over. */
  #loadOrStart(person: Person, lengthMs: number, id: string | null): Promise<Visit | null> {
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
 * Makes the press that a visit becomes. Its identity is the visit's, so that from memory it goes out once. It names no
 * place, because the place that somebody set is where they usually are, and on a visit they are not there.
 */
function toPress({ person, startedAt, endsAt }: Visit): Alarm {
  const { id, name } = person;
  const identity = formatIdentity({ kind: "visit", person: id, startedAt, endsAt });
  const colleague = { id, name, via: "visit", isPlaceTyped: false, isEdited: false } as const;
  return toAlarm("press", { id: identity, button: id, colleague });
}
