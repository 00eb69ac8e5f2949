import type { Incident } from "../incident.ts";

/** What colleagues tell of the police: that somebody called 112, and that the police are there. */
export const policeVerbs = ["112-called", "police-there"] as const;
export type PoliceVerb = (typeof policeVerbs)[number];

/** When that was told, in epoch milliseconds; undefined: it was not. */
export function toldAt({ called112At, policeThereAt }: Incident, verb: PoliceVerb): number | undefined {
  return verb === "112-called" ? called112At : policeThereAt;
}
