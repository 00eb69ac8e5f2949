/** From a name to its addresses, so that a name server that hangs holds up nobody else. */
import { ADDRCONFIG, promises as dns, type LookupAddress } from "node:dns";
import { readFileSync } from "node:fs";
import { isIP, type LookupFunction } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { askServers, toLookupError } from "./name-servers.ts";

/*
 * Node's own lookup is the system's: right about /etc/hosts, search domains and whatever else a machine is set up with.
 * But it can't be ended, and libuv lends it half of its threads, two of four; the other half stays with the disk
 * (https://nodejs.org/api/dns.html#implementation-considerations). Two names that hang would hold up every other name,
 * for as long as the system tries. So the system decides, and what stands still there is got round:
 *  - names of /etc/hosts are read here and wait for nobody;
 *  - there is one lookup per name, and ours take one thread in all: Teams has the other;
 *  - a name that worked is served from memory as soon as its lookup hangs or fails;
 *  - a name that is not known yet is asked of the name servers directly (c-ares takes no thread and ends by itself).
 * More threads (UV_THREADPOOL_SIZE) would only move the number of names at which it stands still.
 */

/** What a lookup is made of. Each find rejects with an error that has a `code`. */
export interface NameSources {
  /** The text of /etc/hosts. */
  readonly hosts: () => string;
  /** As the system finds it; may hang for ever. */
  readonly system: (name: string) => Promise<readonly LookupAddress[]>;
  /** As the name servers say; ends by itself. */
  readonly servers: (name: string) => Promise<readonly LookupAddress[]>;
  /** Milliseconds that only go forward. */
  readonly now: () => number;
  readonly wait: (ms: number) => Promise<void>;
}

/** The machine's. Real time: the sockets that ask know no other. */
const machine: NameSources = {
  hosts: () => readText("/etc/hosts"),
  system: (name) => dns.lookup(name, { all: true, hints: ADDRCONFIG }),
  servers: (name) => askServers(name, readText("/etc/resolv.conf"), new dns.Resolver({ timeout: 1_500, tries: 2 })),
  now: () => performance.now(),
  wait: (ms) => sleep(ms, undefined, { ref: false }),
};

/** A lookup slower than this hangs. */
const patienceMs = 1_000;
/** After this a name that is not found is given up, and asked anew by whoever comes next. */
const maxMs = 10_000;
/** As long as the usual system tries with three servers; after this the next name has its turn all the same. */
const turnMs = 30_000;
/** What was asked this short a time ago is not asked again. */
const refreshMs = 5_000;
/** How long an address is good for that can't be asked for any more. */
const keptMs = 24 * 60 * 60_000;

/** What is known of one name. */
interface Known {
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
  readonly #names = new Map<string, Known>();
  /** What the system is being asked, by name. */
  readonly #asked = new Map<string, Promise<readonly LookupAddress[]>>();
  /** Ends when the next name may be asked of the system. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(sources: NameSources = machine) {
    this.#sources = sources;
  }

  /** The lookup as sockets call it, without this object. */
  readonly lookup: LookupFunction = (name, options, callback) => {
    const family = toFamily(options);
    const all = typeof options === "object" && options.all === true;
    this.#find(name).then(
      (found) => {
        const wanted = found.filter((entry) => family === 0 || entry.family === family);
        const [first] = wanted;
        if (first === undefined) callback(toLookupError("ENOTFOUND"), []);
        else if (all) callback(null, wanted);
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
    const good = now() - known.goodAt < keptMs ? known.good : null;
    if (good !== null && known.finding === null && now() - known.askedAt < refreshMs) return good;
    known.finding ??= this.#refresh(name, known);
    if (good === null) return known.finding;
    if (known.isTroubled) return good;
    const found = await Promise.race([known.finding, wait(patienceMs)]).catch(() => undefined);
    known.isTroubled = found === undefined;
    return found ?? good;
  }

  #refresh(name: string, known: Known): Promise<readonly LookupAddress[]> {
    const { now } = this.#sources;
    known.askedAt = now();
    const finding = this.#ask(name).finally(() => {
      known.finding = null;
    });
    finding.then(
      (addresses) => {
        Object.assign(known, { good: addresses, goodAt: now(), isTroubled: now() - known.askedAt >= patienceMs });
      },
      // Those who wait are told.
      () => {},
    );
    return finding;
  }

  async #ask(name: string): Promise<readonly LookupAddress[]> {
    const { servers, wait } = this.#sources;
    const system = this.#askSystem(name);
    const soon = await Promise.race([system, wait(patienceMs)]);
    if (soon !== undefined) return soon;
    const giveUp = wait(maxMs - patienceMs).then(() => Promise.reject(toLookupError("ETIMEOUT")));
    // Servers that don't know a name that the system may still find have not said the last word.
    const either = Promise.any([system, servers(name)]).catch(() => system);
    return Promise.race([either, giveUp]);
  }

  /** One after the other, and no name twice, because a name that hangs has one thread and no more. */
  #askSystem(name: string): Promise<readonly LookupAddress[]> {
    const asked = this.#asked.get(name);
    if (asked !== undefined) return asked;
    const { system, wait } = this.#sources;
    const asking = this.#turn.then(() => system(name)).finally(() => this.#asked.delete(name));
    this.#asked.set(name, asking);
    this.#turn = Promise.race([asking, wait(turnMs)]).catch(() => {});
    return asking;
  }
}

/** Sockets say it as a record; those for datagrams as a number, whatever the types say. */
function toFamily(options: Parameters<LookupFunction>[1] | number): 0 | 4 | 6 {
  const family = typeof options === "number" ? options : options.family;
  if (family === 4 || family === "IPv4") return 4;
  return family === 6 || family === "IPv6" ? 6 : 0;
}

/** hosts(5): an address, and its names up to a `#`. */
function findInHosts(name: string, text: string): LookupAddress[] {
  const fields = text.split("\n").map((line) => line.replace(/#.*/, "").trim().toLowerCase().split(/\s+/));
  const lines = fields.filter(([address = "", ...names]) => isIP(address) !== 0 && names.includes(name));
  return lines.map(([address = ""]) => ({ address, family: isIP(address) }));
}

/**
 * A machine without that file, or one that may not read it, has none of these names: the system is asked all the same.
 */
function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
