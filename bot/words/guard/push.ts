import type { Language } from "../../domain/language.ts";

interface PushWords {
  readonly coming: string;
  readonly notComing: string;
  /** Leads to the guard's page. */
  readonly open: string;
  readonly comingTest: string;
  readonly openTest: string;
}

/** Buttons and links of a message on a phone: short, for some phones show no more than some twenty characters. */
export const push = {
  nl: {
    coming: "Ik kom",
    notComing: "Ik kom niet",
    open: "Open het alarm",
    comingTest: "TEST gezien",
    openTest: "TEST: open",
  },
  en: {
    coming: "I am coming",
    notComing: "Not coming",
    open: "Open the alarm",
    comingTest: "TEST seen",
    openTest: "TEST: open",
  },
} satisfies Record<Language, PushWords>;

/** Puts TEST in front of what goes out for a test, unless it says so by itself. */
export function toMarked(reason: string, text: string): string {
  return reason === "test" && !text.startsWith("TEST") ? `TEST ${text}` : text;
}
