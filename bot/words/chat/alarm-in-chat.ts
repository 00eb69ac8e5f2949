import type { Language } from "../../domain/language.ts";

/**
 * What somebody is in an alarm. `late`: on the way for too long; `silent`: asked whether all is well; `help-away`:
 * asked for help and did not say that they are there; `was-there`: was there before, and did not say whether they are
 * still; `elsewhere`: in another alarm, or asked about their visit, and does not count in this one.
 */
export type Self =
  | ("coming" | "late" | "there" | "silent" | "was-there")
  | ("help" | "help-away" | "declined" | "elsewhere" | "presser");

export interface AlarmInChatWords {
  /** What the reader said themselves, as it is known now. */
  readonly self: Readonly<Record<Self, string>>;
  readonly ask: Readonly<Record<"silent" | "was-there" | "presser", string>> & {
    /** Of who is there, until that time. */
    readonly check: (clock: string) => string;
  };
  /** Leads to the card in the channel. */
  readonly link: string;
  /** What is left of a card once a newer one of the same alarm stands below it, in the same chat. */
  readonly followed: { readonly headline: string; readonly ask: string };
  /** Several alarms on one card. */
  readonly many: {
    readonly headline: (count: number) => string;
    readonly none: string;
    readonly more: (count: number) => string;
  };
  /** To who was on the way and belongs to another location than it is at. */
  readonly letGo: { readonly text: string; readonly summary: string };
  /** To who is still on the way. */
  readonly allClear: { readonly text: (name: string, clock: string) => string; readonly summary: string };
}

/** What stands in the chat of a colleague who was rung, below the message that rang. */
export const alarmInChat = {
  nl: {
    self: {
      coming: "✔️ Jij gaat.",
      late: "⏰ Jij gaat. Je bent nog niet aangekomen.",
      there: "✔️ Jij bent ter plaatse.",
      silent: "❓ Jij bent ter plaatse.",
      "was-there": "❓ Jij was ter plaatse.",
      help: "🆘 Jij hebt om hulp gevraagd.",
      "help-away": "🆘 Jij hebt om hulp gevraagd.",
      declined: "✖️ Jij kunt niet.",
      elsewhere: "⚠️ Door een ander alarm of je bezoek tel je hier niet mee.",
      presser: "🔔 Jij hebt zelf alarm geslagen.",
    },
    ask: {
      silent: "Gaat het goed? Klik op **Het gaat goed** of **Ik heb hulp nodig**.",
      "was-there": "Ben je er nog? Klik op **Ik ben er** of **Ik heb hulp nodig**.",
      presser: "Gaat het slechter? Klik op **Ik heb hulp nodig**.",
      check: (clock) => `Gaat het goed? Klik vóór **${clock}** op **Het gaat goed** of **Ik heb hulp nodig**.`,
    },
    link: "Open de kaart in het kanaal",
    followed: {
      headline: "ER IS EEN NIEUWE KAART",
      ask: "Hieronder in deze chat staat een nieuwe kaart van dit alarm. Antwoord daar.",
    },
    many: {
      headline: (count) => (count === 1 ? "🔴 1 alarm" : `🔴 ${count} alarmen`),
      none: "⬛ Hier staat geen alarm meer open",
      more: (count) =>
        count === 1 ? "Er is nog 1 alarm. Kijk in het kanaal." : `Er zijn nog ${count} alarmen. Kijk in het kanaal.`,
    },
    letGo: {
      text: "Hier is het alarm, en niet op jouw locatie. Je hoeft niet te gaan.",
      summary: "alarm op een andere locatie, je hoeft niet te gaan",
    },
    allClear: {
      text: (name, clock) => `Het alarm is afgesloten door ${name} om ${clock}. Je hoeft er niet meer heen.`,
      summary: "alarm afgesloten, je hoeft er niet meer heen",
    },
  },
  en: {
    self: {
      coming: "✔️ You are going.",
      late: "⏰ You are going. You have not arrived yet.",
      there: "✔️ You are there.",
      silent: "❓ You are there.",
      "was-there": "❓ You were there.",
      help: "🆘 You asked for help.",
      "help-away": "🆘 You asked for help.",
      declined: "✖️ You can't come.",
      elsewhere: "⚠️ You do not count here, because of another alarm or your visit.",
      presser: "🔔 You raised an alarm yourself.",
    },
    ask: {
      silent: "Is all well? Click **All is well** or **I need help**.",
      "was-there": "Are you still there? Click **I'm there** or **I need help**.",
      presser: "Is it getting worse? Click **I need help**.",
      check: (clock) => `Is all well? Click **All is well** or **I need help** before **${clock}**.`,
    },
    link: "Open the card in the channel",
    followed: {
      headline: "THERE IS A NEW CARD",
      ask: "A new card of this alarm stands below, in this chat. Answer there.",
    },
    many: {
      headline: (count) => (count === 1 ? "🔴 1 alarm" : `🔴 ${count} alarms`),
      none: "⬛ No alarm is open here any more",
      more: (count) =>
        count === 1
          ? "There is 1 more alarm. Look in the channel."
          : `There are ${count} more alarms. Look in the channel.`,
    },
    letGo: {
      text: "The alarm is here, and not at your location. You need not go.",
      summary: "alarm at another location, you need not go",
    },
    allClear: {
      text: (name, clock) => `The alarm was closed by ${name} at ${clock}. You need not go there any more.`,
      summary: "alarm closed, you need not go there any more",
    },
  },
} satisfies Record<Language, AlarmInChatWords>;
