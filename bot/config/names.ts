import type { Names } from "../domain/names.ts";
import type { Configuration } from "./configuration.ts";

/** An incident may be of a source or have used a pager that is no longer configured: then its key is all there is. */
export function toNames({ sources, pagers, buttons }: Pick<Configuration, "sources" | "pagers" | "buttons">): Names {
  const hanging = buttons.toSorted((a, b) => Number(b.fixed) - Number(a.fixed));
  const places = Map.groupBy(hanging, ({ source }) => source);
  return {
    source: (key) => sources[key]?.label ?? key,
    pager: (key) => pagers[key]?.label ?? key,
    places: (source) => [...new Set(places.get(source)?.flatMap(({ place }) => place ?? []))],
  };
}
