import { toFeedback, toReadyListener, toReadySource } from "../../adapters/index.ts";
import { type Configuration, teamsType } from "../config/configuration.ts";
import { toNamed } from "../config/named.ts";
import type { ReadyListener, ReadySource, SendFeedback } from "../contracts.ts";
import type { Clock } from "../ports/time.ts";
import { isListener } from "./kinds.ts";

/** Sorts the sources by how their alarms come: at the HTTP doors, over a connection of their own, or typed in Teams. */
export function toSources({ sources }: Configuration, clock: Clock) {
  const doors: [string, ReadySource][] = [];
  const listeners: [string, ReadyListener][] = [];
  const feedback: [string, SendFeedback][] = [];
  let teamsSource: string | null = null;
  for (const [name, { type, options }] of Object.entries(sources)) {
    if (type === teamsType) teamsSource = name;
    else if (isListener(type)) listeners.push([name, toReadyListener(type, options)]);
    else doors.push([name, toReadySource(type, options)]);
    const notify = toFeedback(type, options, clock);
    if (notify !== null) feedback.push([name, notify]);
  }
  return { doors: toNamed(doors), listeners: toNamed(listeners), feedback: toNamed(feedback), teamsSource };
}
