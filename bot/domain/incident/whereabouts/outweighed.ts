import type { Press } from "../command.ts";
import type { Incident } from "../incident.ts";
import { isSince, type Moment } from "../time/is-since.ts";
import { isOf, whereOf } from "./move.ts";

/**
 * That press, which says of where it is no more than is known by now as far as whoever presses said that since: one
 * that could not be written in its turn takes no alarm back to where they were. What they said before stands where they
 * said nothing newer than where they usually are.
 */
export function withoutOutweighed(before: Incident, press: Press, moment: Moment): Press {
  const newer = before.pressers.find((known) => isOf(known, press) && isSince(known.at, moment));
  const isNamedSince = isSince(before.locationNamedAt, moment);
  const isUsualNow = newer?.via === "chat" && press.isLocationNamed === true;
  const isLocationKnown = before.location !== undefined || before.mayBeAt !== undefined;
  const isPlaceKnown = before.place !== null && (!before.isPlaceUsual || press.isPlaceUsual === true);
  const hasOldLocation = isLocationKnown && (isNamedSince || (newer !== undefined && !isUsualNow));
  const isElsewhere = hasOldLocation && press.location !== whereOf(before).location;
  const hasOldPlace = isElsewhere || (isPlaceKnown && (isNamedSince || newer !== undefined));
  const heard = hasOldLocation ? withLocationOf(before, press) : press;
  return hasOldPlace ? withPlaceOf(before, heard) : heard;
}

function withLocationOf(before: Incident, press: Press): Press {
  const { mayBeAt: _, isLocationNamed: __, mayBeElsewhere: ___, ...rest } = press;
  return { ...rest, ...whereOf(before), ...(before.mayBeElsewhere ? { mayBeElsewhere: true } : {}) };
}

function withPlaceOf(before: Incident, press: Press): Press {
  const { isPlaceUsual: _, ...rest } = press;
  const { place, fixedPlace, directions } = before;
  const position = before.position ?? press.position;
  return { ...rest, place, fixedPlace, directions, position, ...(before.isPlaceUsual ? { isPlaceUsual: true } : {}) };
}
