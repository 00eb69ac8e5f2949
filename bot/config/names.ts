import { listMeant } from "../domain/location.ts";
import type { Names } from "../domain/names.ts";
import type { Configuration } from "./configuration.ts";
import { toLocations } from "./roster.ts";
import { createSites } from "./sites.ts";

/**
 * What an incident names may have left the configuration: then its key is all there is. `calleeOf` left out: nobody, as
 * where no alarm is shown.
 */
export function toNames(
  configuration: Pick<Configuration, "organisation" | "sources" | "pagers" | "buttons" | "locations">,
  calleeOf: Names["calleeOf"] = () => null,
): Names {
  const { sources, pagers, buttons, locations } = configuration;
  const hanging = buttons.toSorted((a, b) => Number(b.fixed) - Number(a.fixed));
  const known = toLocations(configuration);
  const places = Map.groupBy(hanging, ({ source }) => source);
  return {
    source: (key) => sources[key]?.label ?? key,
    pager: (key) => pagers[key]?.label ?? key,
    location: (key) => locations[key]?.name ?? key,
    site: createSites(configuration),
    codeWord: (location) => locations[location ?? ""]?.codeWord ?? null,
    listMeant: (where) => listMeant(where, known) ?? [...known.keys()],
    mayShowPhones: (pager) => pagers[pager]?.mayShowPhones ?? false,
    calleeOf,
    hasLocations: Object.keys(locations).length > 0,
    places: (source) => [...new Set(places.get(source)?.flatMap(({ place }) => place ?? []))],
  };
}
