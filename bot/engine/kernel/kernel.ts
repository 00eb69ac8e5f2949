import type { InFlight } from "../../kit/in-flight.ts";
import type { Log } from "../../log.ts";
import type { Store } from "../../ports/store/store.ts";
import type { Clock } from "../../ports/time.ts";

/** What every part of the engine needs. */
export interface Kernel {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly inFlight: InFlight;
}
