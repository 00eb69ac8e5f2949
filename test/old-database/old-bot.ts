import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { incidentOf } from "../card-text.ts";
import { alice, type Bot, bob, carol, lea, paul, type Settings, sam } from "../harness.ts";
import { type BotWithFakes, startBotWithFakes } from "./bot-with-fakes.ts";
import { anyServiceUrl, load } from "./dump.ts";
import type { Hand } from "./in-hand.ts";

const fixture = join(import.meta.dirname, "../fixtures/database-30ea555");

/** A row of the outbox as commit 30ea555 wrote it; `outgoing` by the names that it had then. */
export interface OldRow {
  readonly key: string;
  readonly incident: string;
  readonly outgoing: {
    readonly kind: string;
    readonly pager?: string;
    readonly page?: string;
    readonly reason?: string;
    readonly person?: { readonly id: string; readonly name: string };
  };
}

export interface OldIncident {
  readonly id: string;
  readonly button: string;
  readonly isOpen: boolean;
  /** How many lines its history had. */
  readonly lines: number;
}

/** The bot with the database that commit 30ea555 left behind, opened by the code of today a moment later. */
export interface OldBot extends BotWithFakes {
  /** When the old process was killed, epoch milliseconds. */
  readonly takenAt: number;
  /** What waited to go out. */
  readonly rows: readonly OldRow[];
  readonly incidents: readonly OldIncident[];
  /** The incident of that button. */
  of(button: string): string;
  /** What was in people's hands, of that kind. */
  inHand<K extends Hand["kind"]>(kind: K): readonly Extract<Hand, { kind: K }>[];
}

/** `change`: what is configured otherwise today. */
export async function openOldBot(change: Settings = {}): Promise<OldBot> {
  const hands = readFileSync(`${fixture}.jsonl`, "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Hand);
  const inHand = <K extends Hand["kind"]>(kind: K) =>
    hands.filter((each): each is Extract<Hand, { kind: K }> => each.kind === kind);
  const at = inHand("taken")[0]?.at ?? "";
  const found: Pick<OldBot, "rows" | "incidents">[] = [];
  const started = await startBotWithFakes(at, async (bot) => {
    found.push(bring(bot, bot.storage.url.replace("sqlite:", "")));
    for (const { id, conversation, root, body } of inHand("card")) {
      bot.teams.remember({ id, conversation, root, body, shown: [body] });
    }
    for (const colleague of [alice, bob, carol, paul, lea, sam]) bot.teams.chatOf(colleague);
    return change;
  });
  const [{ rows, incidents } = { rows: [], incidents: [] }] = found;
  return {
    ...started,
    takenAt: Date.parse(at),
    rows,
    incidents,
    inHand,
    of(button) {
      const id = incidents.find((each) => each.button === button)?.id;
      if (id === undefined) throw new Error(`${button} was not pressed`);
      return id;
    },
  };
}

/** Makes the file anew, and reads in it what the tests count on, by the names that the tables had then. */
function bring(bot: Bot, path: string): Pick<OldBot, "rows" | "incidents"> {
  const sql = readFileSync(`${fixture}.sql`, "utf8").replaceAll(anyServiceUrl, bot.teams.serviceUrl);
  rmSync(path, { force: true });
  const database = load(path, sql);
  const rows = database
    .prepare<[], { key: string; incident: string; outgoing: string }>("select key, incident, outgoing from outbox")
    .all()
    .map((row) => ({ ...row, outgoing: JSON.parse(row.outgoing) as OldRow["outgoing"] }));
  const incidents = database
    .prepare<[], Omit<OldIncident, "isOpen"> & { readonly closed: number | null }>(
      "select id, button, closed_at as closed, (select count(*) from history where incident = id) as lines from incidents",
    )
    .all()
    .map(({ closed, ...incident }) => ({ ...incident, isOpen: closed === null }));
  database.close();
  return { rows, incidents };
}

/** The card in the channel on which that incident stands. */
export function cardOf({ bot }: OldBot, incident: string) {
  const card = bot.teams.cards.find(({ shown }) =>
    shown.some(({ attachments }) => incidentOf(attachments?.[0]?.content) === incident),
  );
  if (card === undefined) throw new Error(`incident ${incident} has no card`);
  return card;
}
