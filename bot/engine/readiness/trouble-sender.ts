import type { Trouble } from "../../ports/status.ts";
import type { TeamsSender } from "../../ports/teams-sender.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { atMost, type Senders } from "../kernel/outbox/sender.ts";
import type { TroubleFinder } from "./trouble-finder.ts";

const maxAttempts = 8;
const tellWithinMs = 5_000;

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

/** Tells channels once, without the outbox, because the storage that holds it can't be used. Never rejects. */
export async function tellAtOnce(
  { clock, log, inFlight }: Kernel,
  teams: TeamsSender,
  channels: ReadonlySet<string>,
  troubles: readonly Trouble[],
): Promise<void> {
  using _entry = inFlight.enter();
  using timeout = clock.timeout(tellWithinMs);
  const sendings = [...channels].map((channel) =>
    teams.sendToChannel(channel, { kind: "troubles", troubles }, timeout.signal),
  );
  for (const sending of await Promise.allSettled(sendings)) {
    if (sending.status === "rejected") log.error({ err: sending.reason }, "troubles-not-reported");
  }
}
