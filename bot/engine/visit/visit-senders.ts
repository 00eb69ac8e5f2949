import { done } from "../../ports/send-outcome.ts";
import type { TeamsSender } from "../../ports/teams-sender.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { RingingRetries } from "../kernel/outbox/ringing-retries.ts";
import type { Senders } from "../kernel/outbox/sender.ts";

const maxAttempts = 8;

/** Makes the senders of messages to somebody on a visit. */
export function createVisitSenders(
  { store }: Kernel,
  teams: TeamsSender,
): Pick<Senders, "visit-ask" | "visit-pressed"> {
  const { after, retry, waitMs } = new RingingRetries(maxAttempts);
  return {
    "visit-ask": {
      async send({ outgoing: { person, endsAt, asked } }, signal) {
        const visit = await store.read((reader) => reader.loadVisit(person.id));
        // The visit was ended, made longer or asked about again meanwhile, so this question is void.
        if (visit?.endsAt !== endsAt || visit.asked !== asked) return done;
        return teams.sendToPerson(visit.person, { kind: "visit-ask", visit }, signal);
      },
      ...{ after, retry, waitMs },
    },
    "visit-pressed": {
      send: ({ outgoing }, signal) => teams.sendToPerson(outgoing.person, { kind: "visit-pressed" }, signal),
      ...{ after, retry, waitMs },
    },
  };
}
