import type { SourceTrouble } from "../../domain/device/trouble.ts";
import type { Language } from "../../domain/language.ts";
import type { PagerTrouble } from "../../domain/route-test/trouble.ts";

/** As the ports name what is wrong with the storage and the clock; `words/` does not know them. */
type StorageKind =
  `storage-${"refuses" | "unread" | "behind" | "lost" | "gone" | "aside" | "unlocked" | "shut" | "newer"}`;
type TroubleKind =
  | SourceTrouble["kind"]
  | PagerTrouble["kind"]
  | StorageKind
  | "clock-behind"
  | "clock-differs"
  | "person-not-ready"
  | "people-unproven"
  | "settings-weak";

export interface TroubleWords {
  /**
   * Above the lists of what is wrong with buttons and sources, the storage, the clock, the routes to security, who
   * can't be messaged, and of whom it is not known whether they hear it.
   */
  readonly list: (count: number) => string;
  readonly storageList: (count: number) => string;
  readonly clockList: (count: number) => string;
  readonly pagerList: (count: number) => string;
  readonly reachList: (count: number) => string;
  readonly provenList: () => string;
  readonly settingsList: () => string;
  readonly more: (count: number) => string;
  /** Names a button, by its place or without one. */
  readonly at: (place: string, button: string) => string;
  readonly button: (button: string, source: string) => string;
  readonly pager: (pager: string) => string;
  readonly storage: string;
  readonly clock: string;
  readonly people: (count: number) => string;
  readonly settings: (count: number) => string;
  readonly part: (pager: string, part: string) => string;
  /** What people call a part of a route. */
  readonly parts: Readonly<Partial<Record<string, string>>>;
  /**
   * Says what is wrong with it; `since` is a length of time, such as "2 dagen": since when, or by how much a clock is
   * behind.
   */
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
 * What is wrong with buttons, sources, the routes to external security, the settings, the storage and the clock, for
 * whoever has to put it right. Names no person but a colleague who can't be messaged.
 */
export const trouble = {
  nl: {
    list: (count) => (count === 1 ? "⚠️ 1 probleem met de knoppen:" : `⚠️ ${count} problemen met de knoppen:`),
    pagerList: (count) =>
      count === 1
        ? "⚠️ 1 probleem met de route naar de beveiliging:"
        : `⚠️ ${count} problemen met de route naar de beveiliging:`,
    provenList: () => "⚠️ 1 probleem met de oproepen:",
    reachList: (count) =>
      count === 1 ? "⚠️ 1 collega krijgt geen bericht in Teams:" : `⚠️ ${count} collega's krijgen geen bericht in Teams:`,
    storageList: (count) => (count === 1 ? "🟥 1 probleem met onze opslag:" : `🟥 ${count} problemen met onze opslag:`),
    clockList: (count) => (count === 1 ? "🟥 1 probleem met onze klok:" : `🟥 ${count} problemen met onze klok:`),
    settingsList: () => "⚠️ 1 probleem met de instellingen:",
    more: (count) => `- en nog ${count}`,
    at: (place, button) => `${place} (knop ${button})`,
    button: (button, source) => `Knop ${button} (${source})`,
    pager: (pager) => `Beveiliging via ${pager}`,
    storage: "Opslag",
    clock: "Klok",
    people: (count) => (count === 1 ? "1 collega" : `${count} collega's`),
    settings: (count) => (count === 1 ? "1 instelling" : `${count} instellingen`),
    part: (pager, part) => `Beveiliging via ${pager} (${part})`,
    parts: { primary: "eerste ontvanger", secondary: "tweede ontvanger", supervision: "controle van de lijn" },
    line: {
      "source-silent": (where, since) => `- ${where}: al ${since} niets ontvangen`,
      "source-down": (where, since) => `- ${where}: al ${since} buiten werking`,
      "button-silent": (where, since) => `- ${where}: stuurt al ${since} niets`,
      "battery-low": (where) => `- ${where}: de batterij is bijna leeg`,
      "button-error": (where, since) => `- ${where}: meldt al ${since} een storing`,
      "button-unreadable": (where) => `- ${where}: stuurt berichten die we niet kunnen lezen`,
      "button-unknown": (where) => `- ${where}: staat niet in de configuratie`,
      "storage-aside": (where, since) =>
        `- ${where}: al ${since} niet te gebruiken. Nieuwe alarmen slaan we niet op: **bel dan zelf de beveiliging of 112**.`,
      "storage-shut": (where) =>
        `- ${where}: de server van de database laat ons niet binnen. Kloppen de naam en het wachtwoord?`,
      "storage-newer": (where) => `- ${where}: aangepast door een nieuwere Rugdekking. Start die versie.`,
      "storage-unlocked": (where) => `- ${where}: misschien gebruikt een tweede Rugdekking dezelfde database`,
      "storage-refuses": (where, since) =>
        `- ${where}: slaat al ${since} niets op. Is er alarm? **Bel dan zelf de beveiliging of 112**.`,
      "storage-unread": (where, since) => `- ${where}: al ${since} niet te lezen`,
      "storage-behind": (where, since) => `- ${where}: loopt al ${since} achter en maakt zo de schijf vol`,
      "storage-lost": (where) => `- ${where}: niet meer te vertrouwen. Rugdekking start opnieuw.`,
      "storage-gone": (where) =>
        `- ${where}: verwijderd of vervangen. Rugdekking start opnieuw en kent de alarmen van nu dan niet meer.`,
      "clock-behind": (where, since) =>
        `- ${where}: liep bij de start ${since} achter op onze opslag. Tijden kunnen fout zijn. Zet de klok van de server goed en start Rugdekking opnieuw.`,
      "clock-differs": (where, since) =>
        `- ${where}: scheelt ${since} met de klok van de database. Tijden kunnen fout zijn. Zet beide klokken goed en start Rugdekking opnieuw.`,
      "person-not-ready": (where, since) =>
        `- ${where}: al ${since} kunnen we geen bericht sturen in Teams. Zit deze collega in het team? En is Rugdekking niet geblokkeerd?`,
      "people-unproven": (where) =>
        `- ${where}: al meer dan 35 dagen geen reactie op een oproeptest. Een teamleider kan **oproeptest** typen.`,
      "settings-weak": (where) => `- ${where}: niet veilig genoeg. In het log staat wat er beter moet.`,
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
      "storage-aside": () => "onze opslag is niet te gebruiken",
      "storage-shut": () => "de server van de database laat ons niet binnen",
      "storage-newer": () => "onze opslag is van een nieuwere versie",
      "storage-unlocked": () => "misschien draait er een tweede Rugdekking",
      "storage-refuses": () => "onze opslag neemt niets aan",
      "storage-unread": () => "onze opslag is niet te lezen",
      "storage-behind": () => "onze opslag loopt achter",
      "storage-lost": () => "onze opslag is niet meer te vertrouwen",
      "storage-gone": () => "onze opslag is verwijderd of vervangen",
      "clock-behind": () => "onze klok loopt misschien achter",
      "clock-differs": () => "onze klok en die van de database lopen niet gelijk",
      "person-not-ready": (count) =>
        count === 1 ? "1 collega krijgt geen bericht in Teams" : `${count} collega's krijgen geen bericht in Teams`,
      "people-unproven": (count) =>
        count === 1
          ? "van 1 collega weten we niet of een oproep aankomt"
          : `van ${count} collega's weten we niet of een oproep aankomt`,
      "settings-weak": () => "de instellingen zijn niet veilig genoeg",
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
    provenList: () => "⚠️ 1 problem with ringing people:",
    reachList: (count) =>
      count === 1 ? "⚠️ 1 colleague can't be messaged in Teams:" : `⚠️ ${count} colleagues can't be messaged in Teams:`,
    storageList: (count) => (count === 1 ? "🟥 1 problem with our storage:" : `🟥 ${count} problems with our storage:`),
    clockList: (count) => (count === 1 ? "🟥 1 problem with our clock:" : `🟥 ${count} problems with our clock:`),
    settingsList: () => "⚠️ 1 problem with the settings:",
    more: (count) => `- and ${count} more`,
    at: (place, button) => `${place} (button ${button})`,
    button: (button, source) => `Button ${button} (${source})`,
    pager: (pager) => `Security through ${pager}`,
    storage: "Storage",
    clock: "Clock",
    people: (count) => (count === 1 ? "1 colleague" : `${count} colleagues`),
    settings: (count) => (count === 1 ? "1 setting" : `${count} settings`),
    part: (pager, part) => `Security through ${pager} (${part})`,
    parts: { primary: "first receiver", secondary: "second receiver", supervision: "check of the line" },
    line: {
      "source-silent": (where, since) => `- ${where}: nothing received for ${since}`,
      "source-down": (where, since) => `- ${where}: out of order for ${since}`,
      "button-silent": (where, since) => `- ${where}: has sent nothing for ${since}`,
      "battery-low": (where) => `- ${where}: the battery is almost empty`,
      "button-error": (where, since) => `- ${where}: has reported a fault for ${since}`,
      "button-unreadable": (where) => `- ${where}: sends messages that we can't read`,
      "button-unknown": (where) => `- ${where}: is not in the configuration`,
      "storage-aside": (where, since) =>
        `- ${where}: unusable for ${since}. New alarms are not recorded: **call security or 112 yourself then**.`,
      "storage-shut": (where) => `- ${where}: the database server does not let us in. Are name and password right?`,
      "storage-newer": (where) => `- ${where}: changed by a newer Rugdekking. Start that version.`,
      "storage-unlocked": (where) => `- ${where}: maybe a second Rugdekking uses the same database`,
      "storage-refuses": (where, since) =>
        `- ${where}: has recorded nothing for ${since}. Is there an alarm? **Then call security or 112 yourself**.`,
      "storage-unread": (where, since) => `- ${where}: unreadable for ${since}`,
      "storage-behind": (where, since) => `- ${where}: has been behind for ${since} and so fills the disk`,
      "storage-lost": (where) => `- ${where}: can no longer be trusted. Rugdekking starts again.`,
      "storage-gone": (where) =>
        `- ${where}: removed or replaced. Rugdekking starts again, and then no longer knows the alarms of now.`,
      "clock-behind": (where, since) =>
        `- ${where}: was ${since} behind our storage at the start. Times may be wrong. Set the server's clock right and start Rugdekking again.`,
      "clock-differs": (where, since) =>
        `- ${where}: ${since} away from the database's clock. Times may be wrong. Set both clocks right and start Rugdekking again.`,
      "person-not-ready": (where, since) =>
        `- ${where}: can't be messaged in Teams for ${since}. Are they in the team, and is Rugdekking not blocked?`,
      "people-unproven": (where) =>
        `- ${where}: no answer to a ring test for more than 35 days. A team lead can type **ring test**.`,
      "settings-weak": (where) => `- ${where}: not safe enough. The log says what has to be better.`,
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
      "storage-aside": () => "our storage can't be used",
      "storage-shut": () => "the database server does not let us in",
      "storage-newer": () => "our storage is of a newer version",
      "storage-unlocked": () => "maybe a second Rugdekking is running",
      "storage-refuses": () => "our storage takes nothing",
      "storage-unread": () => "our storage can't be read",
      "storage-behind": () => "our storage is behind",
      "storage-lost": () => "our storage can no longer be trusted",
      "storage-gone": () => "our storage was removed or replaced",
      "clock-behind": () => "our clock may be behind",
      "clock-differs": () => "our clock and the database's differ",
      "person-not-ready": (count) =>
        count === 1 ? "1 colleague can't be messaged in Teams" : `${count} colleagues can't be messaged in Teams`,
      "people-unproven": (count) =>
        count === 1 ? "1 colleague may not hear a call" : `${count} colleagues may not hear a call`,
      "settings-weak": () => "the settings are not safe enough",
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
