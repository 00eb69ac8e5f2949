import type { LogEvent } from "./log-events/log-events.ts";

/** Writes lines of the log: facts with a name, never free text, secrets or phone numbers. */
export interface Log {
  info(facts: Record<string, unknown>, event: LogEvent<"info">): void;
  warn(facts: Record<string, unknown>, event: LogEvent<"warn">): void;
  error(facts: Record<string, unknown>, event: LogEvent<"error">): void;
  /** How many lines could not be written since the start; left out where that is not counted. */
  readonly dropped?: number | undefined;
}
