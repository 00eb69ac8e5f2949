import type { Language } from "../../domain/language.ts";

interface ChannelWords {
  /** The bot's own greeting when it was added; `names` have no channel yet. */
  readonly installed: (bot: string, names: readonly string[]) => string;
  readonly installedAndLinked: (bot: string, name: string) => string;
  readonly linked: (name: string) => string;
  readonly linkedAnew: (name: string) => string;
  readonly linkedAlready: (name: string) => string;
  readonly linkFixed: (name: string) => string;
  readonly linkForbidden: (name: string) => string;
  readonly linkUnknown: (name: string, names: readonly string[]) => string;
  readonly linkInChannel: (bot: string, name: string) => string;
  readonly help: (bot: string) => string;
  /** Follows the help where an alarm can be typed. */
  readonly helpAlarm: (bot: string) => string;
  readonly status: {
    readonly open: (count: number) => string;
    /** Stands in place of `open` where the bot posts no alarms. */
    readonly elsewhere: string;
    readonly incident: (number: number, place: string, age: string) => string;
    readonly more: (count: number) => string;
    readonly onDuty: (names: readonly string[]) => string;
    readonly nobodyOnDuty: string;
    readonly noRoster: string;
    readonly linked: (names: readonly string[]) => string;
    readonly notLinked: (names: readonly string[]) => string;
    readonly pagers: (names: readonly string[]) => string;
    readonly seconds: (count: number) => string;
    readonly minutes: (count: number) => string;
    readonly hours: (hours: number, minutes: number) => string;
    readonly days: (count: number) => string;
  };
  /** Shown after a click that could not be handled. */
  readonly clickFailed: string;
  readonly clickUnknown: string;
  readonly commandFailed: string;
}

/** What the bot says about itself: commands, links, and clicks that went wrong. */
export const channel = {
  nl: {
    installed: (bot, names) =>
      `Ik ben ${bot}. Ik zet alarmen van de knoppen in een kanaal. Kies nu welk kanaal: ga naar dat kanaal en typ ` +
      `**@${bot} koppel ${names[0] ?? ""}**. Nog niet gekoppeld: ${names.join(", ")}.`,
    installedAndLinked: (bot, name) =>
      `Ik ben ${bot}. Alarmen voor **${name}** komen in dit kanaal. Typ **@${bot} help** om te zien wat ik kan.`,
    linked: (name) => `Gekoppeld. Alarmen voor **${name}** komen vanaf nu in dit kanaal.`,
    linkedAnew: (name) =>
      `Gekoppeld. Alarmen voor **${name}** komen vanaf nu in dit kanaal, en niet meer in het vorige kanaal.`,
    linkedAlready: (name) => `Dit kanaal was al gekoppeld aan **${name}**. Er is niets veranderd.`,
    linkForbidden: (name) =>
      `**${name}** hoort al bij een ander kanaal. Alleen een teamleider kan dat veranderen. Er is niets veranderd.`,
    linkFixed: (name) =>
      `Het kanaal voor **${name}** staat vast in de configuratie. De beheerder kan het daar wijzigen.`,
    linkUnknown: (name, names) => `Ik ken **${name}** niet. Kies een van deze namen: ${names.join(", ")}.`,
    linkInChannel: (bot, name) =>
      `Koppelen kan alleen in een kanaal. Ga naar het kanaal en typ **@${bot} koppel ${name}**.`,
    help: (bot) =>
      [
        "Drukt iemand op een alarmknop, dan zet ik een kaart in het kanaal. Op die kaart zeg je of je gaat.",
        "Dit kun je typen:",
        `- **@${bot} status**: welke alarmen openstaan en wie dienst heeft`,
        `- **@${bot} koppel naam**: alarmen voor die naam komen in dit kanaal`,
        `- **@${bot} test**: of de beveiliging te bereiken is (voor teamleiders)`,
        `- **@${bot} help**: deze uitleg`,
      ].join("\n\n"),
    helpAlarm: (bot) =>
      [
        `- **@${bot} alarm**: meteen alarm slaan, met je plaats erachter als dat kan`,
        `In een privéchat met mij hoef je **@${bot}** niet te typen. Daar kun je ook een bezoek aanmelden, zoals **bezoek 45m**.`,
      ].join("\n\n"),
    status: {
      open: (count) => (count === 0 ? "Geen open alarmen." : count === 1 ? "1 open alarm:" : `${count} open alarmen:`),
      elsewhere: "Hier komen geen alarmen: dit is geen gekoppeld kanaal. Typ **status** in een privéchat met mij.",
      incident: (number, place, age) => `- Alarm ${number}: ${place}, ${age} geleden`,
      more: (count) => `- en nog ${count}`,
      onDuty: (names) => `Nu dienst: ${names.join(", ")}.`,
      nobodyOnDuty: "Niemand heeft nu dienst.",
      noRoster: "Er is geen rooster: iedereen in het kanaal kan gaan.",
      linked: (names) => `Gekoppeld: ${names.join(", ")}.`,
      notLinked: (names) => `Nog niet gekoppeld: ${names.join(", ")}.`,
      pagers: (names) => (names.length === 0 ? "Geen beveiliging ingesteld." : `Beveiliging via: ${names.join(", ")}.`),
      seconds: (count) => `${count} s`,
      minutes: (count) => `${count} min`,
      hours: (hours, minutes) => `${hours} uur ${minutes} min`,
      days: (count) => (count === 1 ? "1 dag" : `${count} dagen`),
    },
    clickFailed:
      "Je antwoord is nog niet opgeslagen. We blijven het proberen. Kijk op de kaart of het er staat, en klik anders nog een keer.",
    clickUnknown: "Deze knop doet niets meer. Kijk op de nieuwste kaart.",
    commandFailed: "Het is niet gelukt. Probeer het over een minuut nog een keer.",
  },
  en: {
    installed: (bot, names) =>
      `I am ${bot}. I put alarms from the buttons in a channel. Now choose which channel: go to that channel and type ` +
      `**@${bot} link ${names[0] ?? ""}**. Not linked yet: ${names.join(", ")}.`,
    installedAndLinked: (bot, name) =>
      `I am ${bot}. Alarms for **${name}** come to this channel. Type **@${bot} help** to see what I can do.`,
    linked: (name) => `Linked. Alarms for **${name}** come to this channel from now on.`,
    linkedAnew: (name) =>
      `Linked. Alarms for **${name}** come to this channel from now on, and no longer to the previous channel.`,
    linkedAlready: (name) => `This channel was linked to **${name}** already. Nothing has changed.`,
    linkForbidden: (name) =>
      `**${name}** belongs to another channel already. Only a team lead can change that. Nothing has changed.`,
    linkFixed: (name) =>
      `The channel for **${name}** is fixed in the configuration. The administrator can change it there.`,
    linkUnknown: (name, names) => `I don't know **${name}**. Choose one of these names: ${names.join(", ")}.`,
    linkInChannel: (bot, name) =>
      `Linking works in a channel only. Go to the channel and type **@${bot} link ${name}**.`,
    help: (bot) =>
      [
        "When somebody presses an alarm button, I put a card in the channel. On that card you say whether you are going.",
        "You can type:",
        `- **@${bot} status**: which alarms are open and who is on duty`,
        `- **@${bot} link name**: alarms for that name come to this channel`,
        `- **@${bot} test**: whether security can be reached (for team leads)`,
        `- **@${bot} help**: this explanation`,
      ].join("\n\n"),
    helpAlarm: (bot) =>
      [
        `- **@${bot} alarm**: raise an alarm at once, with your place behind it if you can`,
        `In a private chat with me you need not type **@${bot}**. There you can also announce a visit, such as **visit 45m**.`,
      ].join("\n\n"),
    status: {
      open: (count) => (count === 0 ? "No open alarms." : count === 1 ? "1 open alarm:" : `${count} open alarms:`),
      elsewhere: "No alarms come here: this is not a linked channel. Type **status** in a private chat with me.",
      incident: (number, place, age) => `- Alarm ${number}: ${place}, ${age} ago`,
      more: (count) => `- and ${count} more`,
      onDuty: (names) => `On duty now: ${names.join(", ")}.`,
      nobodyOnDuty: "Nobody is on duty now.",
      noRoster: "There is no roster: everybody in the channel can go.",
      linked: (names) => `Linked: ${names.join(", ")}.`,
      notLinked: (names) => `Not linked yet: ${names.join(", ")}.`,
      pagers: (names) => (names.length === 0 ? "No security set up." : `Security through: ${names.join(", ")}.`),
      seconds: (count) => `${count} s`,
      minutes: (count) => `${count} min`,
      hours: (hours, minutes) => `${hours} h ${minutes} min`,
      days: (count) => (count === 1 ? "1 day" : `${count} days`),
    },
    clickFailed: "Your answer is not saved yet. We keep trying. See whether it is on the card; if not, click again.",
    clickUnknown: "This button no longer does anything. Look at the newest card.",
    commandFailed: "It did not work. Try again in a minute.",
  },
} satisfies Record<Language, ChannelWords>;
