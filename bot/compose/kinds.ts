import { z } from "zod";
import { isForbidden, listeners, pagers, sources } from "../../adapters/index.ts";
import { teamsType } from "../config/configuration.ts";

export { toReadyListener, toReadySource } from "../../adapters/index.ts";

/** The kinds of sources and pagers that a configuration may name; what is typed in Teams is a source too. */
export const kinds = {
  sources: { ...sources, ...listeners, [teamsType]: { Options: z.object({}), hasHeartbeat: false } },
  pagers,
  isForbidden,
};

/** Whether a source of that type holds a connection of its own. */
export function isListener(type: string): boolean {
  return Object.hasOwn(listeners, type);
}
