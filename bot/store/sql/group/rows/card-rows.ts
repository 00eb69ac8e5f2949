import type { Kysely } from "kysely";
import type { CardState, SentMessage } from "../../../../ports/store/teams.ts";
import { cardMethods, prepareFindCards, prepareSaveCards, prepareSaveMessages } from "../../cards.ts";
import type { Connection } from "../../query.ts";
import type { Tables } from "../../tables.ts";
import { KeyedRows } from "./keyed-rows.ts";
import { type Changes, Known, toText } from "./known.ts";
import { NotTogether } from "./not-together.ts";

type OfIncident = Pick<CardState, "incident">;

/** The newest card of each incident, and the messages that were sent of it, as works see them. */
export class CardRows {
  readonly #cards: KeyedRows<OfIncident, CardState>;
  /** Those that works have added or changed; what is on disk is not held. */
  readonly #messages: Known<SentMessage>;
  readonly #writeMessages: (messages: readonly SentMessage[]) => Promise<unknown>;

  constructor(db: Kysely<Tables>, on: Connection, changes: Changes) {
    this.#cards = new KeyedRows(changes, {
      toText: ({ incident }) => toText(incident),
      read: prepareFindCards(db, on),
      save: prepareSaveCards(db, on),
    });
    this.#messages = new Known(changes);
    this.#writeMessages = prepareSaveMessages(db, on);
  }

  read(incidents: readonly string[]): Promise<void> {
    return this.#cards.read(incidents.map((incident) => ({ incident })));
  }

  /** An incident that was opened just now has none. */
  learnNone(incident: string): void {
    this.#cards.learnNone({ incident });
  }

  toMethods() {
    return cardMethods({
      load: (incident) => this.#cards.find({ incident }),
      save: async (card) => this.#cards.save(card),
      saveMessage: async (message) => this.#saveMessage(message),
    });
  }

  /** Throws where a work has added some that are on disk only after this. */
  requireNoNewMessages(): void {
    if (this.#messages.size > 0) throw new NotTogether("messages are read by statements only");
  }

  #saveMessage(message: SentMessage): void {
    const { incident, conversation, activity } = message;
    const key = toText(incident, conversation, activity);
    // Where it is known already only its kind changes.
    const known = this.#messages.get(key);
    this.#messages.change(key, known === undefined ? message : { ...known, kind: message.kind });
  }

  async write(): Promise<void> {
    const messages = this.#messages.listChanged();
    await Promise.all([this.#cards.write(), messages.length === 0 ? null : this.#writeMessages(messages)]);
  }

  noteWritten(): void {
    this.#cards.noteWritten();
    this.#messages.clear();
  }

  get size(): number {
    return this.#cards.size;
  }

  forget(): void {
    this.#cards.forget();
    this.#messages.clear();
  }
}
