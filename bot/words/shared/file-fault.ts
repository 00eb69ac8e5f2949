import type { Language } from "../../domain/language.ts";

/** Why the system refused a file, for a sentence that names the file. */
export const fileFault = {
  nl: {
    forbidden: "deze gebruiker mag dat daar niet",
    missing: "er is geen bestand of map die zo heet",
    noFolder: "een deel van het pad is een bestand en geen map",
    folder: "het is een map",
    noFile: "het is geen bestand",
    tooLong: "het is te lang",
    empty: "het is leeg",
    readOnly: "van die schijf is alleen te lezen",
    full: "die schijf is vol",
    quota: "het deel van die schijf voor deze gebruiker is vol",
    refused: "het systeem weigert het",
  },
  en: {
    forbidden: "this user may not do that there",
    missing: "there is no such file or folder",
    noFolder: "part of its path is a file and no folder",
    folder: "it is a folder",
    noFile: "it is no file",
    tooLong: "it is too long",
    empty: "it is empty",
    readOnly: "that disk can only be read",
    full: "that disk is full",
    quota: "this user's part of that disk is full",
    refused: "the system refuses it",
  },
} satisfies Record<Language, Record<string, string>>;

const faults: Readonly<Record<string, keyof (typeof fileFault)["en"]>> = {
  EACCES: "forbidden",
  EPERM: "forbidden",
  ENOENT: "missing",
  ENOTDIR: "noFolder",
  EEXIST: "noFolder",
  EISDIR: "folder",
  EROFS: "readOnly",
  ENOSPC: "full",
  EDQUOT: "quota",
};

/** Describes why the system refused a file, for a sentence that names it; with its code, and never with a path. */
export function toFileFault(error: unknown, language: Language): string {
  const code = error instanceof Error && "code" in error ? String(error.code) : "unknown";
  const fault = (Object.hasOwn(faults, code) && faults[code]) || "refused";
  return `${fileFault[language][fault]} (${code})`;
}
