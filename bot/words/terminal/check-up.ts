import type { Language } from "../../domain/language.ts";
import type { CheckUpWords } from "./check-up-words.ts";

/** What `npm run doctor` says of everything that it looks at: a line each, and what to do. */
export const checkUp = {
  nl: {
    state: { good: "✓ goed", bad: "✗ niet goed", unseen: "? hier niet te zien" },
    subject: {
      configuration: "Configuratie",
      node: "Node",
      bot: "Bot",
      clock: "Klok",
      disk: "Schijf",
      sync: "Opslag",
      rights: (file) => `Rechten van ${file}`,
      database: "Database",
      backup: "Reservekopie",
      token: "Toegang tot Teams",
      inbound: "Berichten van Teams",
      secret: "Geheim van de Teams-app",
      channel: (name) => `Kanaal ${name}`,
      person: (name) => `Collega ${name}`,
      source: (name) => `Bron ${name}`,
      pager: (name) => `Beveiliging via ${name}`,
      publicUrl: "publicUrl",
      change: (setting) => `Nieuw geheim van ${setting}`,
      trouble: "Storing",
    },
    configuration: {
      good: (file) => `${file} klopt.`,
      warned: (file, count) =>
        `${file} klopt. Er ${count === 1 ? "is 1 waarschuwing" : `zijn ${count} waarschuwingen`}. Lees ze met: npm run check-config`,
      bad: (file, count) =>
        `${file} heeft ${count === 1 ? "1 fout" : `${count} fouten`}. Lees wat er beter moet met: npm run check-config`,
    },
    version: (version) => `versie ${version}.`,
    running: (url) => `draait op ${url}.`,
    onlyBot: "Alleen de bot die draait, weet dit.",
    clock: {
      good: (seconds) => `loopt gelijk met Microsoft (verschil: ${seconds} s).`,
      ahead: (seconds) => `loopt ${seconds} s voor op Microsoft. Zet de klok van deze computer goed (NTP).`,
      behind: (seconds) => `loopt ${seconds} s achter op Microsoft. Zet de klok van deze computer goed (NTP).`,
      unseen: (host) => `geen antwoord van ${host}. Mag deze computer naar internet?`,
    },
    disk: {
      good: (gigabytes) => `nog ${gigabytes} GB vrij.`,
      bad: (gigabytes) => `nog maar ${gigabytes} GB vrij. Maak ruimte: op een volle schijf slaan we geen alarm op.`,
      unseen: (folder) => `de map ${folder} is er niet. Bij de eerste start wordt hij gemaakt.`,
    },
    sync: {
      good: (ms) => `een alarm staat in ${ms} ms op schijf.`,
      slow: (ms) => `een alarm staat pas na ${ms} ms op schijf. Gebruik een snellere schijf.`,
      refused: "neemt niets aan. In het log van de bot staat waarom.",
    },
    rights: {
      good: "niet voor iedereen te lezen.",
      bad: (file) => `iedereen op deze computer kan dit lezen. Doe: chmod 600 ${file}`,
    },
    database: {
      good: (version) => `bijgewerkt tot ${version}.`,
      older: (version) => `van een oudere versie (${version}). Bij de volgende start werkt de bot hem bij.`,
      newer: (version) => `van een nieuwere versie dan deze (${version}). Gebruik de nieuwere versie van Rugdekking.`,
      none: "is er nog niet. Bij de eerste start wordt hij gemaakt.",
      unseen: "is niet te lezen. Draai dit als de gebruiker van de bot.",
      server: "PostgreSQL. Die server kijken we niet na. Of de bot alarmen kan opslaan, vragen we aan de bot zelf.",
    },
    backup: {
      good: (moment, age) => `laatste op ${moment}, ${age} geleden.`,
      old: (moment, age) => `laatste op ${moment}, ${age} geleden. Maak een nieuwe: npm run backup -- bestand`,
      none: "geen bekend. Maak er een: npm run backup -- bestand",
      server: "bij PostgreSQL maak je die met pg_dump. Wij weten niet of er een is.",
    },
    local: "de bot gebruikt een nagemaakt Teams op deze computer (teams.local).",
    token: {
      good: "Microsoft geeft ons een token.",
      bad: (why) => `Microsoft geeft ons geen token. ${why}`,
    },
    inbound: {
      good: (moment) => `het laatste kwam binnen op ${moment}.`,
      nothing: "sinds de start kwam er niets. Typ in een kanaal met de app: @Rugdekking status",
      refused: (moment, why) => `sinds de start is alles geweigerd. Het laatste, op ${moment}: ${why}`,
    },
    secret: {
      good: (date, days) => `geldig tot ${date}, nog ${days} dagen.`,
      soon: (date, days) =>
        `geldig tot ${date}, nog ${days === 1 ? "1 dag" : `${days} dagen`}. Maak in Entra een nieuw geheim.`,
      over: (date) => `verlopen op ${date}. Maak in Entra een nieuw geheim.`,
      unseen: "tot wanneer het geldt, weten we niet. Vul in de configuratie teams.clientSecretEndsOn in.",
    },
    channel: {
      good: "gekoppeld. De bot kan hier alarmen plaatsen.",
      lost: "gekoppeld, maar de bot kan hier geen alarmen plaatsen. Hieronder staat waarom.",
      unlinked: (name) => `nog niet gekoppeld. Typ in het kanaal: @Rugdekking koppel ${name}`,
    },
    person: {
      good: "te bereiken in Teams.",
      bad: (moment) => `niet te bereiken in Teams sinds ${moment}. Zit deze collega in het team?`,
      unseen: "nog niet bekeken. Kijk over een minuut opnieuw.",
    },
    source: {
      good: (moment) => `laatste bericht: ${moment}.`,
      silent: (moment) => `laatste bericht: ${moment}. Dat is te lang geleden.`,
      never: "nog geen bericht. Druk op een knop, of doe: npm run ring",
      typed: "collega's typen dit in Teams.",
    },
    host: {
      tls: (host, days) => `${host} antwoordt. Het certificaat geldt nog ${days} dagen.`,
      ends: (host, days) =>
        `het certificaat van ${host} geldt nog maar ${days === 1 ? "1 dag" : `${days} dagen`}. Vraag om een nieuw.`,
      plain: (host) => `${host} antwoordt.`,
      badCertificate: (host, code) =>
        `het certificaat van ${host} klopt niet (${code}). Komt het van uw eigen organisatie? Zet NODE_EXTRA_CA_CERTS op het bestand met haar certificaat.`,
      unreached: (host, code) => `geen verbinding met ${host} (${code}). Staat de firewall het toe?`,
      unseen: (host) => `bij ${host} kan dit alleen met een bericht. Doe: npm run doctor -- pagers`,
    },
    publicUrl: {
      good: (url) => `${url} komt uit bij de bot.`,
      other: (url, status) => `${url} komt niet uit bij de bot (${status}). Kijk naar de proxy.`,
      unreached: (url, code) => `geen verbinding met ${url} (${code}). Kijk naar de proxy en naar DNS.`,
    },
    change: {
      going: (moment) => `het oude is nog gebruikt op ${moment}. Laat het nog staan.`,
    },
    noTroubles: "geen.",
    end: (bad, unseen) => {
      const rest = unseen === 0 ? "" : ` Niet te zien: ${unseen}.`;
      return bad === 0 ? `Goed: alles wat te zien is.${rest}` : `Niet goed: ${bad}.${rest}`;
    },
  },
  en: {
    state: { good: "✓ good", bad: "✗ not good", unseen: "? can't be seen here" },
    subject: {
      configuration: "Configuration",
      node: "Node",
      bot: "Bot",
      clock: "Clock",
      disk: "Disk",
      sync: "Storage",
      rights: (file) => `Rights of ${file}`,
      database: "Database",
      backup: "Backup",
      token: "Access to Teams",
      inbound: "Messages from Teams",
      secret: "Secret of the Teams app",
      channel: (name) => `Channel ${name}`,
      person: (name) => `Colleague ${name}`,
      source: (name) => `Source ${name}`,
      pager: (name) => `Security by ${name}`,
      publicUrl: "publicUrl",
      change: (setting) => `New secret of ${setting}`,
      trouble: "Trouble",
    },
    configuration: {
      good: (file) => `${file} is right.`,
      warned: (file, count) =>
        `${file} is right. There ${count === 1 ? "is 1 warning" : `are ${count} warnings`}. Read them with: npm run check-config`,
      bad: (file, count) =>
        `${file} has ${count === 1 ? "1 mistake" : `${count} mistakes`}. Read what to do with: npm run check-config`,
    },
    version: (version) => `version ${version}.`,
    running: (url) => `is running at ${url}.`,
    onlyBot: "Only the running bot knows this.",
    clock: {
      good: (seconds) => `goes with Microsoft's (difference: ${seconds} s).`,
      ahead: (seconds) => `is ${seconds} s ahead of Microsoft's. Set this computer's clock right (NTP).`,
      behind: (seconds) => `is ${seconds} s behind Microsoft's. Set this computer's clock right (NTP).`,
      unseen: (host) => `no answer from ${host}. May this computer reach the internet?`,
    },
    disk: {
      good: (gigabytes) => `${gigabytes} GB left.`,
      bad: (gigabytes) => `only ${gigabytes} GB left. Make room: on a full disk no alarm is recorded.`,
      unseen: (folder) => `the folder ${folder} is not there. The first start makes it.`,
    },
    sync: {
      good: (ms) => `an alarm is on disk in ${ms} ms.`,
      slow: (ms) => `an alarm is on disk after ${ms} ms only. Use a faster disk.`,
      refused: "takes nothing. The bot's log says why.",
    },
    rights: {
      good: "can't be read by everybody.",
      bad: (file) => `everybody on this computer can read it. Do: chmod 600 ${file}`,
    },
    database: {
      good: (version) => `up to date with ${version}.`,
      older: (version) => `of an older version (${version}). The next start brings it up to date.`,
      newer: (version) => `of a newer version than this one (${version}). Use the newer version of Rugdekking.`,
      none: "is not there yet. The first start makes it.",
      unseen: "can't be read. Run this as the bot's own user.",
      server: "PostgreSQL. That server is not looked at. Whether the bot can record alarms is asked of the bot itself.",
    },
    backup: {
      good: (moment, age) => `the last on ${moment}, ${age} ago.`,
      old: (moment, age) => `the last on ${moment}, ${age} ago. Make a new one: npm run backup -- file`,
      none: "none known. Make one: npm run backup -- file",
      server: "with PostgreSQL you make it with pg_dump. We do not know whether there is one.",
    },
    local: "the bot uses an emulator of Teams on this computer (teams.local).",
    token: {
      good: "Microsoft gives us a token.",
      bad: (why) => `Microsoft gives us no token. ${why}`,
    },
    inbound: {
      good: (moment) => `the last came in on ${moment}.`,
      nothing: "nothing came since the start. Type in a channel with the app: @Rugdekking status",
      refused: (moment, why) => `all was refused since the start. The last, on ${moment}: ${why}`,
    },
    secret: {
      good: (date, days) => `valid until ${date}, ${days} days left.`,
      soon: (date, days) =>
        `valid until ${date}, ${days === 1 ? "1 day" : `${days} days`} left. Make a new secret in Entra.`,
      over: (date) => `ended on ${date}. Make a new secret in Entra.`,
      unseen: "we don't know when it ends. Enter teams.clientSecretEndsOn in the configuration.",
    },
    channel: {
      good: "linked. The bot can post alarms here.",
      lost: "linked, but the bot can't post alarms here. Below it says why.",
      unlinked: (name) => `not linked yet. Type in the channel: @Rugdekking link ${name}`,
    },
    person: {
      good: "can be reached in Teams.",
      bad: (moment) => `can't be reached in Teams since ${moment}. Is this colleague in the team?`,
      unseen: "not looked at yet. Look again in a minute.",
    },
    source: {
      good: (moment) => `last message: ${moment}.`,
      silent: (moment) => `last message: ${moment}. That is too long ago.`,
      never: "no message yet. Press a button, or do: npm run ring",
      typed: "colleagues type this in Teams.",
    },
    host: {
      tls: (host, days) => `${host} answers. Its certificate is valid for ${days} more days.`,
      ends: (host, days) =>
        `the certificate of ${host} is valid for ${days === 1 ? "1 more day" : `${days} more days`} only. Ask for a new one.`,
      plain: (host) => `${host} answers.`,
      badCertificate: (host, code) =>
        `the certificate of ${host} is not right (${code}). Is it of your own organisation? Set NODE_EXTRA_CA_CERTS to the file with its certificate.`,
      unreached: (host, code) => `no connection to ${host} (${code}). Does the firewall allow it?`,
      unseen: (host) => `at ${host} only a message can tell. Do: npm run doctor -- pagers`,
    },
    publicUrl: {
      good: (url) => `${url} leads to the bot.`,
      other: (url, status) => `${url} does not lead to the bot (${status}). Look at the proxy.`,
      unreached: (url, code) => `no connection to ${url} (${code}). Look at the proxy and at DNS.`,
    },
    change: {
      going: (moment) => `the old one was still used on ${moment}. Leave it for now.`,
    },
    noTroubles: "none.",
    end: (bad, unseen) => {
      const rest = unseen === 0 ? "" : ` Can't be seen: ${unseen}.`;
      return bad === 0 ? `Good: all that can be seen.${rest}` : `Not good: ${bad}.${rest}`;
    },
  },
} satisfies Record<Language, CheckUpWords>;
