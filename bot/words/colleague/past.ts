import type { Language } from "../../domain/language.ts";

type By = (clock: string) => string;

interface PastWords {
  readonly label: Readonly<
    Record<"firstClaim" | "firstArrival" | "arrived" | "wentOnly" | "declined" | "silent" | "rounds", string>
  >;
  readonly nobody: string;
  readonly rounds: (count: number, clocks: string) => string;
  /** One way to external security: what happened, in its order. */
  readonly paged: By;
  readonly "guard-accepted": By;
  readonly "guard-declined": By;
  readonly "guard-lapsed": By;
  readonly "guard-arrived": By;
  readonly "guard-help": By;
  readonly silent: By;
  /** A colleague who was there said that they need not come. */
  readonly "called-off": By;
  readonly failed: (why: string, clock: string) => string;
  readonly unanswered: string;
}

/** How an incident went, on its closed card. */
export const past = {
  nl: {
    label: {
      firstClaim: "Ging als eerste",
      firstArrival: "Als eerste ter plaatse",
      arrived: "Ook ter plaatse",
      wentOnly: "Ging, niet ter plaatse gemeld",
      declined: "Kon niet",
      silent: "Reageerde ter plaatse niet meer",
      rounds: "Rondes",
    },
    nobody: "niemand",
    rounds: (count, clocks) => `${count} (${clocks})`,
    paged: (clock) => `opgeroepen (${clock})`,
    "guard-accepted": (clock) => `beveiliger zou komen (${clock})`,
    "guard-declined": (clock) => `beveiliger kon niet komen (${clock})`,
    "guard-lapsed": (clock) => `beveiliger was niet op tijd (${clock})`,
    "guard-arrived": (clock) => `beveiliger was ter plaatse (${clock})`,
    "guard-help": (clock) => `beveiliger vroeg om hulp (${clock})`,
    silent: (clock) => `beveiliger reageerde niet meer (${clock})`,
    "called-off": (clock) => `een collega zei: niet meer nodig (${clock})`,
    failed: (why, clock) => `niet gelukt: ${why} (${clock})`,
    unanswered: "niemand reageerde",
  },
  en: {
    label: {
      firstClaim: "First to go",
      firstArrival: "First on the spot",
      arrived: "There too",
      wentOnly: "Went, not reported there",
      declined: "Couldn't come",
      silent: "Stopped answering on the spot",
      rounds: "Rounds",
    },
    nobody: "nobody",
    rounds: (count, clocks) => `${count}, at ${clocks}`,
    paged: (clock) => `called (${clock})`,
    "guard-accepted": (clock) => `guard promised to come (${clock})`,
    "guard-declined": (clock) => `guard could not come (${clock})`,
    "guard-lapsed": (clock) => `guard was not in time (${clock})`,
    "guard-arrived": (clock) => `guard was there (${clock})`,
    "guard-help": (clock) => `guard asked for help (${clock})`,
    silent: (clock) => `guard stopped answering (${clock})`,
    "called-off": (clock) => `a colleague said: no longer needed (${clock})`,
    failed: (why, clock) => `failed: ${why} (${clock})`,
    unanswered: "nobody answered",
  },
} satisfies Record<Language, PastWords>;
