import type { DecisionReason } from "../domain/incident/command.ts";
import type { Incident, Presser } from "../domain/incident/incident.ts";
import type { Person } from "../domain/person.ts";
import type { Visit } from "../domain/visit/visit.ts";
import type { CommandResult } from "./click.ts";
import type { MessagePlace } from "./store/personal-cards.ts";

/** The result of a colleague's press in Teams. */
export type PressResult =
  /**
   * `incident`: what it says may differ from what was typed, and it may be closed, where Teams delivered the message,
   * or an edit of it, so late; null: it can't be read now.
   */
  | { readonly kind: "pressed"; readonly id: string; readonly incident: Incident | null }
  /**
   * The storage is down, so the press went out from memory (rule 1). `id`: the alarm that it becomes as soon as it is
   * recorded; null: that is not known.
   */
  | { readonly kind: "unstored"; readonly id: string | null }
  /** No source of type `teams` is configured. */
  | { readonly kind: "not-configured" };

export type Pressed = Extract<PressResult, { kind: "pressed" }>;

/** Raises alarms for a colleague in a chat with the bot. */
export interface PersonalAlarms {
  /**
   * Presses for this colleague at once, without a question. `typed`: what they typed behind the word, which may say a
   * place and a location; null: at the place they set, unless they are on a visit. `id`: the identity of the message or
   * click, because Teams may deliver it again; null when it has none. `isEdited`: the text of that message was changed,
   * so where it pressed before, only the place is corrected.
   */
  press(person: Person, typed: string | null, id: string | null, isEdited: boolean): Promise<PressResult>;
  /** Presses again by the button with which this colleague pressed before, whatever kind it is; `id` as for `press`. */
  pressAgain(person: Person, button: Pick<Presser, "source" | "button">, id: string | null): Promise<PressResult>;
  /** Finds what became of the press of a message with that identity; null when it was none, or is a day old. */
  findPress(id: string): Promise<Pressed | null>;
  /** Takes a press back (rule 19); null when there is no such incident. */
  undoPress(person: Person, incident: string): Promise<DecisionReason | null>;
  /** Whether an alarm that they typed is in memory only, because the storage does not take it. */
  hasUnstored(person: Person): boolean;
  /** The location that a text names and says little else, by its key; null: none. */
  locationIn(text: string): string | null;
  /**
   * Says for this colleague at which location that alarm of theirs is; null when there is no such alarm, and
   * "no-location" when there is no such location any more. "buffered": the storage does not take it now, and it is
   * tried again.
   */
  nameLocation(
    person: Person,
    incident: string,
    location: string,
  ): Promise<CommandResult | "buffered" | "no-location" | null>;
  /** Saves where this colleague usually is; null deletes it. */
  setPlace(person: Person, place: string | null): Promise<void>;
}

/** Announces visits of a colleague and ends them. */
export interface PersonalVisits {
  /**
   * Starts a visit; null when no source of type `teams` is configured, because nothing would come of the visit. `id` is
   * as for `press`; the same one again changes nothing.
   */
  startVisit(person: Person, lengthMs: number, id: string | null): Promise<Visit | null>;
  /** The visit that this colleague is on; null when there is none. */
  visitOf(person: Person): Promise<Visit | null>;
  /** Makes a visit longer; null when there is none (any more). */
  extendVisit(person: Person, byMs: number): Promise<Visit | null>;
  /** Ends a visit; false when there was none (any more). */
  endVisit(person: Person): Promise<boolean>;
  /**
   * Has a message in this colleague's chat that shows their visit show from now on, without a sound, how it is and what
   * becomes of it, in place of the one of before (rule 27). Never rejects.
   */
  followVisit(person: Person, message: MessagePlace): Promise<void>;
}

/**
 * What colleagues can do for themselves. All methods but `press`, `pressAgain`, `followVisit` and `followPress` reject
 * when the storage is down.
 */
export interface Personal {
  readonly alarms: PersonalAlarms;
  readonly visits: PersonalVisits;
  /**
   * Has the message that answered a press of this colleague, in their chat, show from now on without a sound what
   * becomes of it (rule 27), in place of the one of before, unless messages tell them; of a press that went out from
   * memory once it is recorded. Never rejects.
   */
  followPress(person: Person, incident: string, answer: MessagePlace): Promise<void>;
}
