/** Asks the name servers directly, by c-ares, which takes no thread and ends by itself. */
import type { promises as dns, LookupAddress } from "node:dns";

/**
 * The names to ask for in order to find `name`, by resolv.conf(5), whose text is given: with few dots the search
 * domains come first.
 */
export function toCandidates(name: string, text: string): string[] {
  if (name.endsWith(".")) return [name];
  const domains = [...text.matchAll(/^(?:search|domain)[ \t]+(.+)$/gm)].at(-1)?.[1]?.trim().split(/\s+/) ?? [];
  const ndots = Number(/^options\b.*\bndots:(\d+)/m.exec(text)?.[1] ?? 1);
  const searched = domains.filter((domain) => domain !== ".").map((domain) => `${name}.${domain}`);
  return name.split(".").length > ndots ? [name, ...searched] : [...searched, name];
}

/** The codes for a name that does not exist, or has no address of this kind. */
const absent = new Set(["ENOTFOUND", "ENODATA"]);

/**
 * The addresses of a name by the name servers. The next candidate is tried only when the one before certainly does not
 * exist, because the next may be somebody else's name.
 */
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
  throw toLookupError("ENOTFOUND");
}

/** An error of a lookup, without the name in it. */
export function toLookupError(code: string): NodeJS.ErrnoException {
  return Object.assign(new Error(code), { code });
}
