import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseEnv } from "node:util";
import type { Environment } from "../config/document/fill-in.ts";
import { loadText } from "../config/load-configuration.ts";

/** Where a command finds what this configuration takes from the environment: in the file `.env` beside it. */
export function toEnvironmentFile(configuration: string): string {
  return join(dirname(configuration), ".env");
}

/**
 * Loads what this configuration may take from the environment: that of the process, and of the variables that are not
 * there those of its file, where there is one, as it is now. Throws ConfigurationError when that can't be read.
 */
export function loadEnvironment(configuration: string): Environment {
  const file = toEnvironmentFile(configuration);
  return existsSync(file) ? { ...parseEnv(loadText(file)), ...process.env } : process.env;
}
