import { existsSync } from "node:fs";
import { statfs } from "node:fs/promises";
import { dirname } from "node:path";
import type { Configuration } from "../../../config/configuration.ts";
import { isReadableByAll } from "../../../kit/readable-by-all.ts";
import type { CheckUpWords } from "../../../words/terminal/check-up-words.ts";
import type { Finding } from "../finding.ts";

/** With less room than this a disk is full within days of an incident. */
const minFreeBytes = 1024 ** 3;
/** Panels and Teams take a clock that is off by more than this; people read other times, and DC-09 allows 20 s. */
const maxOffSeconds = 10;
const answerWithinMs = 5_000;
/** A connector of Teams, which tells its time to anybody. */
const connector = "https://smba.trafficmanager.net/";

/** The file of a database; null: it is on a server, and its address may hold a password. */
export function toDatabasePath({ database }: Pick<Configuration, "database">): string | null {
  return database.startsWith("sqlite:") ? database.slice("sqlite:".length) : null;
}

/** Looks at the version that this process runs on; commands are not started by an older one. */
export function checkNode(words: CheckUpWords): Finding {
  const subject = words.subject.node;
  return { check: "node", subject, state: "good", said: words.version(process.versions.node) };
}

/** Compares this machine's clock with that of a server, by the header of its answer, in whole seconds. */
export async function checkClock(
  { teams }: Pick<Configuration, "teams">,
  words: CheckUpWords,
  url = connector,
  now = Date.now,
): Promise<Finding> {
  const finding = { check: "clock", subject: words.subject.clock };
  if (teams.local) return { ...finding, state: "unseen", said: words.local };
  const askedAt = now();
  const signal = AbortSignal.timeout(answerWithinMs);
  const answer = await fetch(url, { method: "HEAD", redirect: "manual", signal }).catch(() => null);
  const shown = Date.parse(answer?.headers.get("date") ?? "");
  if (Number.isNaN(shown)) return { ...finding, state: "unseen", said: words.clock.unseen(new URL(url).host) };
  // The header counts whole seconds, and was written somewhere between the question and now.
  const seconds = Math.round(((askedAt + now()) / 2 - (shown + 500)) / 1000);
  if (Math.abs(seconds) <= maxOffSeconds)
    return { ...finding, state: "good", said: words.clock.good(Math.abs(seconds)) };
  const said = seconds > 0 ? words.clock.ahead(seconds) : words.clock.behind(-seconds);
  return { ...finding, state: "bad", said };
}

/** Looks how much room there is beside the database, or where the bot runs. */
export async function checkDisk(
  configuration: Configuration,
  words: CheckUpWords,
  least = minFreeBytes,
): Promise<Finding> {
  const finding = { check: "disk", subject: words.subject.disk };
  const folder = dirname(toDatabasePath(configuration) ?? "bot");
  const found = await statfs(folder).catch(() => null);
  if (found === null) return { ...finding, state: "unseen", said: words.disk.unseen(folder) };
  const free = found.bavail * found.bsize;
  const gigabytes = (free / 1024 ** 3).toFixed(1);
  if (free < least) return { ...finding, state: "bad", said: words.disk.bad(gigabytes) };
  return { ...finding, state: "good", said: words.disk.good(gigabytes) };
}

/** Looks whether everybody may read the files that hold secrets or alarms; one that is not there is left out. */
export function checkRights(files: readonly string[], words: CheckUpWords): readonly Finding[] {
  return files.filter(existsSync).map((file) => {
    const finding = { check: `rights ${file}`, subject: words.subject.rights(file) };
    if (isReadableByAll(file)) return { ...finding, state: "bad", said: words.rights.bad(file) };
    return { ...finding, state: "good", said: words.rights.good };
  });
}
