import type { Language } from "../../domain/language.ts";

interface ManifestWords {
  readonly written: (out: string, version: string) => string;
  readonly unwritten: (out: string, fault: string) => string;
  readonly unread: (out: string, fault: string) => string;
  /** Something else stands there. */
  readonly noPackage: (out: string) => string;
}

/** What `npm run manifest` says in the terminal. */
export const manifest = {
  nl: {
    written: (out, version) =>
      [
        `${out} is geschreven: versie ${version}. Zet het in het beheercentrum van Teams (Teams apps, Manage apps,`,
        "Upload new app), en voeg de app toe aan het team van de collega's. Bewaar dit bestand: een volgend pakket dat",
        "anders is, krijgt daardoor een hogere versie. Een andere neemt Teams niet aan.",
      ].join("\n"),
    unwritten: (out, fault) => `${out} is niet te schrijven: ${fault}. Kies een andere plaats met --out.`,
    unread: (out, fault) => `${out} is niet te lezen: ${fault}. Kies een andere plaats met --out.`,
    noPackage: (out) => `${out} is er al, en is geen app-pakket voor Teams. Kies een andere plaats met --out.`,
  },
  en: {
    written: (out, version) =>
      [
        `${out} is written: version ${version}. Upload it in the Teams admin centre (Teams apps, Manage apps,`,
        "Upload new app), and add the app to the team of the responders. Keep this file: the next package that",
        "differs gets a higher version because of it. Teams takes no other.",
      ].join("\n"),
    unwritten: (out, fault) => `${out} can't be written: ${fault}. Choose another place with --out.`,
    unread: (out, fault) => `${out} can't be read: ${fault}. Choose another place with --out.`,
    noPackage: (out) => `${out} is there already and is no Teams app package. Choose another place with --out.`,
  },
} satisfies Record<Language, ManifestWords>;
