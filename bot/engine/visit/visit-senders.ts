import { done } from "../../ports/send-outcome.ts";
import type { TeamsSender } from "../../ports/teams-sender.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { atMost, type Senders } from "../kernel/outbox/sender.ts";

const maxAttempts = 8;

/** Makes the senders of messages to somebody on a visit. */
export function createVisitSenders(
  { store }: Kernel,
  teams: TeamsSender,
): Pick<Senders, "visit-ask" | "visit-pressed"> {
  return {
    "visit-ask": {
      async send({ outgoing: { person, endsAt, asked } }, signal) {
        const visit = await store.read((reader) => reader.loadVisit(person.id));
        // The visit was ended, made longer or asked about again meanwhile, so this question is void.
        if (visit?.endsAt !== endsAt || visit.asked !== asked) return done;
        await teams.sendToPerson(visit.person, { kind: "visit-ask", visit }, signal);
        return done;
      },
      retry: atMost(maxAttempts),
    },
    "visit-pressed": {
      async send({ outgoing }, signal) {
        await teams.sendToPerson(outgoing.person, { kind: "visit-pressed" }, signal);
        return done;
      },
      retry: atMost(maxAttempts),
    },
  };
}
