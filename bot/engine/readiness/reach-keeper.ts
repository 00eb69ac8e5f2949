import type { DeliveryReason } from "../../domain/incident/incident.ts";
import type { Person } from "../../domain/person.ts";
import { DeliveryError } from "../../errors.ts";
import { late, withTimeout } from "../../kit/with-timeout.ts";
import type { Directory } from "../../ports/directory.ts";
import type { KnownReach, ReachTrouble } from "../../ports/status.ts";
import type { TeamsSender } from "../../ports/teams-sender.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { Poller } from "../kernel/poller.ts";

/** What waited for a start goes out first. */
const beginAfterMs = 10_000;
/**
 * How many people are looked up in a second. Teams takes some 30 calls a second of one app in its tenant, each of them
 * costs two, and an alarm needs them more.
 * https://learn.microsoft.com/microsoftteams/platform/bots/how-to/rate-limit
 */
const maxPerSecond = 5;
const maxPerSecondInAlarm = 1;
const secondMs = 1_000;
/** Whose turn comes is expected to the moment; this is for what nobody expected. */
const lookEveryMs = 60_000;
const prepareWithinMs = 5_000;
/** One who is prepared and does not heed the end of that time is left behind after this long. */
const graceMs = 1_000;
/** A storage that hangs stops nothing. */
const storeWithinMs = 1_000;
/** Somebody of whom Teams did not say whether they can be messaged is tried again after this long. */
const againAfterMs = 60_000;
/** For so long that may be Teams' own trouble and not theirs. */
const doubtForMs = 3_600_000;
const endWithinMs = 2_000;

export interface ReachKeeperOptions {
  /** Everybody of the configuration, as it is now. */
  readonly directory: Pick<Directory, "people">;
  readonly teams: Pick<TeamsSender, "prepareToMessage">;
  readonly isAlarmOpen: () => boolean;
  /** Called for whoever turns out to be ready. */
  readonly onReady: (person: Person) => void;
}

/** Somebody who is to be prepared. */
interface Turn {
  readonly person: Person;
  readonly dueAt: number;
  /** Whether what is known of them is asked again. */
  readonly isAnew: boolean;
}

/** Somebody who could not be prepared. */
interface Failure {
  readonly person: Person;
  readonly since: number;
  readonly reason: DeliveryReason;
}

/**
 * Keeps everybody of the configuration ready to be messaged in Teams, and knows who is not (rule 26). Who was refused
 * is tried again when a channel is linked and by `renew`. No alarm waits for it, and nothing that it calls can stop it.
 */
export class ReachKeeper implements AsyncDisposable {
  readonly #kernel: Kernel;
  readonly #options: ReachKeeperOptions;
  readonly #turns = new Map<string, Turn>();
  readonly #failures = new Map<string, Failure>();
  readonly #ready = new Set<string>();
  readonly #end = new AbortController();
  readonly #poller: Poller;
  #freeAt = Number.NEGATIVE_INFINITY;

  constructor(kernel: Kernel, options: ReachKeeperOptions) {
    this.#kernel = kernel;
    this.#options = options;
    this.#poller = new Poller(kernel, () => this.#prepareDue(), lookEveryMs);
    this.#schedule(options.directory.people, kernel.clock.now() + beginAfterMs, false);
  }

  /** Who can't be messaged now. */
  get troubles(): readonly ReachTrouble[] {
    const now = this.#kernel.clock.now();
    return [...this.#failures.values()]
      .filter(({ reason, since }) => isTrouble(reason, now - since))
      .map(({ person, since }) => ({ kind: "person-not-ready", person, since }));
  }

  /** What is known of everybody. */
  get known(): readonly KnownReach[] {
    return this.#options.directory.people.map((person) => {
      if (this.#ready.has(person.id)) return { person, reach: "ready" };
      const failure = this.#failures.get(person.id);
      if (failure?.reason !== "refused") return { person, reach: "unknown" };
      return { person, reach: "not-ready", since: failure.since };
    });
  }

  /** Tries whoever is not ready, from now on, because a channel was linked. */
  resume(): void {
    const { clock } = this.#kernel;
    const missing = this.#options.directory.people.filter(({ id }) => !this.#ready.has(id));
    this.#schedule(missing, clock.now(), false);
  }

  /** Asks Teams again about everybody, from now on, for the calendar; resolves with how many they are. */
  async renew(): Promise<number> {
    const { people } = this.#options.directory;
    this.#schedule(people, this.#kernel.clock.now(), true);
    return people.length;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#end.abort();
    await withTimeout(this.#kernel.clock, endWithinMs, this.#poller[Symbol.asyncDispose]());
  }

  #schedule(people: readonly Person[], dueAt: number, isAnew: boolean): void {
    for (const person of people) {
      const isAnewAlready = this.#turns.get(person.id)?.isAnew ?? false;
      this.#turns.set(person.id, { person, dueAt, isAnew: isAnew || isAnewAlready });
    }
    this.#poller.expect(this.#nextAt);
  }

  /** When somebody's turn comes next, in epoch milliseconds. */
  get #nextAt(): number {
    return Math.max(this.#freeAt, Math.min(...[...this.#turns.values()].map(({ dueAt }) => dueAt)));
  }

  /** Prepares as many as may be in this second; resolves with when the next one is due. */
  async #prepareDue(): Promise<number> {
    const now = this.#kernel.clock.now();
    if (now < this.#freeAt) return this.#freeAt;
    const most = this.#options.isAlarmOpen() ? maxPerSecondInAlarm : maxPerSecond;
    const due = [...this.#turns.values()].filter(({ dueAt }) => dueAt <= now).slice(0, most);
    if (due.length > 0) this.#freeAt = now + secondMs;
    await Promise.all(due.map((turn) => this.#prepare(turn)));
    return this.#nextAt;
  }

  /** Who could not be messaged is asked about anew, also after a restart: what is known of them did not help. */
  async #prepare(turn: Turn): Promise<void> {
    const { clock, log } = this.#kernel;
    const { person } = turn;
    this.#turns.delete(person.id);
    const refusedSince = await this.#loadRefusedSince(person);
    const isAnew = turn.isAnew || refusedSince !== null;
    const reason = await this.#findRefusal({ ...turn, isAnew });
    if (reason === null) {
      this.#ready.add(person.id);
      this.#options.onReady(person);
      if (this.#failures.delete(person.id) || refusedSince !== null) log.info({ person: person.id }, "person-ready");
      if (refusedSince !== null) await this.#saveRefusedSince(person, null);
      return;
    }
    const now = clock.now();
    const before = this.#failures.get(person.id);
    const since = before?.since ?? refusedSince ?? now;
    this.#ready.delete(person.id);
    this.#failures.set(person.id, { person, since, reason });
    if (reason === "refused" && before?.reason !== "refused") log.warn({ person: person.id }, "person-not-ready");
    if (reason === "refused" && refusedSince === null) await this.#saveRefusedSince(person, since);
    if (reason !== "refused" && !this.#turns.has(person.id)) this.#schedule([person], now + againAfterMs, isAnew);
  }

  /** Since when somebody can't be messaged, in epoch milliseconds; null: they can, or it can't be read. */
  async #loadRefusedSince({ id }: Person): Promise<number | null> {
    const { store, clock } = this.#kernel;
    const loading = store.read((reader) => reader.loadSetting("not-ready", id)).catch(() => null);
    const stored = await withTimeout(clock, storeWithinMs, loading);
    return stored === null || stored === late || stored === "" ? null : Number(stored);
  }

  /** Never rejects: what is not on disk is only forgotten by a restart. */
  async #saveRefusedSince({ id }: Person, since: number | null): Promise<void> {
    const { store, clock, log } = this.#kernel;
    const saving = store.write((tx) => tx.saveSetting("not-ready", id, since === null ? "" : String(since)));
    const saved = saving.catch((error: unknown) => log.warn({ person: id, err: error }, "reach-not-saved"));
    await withTimeout(clock, storeWithinMs, saved);
  }

  /** Prepares somebody; resolves with why that failed, or null. Never rejects. */
  async #findRefusal({ person, isAnew }: Turn): Promise<DeliveryReason | null> {
    const { clock } = this.#kernel;
    using deadline = clock.timeout(prepareWithinMs);
    const signal = AbortSignal.any([deadline.signal, this.#end.signal]);
    try {
      const preparing = this.#options.teams.prepareToMessage(person, isAnew, signal);
      return (await withTimeout(clock, prepareWithinMs + graceMs, preparing)) === late ? "unreachable" : null;
    } catch (error) {
      return error instanceof DeliveryError ? error.reason : "unreachable";
    }
  }
}

/** A channel that is not linked is no trouble of theirs. */
function isTrouble(reason: DeliveryReason, forMs: number): boolean {
  return reason === "refused" || (reason !== "misconfigured" && forMs >= doubtForMs);
}
