import type { SourceTrouble } from "../../domain/device/trouble.ts";
import type { Language } from "../../domain/language.ts";
import type { PagerTrouble } from "../../domain/route-test/trouble.ts";

type TroubleKind = SourceTrouble["kind"] | PagerTrouble["kind"];

export interface TroubleWords {
  /** Above the list of what is wrong with buttons and sources, and above that of the routes to external security. */
  readonly list: (count: number) => string;
  readonly pagerList: (count: number) => string;
  readonly more: (count: number) => string;
  /** Names a button, by its place or without one. */
  readonly at: (place: string, button: string) => string;
  readonly button: (button: string, source: string) => string;
  readonly pager: (pager: string) => string;
  readonly part: (pager: string, part: string) => string;
  /** What people call a part of a route. */
  readonly parts: Readonly<Partial<Record<string, string>>>;
  /** Says what is wrong with it; `since` is a length of time, such as "2 dagen". */
  readonly line: Readonly<Record<TroubleKind, (where: string, since: string) => string>>;
  readonly neverHeard: (where: string) => string;
  readonly neverProven: (where: string) => string;
  readonly battery: (where: string, percent: number) => string;
  /** Says the same in a few words, for several at once. */
  readonly count: Readonly<Record<TroubleKind, (count: number) => string>>;
  /** The day's line in the channel. */
  readonly day: (bot: string, troubles: readonly string[]) => string;
}

/**
 * What is wrong with buttons, sources and the routes to external security, for whoever has to put it right. Names no
 * person.
 */
export const trouble = {
  nl: {
    list: (count) => (count === 1 ? "⚠️ 1 probleem met de knoppen:" : `⚠️ ${count} problemen met de knoppen:`),
    pagerList: (count) =>
      count === 1
        ? "⚠️ 1 probleem met de route naar de beveiliging:"
        : `⚠️ ${count} problemen met de route naar de beveiliging:`,
    more: (count) => `- en nog ${count}`,
    at: (place, button) => `${place} (knop ${button})`,
    button: (button, source) => `Knop ${button} (${source})`,
    pager: (pager) => `Beveiliging via ${pager}`,
    part: (pager, part) => `Beveiliging via ${pager} (${part})`,
    parts: { primary: "eerste ontvanger", secondary: "tweede ontvanger" },
    line: {
      "source-silent": (where, since) => `- ${where}: al ${since} niets ontvangen`,
      "source-down": (where, since) => `- ${where}: al ${since} buiten werking`,
      "button-silent": (where, since) => `- ${where}: stuurt al ${since} niets`,
      "battery-low": (where) => `- ${where}: de batterij is bijna leeg`,
      "button-error": (where, since) => `- ${where}: meldt al ${since} een storing`,
      "button-unreadable": (where) => `- ${where}: stuurt berichten die we niet kunnen lezen`,
      "button-unknown": (where) => `- ${where}: staat niet in de configuratie`,
      "pager-lost": (where, since) => `- ${where}: al ${since} geen verbinding`,
      "route-unproven": (where, since) => `- ${where}: al ${since} heeft niemand gereageerd. Typ **test**.`,
    },
    neverHeard: (where) => `- ${where}: heeft nog nooit iets gestuurd`,
    neverProven: (where) => `- ${where}: er heeft nog nooit iemand gereageerd. Typ **test**.`,
    battery: (where, percent) => `- ${where}: de batterij is bijna leeg (${percent}%)`,
    count: {
      "source-silent": (count) => (count === 1 ? "1 bron stuurt niets meer" : `${count} bronnen sturen niets meer`),
      "source-down": (count) => (count === 1 ? "1 bron doet het niet" : `${count} bronnen doen het niet`),
      "button-silent": (count) => (count === 1 ? "1 knop stuurt niets meer" : `${count} knoppen sturen niets meer`),
      "battery-low": (count) => (count === 1 ? "1 batterij is bijna leeg" : `${count} batterijen zijn bijna leeg`),
      "button-error": (count) => (count === 1 ? "1 knop meldt een storing" : `${count} knoppen melden een storing`),
      "button-unreadable": (count) =>
        count === 1 ? "1 knop stuurt onleesbare berichten" : `${count} knoppen sturen onleesbare berichten`,
      "button-unknown": (count) => (count === 1 ? "1 knop is onbekend" : `${count} knoppen zijn onbekend`),
      "pager-lost": (count) =>
        count === 1 ? "1 verbinding met de beveiliging is weg" : `${count} verbindingen met de beveiliging zijn weg`,
      "route-unproven": (count) =>
        count === 1
          ? "1 route naar de beveiliging is al lang niet getest"
          : `${count} routes naar de beveiliging zijn al lang niet getest`,
    },
    day: (bot, troubles) => `Let op: ${troubles.join(", ")}. Typ **@${bot} status** voor de lijst.`,
  },
  en: {
    list: (count) => (count === 1 ? "⚠️ 1 problem with the buttons:" : `⚠️ ${count} problems with the buttons:`),
    pagerList: (count) =>
      count === 1 ? "⚠️ 1 problem with the way to security:" : `⚠️ ${count} problems with the way to security:`,
    more: (count) => `- and ${count} more`,
    at: (place, button) => `${place} (button ${button})`,
    button: (button, source) => `Button ${button} (${source})`,
    pager: (pager) => `Security through ${pager}`,
    part: (pager, part) => `Security through ${pager} (${part})`,
    parts: { primary: "first receiver", secondary: "second receiver" },
    line: {
      "source-silent": (where, since) => `- ${where}: nothing received for ${since}`,
      "source-down": (where, since) => `- ${where}: out of order for ${since}`,
      "button-silent": (where, since) => `- ${where}: has sent nothing for ${since}`,
      "battery-low": (where) => `- ${where}: the battery is almost empty`,
      "button-error": (where, since) => `- ${where}: has reported a fault for ${since}`,
      "button-unreadable": (where) => `- ${where}: sends messages that we can't read`,
      "button-unknown": (where) => `- ${where}: is not in the configuration`,
      "pager-lost": (where, since) => `- ${where}: no connection for ${since}`,
      "route-unproven": (where, since) => `- ${where}: no answer of a human for ${since}. Type **test**.`,
    },
    neverHeard: (where) => `- ${where}: has never sent anything`,
    neverProven: (where) => `- ${where}: no human ever answered. Type **test**.`,
    battery: (where, percent) => `- ${where}: the battery is almost empty (${percent}%)`,
    count: {
      "source-silent": (count) =>
        count === 1 ? "1 source sends nothing any more" : `${count} sources send nothing any more`,
      "source-down": (count) => (count === 1 ? "1 source is down" : `${count} sources are down`),
      "button-silent": (count) =>
        count === 1 ? "1 button sends nothing any more" : `${count} buttons send nothing any more`,
      "battery-low": (count) => (count === 1 ? "1 battery is almost empty" : `${count} batteries are almost empty`),
      "button-error": (count) => (count === 1 ? "1 button reports a fault" : `${count} buttons report a fault`),
      "button-unreadable": (count) =>
        count === 1 ? "1 button sends unreadable messages" : `${count} buttons send unreadable messages`,
      "button-unknown": (count) => (count === 1 ? "1 button is unknown" : `${count} buttons are unknown`),
      "pager-lost": (count) =>
        count === 1 ? "1 connection to security is lost" : `${count} connections to security are lost`,
      "route-unproven": (count) =>
        count === 1
          ? "1 way to security has not been tested for long"
          : `${count} ways to security have not been tested for long`,
    },
    day: (bot, troubles) => `Note: ${troubles.join(", ")}. Type **@${bot} status** for the list.`,
  },
} satisfies Record<Language, TroubleWords>;
