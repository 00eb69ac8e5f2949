import { toFeedback, toReadyListener, toReadySource } from "../../adapters/index.ts";
import { type Configuration, teamsType } from "../config/configuration.ts";
import type { ReadyListener, ReadySource, SendFeedback } from "../contracts.ts";
import type { Clock } from "../ports/time.ts";
import { isListener } from "./kinds.ts";

/** Sorts the sources by how their alarms come: at the HTTP doors, over a connection of their own, or typed in Teams. */
export function toSources({ sources }: Configuration, clock: Clock) {
  const doors: Record<string, ReadySource> = {};
  const listeners: Record<string, ReadyListener> = {};
  const feedback: Record<string, SendFeedback> = {};
  let teamsSource: string | null = null;
  for (const [name, { type, options }] of Object.entries(sources)) {
    if (type === teamsType) teamsSource = name;
    else if (isListener(type)) listeners[name] = toReadyListener(type, options);
    else doors[name] = toReadySource(type, options);
    const notify = toFeedback(type, options, clock);
    if (notify !== null) feedback[name] = notify;
  }
  return { doors, listeners, feedback, teamsSource };
}
