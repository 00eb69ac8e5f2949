import type { HistoryLine } from "../../domain/incident/history.ts";
import type { Policy } from "../../domain/incident/policy.ts";
import type { Language } from "../../domain/language.ts";
import type { Names } from "../../domain/names.ts";

/** How cards are shown here. */
export interface CardSettings {
  readonly language: Language;
  /** IANA name, such as Europe/Amsterdam. */
  readonly timezone: string;
  readonly names: Names;
}

/** What a card needs to know besides its incident. `policy` is the one that the incident goes by now (rule 6). */
export interface CardContext extends CardSettings {
  readonly policy: Policy;
  /** The whole history of a closed incident, oldest first; empty while it is open, and where it can't be read. */
  readonly history: readonly HistoryLine[];
}
