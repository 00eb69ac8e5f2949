import type { DecisionReason } from "../domain/incident/command.ts";
import type { Person } from "../domain/person.ts";
import type { Visit } from "../domain/visit/visit.ts";

/** What a colleague's press in Teams came to. */
export type PressResult =
  /** `place` is what the card shows, not what was typed; `isClosed`: a message that was delivered again, too late. */
  | { readonly kind: "pressed"; readonly incident: string; readonly place: string | null; readonly isClosed: boolean }
  /** The storage is down: it went out from memory (rule 1). */
  | { readonly kind: "unstored" }
  /** No source of type `teams` is configured. */
  | { readonly kind: "not-configured" };

/** How a colleague raises an alarm in a chat with the bot. */
export interface PersonalAlarms {
  /**
   * A press by this colleague, at that place or, with null, at the place they set, unless they are on a visit. No
   * question asked. `id`: the identity of the message or click, since Teams may deliver it again; null when it has
   * none.
   */
  press(person: Person, place: string | null, id: string | null): Promise<PressResult>;
  /** Takes a press back (rule 19); null when there is no such incident. */
  undoPress(person: Person, incident: string): Promise<DecisionReason | null>;
  /** Where this colleague usually is; null forgets it. */
  setPlace(person: Person, place: string | null): Promise<void>;
}

/** How a colleague announces a visit and ends it. */
export interface PersonalVisits {
  /**
   * null when no source of type `teams` is configured: then nothing would come of it. `id` as for `press`; the same one
   * again changes nothing.
   */
  startVisit(person: Person, lengthMs: number, id: string | null): Promise<Visit | null>;
  /** The visit that this colleague is on; null when there is none. */
  visitOf(person: Person): Promise<Visit | null>;
  /** null when there is no visit (any more). */
  extendVisit(person: Person, byMs: number): Promise<Visit | null>;
  /** false when there was none (any more). */
  endVisit(person: Person): Promise<boolean>;
}

/** What a colleague can do for themselves. All but `press` reject when the storage is down. */
export interface Personal {
  readonly alarms: PersonalAlarms;
  readonly visits: PersonalVisits;
}
