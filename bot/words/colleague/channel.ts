import type { Language } from "../../domain/language.ts";

interface ChannelWords {
  /** The bot's greeting when it was added; `names` have no channel yet. It is followed by who may link one. */
  readonly installed: (bot: string, names: readonly string[]) => string;
  readonly linkByLead: string;
  readonly linkByCode: (bot: string, name: string) => string;
  readonly installedAndLinked: (bot: string, name: string) => string;
  readonly linked: (name: string) => string;
  readonly linkedAnew: (name: string) => string;
  readonly linkedAlready: (name: string) => string;
  readonly linkFixed: (name: string) => string;
  readonly linkForbidden: string;
  readonly linkWrongCode: (bot: string, name: string) => string;
  /** Tells the channel of before that somebody linked its alarms elsewhere, or that the configuration did. */
  readonly moved: (name: string, by: string) => string;
  readonly movedByFile: (name: string) => string;
  readonly linkUnknown: (name: string, names: readonly string[]) => string;
  readonly linkInChannel: (bot: string, name: string) => string;
  readonly help: (bot: string) => string;
  /** What only leads may type, or who knows the code; `bot` is how it is addressed. */
  readonly helpLeads: (bot: string) => string;
  readonly helpCode: (bot: string) => string;
  /** Follows the help where an alarm can be typed. */
  readonly helpAlarm: (bot: string) => string;
  readonly status: {
    readonly open: (count: number) => string;
    /** In place of `open`, when the storage can't be read; `known` stands over those that are in memory. */
    readonly openUnread: string;
    readonly known: (count: number) => string;
    /** Stands over the presses that went out from memory. */
    readonly unrecorded: (count: number) => string;
    readonly unnumbered: (place: string, age: string) => string;
    /** The whole answer where the bot posts no alarms. */
    readonly elsewhere: string;
    /** The same to who may not see it in a chat. */
    readonly hidden: string;
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
  /** Shown after a click that is not kept anywhere. */
  readonly clickNotKept: string;
  /** Shown after a click of which nobody knows whether it is kept. */
  readonly clickUnsure: string;
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
    linkByLead: "Alleen een teamleider kan een kanaal koppelen.",
    linkByCode: (bot, name) =>
      `Voor het koppelen heb je een code nodig. De beheerder heeft die. Typ **@${bot} koppel ${name}** met de code erachter.`,
    linkForbidden: "Alleen een teamleider kan een kanaal koppelen. Er is niets veranderd.",
    linkWrongCode: (bot, name) =>
      `Zonder de juiste code kan ik niet koppelen. Er is niets veranderd. De beheerder heeft de code. ` +
      `Typ **@${bot} koppel ${name}** met de code erachter.`,
    moved: (name, by) =>
      `Nieuwe alarmen voor **${name}** komen niet meer in dit kanaal. ${by} heeft ze aan een ander kanaal gekoppeld. ` +
      "Alarmen die hier al staan, blijven hier. Klopt dit niet? Bel de beheerder.",
    movedByFile: (name) =>
      `Nieuwe alarmen voor **${name}** komen niet meer in dit kanaal. De beheerder heeft een ander kanaal ingesteld. ` +
      "Alarmen die hier al staan, blijven hier. Klopt dit niet? Bel de beheerder.",
    linkFixed: (name) =>
      `Het kanaal voor **${name}** staat vast in de configuratie. De beheerder kan het daar wijzigen.`,
    linkUnknown: (name, names) => `Ik ken **${name}** niet. Kies een van deze namen: ${names.join(", ")}.`,
    linkInChannel: (bot, name) =>
      `Koppelen kan alleen in een kanaal. Ga naar het kanaal en typ **@${bot} koppel ${name}**.`,
    help: (bot) =>
      [
        "Drukt iemand op een alarmknop, dan zet ik een kaart in het kanaal. Op die kaart zeg je of je gaat. " +
          "Je kunt het mij ook typen in een privéchat: **ik ga**, **kan niet**, **ben er**, **hulp** of **afsluiten**.",
        "Dit kun je typen:",
        `- **@${bot} status**: welke alarmen openstaan en wie dienst heeft`,
        `- **@${bot} help**: deze uitleg`,
      ].join("\n\n"),
    helpLeads: (bot) =>
      [
        "Alleen voor teamleiders:",
        `- **@${bot} koppel naam**: alarmen voor die naam komen in dit kanaal`,
        `- **@${bot} test**: of de beveiliging te bereiken is`,
        `- **@${bot} oproeptest**: of wie dienst heeft een oproep hoort`,
      ].join("\n\n"),
    helpCode: (bot) =>
      [
        "Alleen met de code van de beheerder:",
        `- **@${bot} koppel naam code**: alarmen voor die naam komen in dit kanaal`,
        `- **@${bot} test code**: of de beveiliging te bereiken is`,
        `- **@${bot} oproeptest code**: of wie dienst heeft een oproep hoort`,
      ].join("\n\n"),
    helpAlarm: (bot) =>
      [
        `- **@${bot} alarm**: meteen alarm slaan, met je plaats erachter als dat kan`,
        `In een privéchat met mij hoef je **@${bot}** niet te typen. Daar kun je ook een bezoek aanmelden, zoals **bezoek 45m**.`,
      ].join("\n\n"),
    status: {
      open: (count) => (count === 0 ? "Geen open alarmen." : count === 1 ? "1 open alarm:" : `${count} open alarmen:`),
      openUnread: "We kunnen nu niet lezen welke alarmen open zijn.",
      known: (count) => (count === 1 ? "Dit alarm weten we nog:" : `Deze ${count} alarmen weten we nog:`),
      unrecorded: (count) =>
        count === 1
          ? "1 alarm is niet opgeslagen. Kijk op de kaart:"
          : `${count} alarmen zijn niet opgeslagen. Kijk op de kaarten:`,
      unnumbered: (place, age) => `- ${place}, ${age} geleden`,
      elsewhere: "Hier komen geen alarmen: dit is geen gekoppeld kanaal. Typ **status** in een privéchat met mij.",
      hidden:
        "Dit laat ik alleen zien aan collega's die in het rooster of in een alarmkanaal staan. Typ **status** in het alarmkanaal.",
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
    clickNotKept: "Je antwoord is niet opgeslagen. Klik nog een keer. Lukt het niet? Bel een collega.",
    clickUnsure:
      "We weten niet of je antwoord is opgeslagen. Kijk op de kaart of het er staat, en klik anders nog een keer.",
    clickUnknown: "Deze knop doet hier niets meer. Kijk op de nieuwste kaart in het kanaal.",
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
    linkByLead: "Only a team lead can link a channel.",
    linkByCode: (bot, name) =>
      `Linking takes a code, which the administrator has. Type **@${bot} link ${name}** and then the code.`,
    linkForbidden: "Only a team lead can link a channel. Nothing has changed.",
    linkWrongCode: (bot, name) =>
      `I can't link without the right code. Nothing has changed. The administrator has the code. ` +
      `Type **@${bot} link ${name}** and then the code.`,
    moved: (name, by) =>
      `New alarms for **${name}** no longer come to this channel. ${by} has linked them to another channel. ` +
      "Alarms that stand here stay here. Is this wrong? Call the administrator.",
    movedByFile: (name) =>
      `New alarms for **${name}** no longer come to this channel. The administrator has set another channel. ` +
      "Alarms that stand here stay here. Is this wrong? Call the administrator.",
    linkFixed: (name) =>
      `The channel for **${name}** is fixed in the configuration. The administrator can change it there.`,
    linkUnknown: (name, names) => `I don't know **${name}**. Choose one of these names: ${names.join(", ")}.`,
    linkInChannel: (bot, name) =>
      `Linking works in a channel only. Go to the channel and type **@${bot} link ${name}**.`,
    help: (bot) =>
      [
        "When somebody presses an alarm button, I put a card in the channel. On that card you say whether you are going. " +
          "You can also type it to me in a private chat: **I'm going**, **can't**, **I'm there**, **help** or **close**.",
        "You can type:",
        `- **@${bot} status**: which alarms are open and who is on duty`,
        `- **@${bot} help**: this explanation`,
      ].join("\n\n"),
    helpLeads: (bot) =>
      [
        "For team leads only:",
        `- **@${bot} link name**: alarms for that name come to this channel`,
        `- **@${bot} test**: whether security can be reached`,
        `- **@${bot} ring test**: whether those on duty hear that they are rung`,
      ].join("\n\n"),
    helpCode: (bot) =>
      [
        "Only with the administrator's code:",
        `- **@${bot} link name code**: alarms for that name come to this channel`,
        `- **@${bot} test code**: whether security can be reached`,
        `- **@${bot} ring test code**: whether those on duty hear that they are rung`,
      ].join("\n\n"),
    helpAlarm: (bot) =>
      [
        `- **@${bot} alarm**: raise an alarm at once, with your place behind it if you can`,
        `In a private chat with me you need not type **@${bot}**. There you can also announce a visit, such as **visit 45m**.`,
      ].join("\n\n"),
    status: {
      open: (count) => (count === 0 ? "No open alarms." : count === 1 ? "1 open alarm:" : `${count} open alarms:`),
      openUnread: "We can't read now which alarms are open.",
      known: (count) => (count === 1 ? "This alarm we still know:" : `These ${count} alarms we still know:`),
      unrecorded: (count) =>
        count === 1
          ? "1 alarm is not recorded. Look at the card:"
          : `${count} alarms are not recorded. Look at the cards:`,
      unnumbered: (place, age) => `- ${place}, ${age} ago`,
      elsewhere: "No alarms come here: this is not a linked channel. Type **status** in a private chat with me.",
      hidden:
        "I show this only to colleagues who are on the roster or in an alarm channel. Type **status** in the alarm channel.",
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
    clickNotKept: "Your answer is not saved. Click again. Does it not work? Call a colleague.",
    clickUnsure: "We do not know whether your answer is saved. See whether it is on the card; if not, click again.",
    clickUnknown: "This button no longer does anything here. Look at the newest card in the channel.",
    commandFailed: "It did not work. Try again in a minute.",
  },
} satisfies Record<Language, ChannelWords>;
