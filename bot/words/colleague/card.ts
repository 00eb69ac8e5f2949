import type { PoliceVerb } from "../../domain/incident/colleagues/police.ts";
import type { Closer, Outcome, Via } from "../../domain/incident/incident.ts";
import type { Language } from "../../domain/language.ts";

/** A sentence that names one clock time: "14:03:20". */
type By = (clock: string) => string;

/** `**…**` marks what must be seen first; only our own words and clock times stand between them. */
export interface CardWords {
  readonly button: Readonly<
    Record<"claim" | "decline" | "arrive" | "witness" | "help" | "check-in" | "call-off" | "resolve" | "more", string> &
      Record<Outcome | PoliceVerb, string>
  >;
  readonly ask: {
    readonly open: string;
    readonly openBy: By;
    readonly coming: string;
    readonly comingBy: By;
    readonly tooFew: (missing: number) => string;
    readonly tooFewBy: By;
    readonly paged: string;
    readonly pagedToo: string;
    readonly nextPage: By;
    readonly ring: string;
    readonly guardComing: string;
    readonly guardComingBy: By;
    readonly witness: string;
    readonly resolve: string;
    readonly checkAt: By;
    readonly check: By;
    readonly checkMissed: string;
    readonly help: string;
    /** Where the policy asks for two or more. */
    readonly neverAlone: string;
    /** Above the outcomes: the alarm is closed by choosing one, and not before. */
    readonly outcome: string;
    /** The same while nobody is there, when a team lead alone may close it. */
    readonly closeAsLead: string;
    readonly unstored: string;
    readonly unstoredPage: string;
  };
  readonly label: Readonly<
    Record<
      | "coming"
      | "late"
      | "there"
      | "silent"
      | "declined"
      | "occupied"
      | "reached"
      | "unreached"
      | "notMessaged"
      | "notMentioned"
      | "rung"
      | "holder"
      | "position"
      | "readOut",
      string
    >
  > & { readonly security: (pager: string) => string };
  readonly remark: {
    readonly cancelled: string;
    readonly restored: string;
    readonly policyReplaced: (gone: string) => string;
    readonly nobodyOnDuty: string;
    readonly nobodyFree: string;
    /** There is no roster and no tag, so that the card only stands in the channel. */
    readonly nobodyRung: string;
    /** Teams was asked to ring who has that tag; nobody knows whom it reached. */
    readonly tagRung: (tag: string) => string;
    /** Teams did not take the newest of that. */
    readonly tagNotRung: (tag: string) => string;
    readonly unreadable: string;
    readonly presses: (count: number) => string;
    readonly retry: By;
    /** The same while somebody is there who needs help. */
    readonly retryForHelp: By;
    readonly accuracy: (metres: number) => string;
    readonly police: Readonly<Record<PoliceVerb, By>>;
    readonly map: string;
    /** Says how many of the colleagues who were warned answered themselves. */
    readonly reached: (reached: number, asked: number) => string;
    readonly closedBy: (name: string, clock: string) => string;
    readonly byRole: Readonly<Record<Extract<Closer, string>, string>>;
    readonly pressed: By;
  };
  /** What is left of a card once a newer one of the same alarm stands below it. */
  readonly old: {
    readonly headline: string;
    readonly ask: string;
    readonly link: (number: number) => string;
    /** To whoever clicked on it all the same. */
    readonly counted: string;
  };
  readonly footer: Readonly<
    Record<Via, (number: number, date: string, clock: string, button: string, source: string) => string>
  >;
}

/** What stands on a card. */
export const card = {
  nl: {
    button: {
      claim: "Ik ga",
      decline: "Ik kan niet",
      arrive: "Ik ben er",
      witness: "Het is echt",
      help: "Ik heb hulp nodig",
      "check-in": "Het gaat goed",
      "call-off": "Beveiliging niet meer nodig",
      resolve: "Alarm afsluiten",
      "112-called": "112 gebeld",
      "police-there": "Politie is er",
      more: "Meer",
      real: "Het was echt",
      false: "Loos alarm",
      test: "Het was een test",
    },
    ask: {
      open: "Wie gaat erheen? Klik op **Ik ga**.",
      openBy: (clock) => `Gaat er niemand? Om **${clock}** roepen we externe beveiliging op.`,
      coming: "Ben je er? Klik op **Ik ben er**.",
      comingBy: (clock) => `Is er om **${clock}** nog niemand? Dan roepen we externe beveiliging op.`,
      tooFew: (missing) =>
        `${missing === 1 ? "Er is nog **1** collega" : `Er zijn nog **${missing}** collega's`} nodig. Ga jij ook? Klik op **Ik ga**.`,
      tooFewBy: (clock) => `Lukt dat niet? Om **${clock}** roepen we externe beveiliging op.`,
      paged: "Ga jij? Klik op **Ik ga**.",
      pagedToo: "Ga jij ook? Klik op **Ik ga**.",
      nextPage: (clock) => `Om **${clock}** roepen we de beveiliging ook op een andere manier op.`,
      ring: "**Bel zelf de beveiliging of 112.**",
      guardComing: "Ben jij er eerder? Klik op **Ik ben er**.",
      guardComingBy: (clock) => `Is er om **${clock}** nog niemand? Dan roepen we de beveiliging opnieuw op.`,
      witness: "Is het echt? Klik op **Het is echt**.",
      resolve: "Is het voorbij? Klik op **Alarm afsluiten**.",
      checkAt: (clock) => `Om **${clock}** vragen we of het nog goed gaat.`,
      check: (clock) => `Ben je er? Klik vóór **${clock}** op **Het gaat goed** of **Ik heb hulp nodig**.`,
      checkMissed: "Geen reactie? Dan roepen we externe beveiliging op.",
      help: "Kun jij veilig helpen? Klik op **Ik ga**.",
      neverAlone: "Ga nooit alleen.",
      outcome: "Hoe was het? Het alarm is pas na je keuze afgesloten.",
      closeAsLead: "Is er niemand ter plaatse? Dan kan alleen een teamleider het alarm afsluiten. Hoe was het?",
      unstored: "**Ga nu kijken. Bel zelf de beveiliging of 112.**",
      unstoredPage:
        "Onze opslag doet het niet: op dit bericht kun je niet klikken. We proberen de beveiliging één keer op te roepen. Reken daar niet op.",
    },
    label: {
      coming: "Onderweg",
      late: "Onderweg, nog niet aangekomen",
      there: "Ter plaatse",
      silent: "Was ter plaatse, reageert niet",
      declined: "Kan niet",
      occupied: "Nu niet beschikbaar",
      reached: "Gereageerd",
      unreached: "Niet bereikbaar",
      notMessaged: "Bericht niet aangekomen",
      notMentioned: "Niet gewaarschuwd in het kanaal",
      rung: "Gewaarschuwd",
      holder: "Alarm van",
      security: (pager) => `Beveiliging via ${pager}`,
      position: "Ongeveer hier",
      readOut: "Lees voor aan de meldkamer of 112",
    },
    remark: {
      cancelled: "⚠️ Het alarm is ingetrokken met de knop. Ga toch kijken.",
      restored: "⚠️ Een deel van dit alarm is kwijt. Was je al onderweg? Laat het opnieuw weten.",
      policyReplaced: (gone) => `⚠️ Niet meer in gebruik: ${gone}. Dit alarm volgt nu de nieuwe instellingen.`,
      nobodyOnDuty: "⚠️ Niemand heeft nu dienst.",
      nobodyFree: "⚠️ Wie dienst heeft, is niet vrij of kan niet.",
      nobodyRung: "⚠️ Geen collega is apart gewaarschuwd. Zie je dit? Waarschuw zelf je collega's.",
      tagRung: (tag) => `Tag ${tag} gewaarschuwd`,
      tagNotRung: (tag) => `Tag ${tag} waarschuwen is niet gelukt`,
      unreadable: "We kunnen dit bericht niet lezen. Het kan een alarm zijn.",
      presses: (count) => `Er is ${count} keer alarm geslagen.`,
      retry: (clock) => `Is er om **${clock}** nog niemand? Dan roepen we de beveiliging opnieuw op.`,
      retryForHelp: (clock) => `Is er om **${clock}** nog geen hulp? Dan roepen we de beveiliging opnieuw op.`,
      accuracy: (metres) => `kan ${metres} meter afwijken`,
      police: {
        "112-called": (clock) => `📞 Gemeld om **${clock}**: 112 is gebeld.`,
        "police-there": (clock) => `🚓 Gemeld om **${clock}**: de politie is er.`,
      },
      map: "Open de kaart",
      reached: (reached, asked) => `${reached} van ${asked} ${asked === 1 ? "collega" : "collega's"}`,
      closedBy: (name, clock) => `Afgesloten door ${name} om ${clock}.`,
      byRole: { guard: "de beveiliger", operator: "de beheerder" },
      pressed: (clock) => `Ingedrukt om ${clock}.`,
    },
    old: {
      headline: "ER IS EEN NIEUWE KAART",
      ask: "Dit alarm gaat verder op een nieuwe kaart. Antwoord daar.",
      link: (number) => `Nieuwe kaart: open alarm ${number}`,
      counted: "Je antwoord is binnen. Op de nieuwe kaart zie je hoe het nu is.",
    },
    footer: {
      button: (number, date, clock, button, source) =>
        `Alarm ${number} · ingedrukt op ${date} om ${clock} · knop ${button} (${source})`,
      chat: (number, date, clock) => `Alarm ${number} · getypt in Teams op ${date} om ${clock}`,
      visit: (number, date, clock) => `Alarm ${number} · niet teruggemeld na een bezoek, op ${date} om ${clock}`,
    },
  },
  en: {
    button: {
      claim: "I'm going",
      decline: "I can't",
      arrive: "I'm there",
      witness: "It is real",
      help: "I need help",
      "check-in": "All is well",
      "call-off": "Security no longer needed",
      resolve: "Close the alarm",
      "112-called": "112 called",
      "police-there": "Police are there",
      more: "More",
      real: "It was real",
      false: "False alarm",
      test: "It was a test",
    },
    ask: {
      open: "Who is going there? Click **I'm going**.",
      openBy: (clock) => `If nobody goes, we call external security at **${clock}**.`,
      coming: "Are you there? Click **I'm there**.",
      comingBy: (clock) => `If nobody is there by **${clock}**, we call external security.`,
      tooFew: (missing) =>
        `**${missing}** more ${missing === 1 ? "colleague" : "colleagues"} needed. Are you going too? Click **I'm going**.`,
      tooFewBy: (clock) => `If that fails, we call external security at **${clock}**.`,
      paged: "Are you going? Click **I'm going**.",
      pagedToo: "Are you going too? Click **I'm going**.",
      nextPage: (clock) => `At **${clock}** we also call security another way.`,
      ring: "**Call security or 112 yourself.**",
      guardComing: "Are you there first? Click **I'm there**.",
      guardComingBy: (clock) => `If nobody is there by **${clock}**, we call security again.`,
      witness: "Is it real? Click **It is real**.",
      resolve: "Is it over? Click **Close the alarm**.",
      checkAt: (clock) => `At **${clock}** we ask whether all is still well.`,
      check: (clock) => `Are you there? Click **All is well** or **I need help** before **${clock}**.`,
      checkMissed: "If there is no answer, we call external security.",
      help: "Can you help safely? Click **I'm going**.",
      neverAlone: "Never go alone.",
      outcome: "How was it? The alarm is closed only when you choose.",
      closeAsLead: "Nobody is there? Then only a team lead can close the alarm. How was it?",
      unstored: "**Go and look now. Call security or 112 yourself.**",
      unstoredPage:
        "Our storage is down: you cannot click on this message. We try to call security once. Do not count on it.",
    },
    label: {
      coming: "On the way",
      late: "On the way, not there yet",
      there: "There",
      silent: "Was there, does not answer",
      declined: "Can't come",
      occupied: "Not available now",
      reached: "Answered",
      unreached: "Can't be reached",
      notMessaged: "Message did not arrive",
      notMentioned: "Not warned in the channel",
      rung: "Warned",
      holder: "Alarm of",
      security: (pager) => `Security through ${pager}`,
      position: "About here",
      readOut: "Read out to the alarm centre or 112",
    },
    remark: {
      cancelled: "⚠️ The alarm was withdrawn with the button. Go and look anyway.",
      restored: "⚠️ Part of this alarm is lost. Were you on the way already? Say so again.",
      policyReplaced: (gone) => `⚠️ No longer in use: ${gone}. This alarm now follows the new settings.`,
      nobodyOnDuty: "⚠️ Nobody is on duty now.",
      nobodyFree: "⚠️ Whoever is on duty is not free or can't come.",
      nobodyRung: "⚠️ No colleague was warned personally. Do you see this? Warn your colleagues yourself.",
      tagRung: (tag) => `Tag ${tag} warned`,
      tagNotRung: (tag) => `Warning tag ${tag} failed`,
      unreadable: "We cannot read this message. It may be an alarm.",
      presses: (count) => `The alarm was raised ${count} times.`,
      retry: (clock) => `If nobody is there by **${clock}**, we call security again.`,
      retryForHelp: (clock) => `If there is no help by **${clock}**, we call security again.`,
      accuracy: (metres) => `may be ${metres} ${metres === 1 ? "metre" : "metres"} off`,
      police: {
        "112-called": (clock) => `📞 Told at **${clock}**: 112 was called.`,
        "police-there": (clock) => `🚓 Told at **${clock}**: the police are there.`,
      },
      map: "Open the map",
      reached: (reached, asked) => `${reached} of ${asked} ${asked === 1 ? "colleague" : "colleagues"}`,
      closedBy: (name, clock) => `Closed by ${name} at ${clock}.`,
      byRole: { guard: "the guard", operator: "the operator" },
      pressed: (clock) => `Pressed at ${clock}.`,
    },
    old: {
      headline: "THERE IS A NEW CARD",
      ask: "This alarm goes on on a new card. Answer there.",
      link: (number) => `New card: open alarm ${number}`,
      counted: "We have your answer. The new card shows how it is now.",
    },
    footer: {
      button: (number, date, clock, button, source) =>
        `Alarm ${number} · pressed on ${date} at ${clock} · button ${button} (${source})`,
      chat: (number, date, clock) => `Alarm ${number} · typed in Teams on ${date} at ${clock}`,
      visit: (number, date, clock) => `Alarm ${number} · did not report back after a visit, on ${date} at ${clock}`,
    },
  },
} satisfies Record<Language, CardWords>;
