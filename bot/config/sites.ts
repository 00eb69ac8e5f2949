import type { Reception, Site } from "../domain/location.ts";
import { toLine } from "../kit/safe-text.ts";
import type { Directory } from "../ports/directory.ts";
import { maxLineLengths } from "../words/shared/line.ts";
import { type Configuration, onDuty } from "./configuration.ts";

/**
 * Creates what says where whoever comes from outside has to go, by a location's key, or by those of which it is one;
 * null where there are no locations. Of one that has left the configuration its key is all there is. The code word, and
 * where it lies, are in none.
 */
export function createSites({
  organisation,
  locations,
}: Pick<Configuration, "organisation" | "locations">): Directory["siteOf"] {
  const nowhere: Site = {
    organisation: toLine(organisation, maxLineLengths.organisation),
    ...{
      location: null,
      mayBeAt: [],
      usual: null,
      address: null,
      entrance: null,
      reception: null,
      account: null,
      position: null,
    },
  };
  const sites = new Map<string, Site>();
  for (const [key, { name, address, entrance, phone, account, position }] of Object.entries(locations)) {
    sites.set(key, { ...nowhere, location: name, address, entrance, reception: toReception(phone), account, position });
  }
  if (sites.size === 0) return () => null;
  return ({ location = null, mayBeAt = [] }) => {
    if (location !== null) return sites.get(location) ?? { ...nowhere, location };
    return { ...nowhere, mayBeAt: mayBeAt.flatMap((key) => sites.get(key)?.location ?? []) };
  };
}

function toReception(phone: string | null): Reception | null {
  if (phone === null) return null;
  return phone === onDuty ? { kind: "on-duty" } : { kind: "number", number: phone };
}
