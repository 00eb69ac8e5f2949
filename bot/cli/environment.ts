import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { loadEnvFile } from "node:process";

/** Where a command finds what this configuration takes from the environment: in the file `.env` beside it. */
export function toEnvironmentFile(configuration: string): string {
  return join(dirname(configuration), ".env");
}

/** Adds the variables of that file, where there is one, to the environment; those that are there already stay. */
export function loadEnvironment(configuration: string): void {
  const file = toEnvironmentFile(configuration);
  if (existsSync(file)) loadEnvFile(file);
}
