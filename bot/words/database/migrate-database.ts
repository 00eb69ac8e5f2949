import type { Language } from "../../domain/language.ts";

/** Why nothing was moved, by the name of the file; `detail` is the system's or the server's. */
type Fault = (file: string, detail: string) => string;

export interface MigrateDatabaseWords {
  readonly progress: (percent: number) => string;
  readonly done: (rows: number, seconds: string) => string;
  readonly open: (count: number) => string;
  readonly configure: string;
  readonly kept: (file: string) => string;
  /** What was typed is no such thing. */
  readonly from: string;
  readonly to: string;
  readonly password: Fault;
  readonly fault: Readonly<
    Record<
      | "missing"
      | "no-database"
      | "other-version"
      | "damaged"
      | "file-in-use"
      | "server-in-use"
      | "newer"
      | "not-empty"
      | "differs"
      | "server"
      | "file",
      Fault
    >
  >;
}

/** What `npm run migrate-database` says. */
export const migrateDatabase = {
  nl: {
    progress: (percent) => `Overzetten: ${percent} %`,
    done: (rows, seconds) =>
      `Goed: alles staat in PostgreSQL (${rows} rijen, in ${seconds} s). Het is geteld en vergeleken.`,
    open: (count) =>
      count === 1
        ? "Er is 1 alarm open. Het gaat door zodra de bot start."
        : `Er zijn ${count === 0 ? "geen" : count} alarmen open.${count === 0 ? "" : " Ze gaan door zodra de bot start."}`,
    configure: "Zet nu deze database van PostgreSQL in de configuratie. Start daarna de bot.",
    kept: (file) =>
      `${file} is niet veranderd. Bewaar het, maar start er geen bot meer op: die gaat door met alarmen die al voorbij zijn.`,
    from: "Noem eerst het bestand waar alles nu in staat, zoals sqlite:data/rugdekking.db",
    to: "Noem als tweede de database van PostgreSQL, zoals postgres://rugdekking@db1/rugdekking",
    password: (file, detail) => `Het wachtwoord in ${file} is niet te lezen: ${detail}`,
    fault: {
      missing: (file) => `${file} is er niet, of het is leeg. Er is niets overgezet.`,
      "no-database": (file) => `${file} is geen database van Rugdekking. Er is niets overgezet.`,
      "other-version": (file) =>
        `${file} is van een andere versie van Rugdekking. Start er één keer de bot van deze versie op, en stop hem weer. Er is niets overgezet.`,
      damaged: (file) => `${file} is beschadigd. Er is niets overgezet. Zet eerst een reservekopie terug.`,
      "file-in-use": (file) => `De bot draait nog op ${file}. Stop eerst de bot. Er is niets overgezet.`,
      "server-in-use": () =>
        "Op die database van PostgreSQL draait al een bot. Stop eerst die bot. Er is niets overgezet.",
      newer: () => "Die database van PostgreSQL is van een nieuwere versie van Rugdekking. Er is niets overgezet.",
      "not-empty": () =>
        "In die database van PostgreSQL staat al iets. Maak een nieuwe, lege database. Er is niets overgezet.",
      differs: () => "In PostgreSQL kwam iets anders aan dan wat er in het bestand staat. Er is niets overgezet.",
      server: (_, detail) =>
        `Het is niet gelukt: ${detail}. Begin opnieuw. Staat er dan al iets, maak dan een nieuwe, lege database.`,
      file: (file, detail) => `${file} is niet te lezen: ${detail}. Er is niets overgezet.`,
    },
  },
  en: {
    progress: (percent) => `Moving: ${percent} %`,
    done: (rows, seconds) => `Good: all of it is in PostgreSQL (${rows} rows, in ${seconds} s), counted and compared.`,
    open: (count) =>
      count === 1
        ? "There is 1 open alarm. It goes on as soon as the bot starts."
        : `There are ${count || "no"} open alarms.${count === 0 ? "" : " They go on as soon as the bot starts."}`,
    configure: "Now enter this database of PostgreSQL in the configuration. Then start the bot.",
    kept: (file) =>
      `${file} is unchanged. Keep it, but start no bot on it any more: that would go on with alarms that are over.`,
    from: "Name the file first that holds everything now, such as sqlite:data/rugdekking.db",
    to: "Name the database of PostgreSQL second, such as postgres://rugdekking@db1/rugdekking",
    password: (file, detail) => `The password in ${file} can't be read: ${detail}`,
    fault: {
      missing: (file) => `${file} is not there, or is empty. Nothing was moved.`,
      "no-database": (file) => `${file} is no database of Rugdekking. Nothing was moved.`,
      "other-version": (file) =>
        `${file} is of another version of Rugdekking. Start the bot of this version on it once, and stop it again. Nothing was moved.`,
      damaged: (file) => `${file} is damaged. Nothing was moved. Put a backup back first.`,
      "file-in-use": (file) => `The bot still runs on ${file}. Stop the bot first. Nothing was moved.`,
      "server-in-use": () =>
        "A bot runs on that database of PostgreSQL already. Stop that bot first. Nothing was moved.",
      newer: () => "That database of PostgreSQL is of a newer version of Rugdekking. Nothing was moved.",
      "not-empty": () =>
        "That database of PostgreSQL holds something already. Make a new, empty one. Nothing was moved.",
      differs: () => "What arrived in PostgreSQL is not what the file holds. Nothing was moved.",
      server: (_, detail) =>
        `It failed: ${detail}. Begin again. Where something stands there then, make a new, empty database.`,
      file: (file, detail) => `${file} can't be read: ${detail}. Nothing was moved.`,
    },
  },
} satisfies Record<Language, MigrateDatabaseWords>;
