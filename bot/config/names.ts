import type { Names } from "../domain/names.ts";
import type { Configuration } from "./configuration.ts";
import { createSites } from "./sites.ts";

/** What an incident names may have left the configuration: then its key is all there is. */
export function toNames(
  configuration: Pick<Configuration, "organisation" | "sources" | "pagers" | "buttons" | "locations" | "people">,
): Names {
  const { sources, pagers, buttons, locations, people } = configuration;
  const phones = new Set(people?.flatMap(({ id, phone }) => (phone === null ? [] : [id.toLowerCase()])));
  const hanging = buttons.toSorted((a, b) => Number(b.fixed) - Number(a.fixed));
  const places = Map.groupBy(hanging, ({ source }) => source);
  return {
    source: (key) => sources[key]?.label ?? key,
    pager: (key) => pagers[key]?.label ?? key,
    location: (key) => locations[key]?.name ?? key,
    site: createSites(configuration),
    codeWord: (location) => locations[location ?? ""]?.codeWord ?? null,
    mayShowPhones: (pager) => pagers[pager]?.mayShowPhones ?? false,
    hasPhone: ({ id }) => phones.has(id.toLowerCase()),
    hasLocations: Object.keys(locations).length > 0,
    places: (source) => [...new Set(places.get(source)?.flatMap(({ place }) => place ?? []))],
  };
}
