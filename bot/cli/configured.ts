import type { Configuration } from "../config/configuration.ts";
import type { Kinds } from "../config/document/entries.ts";
import { loadConfiguration, loadText } from "../config/load-configuration.ts";
import { loadEnvironment } from "./environment.ts";

/** Loads the configuration that a command works with, and its environment. Rejects with ConfigurationError. */
export async function loadConfigured(file: string): Promise<Configuration> {
  return loadConfiguration(file, loadEnvironment(file), await loadKinds(file));
}

/**
 * Loads what may stand in that file. Rejects with ConfigurationError where it can't be read, at once: all that sources
 * and pagers stand on takes much longer to load than that takes to say.
 */
export async function loadKinds(file: string): Promise<Kinds> {
  loadText(file);
  return (await import("../compose/kinds.ts")).kinds;
}
