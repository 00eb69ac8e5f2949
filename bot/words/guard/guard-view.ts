import type { EventKind } from "../../domain/incident/history.ts";
import type { Outcome, Verification } from "../../domain/incident/incident.ts";
import type { Language } from "../../domain/language.ts";
import type { Cause } from "../shared/terms.ts";

/**
 * Events that a guard gets to see: what has been done, and by whom only as "a colleague". Who is in another alarm since
 * is said by `OtherAlarmWords`.
 */
type ShownEvent = Exclude<
  EventKind,
  | "rung"
  | "occupied"
  | "now-elsewhere"
  | "withheld"
  | "told"
  | "called"
  | "not-delivered"
  | "not-mentioned"
  | "checked-in"
  | "check-asked"
  | "page-held"
  | "page-accepted"
  | "page-failed"
  | "card-posted"
  | "policy-replaced"
  | "located"
  | "feedback-sent"
  | "feedback-failed"
  | "call-off-taken"
  | "call-off-failed"
>;

export interface GuardViewWords {
  alarm: string;
  placeUnknown: string;
  unreadable: string;
  map(accuracyM: number | null): string;
  /** Of the location, where the alarm has no position of its own, or another one. */
  siteMap: string;
  entrance(entrance: string): string;
  callBack(number: string): string;
  noCallBack: string;
  /** Says that it is not over before that question is answered. */
  notClosedYet: string;
  outcomeAsked: string;
  /** For a guard who answered that question, while the alarm is open all the same. */
  stillOpen: Record<"there" | "notThere", string>;
  /** Stands before what happened since the page went out. */
  news(time: string): string;
  colleagues: string;
  responding(coming: number, there: number): string;
  verificationLabel: string;
  verification: Record<Verification, string>;
  reasonLabel: string;
  reason: Record<Cause, string>;
  cancelled: string;
  late(minutes: number): string;
  raised: string;
  number(number: number): string;
  doneLabel: string;
  done: Record<ShownEvent, string>;
  outcome: Record<Outcome, string>;
  /** Says how often the same happened, one time after the other. */
  times(count: number): string;
  asOf(time: string): string;
  renews(seconds: number): string;
  renewsNot: string;
}

/** The page of the security guard: read once, in a hurry, on a phone. */
export const guardView = {
  nl: {
    alarm: "Alarm",
    placeUnknown: "Plaats onbekend",
    unreadable: "Het bericht van de knop is niet te lezen. Ga uit van een echt alarm.",
    map: (accuracyM) =>
      accuracyM === null ? "Open de kaart" : `Open de kaart (op ${Math.max(1, Math.ceil(accuracyM))} m nauwkeurig)`,
    siteMap: "Open het adres op de kaart",
    entrance: (entrance) => `Ingang: ${entrance}`,
    callBack: (number) => `Bel terug: ${number}`,
    noCallBack: "Terugbellen kan niet",
    notClosedYet: "Het alarm is nog niet afgesloten",
    outcomeAsked: "Was het echt of was het loos alarm? Na uw antwoord is het alarm voor iedereen afgesloten.",
    stillOpen: {
      there: "Het alarm is nog niet afgesloten.",
      notThere: "Het alarm is nog niet afgesloten. Meld eerst dat u er bent.",
    },
    news: (time) => `Nieuw om ${time}`,
    colleagues: "Collega's",
    responding: (coming, there) => {
      const parts = [coming === 0 ? null : `${coming} onderweg`, there === 0 ? null : `${there} ter plaatse`];
      return parts.filter((part) => part !== null).join(", ") || "Nog niemand onderweg";
    },
    verificationLabel: "Bevestigd",
    verification: {
      none: "Nog niet",
      "second-button": "Ja, door een tweede knop",
      "second-person": "Ja, door een tweede persoon",
      witnessed: "Ja, iemand ter plaatse zegt dat het echt is",
    },
    reasonLabel: "Reden",
    reason: {
      "nobody-coming": "Er is niemand onderweg",
      unclaimed: "Er zijn niet genoeg collega's onderweg",
      lapsed: "Er zou iemand komen, maar die is niet op tijd aangekomen",
      declined: "Geen collega kan komen",
      help: "Iemand ter plaatse vraagt om hulp",
      check: "Iemand ter plaatse reageert niet meer",
      "teams-unreachable": "We kunnen de collega's niet bereiken",
      "teams-busy": "Te veel berichten tegelijk: het alarm staat nog niet in het kanaal van de collega's",
      "nobody-on-duty": "Er heeft nu geen collega dienst",
      "nobody-free": "De collega's met dienst zijn niet vrij of kunnen niet",
      repeat: "Er is nog steeds hulp nodig",
    },
    cancelled: "Het alarm is ingetrokken met de knop. Ga toch kijken.",
    late: (minutes) => `Dit alarm kwam ${minutes} ${minutes === 1 ? "minuut" : "minuten"} na het drukken bij ons aan.`,
    raised: "Alarm om",
    number: (number) => `nummer ${number}`,
    doneLabel: "Wat er is gebeurd",
    done: {
      opened: "Alarm geslagen",
      "pressed-again": "Opnieuw alarm geslagen",
      "place-corrected": "De plaats is gewijzigd",
      "round-started": "Iedereen opnieuw gewaarschuwd",
      "nobody-on-duty": "Er heeft geen collega dienst",
      "nobody-free": "Geen collega beschikbaar",
      claimed: "Een collega gaat erheen",
      "also-coming": "Nog een collega gaat erheen",
      declined: "Een collega kan niet",
      arrived: "Een collega is ter plaatse",
      help: "Een collega vraagt om hulp",
      "call-back-changed": "Het nummer om terug te bellen is gewijzigd: bel een eerder nummer niet meer",
      "112-called": "Een collega meldt: 112 is gebeld",
      "police-there": "Een collega meldt: de politie is er",
      "all-declined": "Geen collega kan komen",
      lapsed: "Er is niemand op tijd aangekomen",
      "let-go": "Een collega telt niet meer mee: het alarm is op een andere locatie",
      "check-missed": "Iemand ter plaatse reageert niet",
      verified: "Alarm bevestigd",
      cancelled: "Het alarm is ingetrokken met de knop",
      restored: "Een deel van dit alarm is niet meer te lezen",
      returned: "Het alarm gaat verder uit een reservekopie",
      "teams-unreachable": "Collega's niet bereikbaar",
      "teams-busy": "Het alarm staat nog niet in het kanaal van de collega's",
      "page-queued": "Beveiliging gewaarschuwd",
      "guard-accepted": "Een beveiliger komt",
      "guard-declined": "Een beveiliger komt niet",
      "guard-arrived": "Een beveiliger is ter plaatse",
      "guard-lapsed": "Een beveiliger is niet op tijd aangekomen",
      "guard-help": "Een beveiliger vraagt om hulp",
      "called-off": "Een collega meldt: beveiliging hoeft niet meer te komen",
      closed: "Afgesloten",
    },
    outcome: { real: "het was echt", false: "het was loos alarm", test: "het was een test" },
    times: (count) => `${count} keer`,
    asOf: (time) => `Bijgewerkt om ${time}`,
    renews: (seconds) => `Deze pagina ververst elke ${seconds} seconden vanzelf.`,
    renewsNot: "Deze pagina ververst niet vanzelf.",
  },
  en: {
    alarm: "Alarm",
    placeUnknown: "Place unknown",
    unreadable: "The button's message can't be read. Assume that the alarm is real.",
    map: (accuracyM) =>
      accuracyM === null ? "Open the map" : `Open the map (accurate to ${Math.max(1, Math.ceil(accuracyM))} m)`,
    siteMap: "Open the address on the map",
    entrance: (entrance) => `Entrance: ${entrance}`,
    callBack: (number) => `Call back: ${number}`,
    noCallBack: "You cannot call back",
    notClosedYet: "The alarm is not closed yet",
    outcomeAsked: "Was it real, or was it a false alarm? Your answer closes the alarm for everyone.",
    stillOpen: {
      there: "The alarm is not closed yet.",
      notThere: "The alarm is not closed yet. First tell us that you are there.",
    },
    news: (time) => `New at ${time}`,
    colleagues: "Colleagues",
    responding: (coming, there) => {
      const parts = [coming === 0 ? null : `${coming} on the way`, there === 0 ? null : `${there} there`];
      return parts.filter((part) => part !== null).join(", ") || "Nobody on the way yet";
    },
    verificationLabel: "Confirmed",
    verification: {
      none: "Not yet",
      "second-button": "Yes, by a second button",
      "second-person": "Yes, by a second person",
      witnessed: "Yes, someone there says that it is real",
    },
    reasonLabel: "Reason",
    reason: {
      "nobody-coming": "Nobody is on the way",
      unclaimed: "Not enough colleagues are on the way",
      lapsed: "Someone promised to come and did not arrive in time",
      declined: "No colleague can come",
      help: "Someone who is there asks for help",
      check: "Someone who is there no longer answers",
      "teams-unreachable": "We can't reach the colleagues",
      "teams-busy": "Too many messages at once: the alarm is not in the colleagues' channel yet",
      "nobody-on-duty": "No colleague is on duty now",
      "nobody-free": "The colleagues on duty are not free or can't come",
      repeat: "Help is still needed",
    },
    cancelled: "The alarm was withdrawn with the button. Go and look all the same.",
    late: (minutes) => `This alarm reached us ${minutes} ${minutes === 1 ? "minute" : "minutes"} after the press.`,
    raised: "Alarm at",
    number: (number) => `number ${number}`,
    doneLabel: "What has happened",
    done: {
      opened: "Alarm raised",
      "pressed-again": "Alarm raised again",
      "place-corrected": "The place was changed",
      "round-started": "Everyone alerted again",
      "nobody-on-duty": "No colleague on duty",
      "nobody-free": "No colleague available",
      claimed: "A colleague is on the way",
      "also-coming": "Another colleague is on the way",
      declined: "A colleague can't come",
      arrived: "A colleague is there",
      help: "A colleague asks for help",
      "call-back-changed": "The number to call back was changed: do not ring an earlier one any more",
      "112-called": "A colleague says: 112 was called",
      "police-there": "A colleague says: the police are there",
      "all-declined": "No colleague can come",
      lapsed: "Nobody arrived in time",
      "let-go": "A colleague counts no more: the alarm is at another location",
      "check-missed": "Someone on the spot does not answer",
      verified: "Alarm confirmed",
      cancelled: "The alarm was withdrawn with the button",
      restored: "Part of this alarm can no longer be read",
      returned: "The alarm goes on from a backup",
      "teams-unreachable": "Colleagues can't be reached",
      "teams-busy": "The alarm is not in the colleagues' channel yet",
      "page-queued": "Security alerted",
      "guard-accepted": "A guard is coming",
      "guard-declined": "A guard is not coming",
      "guard-arrived": "A guard is there",
      "guard-lapsed": "A guard did not arrive in time",
      "guard-help": "A guard asks for help",
      "called-off": "A colleague says: security need not come any more",
      closed: "Closed",
    },
    outcome: { real: "it was real", false: "it was a false alarm", test: "it was a test" },
    times: (count) => `${count} times`,
    asOf: (time) => `Updated at ${time}`,
    renews: (seconds) => `This page refreshes every ${seconds} seconds by itself.`,
    renewsNot: "This page does not refresh by itself.",
  },
} satisfies Record<Language, GuardViewWords>;
