import { readFileSync } from "node:fs";
import { isIP } from "node:net";
import { Crowd, type CrowdLimits } from "./crowd.ts";
import { isLoopbackAddress, toMembership, toOneAddress } from "./network.ts";

/** What those who have proved nothing may have, from one address and together. */
export interface StrangerLimits {
  /** Open connections, at each kind of door. */
  readonly connections: CrowdLimits;
  /** Bytes of bodies that are held until their proof, at each door. */
  readonly bytes: CrowdLimits;
  /** Bytes that were received and wait until they are read, at each kind of door. */
  readonly waiting: CrowdLimits;
  /** Milliseconds of this process in each second, where work can be left undone. */
  readonly workMs: CrowdLimits;
  /** Refused calls in a minute of an address, and of all that are shared by many; one more is told only that. */
  readonly refusals: { readonly each: number; readonly shared: number };
  /** Pieces in which one body may come. */
  readonly chunks: number;
}

export const usualLimits: StrangerLimits = {
  // Above a thousand buttons that press at one moment, each on a connection of its own.
  connections: { each: 512, together: 4096 },
  bytes: { each: 512 * 1024, together: 2 * 1024 * 1024 },
  waiting: { each: 8 * 1024 * 1024, together: 32 * 1024 * 1024 },
  workMs: { each: 50, together: 150 },
  // So many guesses find no secret, and fifty callers behind a proxy that nobody named have as many as each alone.
  refusals: { each: 20, shared: 1_000 },
  chunks: 1000,
};

/** Handles that are for all else: the database, the log, and connections to Teams, pagers and whoever is proven. */
const keptHandles = 512;
/** Three kinds of connections are counted apart: strangers by HTTP and as panels, and panels that are known. */
const kindsOfConnections = 3;
const minConnections = 32;
/** So many handles leave strangers all that they may have. */
export const enoughHandles = keptHandles + kindsOfConnections * usualLimits.connections.together;

/**
 * The limits of a process that may have so many files and connections open at a time: strangers never take the last
 * handle, without which no press could connect and no page leave.
 */
export function toLimits(maxHandles: number): StrangerLimits {
  const room = Math.floor((maxHandles - keptHandles) / kindsOfConnections);
  const { each, together } = usualLimits.connections;
  const all = Math.min(together, Math.max(minConnections, room));
  return { ...usualLimits, connections: { each: Math.min(each, Math.ceil(all / 2)), together: all } };
}

const minuteMs = 60_000;
const secondMs = 1_000;
/** Addresses that are counted apart at a time; all others share one count. */
const maxAddresses = 10_000;

interface Count {
  since: number;
  amount: number;
}

/**
 * The one budget of all who have proved nothing yet, at every door of the house. Whoever is proven is in none of its
 * counts, so that strangers only take from each other.
 */
export class Strangers {
  readonly limits: StrangerLimits;
  readonly #now: () => number;
  readonly #isTrusted: (address: string) => boolean;
  readonly #connections = new Map<string, Crowd>();
  readonly #bodies = new Map<string, Crowd>();
  readonly #waiting = new Map<string, Crowd>();
  readonly #refusals: Tally;
  readonly #sharedRefusals: Tally;
  readonly #work: Tally;
  readonly #allWork: Tally;

  /** `trustedProxies`: addresses and networks of proxies, which say who calls. `now` in epoch milliseconds. */
  constructor(
    clock: { now(): number },
    trustedProxies: readonly string[] = [],
    limits: StrangerLimits = toLimits(readMaxHandles()),
  ) {
    this.limits = limits;
    this.#now = () => clock.now();
    this.#isTrusted = toMembership(trustedProxies);
    this.#refusals = new Tally(minuteMs);
    this.#sharedRefusals = new Tally(minuteMs);
    this.#work = new Tally(secondMs);
    this.#allWork = new Tally(secondMs);
  }

  /**
   * The address of whoever calls: of those that `forwardedFor` (X-Forwarded-For, nearest last) names, the nearest one
   * that is no trusted proxy. `remote` is the other end of the connection; its own word is all that counts where it is
   * not trusted, because anybody may write that header. What is no address stops the search at the proxy that passed it
   * on.
   */
  toCaller(remote: string, forwardedFor: string | undefined): string {
    let caller = remote;
    const hops = forwardedFor === undefined ? [] : forwardedFor.split(",");
    while (this.#isTrusted(caller)) {
      const hop = toAddress(hops.pop());
      if (hop === null) break;
      caller = hop;
    }
    return caller;
  }

  /**
   * Counts a refused call; false when its address has had as many as it may in this minute. Addresses that many have
   * are counted together, and may have more.
   */
  countRefusal(address: string): boolean {
    const { each, shared } = this.limits.refusals;
    if (this.#isShared(address)) return this.#sharedRefusals.add("", 1, this.#now()) <= shared;
    return this.#refusals.add(toOneAddress(address), 1, this.#now()) <= each;
  }

  /** Adds a connection to a kind of door. `close` is called when it has to make room for another. */
  connect(door: string, address: string, close: () => void) {
    return this.#crowdOf(this.#connections, door, this.limits.connections).join(toOneAddress(address), 1, close);
  }

  /** Adds a body that a door receives. `drop` is called when it has to make room for others of that door. */
  hold(door: string, address: string, drop: () => void) {
    return this.#crowdOf(this.#bodies, door, this.limits.bytes).join(toOneAddress(address), 0, drop);
  }

  /** Adds one of whom bytes may wait at a kind of door. `drop` is called when it has to make room for others. */
  wait(door: string, address: string, drop: () => void) {
    return this.#crowdOf(this.#waiting, door, this.limits.waiting).join(toOneAddress(address), 0, drop);
  }

  /** How many bytes of bodies a door holds. */
  held(door: string): number {
    return this.#bodies.get(door)?.size ?? 0;
  }

  /** Whether work for that address may still be done in this second. */
  hasTime(address: string): boolean {
    const now = this.#now();
    if (this.#allWork.of("", now) >= this.limits.workMs.together) return false;
    return this.#isShared(address) || this.#work.of(toOneAddress(address), now) < this.limits.workMs.each;
  }

  /** Counts work that was done for that address. */
  countWork(address: string, ms: number): void {
    const now = this.#now();
    this.#allWork.add("", ms, now);
    this.#work.add(toOneAddress(address), ms, now);
  }

  #isShared(address: string): boolean {
    return isLoopbackAddress(address) || this.#isTrusted(address);
  }

  #crowdOf(crowds: Map<string, Crowd>, door: string, limits: CrowdLimits): Crowd {
    const crowd = crowds.get(door) ?? new Crowd(limits, (address) => this.#isShared(address));
    crowds.set(door, crowd);
    return crowd;
  }
}

/** What each address had since its count began; it begins anew after `lengthMs`. */
class Tally {
  readonly #lengthMs: number;
  readonly #counts = new Map<string, Count>();

  constructor(lengthMs: number) {
    this.#lengthMs = lengthMs;
  }

  /** Adds to a count, and returns what it is then. */
  add(address: string, amount: number, now: number): number {
    const key = this.#counts.has(address) || this.#counts.size < maxAddresses ? address : "";
    const count = this.#currentOf(key, now) ?? { since: now, amount: 0 };
    count.amount += amount;
    this.#counts.set(key, count);
    return count.amount;
  }

  of(address: string, now: number): number {
    return this.#currentOf(address, now)?.amount ?? 0;
  }

  /** The count of an address; what is over before it is forgotten, the oldest first. */
  #currentOf(address: string, now: number): Count | undefined {
    for (const [key, { since }] of this.#counts) {
      if (now - since < this.#lengthMs) break;
      this.#counts.delete(key);
    }
    return this.#counts.get(address);
  }
}

/** The address in one part of X-Forwarded-For, where some proxies add a port; null when it is none. */
function toAddress(part: string | undefined): string | null {
  const text = part?.trim() ?? "";
  const bare = /^\[([^\]]+)\](?::\d+)?$/.exec(text)?.[1] ?? /^(\d+\.\d+\.\d+\.\d+):\d+$/.exec(text)?.[1] ?? text;
  return isIP(bare) === 0 ? null : bare;
}

/**
 * How many files and connections this process may have open at a time; without end where the system does not tell. Node
 * asks for as many as it may have when it starts.
 */
function readMaxHandles(): number {
  try {
    const limits = readFileSync("/proc/self/limits", "utf8");
    return Number(/^Max open files +(\d+)/m.exec(limits)?.[1] ?? Number.POSITIVE_INFINITY);
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}
