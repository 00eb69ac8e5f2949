import { type Alarm, toAlarm } from "../../domain/alarm.ts";
import { formatKey } from "../../domain/message-key.ts";
import type { Person } from "../../domain/person.ts";
import { advanceVisit, answerWithinMs, extendVisit, startVisit, type Visit } from "../../domain/visit/visit.ts";
import type { Log } from "../../log.ts";
import type { NewOutboxRow, Outgoing } from "../../ports/outbox.ts";
import type { Store, Transaction } from "../../ports/store.ts";
import type { Clock } from "../../ports/time.ts";
import { leaseMs } from "../../ports/timing.ts";
import type { Alarms } from "../kernel/alarms.ts";
import type { Committed, Handler } from "../kernel/handle.ts";
import { startWatch } from "../kernel/watch.ts";

const mostAtOnce = 100;

export interface VisitsOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly handler: Handler;
  readonly alarms: Alarms;
  readonly log: Log;
  /** Whether visits can be announced: there is a source of alarms from Teams. */
  readonly isOpen: boolean;
  /** By whose policy and channel the press goes, also for a visit that was announced under another configuration. */
  readonly source: string;
}

export interface Visits extends AsyncDisposable {
  /** `id`: the identity of the message that announces it; the same one again changes nothing. */
  start(person: Person, lengthMs: number, id: string | null): Promise<Visit | null>;
  extend(person: Person, byMs: number): Promise<Visit | null>;
  end(person: Person): Promise<boolean>;
  pending(): number;
}

/**
 * Check-ins for field work. Their deadlines are stored moments like those of incidents, so they survive a restart; a visit
 * that nobody ends becomes a press in the transaction that ends it.
 */
export function startVisits({ store, clock, handler, alarms, log, isOpen, source }: VisitsOptions): Visits {
  /** A disk that is full must not be filled with lines that say so. */
  let isFailing = false;
  const watch = startWatch(clock, log, async () => {
    const due = await store.read((reader) => reader.listDueVisits(clock.now(), mostAtOnce));
    const done = await Promise.all(due.map(advanceOrRaise));
    // What could not be handled is tried again at the next look, not in a tight circle.
    return done.includes(false) ? null : store.read((reader) => reader.nextVisitAt());
  });

  async function advanceOrRaise(visit: Visit): Promise<boolean> {
    try {
      await advance(visit.person);
      isFailing = false;
      return true;
    } catch (error) {
      if (!isFailing) log.error({ person: visit.person.id, err: error }, "visit-not-recorded");
      isFailing = true;
      // The questions that are left can't be recorded either, and get their time all the same (rule 1).
      const isOverdue = clock.now() >= visit.nextAt + (2 - visit.asked) * answerWithinMs;
      if (isOverdue) alarms.raise(source, toPress(visit), clock.now());
      return false;
    }
  }

  function advance(person: Person): Promise<void> {
    return handler.write(async (tx) => {
      const visit = await tx.loadVisit(person.id);
      const step = visit && advanceVisit(visit, clock.now());
      if (visit === null || step === null || step.kind === "wait") return { value: undefined, committed: [] };
      if (step.kind === "ask") return { value: undefined, committed: [await ask(tx, step.visit)] };
      await tx.deleteVisit(person.id);
      return { value: undefined, committed: await press(tx, visit) };
    });
  }

  async function ask(tx: Transaction, visit: Visit): Promise<Committed> {
    await tx.saveVisit(visit);
    const { person, startedAt, endsAt, asked } = visit;
    const key = formatKey({ kind: "visit-ask", person: person.id, startedAt, endsAt, asked });
    const row = toRow(key, { kind: "visit-ask", person, endsAt, asked });
    return { rows: await tx.enqueue([row], clock.now() + leaseMs), nextAt: null };
  }

  async function press(tx: Transaction, visit: Visit): Promise<Committed[]> {
    const alarm = toPress(visit);
    const { taken, committed } = await alarms.within(tx, source, alarm, clock.now());
    log.info({ source, kind: alarm.kind, ...taken }, "visit-not-ended");
    const { person, startedAt, endsAt } = visit;
    const key = formatKey({ kind: "visit-pressed", person: person.id, startedAt, endsAt });
    const row = toRow(key, { kind: "visit-pressed", person });
    const told: Committed = { rows: await tx.enqueue([row], clock.now() + leaseMs), nextAt: null };
    return committed === null ? [told] : [committed, told];
  }

  function toRow(key: string, outgoing: Outgoing): NewOutboxRow {
    return { key, lane: "message", incident: "", outgoing, dueAt: clock.now() };
  }

  /** The visit that is under way, or that begins now; null when this announcement was heard before and is over. */
  async function begin(person: Person, lengthMs: number, id: string | null): Promise<Visit | null> {
    const key = `visit:${id}`;
    const visit = await store.write(async (tx) => {
      if (id !== null && (await tx.findAlarm(source, key)) !== null) return tx.loadVisit(person.id);
      const started = startVisit(person, lengthMs, clock.now());
      await tx.saveVisit(started);
      if (id === null) return started;
      await tx.saveAlarm({ source, key, incident: null, outcome: "seen", receivedAt: clock.now() });
      return started;
    });
    if (visit !== null) watch.expect(visit.nextAt);
    return visit;
  }

  return {
    async start(person, lengthMs, id) {
      return isOpen ? begin(person, lengthMs, id) : null;
    },
    async extend(person, byMs) {
      const extended = await store.write(async (tx) => {
        const visit = await tx.loadVisit(person.id);
        if (visit === null) return null;
        const longer = extendVisit(visit, byMs, clock.now());
        await tx.saveVisit(longer);
        return longer;
      });
      if (extended !== null) watch.expect(extended.nextAt);
      return extended;
    },
    end: (person) => store.write((tx) => tx.deleteVisit(person.id)),
    pending: watch.pending,
    [Symbol.asyncDispose]: () => watch[Symbol.asyncDispose](),
  };
}

/**
 * The press that a visit becomes. Its identity is the visit's: from memory it goes out once. It names no place: the one
 * that somebody set is where they usually are, and on a visit they are not.
 */
function toPress({ person, startedAt, endsAt }: Visit): Alarm {
  const { id, name } = person;
  const identity = `visit:${id}:${startedAt}:${endsAt}`;
  return toAlarm("press", { id: identity, button: id, colleague: { id, name, via: "visit", isPlaceTyped: false } });
}
