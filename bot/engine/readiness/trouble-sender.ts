import type { Trouble } from "../../ports/status.ts";
import type { TeamsSender } from "../../ports/teams-sender.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { atMost, type Senders } from "../kernel/outbox/sender.ts";
import type { TroubleFinder } from "./trouble-finder.ts";

const maxAttempts = 8;
const tellWithinMs = 5_000;

/** Makes the sender of the day's line about what is wrong. */
export function createTroubleSender(
  { store }: Kernel,
  troubleFinder: Pick<TroubleFinder, "loadTroublesOf">,
  teams: TeamsSender,
): Pick<Senders, "troubles"> {
  return {
    troubles: {
      async send({ outgoing: { channel, day } }, signal) {
        // Two who asked for the day's line get one, also where the second asked while the first was on its way. What
        // can't be read counts as not told: twice rather than never.
        const told = await store.read((reader) => reader.loadSetting("troubles-reported", channel)).catch(() => null);
        if (told === day) return { kind: "done" };
        const troubles = await troubleFinder.loadTroublesOf(channel);
        if (troubles.length === 0) return { kind: "done" };
        await teams.sendToChannel(channel, { kind: "troubles", troubles }, signal);
        return { kind: "done", record: (tx) => tx.saveSetting("troubles-reported", channel, day) };
      },
      retry: atMost(maxAttempts),
    },
  };
}

/**
 * Tells channels without the outbox, because the storage that holds it can't be used. Who was told leaves `untold`; the
 * others stay, for the next call. Never rejects.
 */
export async function tellAtOnce(
  { clock, log, inFlight }: Kernel,
  teams: TeamsSender,
  untold: Set<string>,
  troubles: readonly Trouble[],
): Promise<void> {
  using _entry = inFlight.enter();
  using timeout = clock.timeout(tellWithinMs);
  const channels = [...untold];
  // Another call may come before these have ended.
  untold.clear();
  const sendings = channels.map(async (channel) => {
    try {
      await teams.sendToChannel(channel, { kind: "troubles", troubles }, timeout.signal);
    } catch (error) {
      untold.add(channel);
      log.error({ channel, err: error }, "troubles-not-reported");
    }
  });
  await Promise.all(sendings);
}
