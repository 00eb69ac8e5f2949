import { pino } from "pino";
import type { LogEvent } from "./log-events/log-events.ts";

/** Writes lines of the log: facts with a name, never free text, secrets or phone numbers. */
export interface Log {
  info(facts: Record<string, unknown>, event: LogEvent<"info">): void;
  warn(facts: Record<string, unknown>, event: LogEvent<"warn">): void;
  error(facts: Record<string, unknown>, event: LogEvent<"error">): void;
}

/**
 * Opens a log of one JSON line per event on standard output; `silent` is for tests. An error under `err` is written as
 * its name, reason and stack.
 */
export function openLog(level: "info" | "warn" | "error" | "silent"): Log {
  return pino({
    level,
    base: null,
    messageKey: "event",
    formatters: { level: (label) => ({ level: label }) },
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: ["*.authorization", "*.secret", "*.token", "*.phone", "*.url"],
  });
}
