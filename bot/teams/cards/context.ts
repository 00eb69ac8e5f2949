import type { Policy } from "../../domain/incident/policy.ts";
import type { Language } from "../../domain/language.ts";
import type { Names } from "../../domain/names.ts";

/** What a card needs to know besides its incident. `policy` is the one with which the incident opened (rule 6). */
export interface CardContext {
  readonly language: Language;
  /** IANA name, such as Europe/Amsterdam. */
  readonly timezone: string;
  readonly names: Names;
  readonly policy: Policy;
}
