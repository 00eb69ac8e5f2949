import type { Alarm } from "../domain/alarm.ts";
import { listMeant, type Whereabouts } from "../domain/location.ts";
import { createLocationFinder } from "../domain/location-name.ts";
import { isSentence, toTyped } from "../domain/typed-place.ts";
import { toPlace } from "../kit/safe-text.ts";
import type { ButtonEntry, Configuration, SourceEntry } from "./configuration.ts";
import { toLocations } from "./roster.ts";

/** Where a press is, in as far as its message and the configuration say. */
export interface WherePressed extends Pick<Whereabouts, "location" | "mayBeAt"> {
  /** Whether it was named with this very press, which no usual one outweighs. */
  readonly isLocationNamed?: true;
  /** The place that the message says, as it may be shown; null: none. */
  readonly place: string | null;
}

/** From where an alarm came; `button`: what is configured of its button. */
interface PressedFrom {
  readonly source: string;
  readonly entry: Pick<SourceEntry, "location" | "channel">;
  readonly button: Pick<ButtonEntry, "location"> | undefined;
}

/**
 * Creates what says where a press is (rule 22): where its button is; of what is typed, where it says. What names
 * several locations, or one by half, leaves it open at which of them it is; so does a colleague who belongs to several
 * and names none. A name by half, or with a slip, never outweighs the usual one, because it may be that of a room.
 */
export function createWherePressed(
  configuration: Pick<Configuration, "locations" | "sources" | "buttons" | "people">,
): (alarm: Alarm, from: PressedFrom) => WherePressed {
  const locations = toLocations(configuration);
  const findLocations = createLocationFinder(locations);
  const stations = new Map(configuration.people?.map(({ id, locations: at }) => [id.toLowerCase(), at]));

  function listUsual({ colleague }: Alarm, { entry, button }: PressedFrom): readonly string[] {
    const own = stations.get(colleague?.id.toLowerCase() ?? "") ?? [];
    return (
      [button?.location ? [button.location] : [], own, entry.location ? [entry.location] : []].find(isFilled) ?? []
    );
  }

  return (alarm, from) => {
    const usual = listUsual(alarm, from);
    if (alarm.colleague === null || alarm.place === null)
      return { ...toOneOf(usual), place: toPlace(alarm.place ?? "") };
    const { whole, half, rest } = findLocations(alarm.place);
    const said = toTyped(rest);
    const place = said === null || isSentence(said) ? null : toPlace(said);
    const named = alarm.colleague.isPlaceTyped ? { isLocationNamed: true as const } : {};
    if (whole.length > 0) return { ...toOneOf([...whole, ...half]), ...named, place };
    if (half.length === 0) return { ...toOneOf(usual), place };
    const { source, entry } = from;
    const meant = isFilled(usual) ? usual : listMeant({ location: null, channel: entry.channel, source }, locations);
    return meant === null
      ? { location: null, place }
      : { ...toOneOf([...new Set([...meant, ...half])]), ...named, place };
  };
}

function isFilled(keys: readonly string[]): boolean {
  return keys.length > 0;
}

/** That location where it is one; else it is one of them. */
function toOneOf(keys: readonly string[]): Pick<Whereabouts, "location" | "mayBeAt"> {
  const [only = null, ...others] = keys;
  return others.length > 0 ? { location: null, mayBeAt: keys } : { location: only };
}
