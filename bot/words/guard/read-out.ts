import type { Verification } from "../../domain/incident/incident.ts";
import type { Language } from "../../domain/language.ts";
import type { Site } from "../../domain/location.ts";

export interface ReadOutWords {
  /** Where there are no locations: only what is verified is read out. */
  readonly place: (place: string) => string;
  readonly alarm: (where: string) => string;
  readonly proof: Readonly<Record<Exclude<Verification, "none">, string>>;
  readonly label: Readonly<Record<"callBack" | "codeWord", string>>;
  readonly callBack: {
    readonly number: (number: string) => string;
    /** By name: a colleague's own number stands on no card. */
    readonly person: (name: string) => string;
    readonly nobody: string;
  };
}

/** What a colleague reads out to the alarm centre or 112, and has to know when that rings back. */
export const readOut = {
  nl: {
    place: (place) => `Alarm op deze plaats: ${place}.`,
    alarm: (where) => `${where}: een medewerker heeft alarm geslagen.`,
    proof: {
      "second-button": "Er is op twee verschillende knoppen gedrukt.",
      "second-person": "Twee personen hebben elk op hun eigen knop gedrukt.",
      witnessed: "Een collega ter plaatse heeft gezien dat het echt is.",
    },
    label: { callBack: "Terugbellen", codeWord: "Codewoord ligt" },
    callBack: {
      number: (number) => `kan naar ${number}`,
      person: (name) => `kan naar de telefoon van ${name}`,
      nobody: "kan niet",
    },
  },
  en: {
    place: (place) => `Alarm at this place: ${place}.`,
    alarm: (where) => `${where}: a member of staff has raised the alarm.`,
    proof: {
      "second-button": "Two different buttons were pressed.",
      "second-person": "Two people each pressed their own button.",
      witnessed: "A colleague on the spot has seen that it is real.",
    },
    label: { callBack: "Calling back", codeWord: "The code word lies" },
    callBack: {
      number: (number) => `to ${number}`,
      person: (name) => `to the phone of ${name}`,
      nobody: "is not possible",
    },
  },
} satisfies Record<Language, ReadOutWords>;

/**
 * The sentences for somebody who has to send help: where, and how sure it is; null where nobody needs them yet. With
 * locations they say for whom and at which address, from when security is called on, because by then people ring each
 * other. `place`: with the location, as the card has it.
 */
export function toReadOut(
  verification: Verification,
  place: string,
  site: Site | null,
  isSecurityCalled: boolean,
  language: Language,
): string | null {
  const words: ReadOutWords = readOut[language];
  const proof = verification === "none" ? [] : [words.proof[verification]];
  if (site === null) return proof.length === 0 ? null : [words.place(place), ...proof].join(" ");
  if (proof.length === 0 && !isSecurityCalled) return null;
  const address = site.address === null ? [] : [site.address];
  return [words.alarm([site.organisation, ...address, place].join(", ")), ...proof].join(" ");
}
