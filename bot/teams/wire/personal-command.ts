import { isOneSlip } from "../../domain/one-slip.ts";
import { isSentence, toTyped } from "../../domain/typed-place.ts";
import { toPlace } from "../../kit/safe-text.ts";

/** What one colleague wants of the bot for themselves, typed or clicked. */
export type PersonalCommand = OwnCommand | TestCommand | RingCommand;

/** About their own alarm, place or visit. */
export type OwnCommand =
  /**
   * `typed`: what stands behind the word, which may say a place and a location; null: nothing. `typedAt`: when, in
   * epoch milliseconds, where a button carried it; left out: now.
   */
  | { readonly kind: "alarm"; readonly typed: string | null; readonly typedAt?: number }
  | { readonly kind: "oops"; readonly incident: string }
  /** The answer at which location that alarm of theirs is, by its key. */
  | { readonly kind: "at-location"; readonly incident: string; readonly location: string }
  /** `place` null: it is forgotten. */
  | { readonly kind: "place"; readonly place: string | null }
  | { readonly kind: "place-too-long" }
  | { readonly kind: "visit"; readonly lengthMs: number }
  | { readonly kind: "visit-longer" | "visit-done" | "visit-unclear" };

/**
 * About a test of the routes to external security, to start one, show its state, or confirm that a human has received
 * it; or of Teams.
 */
export type TestCommand =
  /** `code`: what was typed as the code that stands in for a lead; null: nothing. */
  | { readonly kind: "test"; readonly code: string | null }
  | { readonly kind: "test-look"; readonly test: string }
  | { readonly kind: "test-confirm"; readonly test: string; readonly pager: string }
  /** The button of a test of Teams. */
  | { readonly kind: "test-click"; readonly test: string };

/**
 * About a test of whether people hear that they are rung: to start one, show its state, or say that one hears it.
 */
export type RingCommand =
  /** `code`: as for a test of the routes. */
  | { readonly kind: "ring-test"; readonly code: string | null }
  | { readonly kind: "ring-look" | "ring-heard"; readonly test: string };

export function isRingCommand(command: PersonalCommand): command is RingCommand {
  return command.kind.startsWith("ring-");
}

/** Whether it is about a test, and not about whoever wants it. */
export function isTestCommand(command: PersonalCommand): command is TestCommand {
  return command.kind.startsWith("test");
}

/** The commands that can be clicked. */
export const personalVerbs = [
  "alarm",
  "oops",
  "at-location",
  "visit-done",
  "visit-longer",
  "test-look",
  "test-confirm",
  "test-click",
  "ring-look",
  "ring-heard",
] as const;
export type PersonalVerb = (typeof personalVerbs)[number];

const minuteMs = 60_000;

/** A code as people type it: one word with a digit, or two groups of digits, so that no sentence looks like one. */
export const typedCode = String.raw`(?=\S*\d)[\p{L}\p{N}\p{Pd}]{8,64}|\d{4}\s\d{4}`;

/**
 * Patterns of what people type; both languages are always understood. They are anchored, because a substring would
 * match in any sentence. An alarm is as forgiving as it can be without that, because whoever types it may be in danger,
 * and a false one is looked at and closed. "Alarm afsluiten" alone is the title of the button that closes one.
 */
const typedCommands = {
  alarm:
    /^(?!\s*alarm\s+(?:af)?sluiten[\s!.]*$)[\s\p{P}\p{S}]*(?:(?:alarm+|sos+|s[.\s]{1,3}o[.\s]{1,3}s)(?![\p{L}\p{N}])[\s!?.,:;-]*)+(?<typed>.*)$/isu,
  place: /^(?:plaats|plek|place)(?![\p{L}\p{N}])(?<place>.*)$/isu,
  visit: /^(?:bezoek|visit)(?![\p{L}\p{N}])(?<length>.*)$/isu,
  test: new RegExp(`^test(?:\\s+(?<code>${typedCode}))?\\s*$`, "iu"),
  ringTest: new RegExp(`^(?:oproep[\\s-]?test|ring[\\s-]?test)(?:\\s+(?<code>${typedCode}))?\\s*$`, "iu"),
  done: /^(?:(?:ik ben )?klaar|(?:i['’]?m )?done)[\s!.]*$/iu,
} as const;

/** "45m", "45", "90 min", "1u", "1h", "1u30", "1 uur en 30 minuten". */
const length =
  /^(?:(?<hours>\d{1,2})\s*(?:u|h|uur|uren|hours?)(?:\s*(?:en|and)\s)?\s*)?(?:(?<minutes>\d{1,3})\s*(?:m|min|minuut|minuten|minutes?)?)?$/iu;
const endWords = /^(?:klaar|done|stop|einde|end)$/iu;

/** Parses a typed text; null when it is no command. */
export function parseTypedCommand(text: string): PersonalCommand | null {
  const alarm = typedCommands.alarm.exec(text);
  if (alarm !== null) return { kind: "alarm", typed: toTyped(alarm.groups?.typed ?? "") };
  const test = typedCommands.test.exec(text);
  if (test !== null) return { kind: "test", code: test.groups?.code ?? null };
  const ringTest = typedCommands.ringTest.exec(text);
  if (ringTest !== null) return { kind: "ring-test", code: ringTest.groups?.code ?? null };
  const place = typedCommands.place.exec(text);
  if (place !== null) {
    const typed = toTyped(place.groups?.place ?? "");
    if (typed !== null && isSentence(typed)) return { kind: "place-too-long" };
    return { kind: "place", place: typed && toPlace(typed) };
  }
  const visit = typedCommands.visit.exec(text);
  if (visit !== null) return parseVisitCommand(visit.groups?.length ?? "");
  return typedCommands.done.test(text) ? { kind: "visit-done" } : null;
}

/** What a card's button carries, besides its verb. */
export interface PersonalCommandData {
  readonly incident?: string | undefined;
  /** What was typed before the button was shown, and when, in epoch milliseconds. */
  readonly typed?: string | undefined;
  readonly typedAt?: number | undefined;
  readonly location?: string | undefined;
  readonly test?: string | undefined;
  readonly pager?: string | undefined;
}

/** Parses a click on a card; null when its data lacks what the verb needs. */
export function parseClickedCommand(
  verb: PersonalVerb,
  { incident, location, test, pager, typed = "", typedAt = 0 }: PersonalCommandData,
): PersonalCommand | null {
  if (verb === "alarm") return { kind: "alarm", typed: toTyped(typed), ...(typed === "" ? {} : { typedAt }) };
  if (verb === "test-look" || verb === "test-click" || verb === "ring-look" || verb === "ring-heard")
    return test === undefined ? null : { kind: verb, test };
  if (verb === "test-confirm") return test === undefined || pager === undefined ? null : { kind: verb, test, pager };
  if (verb !== "oops" && verb !== "at-location") return { kind: verb };
  if (incident === undefined) return null;
  if (verb === "oops") return { kind: verb, incident };
  return location === undefined ? null : { kind: verb, incident, location };
}

/** Words with which people call, as the first one of what they type. */
const calls = "hulp help hellup assistentie bijstand noodalarm noodgeval nood paniek emergency panic".split(" ");
/** Words behind a call that say no place. */
const noPlace = new Set("me mij ons us nodig needed now nu snel graag please aub asap".split(" "));

/**
 * What stands behind a call for help, or behind "alarm" with a slip, which may say a place and a location; "" for
 * nothing, null where the text begins with neither.
 */
export function parseCall(text: string): string | null {
  const [, first = "", behind = ""] = /^[^\p{L}]*(\p{L}+)(.*)$/su.exec(text) ?? [];
  const word = first.toLowerCase();
  if (!calls.includes(word) && (word === "alarm" || !isOneSlip(word, "alarm"))) return null;
  const typed = toTyped(behind) ?? "";
  return typed.split(/[^\p{L}]+/u).some((each) => noPlace.has(each.toLowerCase())) ? "" : typed;
}

function parseVisitCommand(text: string): PersonalCommand {
  const bare = text.replace(/^[\s:]+/u, "").replace(/[\s!.]{1,9}$/u, "");
  if (endWords.test(bare)) return { kind: "visit-done" };
  const { hours = "0", minutes = "0" } = length.exec(bare)?.groups ?? {};
  const lengthMs = (Number(hours) * 60 + Number(minutes)) * minuteMs;
  return lengthMs > 0 ? { kind: "visit", lengthMs } : { kind: "visit-unclear" };
}
