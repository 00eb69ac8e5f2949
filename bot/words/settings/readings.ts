import type { Language } from "../../domain/language.ts";

const list = (known: readonly string[]) => known.join(", ");

/** What a value is that can't be read, and what the schema of any setting may ask for. */
export const readings = {
  nl: {
    missing: "het ontbreekt",
    tooSmall: "het is te kort of te klein",
    tooBig: "het is te lang of te groot",
    unusable: "het is niet te gebruiken",
    badName: "deze naam is niet te gebruiken",
    noSetting: "deze instelling bestaat hier niet",
    is: {
      empty: "het is leeg",
      list: "het is een lijst",
      mapping: "het zijn sleutels met waarden",
      string: "het is tekst",
      number: "het is een getal",
      boolean: "het is true of false",
      other: "het is iets anders",
    },
    type: {
      string: "tekst",
      quoted: "tekst (tussen aanhalingstekens)",
      number: "een getal",
      int: "een heel getal",
      boolean: "true of false",
      array: "een lijst",
      object: "sleutels met waarden",
      record: "sleutels met waarden",
    },
    atLeast: {
      string: (least: string) => `minstens ${least} tekens`,
      array: (least: string) => `minstens ${least} in de lijst`,
      number: (least: string) => `${least} of meer`,
      more: (bound: string) => `meer dan ${bound}`,
    },
    atMost: {
      string: (most: string) => `hoogstens ${most} tekens`,
      array: (most: string) => `hoogstens ${most} in de lijst`,
      number: (most: string) => `${most} of minder`,
      less: (bound: string) => `minder dan ${bound}`,
    },
    anotherValue: "een andere waarde",
    oneOf: (known: readonly string[]) => {
      if (known.length === 0) return "hier niets";
      return known.length === 1 ? `${known[0]}` : `een van ${list(known)}`;
    },
  },
  en: {
    missing: "it is missing",
    tooSmall: "it is too short or too small",
    tooBig: "it is too long or too large",
    unusable: "it can't be used",
    badName: "this name can't be used",
    noSetting: "there is no such setting here",
    is: {
      empty: "it is empty",
      list: "it is a list",
      mapping: "it is a mapping",
      string: "it is a string",
      number: "it is a number",
      boolean: "it is a boolean",
      other: "it is something else",
    },
    type: {
      string: "text",
      quoted: "text (in quotes)",
      number: "a number",
      int: "a whole number",
      boolean: "true or false",
      array: "a list",
      object: "a mapping",
      record: "a mapping",
    },
    atLeast: {
      string: (least: string) => `at least ${least} characters`,
      array: (least: string) => `at least ${least} in the list`,
      number: (least: string) => `${least} or more`,
      more: (bound: string) => `more than ${bound}`,
    },
    atMost: {
      string: (most: string) => `at most ${most} characters`,
      array: (most: string) => `at most ${most} in the list`,
      number: (most: string) => `${most} or less`,
      less: (bound: string) => `less than ${bound}`,
    },
    anotherValue: "another value",
    oneOf: (known: readonly string[]) => {
      if (known.length === 0) return "nothing here";
      return known.length === 1 ? `${known[0]}` : `one of ${list(known)}`;
    },
  },
} satisfies Record<Language, object>;
export type Readings = (typeof readings)[Language];
