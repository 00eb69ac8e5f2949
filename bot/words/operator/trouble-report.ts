import type { Language } from "../../domain/language.ts";

interface TroubleReportWords {
  /** The title begins with that it is no alarm, because it may stand beside alarms on a phone. */
  readonly title: (count: number) => string;
  readonly titleOver: string;
  /** Says once more that nobody has to come, and who reports. */
  readonly intro: (organisation: string) => string;
  /** Above what is no longer wrong. */
  readonly over: string;
}

/** What is told of troubles by mail, SMS, push message or webhook, to whoever keeps the bot running. */
export const troubleReport = {
  nl: {
    title: (count) =>
      count === 1
        ? "Storing, geen alarm: 1 probleem met Rugdekking"
        : `Storing, geen alarm: ${count} problemen met Rugdekking`,
    titleOver: "Storing voorbij, geen alarm: Rugdekking",
    intro: (organisation) => `Dit is geen alarm. Niemand hoeft te komen. Rugdekking van ${organisation} meldt:`,
    over: "Voorbij:",
  },
  en: {
    title: (count) =>
      count === 1 ? "Fault, no alarm: 1 problem with Rugdekking" : `Fault, no alarm: ${count} problems with Rugdekking`,
    titleOver: "Fault over, no alarm: Rugdekking",
    intro: (organisation) => `This is no alarm. Nobody has to come. Rugdekking of ${organisation} reports:`,
    over: "Over:",
  },
} satisfies Record<Language, TroubleReportWords>;
