import { DeliveryError } from "../../../errors.ts";
import type { Kernel } from "../kernel.ts";

const timeoutMs = 5_000;
/** What has to wait for its turn is tried for so long, because nothing else brings it back. */
const waitForTurnMs = 60_000;
const usualTurnMs = 1_000;

/** What goes out from memory, for the log. */
export interface Unrecorded {
  readonly what: string;
  readonly incident: string;
  readonly place: string | null;
}

/** How it goes out. `isWanted`: asked before each try, whether it still has to. */
export interface FromMemory {
  readonly send: (signal: AbortSignal) => Promise<unknown>;
  readonly isWanted?: () => boolean;
}

/** Sends once from memory, when its turn comes. Never rejects; false when it failed. `withinMs`: for one try. */
export async function sendInTurn(
  { clock, log, inFlight }: Pick<Kernel, "clock" | "log" | "inFlight">,
  named: Unrecorded,
  { send, isWanted = () => true }: FromMemory,
  withinMs = timeoutMs,
): Promise<boolean> {
  const until = clock.now() + waitForTurnMs;
  using _entry = inFlight.enter();
  while (isWanted()) {
    using timeout = clock.timeout(withinMs);
    try {
      await send(timeout.signal);
      log.warn({ ...named }, "sent-unrecorded");
      return true;
    } catch (error) {
      const againAt = toTurnAt(error, clock.now());
      if (againAt === null || againAt > until) {
        log.error({ ...named, err: error }, "unrecorded-not-sent");
        return false;
      }
      using _pause = inFlight.pause();
      await new Promise<void>((resolve) => void clock.wakeAt(againAt, resolve));
    }
  }
  return true;
}

/** When what was not tried, because its turn had not come, may be tried; null: it was tried. */
function toTurnAt(error: unknown, now: number): number | null {
  if (!(error instanceof DeliveryError && error.isHeldBack)) return null;
  return now + (error.retryAfterMs ?? usualTurnMs);
}
