/** From a name to its addresses, so that a name server that hangs holds up nobody else. */
import { ADDRCONFIG, promises as dns, type LookupAddress } from "node:dns";
import { readFileSync } from "node:fs";
import { isIP, type LookupFunction } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

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
const longestMs = 10_000;
/** As long as the usual system tries with three servers; after this the next name has its turn all the same. */
const turnMs = 30_000;
/** What was asked this short a time ago is not asked again. */
const refreshMs = 5_000;
/** How long an address is good for that can't be asked for any more. */
const keptMs = 24 * 60 * 60_000;

interface Known {
  good: readonly LookupAddress[] | null;
  goodAt: number;
  askedAt: number;
  /** Whether the last lookup failed or hung. */
  isTroubled: boolean;
  finding: Promise<readonly LookupAddress[]> | null;
}

/** A lookup for sockets. Names are kept without a limit: they come from the configuration alone. */
export function createNameLookup(sources: NameSources = machine): LookupFunction {
  const { now, wait } = sources;
  const names = new Map<string, Known>();
  const systems = new Map<string, Promise<readonly LookupAddress[]>>();
  let turn: Promise<unknown> = Promise.resolve();

  async function addressesOf(name: string): Promise<readonly LookupAddress[]> {
    const inHosts = findInHosts(name, sources.hosts());
    if (inHosts.length > 0) return inHosts;
    const known = names.get(name) ?? { good: null, goodAt: 0, askedAt: 0, isTroubled: false, finding: null };
    names.set(name, known);
    const good = now() - known.goodAt < keptMs ? known.good : null;
    if (good !== null && known.finding === null && now() - known.askedAt < refreshMs) return good;
    known.finding ??= refresh(name, known);
    if (good === null) return known.finding;
    if (known.isTroubled) return good;
    const found = await Promise.race([known.finding, wait(patienceMs)]).catch(() => undefined);
    known.isTroubled = found === undefined;
    return found ?? good;
  }

  function refresh(name: string, known: Known): Promise<readonly LookupAddress[]> {
    known.askedAt = now();
    const finding = find(name).finally(() => {
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

  async function find(name: string): Promise<readonly LookupAddress[]> {
    const system = askSystem(name);
    const soon = await Promise.race([system, wait(patienceMs)]);
    if (soon !== undefined) return soon;
    const giveUp = wait(longestMs - patienceMs).then(() => Promise.reject(toError("ETIMEOUT")));
    // Servers that don't know a name that the system may still find have not said the last word.
    const either = Promise.any([system, sources.servers(name)]).catch(() => system);
    return Promise.race([either, giveUp]);
  }

  /** One after the other, and no name twice: a name that hangs has one thread and no more. */
  function askSystem(name: string): Promise<readonly LookupAddress[]> {
    const asked = systems.get(name);
    if (asked !== undefined) return asked;
    const asking = turn.then(() => sources.system(name)).finally(() => systems.delete(name));
    systems.set(name, asking);
    turn = Promise.race([asking, wait(turnMs)]).catch(() => {});
    return asking;
  }

  return (name, options, callback) => {
    const family = toFamily(options);
    const all = typeof options === "object" && options.all === true;
    const literal = isIP(name);
    const finding =
      literal === 0 ? addressesOf(name.toLowerCase()) : Promise.resolve([{ address: name, family: literal }]);
    finding.then(
      (found) => {
        const wanted = found.filter((entry) => family === 0 || entry.family === family);
        const [first] = wanted;
        if (first === undefined) callback(toError("ENOTFOUND"), []);
        else if (all) callback(null, wanted);
        else callback(null, first.address, first.family);
      },
      (error) => callback(error, []),
    );
  };
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

/** The names that are asked for one, in order, as resolv.conf(5) says: with few dots the search domains come first. */
export function toCandidates(name: string, text: string): string[] {
  if (name.endsWith(".")) return [name];
  const domains = [...text.matchAll(/^(?:search|domain)[ \t]+(.+)$/gm)].at(-1)?.[1]?.trim().split(/\s+/) ?? [];
  const ndots = Number(/^options\b.*\bndots:(\d+)/m.exec(text)?.[1] ?? 1);
  const searched = domains.filter((domain) => domain !== ".").map((domain) => `${name}.${domain}`);
  return name.split(".").length > ndots ? [name, ...searched] : [...searched, name];
}

/** What a name server says where a name, or an address of this kind, is not there. */
const absent = new Set(["ENOTFOUND", "ENODATA"]);

/** Only a name that is certainly not there makes room for the next candidate: another may be somebody else's. */
export async function askServers(
  name: string,
  resolvConf: string,
  resolver: Pick<dns.Resolver, "resolve4" | "resolve6">,
): Promise<LookupAddress[]> {
  for (const candidate of toCandidates(name, resolvConf)) {
    const six = resolver.resolve6(candidate).then((found) => found.map((address) => ({ address, family: 6 })));
    const four = resolver.resolve4(candidate).then((found) => found.map((address) => ({ address, family: 4 })));
    const outcomes = await Promise.allSettled([four, six]);
    const found = outcomes.flatMap((outcome) => (outcome.status === "fulfilled" ? outcome.value : []));
    if (found.length > 0) return found;
    const failure = outcomes.find((outcome) => outcome.status === "rejected" && !absent.has(outcome.reason?.code));
    if (failure?.status === "rejected") throw failure.reason;
  }
  throw toError("ENOTFOUND");
}

/** Without the name in it. */
function toError(code: string): NodeJS.ErrnoException {
  return Object.assign(new Error(code), { code });
}

/** A machine without that file, or one that may not read it, has none of these names: the system is asked all the same. */
function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
