import type { HistoryEvent } from "../../domain/incident/history.ts";
import type { Language } from "../../domain/language.ts";

/** What somebody did last in another alarm, so that they count in this one no more. */
type Away = "there" | "leaving" | "inDanger";
type Name = (name: string) => string;

export interface OtherAlarmWords {
  /** Who is not asked to come now. */
  readonly occupied: Name;
  readonly withheld: Readonly<Record<"message" | "call", Name>>;
  /** To colleagues. */
  readonly away: Readonly<Record<Away, Name>>;
  /** To a guard, who reads no names. */
  readonly awayToGuard: Readonly<Record<Away, string>>;
}

/** What one alarm says of people who are in another one, or on a visit that they do not answer about. */
export const otherAlarm = {
  nl: {
    occupied: (names) => `Nu niet beschikbaar, door een ander alarm of een bezoek: ${names}.`,
    withheld: {
      message: (name) => `Toch geen bericht gestuurd, door een ander alarm of een bezoek: ${name}.`,
      call: (name) => `Toch niet gebeld, door een ander alarm of een bezoek: ${name}.`,
    },
    away: {
      there: (name) => `${name} is nu bij een ander alarm en telt hier niet meer mee.`,
      leaving: (name) => `${name} gaat naar een ander alarm en telt hier niet meer mee.`,
      inDanger: (name) => `${name} heeft zelf hulp nodig bij een ander alarm en telt hier niet meer mee. Ga kijken.`,
    },
    awayToGuard: {
      there: "Een collega is nu bij een ander alarm en telt niet meer mee",
      leaving: "Een collega gaat naar een ander alarm en telt niet meer mee",
      inDanger: "Een collega heeft zelf hulp nodig bij een ander alarm en telt niet meer mee",
    },
  },
  en: {
    occupied: (names) => `Not available now, because of another alarm or a visit: ${names}.`,
    withheld: {
      message: (name) => `No message was sent after all, because of another alarm or a visit: ${name}.`,
      call: (name) => `Not called after all, because of another alarm or a visit: ${name}.`,
    },
    away: {
      there: (name) => `${name} is at another alarm now and no longer counts here.`,
      leaving: (name) => `${name} is going to another alarm and no longer counts here.`,
      inDanger: (name) => `${name} needs help at another alarm and no longer counts here. Go and look.`,
    },
    awayToGuard: {
      there: "A colleague is at another alarm now and no longer counts",
      leaving: "A colleague is going to another alarm and no longer counts",
      inDanger: "A colleague needs help at another alarm and no longer counts",
    },
  },
} satisfies Record<Language, OtherAlarmWords>;

/** By which of these words that line is told. */
export function toAway({ inDanger, isLeaving }: Extract<HistoryEvent, { kind: "now-elsewhere" }>): Away {
  if (inDanger) return "inDanger";
  return isLeaving ? "leaving" : "there";
}
