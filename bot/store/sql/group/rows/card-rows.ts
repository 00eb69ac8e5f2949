import type { Kysely } from "kysely";
import type { CardState, SentMessage, TeamsReader } from "../../../../ports/store/teams.ts";
import type { Connection } from "../../connection.ts";
import type { Tables } from "../../tables.ts";
import {
  cardMethods,
  prepareFindCards,
  prepareKeepMessages,
  prepareSaveCards,
  prepareSaveMessages,
} from "../../teams/cards.ts";
import { teamsReader } from "../../teams/teams-memory.ts";
import { KeyedRows } from "./keyed-rows.ts";
import { type Changes, Known, toText } from "./known.ts";
import { NotTogether } from "./not-together.ts";

type OfIncident = Pick<CardState, "incident">;

/** The newest card of each incident, and the messages that were sent of it, as works see them. */
export class CardRows {
  readonly #cards: KeyedRows<OfIncident, CardState>;
  /** Those that works have added or changed; what is on disk is not held. */
  readonly #messages: Known<SentMessage>;
  /** Those that are added only where they are not there. */
  readonly #kept: Known<SentMessage>;
  readonly #listMessages: TeamsReader["listMessages"];
  readonly #write: Readonly<Record<"messages" | "kept", (messages: readonly SentMessage[]) => Promise<unknown>>>;

  constructor(db: Kysely<Tables>, on: Connection, changes: Changes) {
    this.#cards = new KeyedRows(changes, {
      toText: ({ incident }) => toText(incident),
      read: prepareFindCards(db, on),
      save: prepareSaveCards(db, on),
    });
    this.#messages = new Known(changes);
    this.#kept = new Known(changes);
    this.#listMessages = teamsReader(db, on).listMessages;
    this.#write = { messages: prepareSaveMessages(db, on), kept: prepareKeepMessages(db, on) };
  }

  read(incidents: readonly string[]): Promise<void> {
    return this.#cards.read(incidents.map((incident) => ({ incident })));
  }

  /** An incident that was opened just now has none. */
  learnNone(incident: string): void {
    this.#cards.learnNone({ incident });
  }

  toMethods() {
    const methods = cardMethods({
      load: (incident) => this.#cards.find({ incident }),
      save: async (card) => this.#cards.save(card),
      saveMessage: async (message) => this.#saveMessage(message),
      keepMessage: async (message) => this.#keepMessage(message),
    });
    return {
      ...methods,
      listMessages: async (incident: string) => {
        if (this.#messages.size + this.#kept.size > 0) throw new NotTogether("new messages are on disk after this");
        return this.#listMessages(incident);
      },
    };
  }

  #keepMessage(message: SentMessage): void {
    const key = toMessageText(message);
    if ([this.#messages, this.#kept].every((known) => known.get(key) === undefined)) this.#kept.change(key, message);
  }

  #saveMessage(message: SentMessage): void {
    const key = toMessageText(message);
    // Where it is known already only its kind changes.
    const known = this.#messages.get(key);
    this.#messages.change(key, known === undefined ? message : { ...known, kind: message.kind });
  }

  write(): Promise<unknown> {
    const [kept, messages] = [this.#kept.listChanged(), this.#messages.listChanged()];
    return Promise.all([this.#cards.write(), this.#write.kept(kept), this.#write.messages(messages)]);
  }

  noteWritten(): void {
    this.#cards.noteWritten();
    for (const each of [this.#messages, this.#kept]) each.clear();
  }

  get size(): number {
    return this.#cards.size;
  }

  forget(): void {
    this.#cards.forget();
    for (const each of [this.#messages, this.#kept]) each.clear();
  }
}

function toMessageText({ incident, conversation, activity }: SentMessage): string {
  return toText(incident, conversation, activity);
}
