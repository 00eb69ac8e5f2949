import type { Names } from "../domain/names.ts";
import type { Configuration } from "./configuration.ts";

/** An incident may be of a source or have used a pager that is no longer configured: then its key is all there is. */
export function toNames({ sources, pagers }: Pick<Configuration, "sources" | "pagers">): Names {
  return {
    source: (key) => sources[key]?.label ?? key,
    pager: (key) => pagers[key]?.label ?? key,
  };
}
