import { ConfigurationError, toConfigurationReport } from "../config/configuration-error.ts";

/** The text that a command prints before it gives up: every problem of a configuration, or the error's sentence. */
export function toReport(error: unknown): string {
  if (error instanceof ConfigurationError) return toConfigurationReport(error).trimEnd();
  return error instanceof Error ? error.message : String(error);
}
