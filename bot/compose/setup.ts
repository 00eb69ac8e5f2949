import { isDeepStrictEqual } from "node:util";
import { parentOf } from "../../adapters/index.ts";
import type { Configuration } from "../config/configuration.ts";
import { createDirectory } from "../config/directory.ts";
import { toNamed } from "../config/named.ts";
import { toNames } from "../config/names.ts";
import type { ReadyPager } from "../contracts.ts";
import type { Names } from "../domain/names.ts";
import { createCalleeOf } from "../engine/kernel/incidents/callee.ts";
import type { OpenIncidents } from "../engine/kernel/open/open-incidents.ts";
import type { Directory } from "../ports/directory.ts";
import type { Clock } from "../ports/time.ts";
import { toSources } from "./sources.ts";

/** All that is made of a configuration and can be replaced as a whole while the bot runs. */
export interface Setup {
  readonly configuration: Configuration;
  readonly directory: Directory;
  readonly names: Names;
  readonly sources: ReturnType<typeof toSources>;
  readonly pagers: Readonly<Record<string, ReadyPager>>;
}

/** Opens a pager of the configuration. */
export type OpenPager = (name: string, configuration: Configuration) => ReadyPager;

/** What stays as it is when a setup is replaced. */
export interface Around {
  readonly clock: Clock;
  readonly openPager: OpenPager;
  readonly openIncidents: Pick<OpenIncidents, "isInside">;
}

/**
 * Makes a setup. A pager whose settings are as in `before` stays the one that it is: it may be calling somebody, or
 * hold a line.
 */
export function toSetup(
  configuration: Configuration,
  { clock, openPager, openIncidents }: Around,
  before: Setup | null = null,
): Setup {
  const sources = toSources(configuration, clock);
  const pagers = Object.entries(configuration.pagers).map(([name, entry]) => {
    const known = before?.pagers[name];
    const isSame = isDeepStrictEqual(before?.configuration.pagers[name]?.options, entry.options);
    return [name, known !== undefined && isSame ? known : openPager(name, configuration)] as const;
  });
  const directory = createDirectory(configuration, new Set(Object.keys(sources.feedback)), parentOf);
  const names = toNames(configuration, createCalleeOf({ directory, openIncidents, clock }));
  return { configuration, directory, names, sources, pagers: toNamed(pagers) };
}
