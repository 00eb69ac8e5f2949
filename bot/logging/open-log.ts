import { pino } from "pino";
import { safeFor } from "../kit/safe-text.ts";
import type { Log } from "../log.ts";
import { openDestination } from "./destination.ts";
import { limitRepeats } from "./limit-repeats.ts";

/** Standard output. */
const stdout = 1;

/**
 * Opens a log of one JSON line per event on standard output; `silent`, another descriptor and a clock are for tests. It
 * never throws and never waits, whatever it is told and whatever becomes of that output. An error under `err` is
 * written as its name and reason, and with its stack unless it is of a kind that is expected.
 */
export function openLog(
  level: "info" | "warn" | "error" | "silent",
  fd = stdout,
  now = () => performance.now(),
): Log & { readonly dropped: number } {
  const destination = openDestination(fd);
  const lines = pino(
    {
      level,
      base: null,
      messageKey: "event",
      formatters: { level: (label) => ({ level: label }) },
      serializers: { err: toShownError },
      timestamp: pino.stdTimeFunctions.isoTime,
      hooks: { streamWrite: safeFor.log },
      redact: ["*.authorization", "*.secret", "*.token", "*.phone", "*.url"],
    },
    destination,
  );
  const limited = limitRepeats(lines, now);
  let notWritten = 0;
  /** Whoever has something to tell is never stopped by it, whatever it is. */
  function attempt(write: () => void): void {
    try {
      write();
    } catch {
      notWritten += 1;
    }
  }
  return {
    info: (facts, event) => attempt(() => limited.info(facts, event)),
    warn: (facts, event) => attempt(() => limited.warn(facts, event)),
    error: (facts, event) => attempt(() => limited.error(facts, event)),
    get dropped() {
      return notWritten + destination.dropped;
    },
  };
}

/**
 * An error that has a `reason` was expected, so that its stack tells nothing and only fills the disk. What was thrown
 * may be no error at all.
 */
function toShownError(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const { stack, ...shown } = pino.stdSerializers.err(error);
  return "reason" in error ? shown : { ...shown, stack };
}
