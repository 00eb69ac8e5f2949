import { done } from "../../ports/send-outcome.ts";
import type { TeamsSender } from "../../ports/teams-sender.ts";
import type { Handler } from "../kernel/handle.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { always, reportToIncident, type Senders, unlessRefused } from "../kernel/outbox/sender.ts";

/** Makes the senders of the incident's card, and of the notice of it in another channel. */
export function createCardSenders(
  { store }: Kernel,
  handler: Handler,
  teams: TeamsSender,
): Pick<Senders, "card" | "board" | "notice"> {
  return {
    card: {
      send: ({ incident }, signal) => teams.postCard(incident, signal),
      after: reportToIncident(handler, (_row, { failure }) =>
        failure === null ? { kind: "card-posted" } : { kind: "card-failed", reason: failure.reason },
      ),
      // The first page step goes out meanwhile (rule 16).
      retry: always,
    },
    board: {
      send: ({ incident }, signal) => teams.syncCard(incident, signal),
      // A card that is posted must not go on showing an old state.
      retry: unlessRefused,
    },
    notice: {
      async send({ incident: id, outgoing }, signal) {
        const incident = await store.read((reader) => reader.loadIncident(id));
        if (incident !== null) await teams.sendToChannel(outgoing.channel, { kind: "notice", incident }, signal);
        return done;
      },
      retry: unlessRefused,
    },
  };
}
