import { type Tag, tagOf } from "../../domain/incident/policy.ts";
import { done } from "../../ports/send-outcome.ts";
import type { Transaction } from "../../ports/store/store.ts";
import type { TeamsSender } from "../../ports/teams-sender.ts";
import type { Commit, Handler } from "../kernel/handle.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { toBoardRow } from "../kernel/outbox/board-row.ts";
import { JustOpened } from "../kernel/outbox/just-opened.ts";
import { RingingRetries } from "../kernel/outbox/ringing-retries.ts";
import { always, type RowOf, type Senders, type SendResult } from "../kernel/outbox/sender.ts";
import type { UnrecordedIncidents } from "../kernel/unrecorded/unrecorded-incidents.ts";
import { recallAhead } from "./load-incident.ts";

/** A mention or a notice is given up after this many attempts. */
const maxAttempts = 8;

/** Makes the senders of the incident's cards and mentions, and of the notice of it in another channel. */
export function createCardSenders(
  { store, clock }: Kernel,
  handler: Handler,
  teams: TeamsSender,
  unrecorded: Pick<UnrecordedIncidents, "of" | "isAhead">,
): Pick<Senders, "card" | "board" | "ring" | "notice"> {
  const opened = new JustOpened(handler);
  const rings = new RingingRetries(maxAttempts);
  const notices = new RingingRetries(maxAttempts);

  /** Has the card show what came of a mention: a newer card, the replies that waited for it, whom it did not reach. */
  async function reportRing(tx: Transaction, row: RowOf<"ring">, result: SendResult): Promise<readonly Commit[]> {
    rings.note(row, result);
    const board = await handler.enqueue(tx, [toBoardRow(row.incident, clock.now())]);
    if (result.failure === null || result.isRetried) return [board];
    const { number } = row.outgoing;
    const card = await tx.loadCard(row.incident);
    // A newer ring says what came of it by itself.
    if ((card?.ring ?? 0) > number) return [board];
    const rung = card?.ring === number ? card.rung : [];
    const people = row.outgoing.people.filter(({ id }) => !rung.includes(id));
    const ofChannel = row.outgoing.ringsTag ? await loadTag(tx, row.incident) : null;
    const tag = ofChannel === null || rung.includes(ofChannel.id) ? null : ofChannel.name;
    if (people.length === 0 && tag === null) return [board];
    const failed = { kind: "ring-failed", people, tag, number, reason: result.failure.reason } as const;
    return [board, (await handler.handleIn(tx, row.incident, failed)).commit];
  }

  return {
    card: {
      send({ incident }, signal, recalled) {
        const known = opened.take(incident);
        return teams.postCard(incident, signal, recalled ? { incident: recalled(), lines: null } : known);
      },
      async after(tx, { incident }, { failure, shown }) {
        const { ring = 0, rung = [] } = (failure === null ? await tx.loadCard(incident) : null) ?? {};
        const { commit } = await handler.handleIn(
          tx,
          incident,
          failure === null
            ? { kind: "card-posted", ring, rung, shown }
            : { kind: "card-failed", reason: failure.reason },
        );
        return [commit];
      },
      // The first page step goes out meanwhile (rule 16).
      retry: always,
    },
    board: {
      send: ({ incident }, signal) => teams.syncCard(incident, signal),
      // A card that is posted must not go on showing an old state.
      retry: always,
    },
    ring: {
      send({ incident, outgoing }, signal, recalled) {
        const recall = recalled ?? recallAhead(unrecorded, incident);
        if (recall === null) return teams.ringChannel(incident, outgoing, signal);
        return teams.ringUnstored(recall, outgoing, signal);
      },
      after: reportRing,
      retry: rings.retry,
      waitMs: rings.waitMs,
    },
    notice: {
      async send({ incident: id, outgoing }, signal, recalled) {
        const recall = recalled ?? recallAhead(unrecorded, id);
        const incident = recall === null ? await store.read((reader) => reader.loadIncident(id)) : recall();
        return incident === null ? done : teams.sendToChannel(outgoing.channel, { kind: "notice", incident }, signal);
      },
      after: notices.after,
      retry: notices.retry,
      waitMs: notices.waitMs,
    },
  };
}

/** Loads the tag of an incident's channel; null: it has none. */
async function loadTag(tx: Transaction, id: string): Promise<Tag | null> {
  const incident = await tx.loadIncident(id);
  const policy = incident === null ? null : await tx.loadPolicy(incident.policy);
  return incident === null || policy === null ? null : tagOf(policy, incident.channel);
}
