import { existsSync } from "node:fs";
import { loadEnvFile } from "node:process";

/** Where a command finds what the configuration takes from the environment: in the folder in which it is run. */
export const environmentFile = ".env";

/** Adds the variables of that file, where there is one, to the environment; those that are there already stay. */
export function loadEnvironment(file = environmentFile): void {
  if (existsSync(file)) loadEnvFile(file);
}
