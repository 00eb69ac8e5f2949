import type { Language } from "../../domain/language.ts";

/** Why there is no copy of `from` at `to`, by names of files; `detail` is the system's. */
type Fault = (from: string, to: string, detail: string) => string;

export interface BackupWords {
  readonly progress: (percent: number) => string;
  readonly done: (file: string, megabytes: string, seconds: string) => string;
  readonly open: (count: number) => string;
  readonly sameDisk: string;
  readonly secrets: string;
  readonly notNoted: string;
  /** Instead of a copy, or of putting one back. */
  readonly server: string;
  readonly fault: Readonly<
    Record<
      | "missing"
      | "no-folder"
      | "folder"
      | "exists"
      | "no-space"
      | "read-only"
      | "not-allowed"
      | "no-database"
      | "damaged"
      | "ended"
      | "refused",
      Fault
    >
  >;
}

/** What `npm run backup` says. */
export const backup = {
  nl: {
    progress: (percent) => `Reservekopie: ${percent} %`,
    done: (file, megabytes, seconds) =>
      `Goed: de reservekopie staat in ${file} (${megabytes} MB, in ${seconds} s). Hij is nagekeken en in orde.`,
    open: (count) =>
      count === 1 ? "Er staat 1 open alarm in." : `Er staan ${count === 0 ? "geen" : count} open alarmen in.`,
    sameDisk: "Let op: de kopie staat op dezelfde schijf als de database. Zet hem ook op een andere schijf.",
    secrets: "Bewaar hem veilig: er staan namen en sleutels in. De configuratie en het bestand .env staan er niet in.",
    notNoted: "Let op: npm run doctor weet niet van deze kopie. Deze gebruiker mag niet schrijven naast de database.",
    server:
      "De database is van PostgreSQL. Maak de reservekopie met pg_dump. Stop de bot voor u haar terugzet met psql of pg_restore.",
    fault: {
      missing: (from) => `${from} is er niet, of het is leeg. Er is geen kopie.`,
      "no-folder": (_, to) => `De map van ${to} is er niet. Maak eerst die map.`,
      folder: (_, to) => `${to} is een map. Noem ook een bestand, zoals ${to}/rugdekking.db`,
      exists: (_, to) => `${to} is er al. Daar schrijven we niet overheen. Kies een andere naam.`,
      "no-space": (_, to) => `De schijf van ${to} heeft te weinig ruimte. Maak ruimte of kies een andere schijf.`,
      "read-only": (_, to) => `De schijf van ${to} is alleen te lezen. Kies een andere schijf.`,
      "not-allowed": (from, to) => `Deze gebruiker mag ${from} niet lezen, of bij ${to} niet schrijven.`,
      "no-database": (from) => `${from} is geen database van Rugdekking.`,
      damaged: (from) => `${from} is beschadigd. Er is geen kopie. Kijk naar de schijf, en in het log van de bot.`,
      ended: () => "Afgebroken. Er is geen kopie.",
      refused: (_, to, detail) => `Er is geen kopie in ${to}: ${detail}`,
    },
  },
  en: {
    progress: (percent) => `Backup: ${percent} %`,
    done: (file, megabytes, seconds) =>
      `Good: the backup is in ${file} (${megabytes} MB, in ${seconds} s). It was looked through and is whole.`,
    open: (count) => (count === 1 ? "There is 1 open alarm in it." : `There are ${count || "no"} open alarms in it.`),
    sameDisk: "Note: the copy is on the same disk as the database. Put it on another disk as well.",
    secrets: "Keep it safe: it holds names and keys. The configuration and the file .env are not in it.",
    notNoted: "Note: npm run doctor does not know of this copy. This user may not write beside the database.",
    server:
      "The database is of PostgreSQL. Make the backup with pg_dump. Stop the bot before you put it back with psql or pg_restore.",
    fault: {
      missing: (from) => `${from} is not there, or is empty. There is no copy.`,
      "no-folder": (_, to) => `The folder of ${to} is not there. Make that folder first.`,
      folder: (_, to) => `${to} is a folder. Name a file as well, such as ${to}/rugdekking.db`,
      exists: (_, to) => `${to} is there already. We do not write over it. Choose another name.`,
      "no-space": (_, to) => `The disk of ${to} has too little room. Make room or choose another disk.`,
      "read-only": (_, to) => `The disk of ${to} can only be read. Choose another disk.`,
      "not-allowed": (from, to) => `This user may not read ${from}, or not write at ${to}.`,
      "no-database": (from) => `${from} is no database of Rugdekking.`,
      damaged: (from) => `${from} is damaged. There is no copy. Look after the disk, and read the bot's log.`,
      ended: () => "Broken off. There is no copy.",
      refused: (_, to, detail) => `There is no copy in ${to}: ${detail}`,
    },
  },
} satisfies Record<Language, BackupWords>;
