import { type FactWords, type HeadlineWords, headline } from "../../../words/colleague/headline.ts";
import type { CardContext } from "../context.ts";
import { toClock } from "./ask.ts";
import { type Fact, type Standing, toFacts } from "./standing.ts";

/**
 * The first line: the state in words, with a symbol. It says the two facts that matter most, so that none of them hides
 * the other.
 */
export function toHeadline(standing: Standing, context: CardContext): string {
  const words: HeadlineWords = headline[context.language];
  if (standing.outcome !== null) return words.closed[standing.outcome];
  const [first = "nobody", ...others] = toFacts(standing);
  const second = others.find((fact) => isNews(fact, first, standing));
  const loud = toFirst(first, standing, words, context);
  return second === undefined ? loud : `${loud} – ${toSecond(second, standing, words, context)}`;
}

/** Whether this fact says more than the first one does. */
function isNews(fact: Fact, first: Fact, { there, helpBy, isGuardBeside, security }: Standing): boolean {
  // That sentence has two parts by itself.
  if (first === "paged" && security === "delivered") return false;
  // Who asked for help, or is asked whether all is well, is there; and the question follows below.
  if (first === "help" && fact === "there") return isGuardBeside || there !== (helpBy ?? "colleague");
  if (first === "help") return fact !== "check";
  return first !== "check" || fact !== "there";
}

function toFirst(fact: Fact, standing: Standing, words: HeadlineWords, context: CardContext): string {
  if (fact === "help") return standing.helpBy === "guard" ? words.guardHelp : words.help;
  return fact === "check" ? words.check : toPart(fact, standing, words, context);
}

function toSecond(fact: Fact, standing: Standing, { also }: HeadlineWords, context: CardContext): string {
  if (fact === "help-met") return also.helpMet;
  return fact === "called-off" ? also.calledOff : toPart(fact, standing, also, context);
}

function toPart(fact: Fact, standing: Standing, words: FactWords, context: CardContext): string {
  const { coming, needed, there, silent, guardComing, security } = standing;
  switch (fact) {
    case "unreached":
    case "paged":
      return words[security === null || security === "called-off" ? "calling" : security];
    case "silent":
      return silent === "guard" ? words.guardSilent : words.silent;
    case "there":
      if (there === "both") return words.bothThere;
      return there === "guard" ? words.guardThere : words.there;
    case "guard-coming":
      return words.guardComing(toClock(guardComing?.acceptedAt ?? 0, context));
    case "lapsed":
      return words.lapsed;
    case "coming":
      return coming >= needed ? words.coming(coming) : words.tooFew(coming, needed);
    default:
      return words.open;
  }
}
