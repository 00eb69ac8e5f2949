import { toPlace } from "../../domain/alarm.ts";

/** What one colleague wants of the bot, typed or clicked. */
export type PersonalCommand = OwnCommand | TestCommand;

/** For themselves. */
export type OwnCommand =
  | { readonly kind: "alarm"; readonly place: string | null }
  | { readonly kind: "oops"; readonly incident: string }
  /** null forgets it. */
  | { readonly kind: "place"; readonly place: string | null }
  | { readonly kind: "place-too-long" }
  | { readonly kind: "visit"; readonly lengthMs: number }
  | { readonly kind: "visit-longer" | "visit-done" | "visit-unclear" };

/** A test of the routes to external security: begin one, see how it stands, say that a human has it there. */
export type TestCommand =
  | { readonly kind: "test" }
  | { readonly kind: "test-look"; readonly test: string }
  | { readonly kind: "test-confirm"; readonly test: string; readonly pager: string };

/** What can be clicked of it. */
export const personalVerbs = ["alarm", "oops", "visit-done", "visit-longer", "test-look", "test-confirm"] as const;
export type PersonalVerb = (typeof personalVerbs)[number];

const minuteMs = 60_000;
/** Nobody names a longer place, and what is cut to 80 characters anyway need not be looked at for longer. */
const placeWithin = 400;
/** More words than this are a sentence: it may name people, and no place is looked for in it. */
const maxPlaceWords = 3;

/**
 * How people type it; both languages are always understood. Anchored: a substring would fire on any sentence. An alarm
 * is as forgiving as it can be without that: who types it may be in danger, and a false one is looked at and closed.
 */
export const typedCommands = {
  alarm: /^[\s\p{P}\p{S}]*(?:(?:alarm+|sos+|s[.\s]{1,3}o[.\s]{1,3}s)(?![\p{L}\p{N}])[\s!?.,:;-]*)+(?<place>.*)$/isu,
  place: /^(?:plek|place)(?![\p{L}\p{N}])(?<place>.*)$/isu,
  visit: /^(?:bezoek|visit)(?![\p{L}\p{N}])(?<length>.*)$/isu,
  test: /^test\s*$/iu,
  done: /^(?:(?:ik ben )?klaar|(?:i['’]?m )?done)[\s!.]*$/iu,
} as const;

/** "45m", "45", "90 min", "1u", "1h", "1u30", "1 uur en 30 minuten". */
const length =
  /^(?:(?<hours>\d{1,2})\s*(?:u|h|uur|uren|hours?)(?:\s*(?:en|and)\s)?\s*)?(?:(?<minutes>\d{1,3})\s*(?:m|min|minuut|minuten|minutes?)?)?$/iu;
const ended = /^(?:klaar|done|stop|einde|end)$/iu;

/** What a typed text asks for; null when it is none of these. */
export function parseTypedCommand(text: string): PersonalCommand | null {
  const alarm = typedCommands.alarm.exec(text);
  if (alarm !== null) {
    const typed = toTypedPlace(alarm.groups?.place ?? "");
    return { kind: "alarm", place: typed === "too-long" ? null : typed.place };
  }
  if (typedCommands.test.test(text)) return { kind: "test" };
  const place = typedCommands.place.exec(text);
  if (place !== null) {
    const typed = toTypedPlace(place.groups?.place ?? "");
    return typed === "too-long" ? { kind: "place-too-long" } : { kind: "place", ...typed };
  }
  const visit = typedCommands.visit.exec(text);
  if (visit !== null) return parseVisitCommand(visit.groups?.length ?? "");
  return typedCommands.done.test(text) ? { kind: "visit-done" } : null;
}

/** What a card's button carries, besides its verb. */
export interface PersonalCommandData {
  readonly incident?: string | undefined;
  readonly test?: string | undefined;
  readonly pager?: string | undefined;
}

/** What a click on a card asks for; null when the card does not say enough. */
export function parseClickedCommand(
  verb: PersonalVerb,
  { incident, test, pager }: PersonalCommandData,
): PersonalCommand | null {
  if (verb === "alarm") return { kind: "alarm", place: null };
  if (verb === "test-look") return test === undefined ? null : { kind: verb, test };
  if (verb === "test-confirm") return test === undefined || pager === undefined ? null : { kind: verb, test, pager };
  if (verb !== "oops") return { kind: verb };
  return incident === undefined ? null : { kind: "oops", incident };
}

/** What was typed behind the word; null when there is no letter or digit in it. */
function toTypedPlace(text: string): { readonly place: string | null } | "too-long" {
  const bare = text
    .slice(0, placeWithin)
    .replace(/^[\s!?.,:;-]+/u, "")
    .replace(/[\s!?.,:;]+$/u, "");
  if (!/[\p{L}\p{N}]/u.test(bare)) return { place: null };
  return bare.split(/\s+/u).length > maxPlaceWords ? "too-long" : { place: toPlace(bare) };
}

function parseVisitCommand(text: string): PersonalCommand {
  const bare = text.replace(/^[\s:]+/u, "").replace(/[\s!.]{1,9}$/u, "");
  if (ended.test(bare)) return { kind: "visit-done" };
  const { hours = "0", minutes = "0" } = length.exec(bare)?.groups ?? {};
  const lengthMs = (Number(hours) * 60 + Number(minutes)) * minuteMs;
  return lengthMs > 0 ? { kind: "visit", lengthMs } : { kind: "visit-unclear" };
}
