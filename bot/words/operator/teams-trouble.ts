import type { LostReason } from "../../domain/channel/health.ts";
import type { Language } from "../../domain/language.ts";

export interface TeamsTroubleWords {
  /** Above the list of what is wrong with Teams. */
  readonly list: (count: number) => string;
  readonly channel: (name: string) => string;
  readonly secret: string;
  /** Says since when alarms can't be posted there, and ends with why and what to do. */
  readonly lost: (where: string, since: string, why: string) => string;
  readonly why: Readonly<Record<LostReason, string>>;
  readonly secretEnds: (where: string, date: string, daysLeft: number) => string;
  readonly secretEnded: (where: string, date: string) => string;
  /** Says the same in a few words, for several at once. */
  readonly count: {
    readonly "teams-lost": (count: number) => string;
    readonly "client-secret-ends": () => string;
  };
}

/** What is wrong with Teams itself, for whoever has to put it right. */
export const teamsTrouble = {
  nl: {
    list: (count) => (count === 1 ? "🟥 1 probleem met Teams:" : `🟥 ${count} problemen met Teams:`),
    channel: (name) => `Kanaal ${name}`,
    secret: "Geheim van de Teams-app",
    lost: (where, since, why) => `- ${where}: al ${since} kunnen we hier geen alarmen plaatsen. ${why}`,
    why: {
      "not-linked": "Het kanaal is niet gekoppeld. Typ in dat kanaal: @Rugdekking koppel, en daarachter deze naam.",
      "no-token": "We krijgen geen toegang tot Teams. Kijk in Entra of het geheim van de app nog geldig is.",
      "no-answer": "Teams reageert niet. Kijk of de server op internet kan, en of Teams een storing heeft.",
      removed: "Rugdekking zit niet meer in het team. Voeg de app weer toe aan het team.",
      "team-deleted": "Het team is verwijderd. Herstel het team, of koppel een ander kanaal.",
      "channel-deleted": "Het kanaal is verwijderd. Herstel het kanaal, of koppel een ander kanaal.",
      "team-archived": "Het team is gearchiveerd. Maak het team weer actief, of koppel een ander kanaal.",
      "posts-refused":
        "Teams weigert onze berichten. Kijk of Rugdekking is geblokkeerd, en of apps in dit kanaal mogen plaatsen.",
    },
    secretEnds: (where, date, daysLeft) =>
      `- ${where}: verloopt ${daysLeft === 1 ? "over 1 dag" : `over ${daysLeft} dagen`}, op ${date}. Daarna komt er geen alarm meer in Teams. Maak in Entra een nieuw geheim.`,
    secretEnded: (where, date) =>
      `- ${where}: verlopen op ${date}. Er komt nu misschien geen alarm meer in Teams. Maak in Entra een nieuw geheim.`,
    count: {
      "teams-lost": (count) =>
        count === 1 ? "1 kanaal in Teams krijgt geen alarmen" : `${count} kanalen in Teams krijgen geen alarmen`,
      "client-secret-ends": () => "het geheim van de Teams-app verloopt",
    },
  },
  en: {
    list: (count) => (count === 1 ? "🟥 1 problem with Teams:" : `🟥 ${count} problems with Teams:`),
    channel: (name) => `Channel ${name}`,
    secret: "Secret of the Teams app",
    lost: (where, since, why) => `- ${where}: we have not been able to post alarms here for ${since}. ${why}`,
    why: {
      "not-linked": "The channel is not linked. Type in that channel: @Rugdekking link, followed by this name.",
      "no-token": "We get no access to Teams. See in Entra whether the app's secret is still valid.",
      "no-answer": "Teams does not answer. See whether the server reaches the internet, and whether Teams is down.",
      removed: "Rugdekking is no longer in the team. Add the app to the team again.",
      "team-deleted": "The team was deleted. Restore the team, or link another channel.",
      "channel-deleted": "The channel was deleted. Restore the channel, or link another one.",
      "team-archived": "The team was archived. Make the team active again, or link another channel.",
      "posts-refused":
        "Teams refuses our messages. See whether Rugdekking is blocked, and whether apps may post in this channel.",
    },
    secretEnds: (where, date, daysLeft) =>
      `- ${where}: ends ${daysLeft === 1 ? "in 1 day" : `in ${daysLeft} days`}, on ${date}. After that no alarm comes to Teams any more. Make a new secret in Entra.`,
    secretEnded: (where, date) =>
      `- ${where}: ended on ${date}. Maybe no alarm comes to Teams any more. Make a new secret in Entra.`,
    count: {
      "teams-lost": (count) =>
        count === 1 ? "1 channel in Teams gets no alarms" : `${count} channels in Teams get no alarms`,
      "client-secret-ends": () => "the secret of the Teams app ends",
    },
  },
} satisfies Record<Language, TeamsTroubleWords>;
