import type { Language } from "../../domain/language.ts";
import type { VisitText } from "../colleague/visit.ts";

/**
 * What becomes of somebody's own press, as far as humans have said so. `rest`: no alarm of theirs is open. `received`:
 * nobody has said that they come, or nobody any more.
 */
export type PresserState = "rest" | "received" | "coming" | "there" | "over";

/** By what they press: a button that they wear, or the chat with the bot. */
type PressedBy = "button" | "chat";

interface PresserWords {
  readonly state: Readonly<Record<PresserState, VisitText>>;
  /** How to call for help once more, while somebody is there and when it is over. */
  readonly again: Readonly<Record<"there" | "over", Readonly<Record<PressedBy, string>>>>;
  /** While it is open, after it was withdrawn. */
  readonly withdrawn: string;
  /** At rest and when it is over, of the next press. */
  readonly unchanged: Readonly<Record<PressedBy, string>>;
  readonly lastPressed: (clock: string) => string;
}

/** What stands on the card that shows somebody, without a sound, what becomes of their press. */
export const presser = {
  nl: {
    state: {
      rest: {
        headline: "🔘 Je alarmknop",
        text: ["Druk je op je knop? Dan zie je hier, zonder geluid, of je alarm binnen is en of er iemand komt."],
      },
      received: {
        headline: "🔔 Je alarm is binnen",
        text: [
          "We geven je alarm door. Nog niemand heeft gezegd: ik kom.",
          "**Bel bij direct gevaar 112, als je dat kunt.**",
        ],
      },
      coming: {
        headline: "🟡 Er komt iemand",
        text: ["Iemand heeft laten weten: ik kom.", "**Bel bij direct gevaar 112, als je dat kunt.**"],
      },
      there: {
        headline: "🟢 Er is iemand ter plaatse",
        text: ["Iemand heeft laten weten: ik ben er."],
      },
      over: { headline: "⬛ Je alarm is afgesloten", text: [] },
    },
    again: {
      there: {
        button: "Zie je niemand? Druk dan opnieuw op je knop.",
        chat: "Zie je niemand? Typ dan **alarm**.",
      },
      over: {
        button: "Heb je weer hulp nodig? Druk dan opnieuw op je knop.",
        chat: "Heb je weer hulp nodig? Typ dan **alarm**.",
      },
    },
    withdrawn: "Je alarm is ingetrokken. We vragen je collega's om toch te komen kijken.",
    unchanged: {
      button: "Verandert deze kaart niet binnen 10 seconden? Dan is er geen alarm. Bel.",
      chat: "Krijg je dan niet binnen 10 seconden antwoord? Dan is er geen alarm. Bel.",
    },
    lastPressed: (clock) => `Laatst gedrukt: ${clock}`,
  },
  en: {
    state: {
      rest: {
        headline: "🔘 Your alarm button",
        text: [
          "When you press your button, this shows, without a sound, whether your alarm was received and whether anybody comes.",
        ],
      },
      received: {
        headline: "🔔 Your alarm has been received",
        text: [
          "We are passing it on. Nobody has said yet: I am coming.",
          "**In immediate danger call 112, if you can.**",
        ],
      },
      coming: {
        headline: "🟡 Somebody is coming",
        text: ["Somebody has said: I am coming.", "**In immediate danger call 112, if you can.**"],
      },
      there: {
        headline: "🟢 Somebody is there",
        text: ["Somebody has said: I am there."],
      },
      over: { headline: "⬛ Your alarm is closed", text: [] },
    },
    again: {
      there: {
        button: "Do you see nobody? Then press your button again.",
        chat: "Do you see nobody? Then type **alarm**.",
      },
      over: {
        button: "Do you need help again? Then press your button again.",
        chat: "Do you need help again? Then type **alarm**.",
      },
    },
    withdrawn: "Your alarm is withdrawn. We ask your colleagues to come and look all the same.",
    unchanged: {
      button: "Does this card not change within 10 seconds? Then there is no alarm. Call.",
      chat: "Do you get no answer within 10 seconds then? Then there is no alarm. Call.",
    },
    lastPressed: (clock) => `Last pressed: ${clock}`,
  },
} satisfies Record<Language, PresserWords>;
