import Database from "better-sqlite3";
import { parsePageKey } from "../../bot/domain/message-key.ts";
import { type KilledBot, pageAfterMs } from "./killed-bot.ts";
import type { AcceptedAlarm } from "./round.ts";

interface StoredIncident {
  readonly id: string;
  readonly opened_at: number;
  readonly closed_at: number | null;
}

/** What stands on disk and came out of it, to hold against what was promised. */
export interface RoundRecord {
  /** What is not as it must be, a sentence each. */
  readonly faults: readonly string[];
  /** Messages to the outside that went out more than once, under the same key. */
  readonly twice: { cards: number; pages: number };
}

/** Whether every accepted alarm has its card, and its claim or its page. */
export function isAnswered(bot: KilledBot, alarms: readonly AcceptedAlarm[]): boolean {
  const paged = new Set(bot.desk.pages.map(({ incident }) => incident.id));
  return alarms.every(({ place, claimed, incident }) => bot.cards.has(place) && (claimed || paged.has(incident)));
}

/**
 * Holds the alarms of a round, closed by now, against the disk, the cards and the pages. Beside the time the process
 * was dead, a page may be `lateMs` late.
 */
export function checkRound(bot: KilledBot, alarms: readonly AcceptedAlarm[], lateMs: number): RoundRecord {
  using held = new DisposableStack();
  const database = held.adopt(new Database(bot.database, { readonly: true }), (opened) => void opened.close());
  const faults: string[] = [];
  const twice = { cards: 0, pages: 0 };
  for (const alarm of alarms) {
    const stored = database
      .prepare<[string], StoredIncident>("select id, opened_at, closed_at from incidents where button = ?")
      .all(alarm.button);
    const history = database
      .prepare<[string], { body: string }>("select body from history where incident = ? order by seq")
      .all(alarm.incident)
      .map(({ body }) => JSON.parse(body) as { kind: string; at: number; by?: { name: string } });
    const [incident] = stored;
    const fault = (what: string) => faults.push(`${alarm.button} (${alarm.incident}): ${what}`);
    alarm.faults.forEach(fault);
    if (stored.length !== 1 || incident?.id !== alarm.incident) {
      fault(`${stored.length} incidents on disk, ${stored.map(({ id }) => id).join(", ")}`);
      continue;
    }
    if (incident.closed_at === null) fault("was closed, and is open");
    const cards = bot.cards.get(alarm.place) ?? [];
    if (cards.length === 0) fault("has no card");
    if (cards.some((card) => !card.includes(alarm.incident))) fault("has a card of another incident");
    twice.cards += Math.max(0, cards.length - 1);
    const pages = pagesOf(bot, alarm.incident);
    const keys = new Set(pages.map(({ key }) => key));
    twice.pages += pages.length - keys.size;
    const rounds = new Set([...keys].map((key) => parsePageKey(key)?.round));
    if (rounds.size !== keys.size) fault(`one page under several keys: ${[...keys].join(", ")}`);
    const claims = history.filter(({ kind, by }) => (kind === "claimed" || kind === "also-coming") && by !== undefined);
    if (alarm.claimed && claims.length !== 1) fault(`${claims.length} claims on disk after one that was answered`);
    const dueAt = incident.opened_at + pageAfterMs;
    if (claims.some(({ at }) => at < dueAt)) continue;
    const [first] = pages;
    if (first === undefined) {
      fault("neither claimed in time nor paged");
      continue;
    }
    const late = first.at - dueAt - bot.downBetween(incident.opened_at, first.at);
    if (late > lateMs) fault(`paged ${late} ms late`);
  }
  return { faults, twice };
}

function pagesOf(bot: KilledBot, incident: string) {
  return bot.desk.pages.flatMap((page, index) => {
    const at = bot.pagedAt[index] ?? Date.now();
    const isPage = page.reason !== "update" && page.reason !== "call-off";
    return isPage && page.incident.id === incident ? [{ key: page.key, at }] : [];
  });
}
