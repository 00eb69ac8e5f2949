import type { Command, Effect, Press } from "../../domain/incident/command.ts";
import { decide } from "../../domain/incident/decide.ts";
import type { Incident } from "../../domain/incident/incident.ts";
import type { Policy } from "../../domain/incident/policy.ts";
import { formatKey } from "../../domain/message-key.ts";
import { StaleIncident } from "../../errors.ts";
import { late, withTimeout } from "../../kit/with-timeout.ts";
import type { Log } from "../../log.ts";
import type { Answer } from "../../ports/click.ts";
import type { Directory } from "../../ports/directory.ts";
import type { NewOutboxRow, OutboxRow } from "../../ports/outbox.ts";
import type { Store, Transaction } from "../../ports/store.ts";
import type { Clock } from "../../ports/time.ts";
import { leaseMs } from "../../ports/timing.ts";

const mostTries = 10;
/** A disk that hangs is a disk that is down: whoever waits is told, and an alarm goes out from memory (rule 1). */
const writeWithinMs = 5_000;
const nothing: Committed = { rows: [], nextAt: null };

/** What a transaction brought about, for those who act after the commit. */
export interface Committed {
  readonly rows: readonly OutboxRow[];
  readonly nextAt: number | null;
}

/** What came of a command inside a transaction; `answer` is null when there is no such incident. */
export interface Within {
  readonly answer: Answer | null;
  readonly committed: Committed;
}

/** What is done in one transaction, and what it brings about. */
export type Work<T> = (tx: Transaction) => Promise<{ value: T; committed: readonly Committed[] }>;

/** A command without what `handle` adds to it. */
export type Request = Command extends infer C ? (C extends Command ? Omit<C, "onDuty"> : never) : never;

export interface HandleOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly directory: Directory;
  readonly log: Log;
}

export interface Handler {
  /** Loads, decides and commits; resolves after the commit. null: there is no such incident. Rejects when the storage is down. */
  handle(incident: string, request: Request): Promise<Answer | null>;
  /** The same inside a transaction of the caller, who returns what came of it from `write`. */
  within(tx: Transaction, incident: string, request: Request, at?: number): Promise<Within>;
  /** Opens an incident; `at` is the moment its press was received. */
  open(tx: Transaction, press: Press, policy: Policy, at: number): Promise<Within>;
  /** Runs `work` in a transaction, again when somebody was faster, and publishes what it brought about. */
  write<T>(work: Work<T>): Promise<T>;
  /** The same, however long the disk takes: rejects only when it failed. */
  writeLate<T>(work: Work<T>): Promise<T>;
  /** Hears of every commit, after it: the outbox of its rows, the timekeeper of its deadline. */
  subscribe(hear: (committed: Committed) => void): void;
  /** How many transactions are under way. */
  pending(): number;
}

/** The throat of the line: everything that changes an incident passes here. */
export function createHandler(options: HandleOptions): Handler {
  const { store, clock, directory, log } = options;
  const hearers: ((committed: Committed) => void)[] = [];
  const policies = new Map<string, Policy>();
  let pending = 0;

  async function commit(
    tx: Transaction,
    before: Incident | null,
    request: Request,
    policy: Policy,
    now: number,
  ): Promise<Within> {
    const decision = decide(before, { ...request, onDuty: directory.onDuty(now) }, now, policy);
    const { reason } = decision;
    if (decision.incident === before) return { answer: { incident: before, policy, reason }, committed: nothing };
    let incident = decision.incident;
    if (before === null) incident = await tx.insertIncident(decision.incident);
    else await tx.updateIncident(decision.incident);
    if (decision.history.length > 0) await tx.appendHistory(incident.id, decision.history);
    const waiting = decision.effects.flatMap((effect) => toRows(effect, incident, now));
    const rows = waiting.length === 0 ? [] : await tx.enqueue(waiting, now + leaseMs);
    return { answer: { incident, policy, reason }, committed: { rows, nextAt: incident.nextAt } };
  }

  async function within(tx: Transaction, id: string, request: Request, at = clock.now()): Promise<Within> {
    const before = await tx.loadIncident(id);
    if (before === null) return { answer: null, committed: nothing };
    return commit(tx, before, request, await policyOf(tx, before), at);
  }

  async function policyOf(tx: Transaction, incident: Incident): Promise<Policy> {
    const known = policies.get(incident.policy) ?? (await tx.loadPolicy(incident.policy));
    if (known === null) throw new Error(`the policy of incident ${incident.id} is not in the database`);
    policies.set(incident.policy, known);
    return known;
  }

  async function insist<T>(work: () => Promise<T>): Promise<T> {
    pending += 1;
    try {
      for (let tries = 1; ; tries += 1) {
        try {
          return await work();
        } catch (error) {
          if (!(error instanceof StaleIncident) || tries >= mostTries) throw error;
        }
      }
    } finally {
      pending -= 1;
    }
  }

  function write<T>(work: Work<T>): Promise<T> {
    return insist(() => inTime(record(work)));
  }

  /** What is on disk is heard of, however late. */
  async function record<T>(work: Work<T>): Promise<T> {
    const { value, committed } = await store.write(work);
    for (const each of committed) for (const hear of hearers) hear(each);
    return value;
  }

  async function inTime<T>(writing: Promise<T>): Promise<T> {
    const written = await withTimeout(clock, writeWithinMs, writing);
    if (written === late) throw new Error("the storage did not answer in time");
    return written;
  }

  return {
    open: (tx, press, policy, at) => commit(tx, null, { kind: "press", press }, policy, at),
    within,
    write,
    writeLate: (work) => insist(() => record(work)),
    subscribe: (hear) => hearers.push(hear),
    pending: () => pending,
    async handle(id, request) {
      const answer = await write(async (tx) => {
        const { answer, committed } = await within(tx, id, request);
        return { value: answer, committed: [committed] };
      });
      log.info({ incident: id, command: request.kind, reason: answer?.reason ?? "unknown-incident" }, "handled");
      return answer;
    },
  };
}

/** What has to go out for one effect; keys make a row unique, so that an effect decided twice goes out once. */
function toRows(effect: Effect, incident: Incident, now: number): NewOutboxRow[] {
  const { id } = incident;
  const base = { incident: id, dueAt: now };
  switch (effect.kind) {
    case "board":
      return incident.cardPostedAt === null
        ? [{ ...base, key: formatKey({ kind: "card", incident: id }), lane: "alarm", outgoing: { kind: "card" } }]
        : [{ ...base, key: formatKey({ kind: "board", incident: id }), lane: "board", outgoing: { kind: "board" } }];
    case "ring":
      return effect.people.map((person) => ({
        ...base,
        key: formatKey({ kind: "message", incident: id, ring: effect.ring, person: person.id }),
        lane: "message",
        outgoing: { kind: "message", person, ring: effect.ring },
      }));
    case "notice": {
      const key = formatKey({ kind: "notice", incident: id, round: effect.round, step: effect.step });
      return [{ ...base, key, lane: "alarm", outgoing: { kind: "notice", channel: effect.channel } }];
    }
    case "call": {
      const { key, pager, person } = effect;
      return [{ ...base, key, lane: "call", outgoing: { kind: "call", pager, call: key, person } }];
    }
    case "page": {
      const { key, pager, reason } = effect;
      return [{ ...base, key, lane: `pager:${pager}`, outgoing: { kind: "page", pager, page: key, reason } }];
    }
    case "feedback": {
      const { source, button, what } = effect;
      const key = formatKey({ kind: "feedback", incident: id, version: incident.version, source, button, what });
      return [{ ...base, key, lane: "feedback", outgoing: { kind: "feedback", source, button, what, at: now } }];
    }
    case "update":
    case "call-off": {
      const { kind, pager, key: page } = effect;
      const key = formatKey({ kind, page, version: incident.version });
      return [{ ...base, key, lane: `pager:${pager}`, outgoing: { kind, pager, page } }];
    }
  }
}
