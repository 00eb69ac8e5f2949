/** Finds the addresses of names, so that a name server that hangs holds up no other name. */
import { ADDRCONFIG, promises as dns, type LookupAddress } from "node:dns";
import { readFileSync } from "node:fs";
import { isIP, type LookupFunction } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { askServers, toLookupError } from "./name-servers.ts";

/*
 * Node's own lookup is the system's: right about /etc/hosts, search domains and whatever else a machine is set up with.
 * But it can't be ended, and libuv lends it half of its threads, two of four; the other half stays with the disk
 * (https://nodejs.org/api/dns.html#implementation-considerations). Two names that hang would hold up every other name,
 * for as long as the system tries. So the system decides, and what hangs there is avoided:
 *  - names of /etc/hosts are read here and wait for nothing;
 *  - there is one lookup per name, and ours take one thread in all: Teams has the other;
 *  - a name that worked is served from memory as soon as its lookup hangs or fails;
 *  - a name that is not known yet is asked of the name servers directly (c-ares takes no thread and ends by itself).
 * More threads (UV_THREADPOOL_SIZE) would only move the number of names at which all lookups hang.
 */

/** Where a lookup finds addresses. `system` and `servers` reject with an error that has a `code`. */
export interface NameSources {
  /** The text of /etc/hosts. */
  readonly hosts: () => string;
  /** The addresses by the system; may hang for ever. */
  readonly system: (name: string) => Promise<readonly LookupAddress[]>;
  /** The addresses by the name servers; ends by itself. */
  readonly servers: (name: string) => Promise<readonly LookupAddress[]>;
  /** Milliseconds that only go forward. */
  readonly now: () => number;
  readonly wait: (ms: number) => Promise<void>;
}

/** Those of this machine, in real time, because the sockets that look up know no other. */
const machine: NameSources = {
  hosts: () => readText("/etc/hosts"),
  system: (name) => dns.lookup(name, { all: true, hints: ADDRCONFIG }),
  servers: (name) => askServers(name, readText("/etc/resolv.conf"), new dns.Resolver({ timeout: 1_500, tries: 2 })),
  now: () => performance.now(),
  wait: (ms) => sleep(ms, undefined, { ref: false }),
};

/** A lookup slower than this hangs. */
const hangMs = 1_000;
/** After this a lookup is given up, and the next caller starts a new one. */
const maxMs = 10_000;
/**
 * How long the system may be busy with one name before it gets the next one: as long as a usual system tries with three
 * servers.
 */
const maxSystemMs = 30_000;
/** A name that was looked up more recently than this is not looked up again. */
const refreshMs = 5_000;
/** How long an address is used when it can't be looked up any more. */
const maxAgeMs = 24 * 60 * 60_000;

/** What is known of one name. */
interface KnownName {
  good: readonly LookupAddress[] | null;
  goodAt: number;
  askedAt: number;
  /** Whether the last lookup failed or hung. */
  isTroubled: boolean;
  finding: Promise<readonly LookupAddress[]> | null;
}

/** A lookup for sockets. Names are kept without a limit, because they come from the configuration alone. */
export class NameLookup {
  readonly #sources: NameSources;
  readonly #names = new Map<string, KnownName>();
  /** The system's lookups under way, by name. */
  readonly #systemLookups = new Map<string, Promise<readonly LookupAddress[]>>();
  /** Resolves when the system may get the next name. */
  #systemFree: Promise<unknown> = Promise.resolve();

  constructor(sources: NameSources = machine) {
    this.#sources = sources;
  }

  /** The lookup as sockets call it, without this object. */
  readonly lookup: LookupFunction = (name, options, callback) => {
    const family = toFamily(options);
    const isAll = typeof options === "object" && options.all === true;
    this.#find(name).then(
      (found) => {
        const wanted = found.filter((entry) => family === 0 || entry.family === family);
        const [first] = wanted;
        if (first === undefined) callback(toLookupError("ENOTFOUND"), []);
        else if (isAll) callback(null, wanted);
        else callback(null, first.address, first.family);
      },
      (error) => callback(error, []),
    );
  };

  /** The addresses of a name, or the address that it is itself. */
  async #find(name: string): Promise<readonly LookupAddress[]> {
    const literal = isIP(name);
    return literal === 0 ? this.#findName(name.toLowerCase()) : [{ address: name, family: literal }];
  }

  async #findName(name: string): Promise<readonly LookupAddress[]> {
    const inHosts = findInHosts(name, this.#sources.hosts());
    if (inHosts.length > 0) return inHosts;
    const { now, wait } = this.#sources;
    const known = this.#names.get(name) ?? { good: null, goodAt: 0, askedAt: 0, isTroubled: false, finding: null };
    this.#names.set(name, known);
    const good = now() - known.goodAt < maxAgeMs ? known.good : null;
    if (good !== null && known.finding === null && now() - known.askedAt < refreshMs) return good;
    known.finding ??= this.#refresh(name, known);
    if (good === null) return known.finding;
    if (known.isTroubled) return good;
    const found = await Promise.race([known.finding, wait(hangMs)]).catch(() => undefined);
    known.isTroubled = found === undefined;
    return found ?? good;
  }

  #refresh(name: string, known: KnownName): Promise<readonly LookupAddress[]> {
    const { now } = this.#sources;
    known.askedAt = now();
    const finding = this.#lookUp(name).finally(() => {
      known.finding = null;
    });
    finding.then(
      (addresses) => {
        Object.assign(known, { good: addresses, goodAt: now(), isTroubled: now() - known.askedAt >= hangMs });
      },
      // The callers that wait for `finding` get the error.
      () => {},
    );
    return finding;
  }

  async #lookUp(name: string): Promise<readonly LookupAddress[]> {
    const { servers, wait } = this.#sources;
    const system = this.#askSystem(name);
    const soon = await Promise.race([system, wait(hangMs)]);
    if (soon !== undefined) return soon;
    const giveUp = wait(maxMs - hangMs).then(() => Promise.reject(toLookupError("ETIMEOUT")));
    // A name that the servers don't know may still be found by the system.
    const either = Promise.any([system, servers(name)]).catch(() => system);
    return Promise.race([either, giveUp]);
  }

  /**
   * Looks a name up by the system, one name after the other and no name twice, so that a name that hangs takes one
   * thread and no more.
   */
  #askSystem(name: string): Promise<readonly LookupAddress[]> {
    const underWay = this.#systemLookups.get(name);
    if (underWay !== undefined) return underWay;
    const { system, wait } = this.#sources;
    const systemLookup = this.#systemFree.then(() => system(name)).finally(() => this.#systemLookups.delete(name));
    this.#systemLookups.set(name, systemLookup);
    this.#systemFree = Promise.race([systemLookup, wait(maxSystemMs)]).catch(() => {});
    return systemLookup;
  }
}

/**
 * The family that a socket asks for; 0 for any. Sockets pass it in a record; those for datagrams as a number, whatever
 * the types say.
 */
function toFamily(options: Parameters<LookupFunction>[1] | number): 0 | 4 | 6 {
  const family = typeof options === "number" ? options : options.family;
  if (family === 4 || family === "IPv4") return 4;
  return family === 6 || family === "IPv6" ? 6 : 0;
}

/** The addresses of a name in a hosts file, whose lines hold an address and its names up to a `#`: hosts(5). */
function findInHosts(name: string, text: string): LookupAddress[] {
  const fields = text.split("\n").map((line) => line.replace(/#.*/, "").trim().toLowerCase().split(/\s+/));
  const lines = fields.filter(([address = "", ...names]) => isIP(address) !== 0 && names.includes(name));
  return lines.map(([address = ""]) => ({ address, family: isIP(address) }));
}

/** The text of a file; "" when it does not exist or may not be read, because the system is asked all the same. */
function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
