import type { TeamsSender } from "../../ports/teams-sender.ts";
import { atMost, type Senders } from "../kernel/outbox/sender.ts";

/** Some hours: whoever looks at that channel has to learn that its alarms went, also when Teams was away meanwhile. */
const maxAttempts = 40;

/** Makes the sender of what a channel is told when its alarms go elsewhere. */
export function createMovedSender(teams: Pick<TeamsSender, "tellMoved">): Pick<Senders, "moved"> {
  return {
    moved: {
      async send({ outgoing }, signal) {
        await teams.tellMoved(outgoing, signal);
        return { kind: "done" };
      },
      retry: atMost(maxAttempts),
    },
  };
}
