import type { DecisionReason } from "../../../domain/incident/command.ts";
import type { Language } from "../../../domain/language.ts";
import { refusal } from "../../../words/colleague/refusal.ts";

/** A short sentence for whoever clicked what was not allowed; null when the fresh card says it all. */
export function toRefusal(reason: DecisionReason, language: Language): string | null {
  const words: Partial<Record<DecisionReason, string>> = refusal[language];
  return words[reason] ?? null;
}
