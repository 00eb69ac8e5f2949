import type { PoliceVerb } from "../../domain/incident/colleagues/police.ts";
import type { RoundReason } from "../../domain/incident/history.ts";
import type { Feedback, Via } from "../../domain/incident/incident.ts";
import type { Language } from "../../domain/language.ts";
import { toSentenceStart } from "../shared/line.ts";
import type { Cause } from "../shared/terms.ts";

type Name = (name: string) => string;

type Answers = Readonly<Record<"claimed" | "alsoComing" | "declined" | "arrived" | "checkedIn", Name>>;

export interface ThreadWords extends Answers {
  readonly opened: Readonly<Record<Via, (source: string, button: string) => string>>;
  readonly pressedAgain: (how: string, presses: number) => string;
  readonly again: Readonly<Record<Via, (button: string) => string>>;
  readonly elsewhere: (place: string) => string;
  readonly placeCorrected: (place: string, name: string) => string;
  readonly round: Readonly<Record<RoundReason, (round: number) => string>>;
  readonly rung: Name;
  readonly told: Name;
  readonly called: Name;
  readonly notDelivered: Readonly<Record<"message" | "call", (name: string, why: string) => string>>;
  readonly notMentioned: (names: string, why: string) => string;
  readonly tag: Name;
  readonly nobodyOnDuty: string;
  readonly nobodyFree: string;
  readonly police: Readonly<Record<PoliceVerb, Name>>;
  readonly callBackChanged: string;
  readonly help: Name;
  readonly allDeclined: string;
  readonly lapsed: Name;
  readonly letGo: Name;
  readonly lapsedNobody: string;
  readonly checkAsked: Name;
  readonly checkMissed: string;
  readonly verifiedBy: (sentence: string, name: string) => string;
  readonly cancelled: string;
  readonly restored: string;
  readonly returned: string;
  readonly policyReplaced: Name;
  readonly located: string;
  readonly feedback: Readonly<Record<Feedback, string>>;
  readonly feedbackFailed: Readonly<Record<Feedback, string>>;
  readonly cardPosted: string;
  readonly teamsUnreachable: string;
  readonly teamsBusy: string;
  readonly pageHeld: Name;
  readonly pageQueued: (pager: string, why: string) => string;
  readonly pageAccepted: Name;
  readonly pageFailed: (pager: string, why: string) => string;
  readonly guardAccepted: Name;
  readonly guardDeclined: Name;
  readonly guardArrived: Name;
  readonly guardLapsed: Name;
  readonly guardHelp: Name;
  readonly calledOff: Name;
  readonly callOffTaken: Name;
  readonly callOffFailed: Name;
  readonly closed: (name: string, outcome: string) => string;
  readonly nobody: string;
  readonly why: Readonly<Record<Cause, string>>;
  readonly ask: {
    readonly rung: Name;
    readonly lapsed: Name;
    readonly check: Name;
    readonly channel: Name;
    readonly below: Name;
    readonly onDuty: string;
    readonly colleague: string;
  };
}

/** One sentence for everything that can happen; under `ask`, what a reply or message asks of the people it names. */
export const thread = {
  nl: {
    opened: {
      button: (source, button) => `Alarm van knop ${button} (${source}).`,
      chat: () => "Alarm, getypt in Teams.",
      visit: () => "Alarm: een collega heeft zich na een bezoek niet teruggemeld.",
    },
    pressedAgain: (how, presses) => `${how} (${presses}e keer).`,
    again: {
      button: (button) => `Er is opnieuw op knop ${button} gedrukt`,
      chat: () => "Er is opnieuw alarm geslagen in Teams",
      visit: () => "Opnieuw alarm: een collega heeft zich na een bezoek niet teruggemeld",
    },
    elsewhere: (place) => `Let op, dat was op een andere plaats: ${place}.`,
    placeCorrected: (place, name) => `De plaats is nu: ${place}. Gewijzigd door ${name}.`,
    round: {
      press: (round) => `Er is opnieuw gedrukt. Ga je? Klik dan opnieuw op **Ik ga** (ronde ${round}).`,
      repeat: (round) => `Er is nog steeds hulp nodig. We waarschuwen iedereen opnieuw (ronde ${round}).`,
      help: (round) => `Er is hulp nodig. We waarschuwen iedereen opnieuw (ronde ${round}).`,
      check: (round) => `Er komt geen reactie. We waarschuwen iedereen opnieuw (ronde ${round}).`,
      returned: () => "We waarschuwen iedereen opnieuw.",
    },
    rung: (names) => `Gewaarschuwd: ${names}.`,
    told: (channel) => `We melden het in het kanaal ${channel}.`,
    called: (names) => `We bellen: ${names}.`,
    notDelivered: {
      message: (name, why) => `Het bericht aan ${name} is niet aangekomen: ${why}.`,
      call: (name, why) => `Bellen met ${name} is niet gelukt: ${why}.`,
    },
    notMentioned: (names, why) => `In het kanaal waarschuwen is niet gelukt voor ${names}: ${why}.`,
    tag: (name) => `de tag ${name}`,
    nobodyOnDuty: "Niemand heeft dienst. We roepen meteen externe beveiliging op.",
    nobodyFree: "Geen enkele collega met dienst is nog vrij.",
    claimed: (name) => `${name} gaat.`,
    alsoComing: (name) => `${name} gaat ook.`,
    declined: (name) => `${name} kan niet.`,
    arrived: (name) => `${name} is ter plaatse.`,
    police: {
      "112-called": (name) => `${name} meldt: 112 is gebeld.`,
      "police-there": (name) => `${name} meldt: de politie is er.`,
    },
    callBackChanged: "Wie de beveiliging kan terugbellen, is veranderd.",
    checkedIn: (name) => `${name} zegt: het gaat goed.`,
    help: (name) => `${name} heeft hulp nodig!`,
    allDeclined: "Geen enkele collega met dienst kan komen.",
    lapsed: (names) => `Niet op tijd aangekomen: ${names}.`,
    letGo: (names) => `Telt niet meer mee, het alarm is op een andere locatie: ${names}.`,
    lapsedNobody: "Er is niemand op tijd aangekomen.",
    checkAsked: (names) => `Gevraagd of het goed gaat: ${names}.`,
    checkMissed: "Iemand ter plaatse reageert niet.",
    verifiedBy: (sentence, name) => `${sentence} Gemeld door ${name}.`,
    cancelled: "Het alarm is ingetrokken met de knop. Ga toch kijken.",
    restored: "Een deel van dit alarm is kwijt. We weten niet meer wie er al onderweg is.",
    returned: "Dit alarm komt uit een reservekopie. We weten niet wie er onderweg is. Het kan al afgehandeld zijn.",
    policyReplaced: (gone) => `Niet meer in gebruik: ${gone}. Dit alarm volgt nu de nieuwe instellingen.`,
    located: "De knop heeft zijn positie doorgegeven. Die staat op de kaart.",
    feedback: {
      received: "We hebben aan de knop gemeld: het alarm is binnen. We weten niet of dat is aangekomen.",
      coming: "We hebben aan de knop gemeld: er komt iemand. We weten niet of dat is aangekomen.",
    },
    feedbackFailed: {
      received: "De melding aan de knop (het alarm is binnen) is niet gelukt.",
      coming: "De melding aan de knop (er komt iemand) is niet gelukt.",
    },
    cardPosted: "De kaart staat in Teams.",
    teamsUnreachable: "De kaart kwam niet op tijd in Teams.",
    teamsBusy: "De kaart kwam niet op tijd in Teams, want het was daar te druk.",
    pageHeld: (pager) => `Er zijn genoeg collega's onderweg. We wachten met de beveiliging (${pager}).`,
    pageQueued: (pager, why) => `We roepen externe beveiliging op via ${pager}: ${why}.`,
    pageAccepted: (pager) => toSentenceStart(`${pager} heeft het bericht. Er heeft nog niemand gereageerd.`),
    pageFailed: (pager, why) => `Oproepen via ${pager} lukt niet: ${why}.`,
    guardAccepted: (pager) => `Een beveiliger komt (via ${pager}).`,
    guardDeclined: (pager) => `Een beveiliger kan niet komen (via ${pager}).`,
    guardArrived: (pager) => `Een beveiliger is ter plaatse (via ${pager}).`,
    guardLapsed: (pager) => `Een beveiliger is niet op tijd aangekomen (via ${pager}).`,
    guardHelp: (pager) => `Een beveiliger heeft hulp nodig (via ${pager})!`,
    calledOff: (name) => `${name} zegt: de beveiliging hoeft niet meer te komen.`,
    callOffTaken: (pager) => toSentenceStart(`${pager} heeft het bericht dat het niet meer nodig is.`),
    callOffFailed: (pager) => toSentenceStart(`${pager} weet niet dat het niet meer nodig is. Bel zelf.`),
    closed: (name, outcome) => `Afgesloten door ${name}: ${outcome}.`,
    nobody: "niemand",
    why: {
      "nobody-coming": "er is niemand onderweg",
      unclaimed: "er zijn niet genoeg collega's onderweg",
      lapsed: "er zou iemand komen, maar die is er nog niet",
      declined: "geen enkele collega met dienst kan komen",
      help: "iemand ter plaatse heeft hulp nodig",
      check: "iemand ter plaatse reageert niet",
      "teams-unreachable": "Teams is niet bereikbaar",
      "teams-busy": "het is te druk in Teams",
      "nobody-on-duty": "niemand heeft dienst",
      "nobody-free": "geen enkele collega met dienst is nog vrij",
      repeat: "er is nog steeds hulp nodig",
    },
    ask: {
      rung: (names) => `${names}: klik op de kaart op **Ik ga** of **Ik kan niet**.`,
      lapsed: (names) => `${names}: je bent niet op tijd aangekomen. Ben je er? Klik op de kaart op **Ik ben er**.`,
      check: (names) => `${names}: gaat het goed? Klik op de kaart op **Het gaat goed** of **Ik heb hulp nodig**.`,
      channel: (channel) => `Klik op de kaart in het kanaal **${channel}**.`,
      below: (channel) => `Antwoord op de kaart hieronder, of in het kanaal **${channel}**.`,
      onDuty: "Jij hebt dienst.",
      colleague: "collega",
    },
  },
  en: {
    opened: {
      button: (source, button) => `Alarm from button ${button} (${source}).`,
      chat: () => "Alarm, typed in Teams.",
      visit: () => "Alarm: a colleague did not report back after a visit.",
    },
    pressedAgain: (how, presses) => `${how} (${presses} times now).`,
    again: {
      button: (button) => `Button ${button} was pressed again`,
      chat: () => "An alarm was typed in Teams again",
      visit: () => "Alarm again: a colleague did not report back after a visit",
    },
    elsewhere: (place) => `Mind, that was at another place: ${place}.`,
    placeCorrected: (place, name) => `The place is now: ${place}. Changed by ${name}.`,
    round: {
      press: (round) => `Pressed again. Are you going? Then click **I'm going** again (round ${round}).`,
      repeat: (round) => `Help is still needed. We warn everyone again (round ${round}).`,
      help: (round) => `Help is needed. We warn everyone again (round ${round}).`,
      check: (round) => `There is no answer. We warn everyone again (round ${round}).`,
      returned: () => "We warn everyone again.",
    },
    rung: (names) => `Warned: ${names}.`,
    told: (channel) => `We report it in the channel ${channel}.`,
    called: (names) => `We are calling: ${names}.`,
    notDelivered: {
      message: (name, why) => `The message to ${name} did not arrive: ${why}.`,
      call: (name, why) => `The call to ${name} failed: ${why}.`,
    },
    notMentioned: (names, why) => `Warning ${names} in the channel failed: ${why}.`,
    tag: (name) => `the tag ${name}`,
    nobodyOnDuty: "Nobody is on duty. We call external security at once.",
    nobodyFree: "None of the colleagues on duty is still free.",
    claimed: (name) => `${name} is going.`,
    alsoComing: (name) => `${name} is going too.`,
    declined: (name) => `${name} can't come.`,
    arrived: (name) => `${name} is there.`,
    police: {
      "112-called": (name) => `${name} says: 112 was called.`,
      "police-there": (name) => `${name} says: the police are there.`,
    },
    callBackChanged: "Whom security can call back has changed.",
    checkedIn: (name) => `${name} says: all is well.`,
    help: (name) => `${name} needs help!`,
    allDeclined: "None of the colleagues on duty can come.",
    lapsed: (names) => `Did not arrive in time: ${names}.`,
    letGo: (names) => `Counts no more, the alarm is at another location: ${names}.`,
    lapsedNobody: "Nobody arrived in time.",
    checkAsked: (names) => `Asked whether all is well: ${names}.`,
    checkMissed: "Someone on the spot does not answer.",
    verifiedBy: (sentence, name) => `${sentence} Reported by ${name}.`,
    cancelled: "The alarm was withdrawn with the button. Go and look anyway.",
    restored: "Part of this alarm is lost. We no longer know who is on the way already.",
    returned: "This alarm comes from a backup. We do not know who is on the way. It may be over already.",
    policyReplaced: (gone) => `No longer in use: ${gone}. This alarm now follows the new settings.`,
    located: "The button passed on its position. The card shows it.",
    feedback: {
      received: "We told the button: the alarm is in. We do not know whether that arrived.",
      coming: "We told the button: somebody is coming. We do not know whether that arrived.",
    },
    feedbackFailed: {
      received: "Telling the button (the alarm is in) failed.",
      coming: "Telling the button (somebody is coming) failed.",
    },
    cardPosted: "The card stands in Teams.",
    teamsUnreachable: "The card did not get into Teams in time.",
    teamsBusy: "The card did not get into Teams in time, because Teams was too busy.",
    pageHeld: (pager) => `Enough colleagues are on the way. We wait with security (${pager}).`,
    pageQueued: (pager, why) => `We call external security through ${pager}: ${why}.`,
    pageAccepted: (pager) => toSentenceStart(`${pager} has the message. Nobody has answered yet.`),
    pageFailed: (pager, why) => `Calling through ${pager} fails: ${why}.`,
    guardAccepted: (pager) => `A guard is coming (through ${pager}).`,
    guardDeclined: (pager) => `A guard cannot come (through ${pager}).`,
    guardArrived: (pager) => `A guard is there (through ${pager}).`,
    guardLapsed: (pager) => `A guard did not arrive in time (through ${pager}).`,
    guardHelp: (pager) => `A guard needs help (through ${pager})!`,
    calledOff: (name) => `${name} says: security need not come any more.`,
    callOffTaken: (pager) => toSentenceStart(`${pager} has the message that it is no longer needed.`),
    callOffFailed: (pager) =>
      toSentenceStart(`${pager} does not know that it is no longer needed. Ring them yourself.`),
    closed: (name, outcome) => `Closed by ${name}: ${outcome}.`,
    nobody: "nobody",
    why: {
      "nobody-coming": "nobody is on the way",
      unclaimed: "not enough colleagues are on the way",
      lapsed: "someone promised to come and is not there yet",
      declined: "none of the colleagues on duty can come",
      help: "someone on the spot needs help",
      check: "someone on the spot does not answer",
      "teams-unreachable": "Teams cannot be reached",
      "teams-busy": "Teams is too busy",
      "nobody-on-duty": "nobody is on duty",
      "nobody-free": "none of the colleagues on duty is still free",
      repeat: "help is still needed",
    },
    ask: {
      rung: (names) => `${names}: click **I'm going** or **I can't** on the card.`,
      lapsed: (names) => `${names}: you did not arrive in time. Are you there? Click **I'm there** on the card.`,
      check: (names) => `${names}: is all well? Click **All is well** or **I need help** on the card.`,
      channel: (channel) => `Click on the card in the channel **${channel}**.`,
      below: (channel) => `Answer on the card below, or in the channel **${channel}**.`,
      onDuty: "You are on duty.",
      colleague: "colleague",
    },
  },
} satisfies Record<Language, ThreadWords>;
