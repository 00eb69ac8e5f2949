import type { Language } from "../../domain/language.ts";

interface MailWords {
  /** Above the guard's link. */
  readonly answer: string;
  readonly answerTest: string;
  /** A mail invites an answer by mail, which nobody would see. */
  readonly noReply: string;
}

/** What a mail to external security says beside the page's own sentences. */
export const mail = {
  nl: {
    answer: "Geef antwoord via deze link:",
    answerTest: "TEST. Geef antwoord via deze link:",
    noReply: "Beantwoord deze mail niet. Niemand leest de antwoorden.",
  },
  en: {
    answer: "Answer with this link:",
    answerTest: "TEST. Answer with this link:",
    noReply: "Do not reply to this mail. Nobody reads the replies.",
  },
} satisfies Record<Language, MailWords>;
