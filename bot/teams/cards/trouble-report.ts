import type { Language } from "../../domain/language.ts";
import type { Names } from "../../domain/names.ts";
import { toLine } from "../../kit/safe-text.ts";
import type { Trouble } from "../../ports/status.ts";
import { troubleReport } from "../../words/operator/trouble-report.ts";
import { toTroubleCounts, toTroubleEntries } from "./troubles.ts";

/** More lines than this nobody reads; `status` has no more either. */
const maxLines = 20;

interface ReportContext {
  readonly language: Language;
  readonly names: Names;
  readonly organisation: string;
}

/**
 * What is wrong, and what no longer is, as plain text for where there is no Teams. `over`: labels of what is over.
 * `now`: epoch milliseconds.
 */
export function toTroubleReport(
  troubles: readonly Trouble[],
  over: readonly string[],
  now: number,
  { organisation, ...context }: ReportContext,
): { readonly title: string; readonly text: string } {
  const words = troubleReport[context.language];
  const entries = toTroubleEntries(troubles, maxLines, now, { ...context, toText: toLine });
  const ended = over.length === 0 ? [] : [words.over, ...over.map((label) => `- ${label}`)];
  return {
    title: troubles.length === 0 ? words.titleOver : words.title(troubles.length),
    text: [words.intro(organisation), ...entries, ...ended].join("\n").replaceAll("**", ""),
  };
}

/** That trouble in a few words, for when it is over. */
export function toTroubleLabel(trouble: Trouble, context: Pick<ReportContext, "language" | "names">): string {
  return toTroubleCounts([trouble], { ...context, toText: toLine }).join();
}
