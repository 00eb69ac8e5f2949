import type { Outcome } from "../../domain/incident/incident.ts";
import type { Language } from "../../domain/language.ts";

/** A fact in a few words; `open`: nobody is on the way. */
export interface FactWords {
  readonly open: string;
  readonly coming: (count: number) => string;
  readonly tooFew: (count: number, needed: number) => string;
  readonly calling: string;
  readonly delivered: string;
  readonly answered: string;
  readonly failed: string;
  readonly declined: string;
  readonly lapsed: string;
  readonly silent: string;
  readonly guardSilent: string;
  readonly guardComing: (clock: string) => string;
  readonly there: string;
  readonly guardThere: string;
  readonly bothThere: string;
}

/** A locked phone shows it behind the place, so it is as short as can be. */
export interface HeadlineWords extends FactWords {
  readonly help: string;
  readonly guardHelp: string;
  readonly check: string;
  readonly closed: Readonly<Record<Outcome, string>>;
  readonly unstored: string;
  /** What else is so, behind a dash. */
  readonly also: FactWords & { readonly helpMet: string; readonly calledOff: string };
}

/** The first thing on a card: what matters most, and behind a dash what matters next. */
export const headline = {
  nl: {
    open: "🔴 ALARM – NOG NIEMAND ONDERWEG",
    coming: (count) => (count === 1 ? "🟡 1 collega onderweg" : `🟡 ${count} collega's onderweg`),
    tooFew: (count, needed) => `🟠 ${count} van ${needed} collega's onderweg`,
    calling: "🛡️ BEVEILIGING WORDT OPGEROEPEN",
    delivered: "🛡️ BEVEILIGING OPGEROEPEN – NOG GEEN REACTIE",
    answered: "🛡️ BEVEILIGER IS ER NOG NIET",
    failed: "🟥 BEVEILIGING NIET BEREIKT",
    declined: "🟥 BEVEILIGING KAN NIET KOMEN",
    lapsed: "🟥 NIEMAND IS AANGEKOMEN",
    silent: "🟥 COLLEGA TER PLAATSE REAGEERT NIET",
    guardSilent: "🟥 BEVEILIGER TER PLAATSE REAGEERT NIET",
    help: "🆘 COLLEGA VRAAGT OM HULP",
    guardHelp: "🆘 BEVEILIGER VRAAGT OM HULP",
    guardComing: (clock) => `🛡️ Beveiliger komt (${clock})`,
    there: "🟢 Er is iemand ter plaatse",
    guardThere: "🟢 De beveiliger is ter plaatse",
    bothThere: "🟢 Collega en beveiliger ter plaatse",
    check: "❓ GAAT HET DAAR GOED?",
    closed: {
      real: "⬛ Afgesloten – het was echt",
      false: "⬛ Afgesloten – loos alarm",
      test: "⬛ Afgesloten – het was een test",
    },
    unstored: "🔴 ALARM – NIET OPGESLAGEN",
    also: {
      open: "nog niemand onderweg",
      coming: (count) => (count === 1 ? "1 collega onderweg" : `${count} collega's onderweg`),
      tooFew: (count, needed) => `${count} van ${needed} collega's onderweg`,
      calling: "beveiliging wordt opgeroepen",
      delivered: "beveiliging reageert nog niet",
      answered: "beveiliger is er nog niet",
      failed: "beveiliging niet bereikt",
      declined: "beveiliging kan niet komen",
      lapsed: "nog niemand aangekomen",
      silent: "een collega reageert niet",
      guardSilent: "een beveiliger reageert niet",
      helpMet: "er is om hulp gevraagd",
      guardComing: (clock) => `beveiliger komt (${clock})`,
      there: "er is een collega ter plaatse",
      guardThere: "beveiliger ter plaatse",
      bothThere: "collega en beveiliger ter plaatse",
      calledOff: "beveiliging niet meer nodig",
    },
  },
  en: {
    open: "🔴 ALARM – NOBODY ON THE WAY YET",
    coming: (count) => (count === 1 ? "🟡 1 colleague on the way" : `🟡 ${count} colleagues on the way`),
    tooFew: (count, needed) => `🟠 ${count} of ${needed} colleagues on the way`,
    calling: "🛡️ SECURITY IS BEING CALLED",
    delivered: "🛡️ SECURITY CALLED – NO ANSWER YET",
    answered: "🛡️ GUARD IS NOT THERE YET",
    failed: "🟥 SECURITY NOT REACHED",
    declined: "🟥 SECURITY CANNOT COME",
    lapsed: "🟥 NOBODY HAS ARRIVED",
    silent: "🟥 COLLEAGUE ON THE SPOT DOES NOT ANSWER",
    guardSilent: "🟥 GUARD ON THE SPOT DOES NOT ANSWER",
    help: "🆘 COLLEAGUE ASKS FOR HELP",
    guardHelp: "🆘 GUARD ASKS FOR HELP",
    guardComing: (clock) => `🛡️ Guard is coming (${clock})`,
    there: "🟢 Someone is there",
    guardThere: "🟢 The guard is there",
    bothThere: "🟢 A colleague and the guard are there",
    check: "❓ IS ALL WELL THERE?",
    closed: {
      real: "⬛ Closed – it was real",
      false: "⬛ Closed – false alarm",
      test: "⬛ Closed – it was a test",
    },
    unstored: "🔴 ALARM – NOT RECORDED",
    also: {
      open: "nobody on the way yet",
      coming: (count) => (count === 1 ? "1 colleague on the way" : `${count} colleagues on the way`),
      tooFew: (count, needed) => `${count} of ${needed} colleagues on the way`,
      calling: "security is being called",
      delivered: "no answer from security yet",
      answered: "guard is not there yet",
      failed: "security not reached",
      declined: "security cannot come",
      lapsed: "nobody has arrived yet",
      silent: "a colleague does not answer",
      guardSilent: "a guard does not answer",
      helpMet: "help was asked for",
      guardComing: (clock) => `guard is coming (${clock})`,
      there: "a colleague is there",
      guardThere: "a guard is there",
      bothThere: "a colleague and the guard are there",
      calledOff: "security no longer needed",
    },
  },
} satisfies Record<Language, HeadlineWords>;
