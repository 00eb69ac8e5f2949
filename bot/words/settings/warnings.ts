import type { Language } from "../../domain/language.ts";

const list = (names: readonly string[]) => names.join(", ");

/** What is allowed in the configuration and may be meant otherwise. */
export const warnings = {
  nl: {
    guessable: "het is te raden; maak een geheim met: openssl rand -base64 24",
    readableByAll: (file: string) =>
      `iedereen met een account op deze machine mag ${file} lezen: geef het de rechten 600 met chmod`,
    toThisMachine: "oproepen gaan naar deze machine zelf, en dat is alleen goed voor een tunnel",
    pagesInTheClear: "oproepen gaan onversleuteld over het netwerk",
    everyNetwork:
      "elk netwerk van deze machine bereikt de bot zonder TLS, langs een proxy heen; 127.0.0.1 is voor een proxy op deze machine",
    linkCodeUnused: "deze code wordt niet gebruikt: er is een teamleider in people, en die mag koppelen en testen",
    noLead: "niemand heeft lead: true, dus wie de code heeft, koppelt kanalen en test de beveiliging",
    plainHttp: "dit is gewoon http: links en antwoorden van beveiligers gaan onversleuteld over het netwerk",
    placeElsewhere: "een knop ergens anders heeft dit als plaats, dus wie de plaats typt, noemt deze locatie",
    typedAnyway: "mensen typen dit voor een kamer, een antwoord of een opdracht, en zulke alarmen kunnen hier komen",
    noLocations: "er zijn er geen, dus bij elk alarm wordt iedereen gewaarschuwd die dienst heeft, waar het ook is",
    noAddress: "er is geen adres, en zonder adres vindt niemand van buiten het",
    noPhone: "er is geen telefoon, dus externe beveiliging kan niet terugbellen",
    nobodyThere:
      "niemand in people mag daar komen, dus een alarm waarschuwt hoogstens de tag van het kanaal, en roept meteen externe beveiliging op",
    gap: (moment: string) =>
      `vanaf ${moment} heeft daar niemand dienst, dus een alarm roept dan meteen externe beveiliging op`,
    sharedChannel: (locations: readonly string[]) =>
      `het is het kanaal van ${list(locations)}, en er zijn geen people, dus niemand daarin weet voor wie een alarm is`,
    codeWord: "is dit het woord zelf? Schrijf dan op waar het ligt",
    notTold:
      "geen pager van het beleid van deze locatie heeft mayShowPhones: true, dus externe beveiliging kan niet terugbellen",
    noCallee: "niemand die daar mag komen heeft een telefoon, dus niemand is terug te bellen",
    spread: (channels: readonly string[]) =>
      `deze alarmen gaan naar ${list(channels)}; een alarm dat niet te lezen is, staat in maar één van die kanalen`,
    lost: "er is geen locatie, dus iedereen wordt gewaarschuwd van wie de locatie hetzelfde kanaal heeft, of knoppen van dezelfde bron",
    lostWithMore: (source: string, count: number) =>
      `er is geen locatie, en bij nog ${count} van ${source} ook niet, dus iedereen wordt gewaarschuwd van wie de locatie hetzelfde kanaal heeft, of knoppen van dezelfde bron`,
    placeInCapitals: "deze plaats verschilt alleen in hoofdletters van een andere, dus het zijn er twee",
    holderUnknown: "wie deze knop draagt staat niet in people, en kan dus op het eigen alarm zeggen: ik ga",
    callsNobody: (policy: string) => `${policy} belt mensen die dienst hebben, en niemand daar heeft een telefoon`,
    tooFewThere: (policy: string, needed: number, there: number) =>
      `voor ${policy} moeten er ${needed} komen, en er ${there === 1 ? "mag er 1" : `mogen er ${there}`} daar komen, dus externe beveiliging wordt ook opgeroepen als iedereen komt`,
    alone: (person: string) =>
      `${person} draagt daar een knop en mag er als enige komen, dus het eigen alarm waarschuwt niemand`,
    sameAsOther: (other: string) => `${other} heeft hetzelfde`,
    noNumber: "er is geen huisnummer, en zonder nummer weet niemand welk huis het is",
    inTheSea: "0, 0 ligt in zee",
    swapped: "lat en lon lijken verwisseld",
    ringsNobody: "er zijn geen people en er is geen tag, dus een kaart staat daar zonder dat iemand gewaarschuwd wordt",
    teamsAlone:
      "dit belt geen telefoon en roept niemand op binnen 60 s, dus zo lang gaat er niets af dan Teams, en dat zetten mensen stil",
    tellsNoPresser: "tellPresser vertelt niets aan wie geen knop draagt en geen alarm kan typen",
    tellsNobody: "tellPresser vertelt niemand iets, want niemand draagt daar een knop en niemand kan een alarm typen",
    notPaged: "geen beleid roept deze pager op",
    tellsNoPlace: (locations: readonly string[]) =>
      `deze pager zegt niet waar een alarm is, en ${list(locations)} hebben geen account, dus buiten weet niemand in welk gebouw het is`,
    neverOnDuty: "niemand heeft ooit dienst, dus elk alarm roept meteen externe beveiliging op",
    tooMany: (needed: number, people: number) =>
      `claimsNeeded is ${needed} en er ${people === 1 ? "is 1 persoon" : `zijn ${people} mensen`}, dus externe beveiliging wordt ook opgeroepen als iedereen komt`,
  },
  en: {
    guessable: "it can be guessed; make one with: openssl rand -base64 24",
    readableByAll: (file: string) => `everybody with an account on this machine may read ${file}: chmod 600 it`,
    toThisMachine: "pages go to this machine itself, which is right for a tunnel only",
    pagesInTheClear: "pages cross the network in the clear",
    everyNetwork:
      "every network of this machine reaches the bot without TLS, past a proxy; 127.0.0.1 is for a proxy on this machine",
    linkCodeUnused: "it is not used: there is a team lead in people, who may link and test",
    noLead: "nobody has lead: true, so who has the link code links channels and tests security",
    plainHttp: "it is plain http: guards' links and answers cross the network in the clear",
    placeElsewhere: "a button elsewhere has that for its place, so whoever types the place names this location",
    typedAnyway: "people type that for a room, an answer or a command, whose alarms may come here",
    noLocations: "there are none, so everybody on duty is rung for every alarm, wherever it is",
    noAddress: "it has no address, without which nobody from outside finds it",
    noPhone: "it has no phone, so external security can't call back",
    nobodyThere:
      "nobody in people may come there, so an alarm rings the tag of its channel at most, and calls external security at once",
    gap: (moment: string) => `from ${moment} on nobody is on duty there, so an alarm calls external security at once`,
    sharedChannel: (locations: readonly string[]) =>
      `it is the channel of ${list(locations)}, and there are no people, so nobody in it knows for whom an alarm is`,
    codeWord: "if this is the word itself, write where it lies in its place",
    notTold: "no pager of its policies has mayShowPhones: true, so external security can't call back",
    noCallee: "nobody who may come there has a phone, so nobody can be called back",
    spread: (channels: readonly string[]) =>
      `its alarms go to ${list(channels)}; one that can't be read stands in one of these channels alone`,
    lost: "it has no location, so everybody is rung whose location has the same channel or buttons of the same source",
    lostWithMore: (source: string, count: number) =>
      `it has no location, nor have ${count} more of ${source}, so everybody is rung whose location has the same channel or buttons of the same source`,
    placeInCapitals: "its place differs from another's in capitals only, so they count as two",
    holderUnknown: "its holder is not among the people, so could claim their own alarm",
    callsNobody: (policy: string) => `${policy} calls people on duty, and nobody of it has a phone`,
    tooFewThere: (policy: string, needed: number, there: number) =>
      `${policy} needs ${needed} people, and ${there} may come there, so external security is called even when all are coming`,
    alone: (person: string) =>
      `${person} wears a button there and is the only one who may come, so their own alarm rings nobody`,
    sameAsOther: (other: string) => `${other} has the same one`,
    noNumber: "it has no number, without which nobody knows which house it is",
    inTheSea: "0, 0 lies in the sea",
    swapped: "lat and lon seem to be swapped",
    ringsNobody: "there are no people and it has no tag, so a card stands in that channel and rings nobody",
    teamsAlone:
      "it calls no phone and pages nobody within 60 s, so that long nothing rings but Teams, which people mute",
    tellsNoPresser: "tellPresser tells nothing to who wears no button and can type no alarm",
    tellsNobody: "tellPresser tells nobody anything, because nobody wears a button there and can type no alarm",
    notPaged: "no policy pages it",
    tellsNoPlace: (locations: readonly string[]) =>
      `it doesn't say where an alarm is, and ${list(locations)} have no account, so nobody outside knows in which building it is`,
    neverOnDuty: "nobody is ever on duty, so every alarm calls external security at once",
    tooMany: (needed: number, people: number) =>
      `claimsNeeded is ${needed} and there ${people === 1 ? "is 1 person" : `are ${people} people`}, so external security is called even when all of them are coming`,
  },
} satisfies Record<Language, object>;
export type Warnings = (typeof warnings)[Language];
