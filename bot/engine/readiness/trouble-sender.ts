import type { TeamsSender } from "../../ports/teams-sender.ts";
import { atMost, type Senders } from "../kernel/outbox/sender.ts";
import type { TroubleFinder } from "./trouble-finder.ts";

const maxAttempts = 8;

/** Makes the sender of the day's line about what is wrong. */
export function createTroubleSender(
  troubleFinder: Pick<TroubleFinder, "loadTroublesOf">,
  teams: TeamsSender,
): Pick<Senders, "troubles"> {
  return {
    troubles: {
      async send({ outgoing: { channel, day } }, signal) {
        const troubles = await troubleFinder.loadTroublesOf(channel);
        if (troubles.length === 0) return { kind: "done" };
        await teams.sendToChannel(channel, { kind: "troubles", troubles }, signal);
        return { kind: "done", record: (tx) => tx.saveSetting("troubles-reported", channel, day) };
      },
      retry: atMost(maxAttempts),
    },
  };
}
