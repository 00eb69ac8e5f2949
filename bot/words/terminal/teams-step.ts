import type { Language } from "../../domain/language.ts";
import type { StepReason, StepResult, TeamsStep, TokenFault } from "../../domain/teams-test/teams-test.ts";

interface TeamsStepWords {
  readonly step: Readonly<Record<TeamsStep, string>>;
  readonly state: Readonly<Record<"ok" | "failed" | "harmless" | "skipped", string>>;
  /** What went wrong; where it says nothing of what to do, the step does. */
  readonly reason: Readonly<Record<StepReason, string>>;
  readonly answered: (answer: string) => string;
  /** What it means that Teams refuses a step or finds nobody, and what to do. */
  readonly refused: Readonly<Record<Exclude<TeamsStep, "token" | "inbound">, string>>;
}

/** What `doctor teams` says of each thing that it tries. */
export const teamsStep = {
  nl: {
    step: {
      token: "token ophalen",
      post: "bericht plaatsen",
      edit: "bericht wijzigen",
      reply: "antwoord plaatsen",
      "member-by-channel": "lid opzoeken in het kanaal",
      "member-by-team": "lid opzoeken in het team",
      mention: "vermelding op een kaart",
      chat: "privébericht",
      button: "klik op een kaart",
      inbound: "berichten die van Teams komen",
    },
    state: {
      ok: "gelukt",
      failed: "niet gelukt",
      harmless: "niet gelukt, en dat is geen probleem",
      skipped: "niet geprobeerd",
    },
    reason: {
      "secret-wrong":
        "Het geheim van de app klopt niet. Zet in teams.clientSecret de waarde van het geheim uit Entra, en niet de id ervan.",
      "secret-expired":
        "Het geheim van de app is verlopen. Maak in Entra een nieuw geheim, en zet het in teams.clientSecret.",
      "app-unknown":
        "Entra kent de app niet in deze tenant. Vergelijk teams.appId en teams.tenantId met de registratie in Entra.",
      "app-disabled": "De app staat in Entra uit. Zet hem aan onder Enterprise applications, Properties.",
      "access-blocked":
        "Een regel voor voorwaardelijke toegang houdt de app tegen. Vraag de beheerder van Entra de app daarvan uit te zonderen.",
      "tenant-unknown": "Entra kent de tenant niet. Vergelijk teams.tenantId met Entra.",
      "login-refused":
        "Entra geeft geen token. Kijk in Entra of de app nog bestaat en aan staat, en wat er bij zijn aanmeldingen staat.",
      "login-unreachable":
        "De aanmeldserver van Microsoft geeft geen antwoord. Kijk of deze server naar login.microsoftonline.com mag.",
      "token-refused":
        "Er is geen token, of Teams neemt het niet aan. Kijk eerst naar de regel over het token. Is dat gelukt? Kijk dan of de bot in Azure bij dezelfde app hoort.",
      "not-linked":
        "Het kanaal is nog niet gekoppeld. Kijk eerst naar de regels over het token en over berichten van Teams. Typ dan in het kanaal: @Rugdekking koppel, en daarachter de naam van het kanaal.",
      "link-needed": "Dat kan pas als het kanaal is gekoppeld.",
      refused: "Teams weigert dit.",
      "content-refused": "Teams weigert wat erin staat.",
      "not-found": "Teams vindt niemand.",
      throttled: "Teams heeft het druk met ons. Wacht een minuut, en probeer het opnieuw.",
      unreachable:
        "Teams geeft geen antwoord waar we iets aan hebben. Kijk of deze server op internet kan, en of Teams een storing heeft.",
      "team-unknown":
        "De bot weet nog niet bij welk team dit kanaal hoort. Typ in het kanaal: @Rugdekking status. Probeer het daarna opnieuw.",
      "no-click":
        "Er kwam geen klik aan. Klikte er niemand? Probeer het dan opnieuw. Klikte er wel iemand? Dan komen ook bij een alarm geen klikken aan: kijk naar de volgende regel.",
      "nothing-came":
        "Sinds de bot is gestart, is er niets van Teams binnengelaten. Kijk of in Azure het adres van de bot klopt (publicUrl met daarachter /api/messages), en of de proxy het doorgeeft.",
      local: "De bot draait met een nagemaakt Teams (teams.local), en dat vraagt geen token.",
      "no-message": "Er is geen bericht om dit mee te proberen.",
      "no-person": 'Hiermee krijgt iemand een melding. Zet erachter bij wie dat mag: --person "A. Jansen"',
      "person-unknown": "Teams vindt deze persoon niet: kijk naar de regels over een lid opzoeken.",
      ended: "De test was al gestopt.",
    },
    answered: (answer) => `Antwoord: ${answer}.`,
    refused: {
      post: "Er komt dan geen alarm in dit kanaal. Kijk of de app in het team zit en niet is geblokkeerd, of apps hier mogen plaatsen, en of het team is gearchiveerd.",
      edit: "Een kaart laat dan niet zien wie er gaat. Kijk of de app in het team zit en niet is geblokkeerd.",
      reply:
        "Wat er na het alarm gebeurt, komt dan niet onder de kaart. Kijk of antwoorden in dit kanaal aan staat, ook voor apps.",
      "member-by-channel": "Rugdekking zoekt mensen op in hun team.",
      "member-by-team":
        "Wie nog niets tegen de bot zei, krijgt dan geen privébericht. Kijk of deze persoon lid is van het team, en of de app in het team zit.",
      mention:
        "Een kaart geeft dan niemand een melding. Kijk of de Entra-id van deze persoon klopt, en of die lid is van het team.",
      chat: "Bij een alarm krijgt deze persoon dan geen privébericht. Kijk of de app voor deze persoon is toegestaan, en of die de bot heeft geblokkeerd.",
      button: "Een kaart met knoppen komt dan niet in dit kanaal. Kijk of apps hier kaarten mogen plaatsen.",
    },
  },
  en: {
    step: {
      token: "fetch a token",
      post: "post a message",
      edit: "edit a message",
      reply: "post a reply",
      "member-by-channel": "look up a member in the channel",
      "member-by-team": "look up a member in the team",
      mention: "mention on a card",
      chat: "private message",
      button: "click on a card",
      inbound: "messages that come from Teams",
    },
    state: {
      ok: "it works",
      failed: "it does not work",
      harmless: "it does not work, and that is no problem",
      skipped: "not tried",
    },
    reason: {
      "secret-wrong":
        "The app's secret is wrong. Put the value of the secret from Entra in teams.clientSecret, and not its id.",
      "secret-expired": "The app's secret has expired. Make a new secret in Entra, and put it in teams.clientSecret.",
      "app-unknown":
        "Entra does not know the app in this tenant. Compare teams.appId and teams.tenantId with the registration in Entra.",
      "app-disabled": "The app is disabled in Entra. Enable it under Enterprise applications, Properties.",
      "access-blocked":
        "A rule of conditional access blocks the app. Ask whoever manages Entra to leave the app out of it.",
      "tenant-unknown": "Entra does not know the tenant. Compare teams.tenantId with Entra.",
      "login-refused":
        "Entra gives no token. See in Entra whether the app is still there and enabled, and what its sign-ins say.",
      "login-unreachable":
        "Microsoft's login server does not answer. See whether this server may reach login.microsoftonline.com.",
      "token-refused":
        "There is no token, or Teams does not take it. Look at the line about the token first. Does that work? Then see whether the bot in Azure belongs to the same app.",
      "not-linked":
        "The channel is not linked yet. Look first at the lines about the token and about messages from Teams. Then type in the channel: @Rugdekking link, followed by the name of the channel.",
      "link-needed": "That can be tried once the channel is linked.",
      refused: "Teams refuses this.",
      "content-refused": "Teams refuses what it holds.",
      "not-found": "Teams finds nobody.",
      throttled: "Teams is too busy with us. Wait a minute, and try again.",
      unreachable:
        "Teams gives no answer that is of use. See whether this server reaches the internet, and whether Teams is down.",
      "team-unknown":
        "The bot does not know yet of which team this channel is. Type in the channel: @Rugdekking status. Then try again.",
      "no-click":
        "No click arrived. Did nobody click? Then try again. Did somebody click? Then no clicks arrive in an alarm either: look at the next line.",
      "nothing-came":
        "Nothing of Teams was let in since the bot was started. See whether the bot's address in Azure is right (publicUrl with /api/messages behind it), and whether the proxy passes it on.",
      local: "The bot runs beside an imitation of Teams (teams.local), which asks for no token.",
      "no-message": "There is no message to try this with.",
      "no-person": 'This notifies somebody. Say behind the command who that may be: --person "A. Jansen"',
      "person-unknown": "Teams does not find this person: see the lines about looking up a member.",
      ended: "The test had been ended before.",
    },
    answered: (answer) => `Answer: ${answer}.`,
    refused: {
      post: "Then no alarm comes in this channel. See whether the app is in the team and not blocked, whether apps may post here, and whether the team is archived.",
      edit: "Then a card does not show who is going. See whether the app is in the team and not blocked.",
      reply:
        "Then what happens after the alarm does not come under the card. See whether replies are on in this channel, for apps too.",
      "member-by-channel": "Rugdekking looks people up in their team.",
      "member-by-team":
        "Then who has said nothing to the bot yet gets no private message. See whether this person is a member of the team, and whether the app is in the team.",
      mention:
        "Then a card notifies nobody. See whether the Entra id of this person is right, and whether they are a member of the team.",
      chat: "Then this person gets no private message in an alarm. See whether the app is allowed for this person, and whether they have blocked the bot.",
      button: "Then a card with buttons does not come in this channel. See whether apps may post cards here.",
    },
  },
} satisfies Record<Language, TeamsStepWords>;

/** Why there is no token, and what to do. */
export function toFaultText({ flaw, answer }: TokenFault, language: Language): string {
  const words = teamsStep[language];
  return [words.reason[flaw], ...(answer === null ? [] : [words.answered(answer)])].join(" ");
}

/** Marks that words stand beside, so that nothing hangs on a sign alone. */
const marks = { ok: "✓", failed: "✗", harmless: "–", skipped: "–" } as const;

/** Why the step itself says what to do. */
const refusals: readonly (StepReason | null)[] = ["refused", "content-refused", "not-found"];

/** The line about a step that has come to its end; null while it has not. */
export function toStepLine(step: TeamsStep, { state, reason, answer }: StepResult, language: Language): string | null {
  if (state === "pending" || state === "waiting") return null;
  const words = teamsStep[language];
  const isRefused = refusals.includes(reason) && step !== "token" && step !== "inbound";
  const parts = [
    `${marks[state]} ${words.step[step]}: ${words.state[state]}.`,
    ...(reason === null ? [] : [words.reason[reason]]),
    ...(isRefused ? [words.refused[step]] : []),
    ...(answer === null ? [] : [words.answered(answer)]),
  ];
  return parts.join(" ");
}
