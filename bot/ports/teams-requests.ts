import type { Click, CommandResult } from "./click.ts";
import type { Personal } from "./personal.ts";
import type { RouteTesting } from "./route-testing.ts";
import type { Status } from "./status.ts";

/** What Teams asks of the engine. */
export interface TeamsRequests {
  /** null: there is no such incident; "buffered": not on disk yet, and tried again. Rejects when too many are kept. */
  answerClick(click: Click): Promise<CommandResult | null | "buffered">;
  /** What colleagues do for themselves. */
  readonly personal: Personal;
  /** Tests of the routes to external security. */
  readonly routeTests: RouteTesting;
  /** Of that channel; null: of all; "": of none. */
  status(channel: string | null): Promise<Status>;
  /** A channel was linked: what waited for it goes out now (rule 16). */
  onChannelLinked(name: string): Promise<void>;
}
