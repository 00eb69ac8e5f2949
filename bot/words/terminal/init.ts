import type { Language } from "../../domain/language.ts";

type Answerable = Readonly<
  Record<
    | "language"
    | "organisation"
    | "appId"
    | "tenantId"
    | "clientSecret"
    | "clientSecretEndsOn"
    | "publicUrl"
    | "channel"
    | "leadName"
    | "leadId"
    | "leadPhone"
    | "source"
    | "button"
    | "place"
    | "claimsNeeded"
    | "pager"
    | "pagerUrl"
    | "mailHost"
    | "mailFrom"
    | "mailTo"
    | "mailUser"
    | "mailPassword",
    string
  >
>;

export interface InitWords {
  readonly noTerminal: string;
  readonly stopped: string;
  /** Before any question, where a file is there already. */
  readonly there: (file: string) => string;
  readonly unwritten: (file: string, fault: string) => string;
  /** After an answer that can't be used. */
  readonly again: (needed: string) => string;
  /** Of each question what is asked, and below an answer that can't be used what is needed. */
  readonly ask: Answerable;
  readonly needed: Answerable;
  readonly written: (configuration: string, environment: string) => string;
  readonly next: {
    readonly bot: (url: string) => string;
    readonly local: string;
    readonly source: (url: string, variable: string, file: string) => string;
    readonly desk: (variable: string, file: string) => string;
    readonly start: (channel: string) => string;
    readonly proxy: (url: string) => string;
  };
}

/** What `npm run init` asks, and what it says afterwards: what to enter where. */
export const init = {
  nl: {
    noTerminal: "Er is geen terminal om iets te vragen. Geef een bestand met antwoorden: --answers antwoorden.yaml",
    stopped: "Gestopt. Er is niets geschreven.",
    there: (file) =>
      `${file} is er al. Dat bestand blijft zoals het is. Kies een andere plaats, of haal het eerst weg.`,
    unwritten: (file, fault) => `${file} is niet te schrijven: ${fault}.`,
    again: (needed) => `Dat kan niet. Nodig: ${needed}`,
    ask: {
      language: "Taal / language: nl of en? (nl)",
      organisation: "Hoe heet de organisatie?",
      appId: "Application (client) ID van de app in Entra? (leeg: nog geen app, eerst proberen op deze computer)",
      tenantId: "Wat is het Directory (tenant) ID in Entra?",
      clientSecret: "Client secret van de app: de waarde (Value), niet de ID?",
      clientSecretEndsOn: "Tot wanneer geldt dat geheim, zoals 2028-05-01? (leeg: weet ik niet)",
      publicUrl: "Op welk https-adres is de bot te bereiken, zoals https://alarm.example.nl?",
      channel: "Hoe noemen we het kanaal in Teams: kleine letters en streepjes? (frontdesk)",
      leadName: "Naam van de eerste teamleider?",
      leadId: "Object ID van deze teamleider in Entra?",
      leadPhone: "Mobiel nummer van deze teamleider, zoals +31600000001? (leeg: niet bellen)",
      source: "Wat sturen de knoppen: webhook, kpn-things, the-things-stack, thingpark of chirpstack? (webhook)",
      button: "Wat is de ID van de eerste knop?",
      place: "Waar hangt die knop, zoals Spreekkamer 3?",
      claimsNeeded:
        "Hoeveel collega's moeten er gaan: 1 of 2? Naar agressie gaat niemand alleen; komen er te weinig, dan roepen we de beveiliging op. (2)",
      pager: "Hoe bereiken we de beveiliging: smtp (mail) of webhook? (smtp)",
      pagerUrl: "Op welk adres ontvangt de beveiliging de webhook?",
      mailHost: "Hoe heet de mailserver?",
      mailFrom: "Van welk mailadres sturen we?",
      mailTo: "Naar welk mailadres van de beveiliging?",
      mailUser: "Met welke naam loggen we in op de mailserver? (leeg: zonder)",
      mailPassword: "Met welk wachtwoord?",
    },
    needed: {
      language: "nl of en",
      organisation: "een naam op één regel",
      appId: "een GUID, zoals 00000000-0000-0000-0000-000000000001",
      tenantId: "een GUID, zoals 00000000-0000-0000-0000-000000000001",
      clientSecret: "de waarde van het geheim",
      clientSecretEndsOn: "een datum, zoals 2028-05-01",
      publicUrl: "een https-adres, zoals https://alarm.example.nl",
      channel: "hooguit 40 kleine letters, cijfers en streepjes",
      leadName: "een naam op één regel",
      leadId: "een GUID, zoals 00000000-0000-0000-0000-000000000001",
      leadPhone: "een nummer met het land ervoor, zoals +31600000001",
      source: "webhook, kpn-things, the-things-stack, thingpark of chirpstack",
      button: "een ID van hooguit 128 tekens",
      place: "een plaats op één regel, van hooguit 40 tekens",
      claimsNeeded: "1 of 2",
      pager: "smtp of webhook",
      pagerUrl: "een adres dat begint met http:// of https://",
      mailHost: "de naam van een mailserver",
      mailFrom: "een mailadres, zoals alarm@example.nl",
      mailTo: "een mailadres, zoals meldkamer@example.nl",
      mailUser: "een naam om in te loggen",
      mailPassword: "een wachtwoord dat niemand kan raden",
    },
    written: (configuration, environment) =>
      `Geschreven: ${configuration} en ${environment}. Alleen jij kunt ze lezen. Vul nu dit in:`,
    next: {
      bot: (url) => `- Azure Bot, bij Configuration, Messaging endpoint: ${url}`,
      local: "- Nog geen Teams: npm run demo laat zien hoe het werkt. Met een app in Entra begin je opnieuw.",
      source: (url, variable, file) =>
        `- Bij de leverancier van de knoppen: adres ${url}, en als geheim de waarde van ${variable} in ${file}`,
      desk: (variable, file) => `- Bij de beveiliging: als geheim van de webhook de waarde van ${variable} in ${file}`,
      start: (channel) =>
        `- Start met: npm start (als dienst: systemctl start rugdekking). Typ dan in het kanaal in Teams: @Rugdekking koppel ${channel}`,
      proxy: (url) => `- Zet een proxy met een certificaat voor de bot, zodat ${url} uitkomt op 127.0.0.1:3978`,
    },
  },
  en: {
    noTerminal: "There is no terminal to ask anything. Give a file with answers: --answers answers.yaml",
    stopped: "Stopped. Nothing was written.",
    there: (file) => `${file} is there already. It stays as it is. Choose another place, or take it away first.`,
    unwritten: (file, fault) => `${file} can't be written: ${fault}.`,
    again: (needed) => `That can't be. Needed: ${needed}`,
    ask: {
      language: "Language / taal: nl or en? (nl)",
      organisation: "What is the organisation called?",
      appId: "Application (client) ID of the app in Entra? (empty: no app yet, try it on this computer first)",
      tenantId: "Directory (tenant) ID in Entra?",
      clientSecret: "Client secret of the app: its Value, not its ID?",
      clientSecretEndsOn: "Until when is that secret valid, such as 2028-05-01? (empty: I don't know)",
      publicUrl: "At which https address can the bot be reached, such as https://alarm.example.nl?",
      channel: "What do we call the channel in Teams: small letters and hyphens? (frontdesk)",
      leadName: "Name of the first team lead?",
      leadId: "Object ID of this team lead in Entra?",
      leadPhone: "Mobile number of this team lead, such as +31600000001? (empty: no calls)",
      source: "What do the buttons send: webhook, kpn-things, the-things-stack, thingpark or chirpstack? (webhook)",
      button: "What is the ID of the first button?",
      place: "Where is that button, such as Interview room 3?",
      claimsNeeded:
        "How many colleagues have to go: 1 or 2? To aggression nobody goes alone; where too few come, we page security. (2)",
      pager: "How do we reach security: smtp (mail) or webhook? (smtp)",
      pagerUrl: "At which address does security receive the webhook?",
      mailHost: "What is the mail server called?",
      mailFrom: "From which mail address do we send?",
      mailTo: "To which mail address of security?",
      mailUser: "By which name do we log in at the mail server? (empty: without)",
      mailPassword: "With which password?",
    },
    needed: {
      language: "nl or en",
      organisation: "a name on one line",
      appId: "a GUID, such as 00000000-0000-0000-0000-000000000001",
      tenantId: "a GUID, such as 00000000-0000-0000-0000-000000000001",
      clientSecret: "the value of the secret",
      clientSecretEndsOn: "a date, such as 2028-05-01",
      publicUrl: "a https address, such as https://alarm.example.nl",
      channel: "up to 40 lower-case letters, digits and hyphens",
      leadName: "a name on one line",
      leadId: "a GUID, such as 00000000-0000-0000-0000-000000000001",
      leadPhone: "a number with its country in front, such as +31600000001",
      source: "webhook, kpn-things, the-things-stack, thingpark or chirpstack",
      button: "an ID of up to 128 characters",
      place: "a place on one line, of up to 40 characters",
      claimsNeeded: "1 or 2",
      pager: "smtp or webhook",
      pagerUrl: "an address that begins with http:// or https://",
      mailHost: "the name of a mail server",
      mailFrom: "a mail address, such as alarm@example.nl",
      mailTo: "a mail address, such as desk@example.nl",
      mailUser: "a name to log in by",
      mailPassword: "a password that nobody can guess",
    },
    written: (configuration, environment) =>
      `Written: ${configuration} and ${environment}. Only you can read them. Now enter this:`,
    next: {
      bot: (url) => `- Azure Bot, under Configuration, Messaging endpoint: ${url}`,
      local: "- No Teams yet: npm run demo shows how it works. With an app in Entra you begin anew.",
      source: (url, variable, file) =>
        `- At the supplier of the buttons: address ${url}, and as secret the value of ${variable} in ${file}`,
      desk: (variable, file) => `- At security: as secret of the webhook the value of ${variable} in ${file}`,
      start: (channel) =>
        `- Start with: npm start (as a service: systemctl start rugdekking). Then type in the channel in Teams: @Rugdekking link ${channel}`,
      proxy: (url) => `- Put a proxy with a certificate in front of the bot, so that ${url} leads to 127.0.0.1:3978`,
    },
  },
} satisfies Record<Language, InitWords>;
