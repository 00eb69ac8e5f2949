import type { Language } from "../../domain/language.ts";

/** The state of an incident for one guard. */
export type GuardState =
  | "asked"
  | "declined"
  /** Declined, and another guard comes or is there. */
  | "declined-other"
  /** Whoever opens the link as it was sent may be the guard who answered by it, or somebody else who has it. */
  | "link-coming"
  | "link-lapsed"
  | "link-there"
  | "link-declined"
  /** Nobody answered since the newest press, and somebody was there before it or asked for help. */
  | "link-before"
  | "other-guard"
  | "other-there"
  | "coming"
  | "lapsed"
  | "there"
  /** There, and asked for help. */
  | "help"
  /** Was there before the newest press, and has not said since whether they still are. */
  | "was-there"
  /** Asked for help since the newest press, and has not said to be there. */
  | "help-not-there"
  | "check"
  | "called-off"
  | "closed";

interface GuardStateWords {
  /** Says the state, as one heading. */
  state: Record<GuardState, string>;
  /** Says what is asked of the guard now. */
  asked: Record<GuardState, string>;
}

/** What the guard's page says of its state and asks for, in the guard's own words. */
export const guardState = {
  nl: {
    state: {
      asked: "Kunt u komen?",
      declined: "U komt niet",
      "declined-other": "U komt niet",
      "link-coming": "Iemand met deze link komt al",
      "link-lapsed": "Iemand met deze link zou komen",
      "link-there": "Iemand met deze link is er al",
      "link-declined": "Iemand met deze link komt niet",
      "link-before": "Iemand met deze link antwoordde al",
      "other-guard": "Een andere beveiliger komt",
      "other-there": "Een andere beveiliger is er al",
      coming: "U komt",
      lapsed: "U hebt nog niet gemeld dat u er bent",
      there: "U bent er",
      help: "U hebt om hulp gevraagd",
      "was-there": "Bent u er nog?",
      "help-not-there": "U hebt om hulp gevraagd",
      check: "Bent u nog veilig?",
      "called-off": "U hoeft niet meer te komen",
      closed: "Dit alarm is afgesloten",
    },
    asked: {
      asked: "Een medewerker vraagt om hulp. Antwoord nu.",
      declined: "We roepen iemand anders op. Kunt u toch komen? Meld het hier.",
      "declined-other": "Een andere beveiliger komt of is er al. Kunt u toch komen? Meld het hier.",
      "link-coming": "Bent u dat?",
      "link-lapsed": "Bent u dat?",
      "link-there": "Bent u dat?",
      "link-declined": "Kunt u wel komen? Meld het hier.",
      "link-before": "Bent u dat? Of kunt u komen?",
      "other-guard": "Kunt u ook komen? Meld het hier.",
      "other-there": "Kunt u ook komen? Meld het hier.",
      coming: "Ga er nu heen. Meld het hier als u er bent.",
      lapsed: "We waarschuwen anderen. Bent u er? Meld het nu.",
      there: "Kijk of iedereen veilig is. Meld het daarna hier.",
      help: "We waarschuwen nu anderen. Bel 112 als het niet kan wachten.",
      "was-there": "Er is opnieuw alarm geslagen. Meld hier of u er nog bent.",
      "help-not-there": "We waarschuwen nu anderen. Bel 112 als het niet kan wachten.",
      check: "Antwoord nu, anders waarschuwen we anderen.",
      "called-off": "Dat zegt een collega ter plaatse. Komt u toch, of bent u er al? Meld het hier.",
      closed: "U hoeft niets meer te doen.",
    },
  },
  en: {
    state: {
      asked: "Can you come?",
      declined: "You are not coming",
      "declined-other": "You are not coming",
      "link-coming": "Someone with this link is coming",
      "link-lapsed": "Someone with this link promised to come",
      "link-there": "Someone with this link is there already",
      "link-declined": "Someone with this link is not coming",
      "link-before": "Someone with this link answered before",
      "other-guard": "Another guard is coming",
      "other-there": "Another guard is there already",
      coming: "You are coming",
      lapsed: "You have not reported that you are there",
      there: "You are there",
      help: "You asked for help",
      "was-there": "Are you still there?",
      "help-not-there": "You asked for help",
      check: "Are you still safe?",
      "called-off": "You need not come any more",
      closed: "This alarm is closed",
    },
    asked: {
      asked: "A member of staff asks for help. Answer now.",
      declined: "We are calling someone else. Can you come after all? Tell us here.",
      "declined-other": "Another guard is coming or there already. Can you come after all? Tell us here.",
      "link-coming": "Is that you?",
      "link-lapsed": "Is that you?",
      "link-there": "Is that you?",
      "link-declined": "Can you come? Tell us here.",
      "link-before": "Is that you? Or can you come?",
      "other-guard": "Can you come too? Tell us here.",
      "other-there": "Can you come too? Tell us here.",
      coming: "Go there now. Tell us here when you are there.",
      lapsed: "We are alerting others. Are you there? Tell us now.",
      there: "See whether everyone is safe. Then tell us here.",
      help: "We are alerting others now. Call 112 if it cannot wait.",
      "was-there": "The alarm was raised again. Tell us here whether you are still there.",
      "help-not-there": "We are alerting others now. Call 112 if it cannot wait.",
      check: "Answer now, or we will alert others.",
      "called-off": "A colleague who is there says so. Are you coming all the same, or there already? Tell us here.",
      closed: "There is nothing left for you to do.",
    },
  },
} satisfies Record<Language, GuardStateWords>;
