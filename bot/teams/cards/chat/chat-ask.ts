import type { Incident } from "../../../domain/incident/incident.ts";
import { type AlarmInChatWords, alarmInChat, type Self } from "../../../words/chat/alarm-in-chat.ts";
import { type CardWords, card } from "../../../words/colleague/card.ts";
import type { CardContext } from "../context.ts";
import { type Ask, toAlone, toAskThere, toClock, toOtherwise, toRing } from "../incident/ask.ts";
import type { Standing } from "../incident/standing.ts";

/** What is asked of one colleague, by what they are in the alarm; whatever it says to click stands on their card. */
export function toChatAsk(incident: Incident, standing: Standing, self: Self | null, context: CardContext): Ask {
  const { ask }: AlarmInChatWords = alarmInChat[context.language];
  if (standing.outcome !== null) return { question: [], otherwise: [] };
  switch (self) {
    case "presser":
      return { question: [ask.presser], otherwise: [] };
    case "was-there":
      return { question: [...toRing(standing, card[context.language].ask), ask["was-there"]], otherwise: [] };
    case "silent":
      return toCheck(standing, context);
    case "help":
    case "help-away":
      return { question: [...toRing(standing, card[context.language].ask), ask.presser], otherwise: [] };
    case "there":
      return toAskOfWhoIsThere(incident, standing, context);
    default:
      return toAskAway(incident, standing, self, context);
  }
}

/** They have said that they are there. */
function toCheck({ checkDueBy }: Standing, context: CardContext): Ask {
  const { ask }: AlarmInChatWords = alarmInChat[context.language];
  if (checkDueBy === null) return { question: [ask.silent], otherwise: [] };
  return { question: [ask.check(toClock(checkDueBy, context))], otherwise: [card[context.language].ask.checkMissed] };
}

function toAskOfWhoIsThere(incident: Incident, standing: Standing, context: CardContext): Ask {
  const { ask }: CardWords = card[context.language];
  if (standing.help !== "asked") return toAskThere(incident, standing, context);
  // Who is there has come already.
  return { question: [...toRing(standing, ask), ask.resolve], otherwise: [] };
}

function toAskAway(incident: Incident, standing: Standing, self: Self | null, context: CardContext): Ask {
  const { ask }: CardWords = card[context.language];
  const isComing = self === "coming" || self === "late";
  const question = isComing ? ask.coming : toCall(standing, ask);
  return {
    question: [...toRing(standing, ask), question, ...toAlone(standing.needed, ask)],
    otherwise: standing.there === null ? toOtherwise(incident, standing, context) : [],
  };
}

/** To somebody who does not come so far: never nothing, because buttons without a question leave them guessing. */
function toCall({ help, there, guardComing, coming, late, needed, security }: Standing, ask: CardWords["ask"]): string {
  if (help === "asked") return ask.help;
  if (there !== null || guardComing !== null || coming >= needed) return ask.pagedToo;
  if (coming > 0) return ask.tooFew(needed - coming);
  if (late > 0) return ask.pagedToo;
  return security === null ? ask.open : ask.paged;
}
