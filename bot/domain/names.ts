import type { Incident } from "./incident/incident.ts";
import type { Site, Whereabouts } from "./location.ts";
import type { Person } from "./person.ts";

/**
 * What people call a source, a pager or a location: its label or name, or its key in the configuration where it has
 * none. What is stored, logged, counted or typed is the key.
 */
export interface Names {
  source(key: string): string;
  pager(key: string): string;
  location(key: string): string;
  /** Whether there are any: only then a card says that one is unknown. */
  readonly hasLocations: boolean;
  /** Where whoever comes there has to go, as far as it is known; null where there are no locations. */
  site(where: Partial<Pick<Whereabouts, "location" | "mayBeAt">>): Site | null;
  /** The keys of the locations that may be meant, and of all where any may be. */
  listMeant(where: Whereabouts): readonly string[];
  /** Where the code word of that location lies, for colleagues alone; null: nobody said. */
  codeWord(location: string | null): string | null;
  /** Whether that pager may tell external security the phone of a colleague. */
  mayShowPhones(pager: string): boolean;
  /** Whom external security calls back for that incident now, where that is who is on duty; null: nobody. */
  calleeOf(incident: Incident): Person | null;
  /** The places of that source's buttons, each once, and first those where a button hangs. */
  places(source: string): readonly string[];
}
