import type { Incident } from "../../../domain/incident/incident.ts";
import type { Log } from "../../../log.ts";
import type { Store } from "../../../ports/store/store.ts";
import type { CardState, SentMessage } from "../../../ports/store/teams.ts";
import type { CardContext } from "../../cards/context.ts";
import { toOldCard } from "../../cards/incident/old-card.ts";
import type { ConnectorFor } from "../../wire/budget/connector-for.ts";
import { isRefused } from "../../wire/failure.ts";
import { toCardActivity } from "../../wire/outgoing.ts";
import type { Channels } from "../channels.ts";
import { findCardLink } from "./card-link.ts";

/** A card that Teams does not let be changed is most often one that is not there any more. */
const maxTries = 3;

export interface OldCardsOptions {
  readonly channels: Channels;
  readonly connectorFor: ConnectorFor;
  readonly store: Store;
  readonly log: Log;
  readonly loadContext: (incident: Incident) => Promise<CardContext>;
}

/** Has cards that are not the newest any more say so, and lead to the newest. */
export class OldCards {
  readonly #options: OldCardsOptions;
  /** How often Teams refused to change a card, by its id. */
  readonly #refusals = new Map<string, number>();

  constructor(options: OldCardsOptions) {
    this.#options = options;
  }

  /** Changes each of these once. Answers false when one of them has to be tried again. Rejects with DeliveryError. */
  async change(
    cards: readonly SentMessage[],
    newest: CardState,
    incident: Incident,
    signal: AbortSignal,
  ): Promise<boolean> {
    if (cards.length === 0) return true;
    const { connectorFor, loadContext, store } = this.#options;
    const link = await findCardLink(newest, incident.channel, this.#options.channels);
    const { card, summary } = toOldCard(incident, link, await loadContext(incident));
    let isDone = true;
    for (const old of cards) {
      try {
        await connectorFor("update").update(
          old.serviceUrl,
          old.conversation,
          old.activity,
          toCardActivity(card, summary),
          signal,
        );
      } catch (error) {
        if (!isRefused(error)) throw error;
        if (!this.#isGivenUp(old, error)) {
          isDone = false;
          continue;
        }
      }
      this.#refusals.delete(old.activity);
      await store.write((tx) => tx.saveMessage({ ...old, kind: "old-card" }));
    }
    return isDone;
  }

  #isGivenUp({ incident, activity }: SentMessage, error: unknown): boolean {
    const tries = (this.#refusals.get(activity) ?? 0) + 1;
    this.#refusals.set(activity, tries);
    if (tries < maxTries) return false;
    this.#options.log.warn({ incident, err: error }, "old-card-left");
    return true;
  }
}
