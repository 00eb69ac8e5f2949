import type { Language } from "../../domain/language.ts";

export interface TogetherWords {
  readonly alarms: (count: number) => string;
  /** To one person, in a chat. */
  readonly onDuty: (count: number) => string;
  /** In a channel, to all who are named. */
  readonly rung: (names: string) => string;
  /** The same where nothing could be recorded, and no card can be clicked. */
  readonly rungUnstored: (names: string) => string;
  readonly channel: (name: string) => string;
  readonly channels: (names: string) => string;
}

/** One message about several alarms that came shortly after each other. */
export const together = {
  nl: {
    alarms: (count) => (count === 1 ? "1 alarm" : `${count} alarmen`),
    onDuty: (count) => `**${count} alarmen.** Jij hebt dienst.`,
    rung: (names) => `${names}: klik op elke kaart op **Ik ga** of **Ik kan niet**.`,
    rungUnstored: (names) => `${names}: ga nu kijken. Bel zelf de beveiliging of 112.`,
    channel: (name) => `Antwoord op de kaart hieronder, of op de kaarten in het kanaal **${name}**.`,
    channels: (names) => `Antwoord op de kaart hieronder, of op de kaarten in deze kanalen: ${names}.`,
  },
  en: {
    alarms: (count) => (count === 1 ? "1 alarm" : `${count} alarms`),
    onDuty: (count) => `**${count} alarms.** You are on duty.`,
    rung: (names) => `${names}: click **I'm going** or **I can't** on each card.`,
    rungUnstored: (names) => `${names}: go and look now. Call security or 112 yourself.`,
    channel: (name) => `Answer on the card below, or on the cards in the channel **${name}**.`,
    channels: (names) => `Answer on the card below, or on the cards in these channels: ${names}.`,
  },
} satisfies Record<Language, TogetherWords>;
