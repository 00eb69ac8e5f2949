import type { IActionSet, IRichTextBlock } from "@microsoft/teams.cards";
import type { Incident } from "../../domain/incident/incident.ts";
import type { Language } from "../../domain/language.ts";
import { toWhereabouts } from "../../domain/location.ts";
import type { Names } from "../../domain/names.ts";
import { safeFor } from "../../kit/safe-text.ts";
import { personal } from "../../words/colleague/personal.ts";
import { toBlock, toButtonRows, toLabelled, toRun, toRuns } from "./elements.ts";
import { toExecute } from "./execute.ts";
import { toShort } from "./place.ts";

/** Where an alarm is, as whoever typed it is told. */
export interface OwnPlace {
  /** null: unknown. */
  readonly place: string | null;
  /** What people call its location, or those of which it is asked which; left out: there are no locations. */
  readonly at?: { readonly location: string } | { readonly choices: readonly LocationChoice[] };
}

interface LocationChoice {
  readonly key: string;
  readonly name: string;
}

/** More buttons than this do not fit a phone, with what else stands there. */
const maxChoices = 6;
/** A button with more letters than this is cut by the narrowest phone. */
const maxOnButton = 29;

/** Where that alarm is, and where nobody knows at which location, which may be meant; `null`: it can't be read now. */
export function toOwnPlace(incident: Incident | null, names: Names): OwnPlace {
  if (incident === null) return { place: null };
  const { place, location } = incident;
  if (!names.hasLocations) return { place };
  if (location !== undefined) return { place, at: { location: names.location(location) } };
  const choices = names.listMeant(toWhereabouts(incident)).map((key) => ({ key, name: names.location(key) }));
  return { place, at: { choices } };
}

/**
 * The location of somebody's own alarm, or the question which it is, with a button for each: the alarm is out, so that
 * nobody has to answer it.
 */
export function toLocationBlocks(
  { at }: Pick<OwnPlace, "at">,
  incident: string,
  language: Language,
): (IRichTextBlock | IActionSet)[] {
  if (at === undefined) return [];
  const { location, whichLocation, anyLocation, otherLocation } = personal[language];
  if ("location" in at) return [{ ...toLabelled(location, at.location, { size: "Medium" }), spacing: "Medium" }];
  const shown = at.choices.slice(0, maxChoices);
  const actions = shown.map(({ key, name }) => {
    return toExecute(safeFor.card(toShort(name, maxOnButton)), "at-location", { incident, location: key });
  });
  return [
    toBlock([toRun(whichLocation, { size: "Medium", weight: "Bolder" })], "Medium"),
    toBlock(toRuns(anyLocation)),
    ...toButtonRows(actions),
    toBlock(toRuns(otherLocation)),
  ];
}
