import type { Language } from "../../domain/language.ts";
import type { InboundFlaw, InboundState } from "../../domain/teams-test/teams-test.ts";
import { toDateTime } from "../shared/time.ts";

interface TeamsInboundWords {
  readonly taken: (moment: string) => string;
  /** Stands above the calls that were refused. */
  readonly refusedCalls: string;
  readonly flaw: Readonly<Record<InboundFlaw, string>>;
}

/** What `doctor teams` says of what came in from Teams. */
export const teamsInbound = {
  nl: {
    taken: (moment) => `voor het laatst op ${moment}`,
    refusedCalls:
      "Geweigerd sinds de start, van elke oorzaak de laatste. Ook een vreemde kan zoiets sturen: wat het zegt, is niet bewezen.",
    flaw: {
      unreadable: "het token is niet te lezen.",
      issuer: "het token is niet van de botdienst van Microsoft (iss).",
      audience: "het token is voor een andere app (aud). Vergelijk die met teams.appId.",
      expired: "het token is verlopen (exp). Kijk of de klok van deze server goed staat.",
      "not-yet": "het token geldt nog niet (nbf). Kijk of de klok van deze server goed staat.",
      serviceurl: "het token noemt geen of een ander adres van Teams dan het bericht (serviceUrl).",
      signature: "de handtekening van het token klopt niet.",
      endorsement: "de sleutel van het token is niet voor Teams.",
      keys: "de sleutels van Microsoft zijn niet op te halen. Kijk of deze server naar login.botframework.com mag.",
      host: "het bericht noemt een adres dat niet van Teams is (serviceUrl).",
      tenant: "het bericht komt uit een andere tenant. Vergelijk teams.tenantId met Entra.",
    },
  },
  en: {
    taken: (moment) => `last on ${moment}`,
    refusedCalls:
      "Refused since the start, the last of each cause. A stranger can send such a thing too: what it says is not proved.",
    flaw: {
      unreadable: "the token can't be read.",
      issuer: "the token is not of Microsoft's bot service (iss).",
      audience: "the token is for another app (aud). Compare that with teams.appId.",
      expired: "the token has expired (exp). See whether this server's clock is right.",
      "not-yet": "the token is not valid yet (nbf). See whether this server's clock is right.",
      serviceurl: "the token names no address of Teams, or another one than the message (serviceUrl).",
      signature: "the signature of the token is wrong.",
      endorsement: "the key of the token is not for Teams.",
      keys: "Microsoft's keys can't be fetched. See whether this server may reach login.botframework.com.",
      host: "the message names an address that is not of Teams (serviceUrl).",
      tenant: "the message comes from another tenant. Compare teams.tenantId with Entra.",
    },
  },
} satisfies Record<Language, TeamsInboundWords>;

/** The lines about what came in: when something last did, and for each flaw the last call that was refused. */
export function toInboundLines({ takenAt, refused }: InboundState, language: Language, timezone: string): string[] {
  const words = teamsInbound[language];
  return [
    ...(takenAt === null ? [] : [`  ${words.taken(toDateTime(takenAt, timezone, language))}`]),
    ...(refused.length === 0 ? [] : [`  ${words.refusedCalls}`]),
    ...refused.flatMap(({ at, flaw, iss, aud }) => [
      `  - ${toDateTime(at, timezone, language)}: ${words.flaw[flaw]}`,
      ...(iss === "" && aud === "" ? [] : [`    iss: ${iss}, aud: ${aud}`]),
    ]),
  ];
}
