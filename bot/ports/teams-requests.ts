import type { Click, CommandResult } from "./click.ts";
import type { Personal } from "./personal.ts";
import type { RouteTesting } from "./route-testing.ts";
import type { Status } from "./status.ts";

/** The calls from Teams into the engine. */
export interface TeamsRequests {
  /**
   * Applies a click; null when there is no such incident, or none that may be answered from there. "buffered": not on
   * disk yet, and tried again. Rejects when it is not kept, because too many of that person wait.
   */
  answerClick(click: Click): Promise<CommandResult | null | "buffered">;
  /** What colleagues do for themselves. */
  readonly personal: Personal;
  /** Tests of the routes to external security. */
  readonly routeTests: RouteTesting;
  /** Loads the status of that channel; null: of all. */
  status(channel: string | null): Promise<Status>;
  /** Sends what waited for a channel that is now linked (rule 16). */
  onChannelLinked(name: string): Promise<void>;
}
