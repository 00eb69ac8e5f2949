import { errors } from "./errors.ts";
import { infos } from "./infos.ts";
import { machineWarnings } from "./machine-warnings.ts";
import { storageErrors } from "./storage-errors.ts";
import { teamsWarnings } from "./teams-warnings.ts";
import { warnings } from "./warnings.ts";

/**
 * Every event that the log may hold, by its level. Operators alert on these names, so that a name stays as it is once
 * it is here. `npm run log-events` makes the page of it.
 */
export const logEvents = {
  error: { ...errors, ...storageErrors },
  warn: { ...warnings, ...machineWarnings, ...teamsWarnings },
  info: infos,
} as const;

export type LogLevel = keyof typeof logEvents;

/** The name of an event of that level. */
export type LogEvent<Level extends LogLevel = LogLevel> = { [Each in Level]: keyof (typeof logEvents)[Each] }[Level];
