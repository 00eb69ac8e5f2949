import type { Language } from "../../domain/language.ts";

/** What is wrong with a setting beside others, and what is expected in its place. */
export const problems = {
  nl: {
    yaml: {
      alias: { wrong: "er staat een alias (*)", expected: "de waarde zelf, tussen aanhalingstekens" },
      forbiddenKey: { wrong: "zo mag geen sleutel heten", expected: "een andere naam" },
      changedKey: {
        wrong: "YAML leest deze sleutel anders dan hij er staat",
        expected: "de sleutel tussen aanhalingstekens",
      },
      twice: { wrong: "deze sleutel staat er twee keer", expected: "elke sleutel één keer" },
      tab: { wrong: "er staat een tab", expected: "spaties voor een sleutel" },
      indent: {
        wrong: "er wordt verkeerd ingesprongen, of een haak klopt niet",
        expected: "sleutels die bij elkaar horen recht onder elkaar",
      },
      notYaml: (code: string) => ({
        wrong: `dit is geen YAML (${code})`,
        expected: "sleutel: waarde, met aanhalingstekens om bijzondere tekens",
      }),
    },
    noFile: (fault: string) => ({
      wrong: `het is niet te lezen: ${fault}`,
      expected:
        "daar een kopie van manifests/rugdekking.example.yaml, of het pad van een ander bestand na --config of in RUGDEKKING_CONFIG",
    }),
    unreadableFile: (fault: string) => ({
      wrong: `het is niet te lezen: ${fault}`,
      expected:
        "een bestand dat deze gebruiker mag lezen, of het pad van een ander na --config of in RUGDEKKING_CONFIG",
    }),
    noPath: { wrong: "achter file: staat geen volledig pad", expected: "file:/run/secrets/naam" },
    unusableFile: (file: string, fault: string) => ({
      wrong: `het bestand ${file} is niet te gebruiken: ${fault}`,
      expected: "een bestand met alleen de waarde, hoogstens 64 KiB, dat alleen de gebruiker van de bot mag lezen",
    }),
    noVariableName: {
      wrong: "tussen $ { en } staat geen naam van een variabele",
      expected: "de naam van een variabele, zoals NAAM",
    },
    notInEnvironment: (name: string) => ({
      wrong: `de omgevingsvariabele ${name} is niet ingesteld`,
      expected: `een waarde in ${name}`,
    }),
    noType: "er is geen type dat zo heet",
    linkLocal: (host: string) => ({
      wrong: `${host} is link-local, of van een metadata-dienst van een cloud`,
      expected: "een adres van de leverancier",
    }),
    mayShowPhones: {
      wrong: "wat deze pager stuurt, wordt bewaard door een andere dienst, of gelezen door wie meeleest",
      expected: "false, of een pager van een ander type",
    },
    noApp: {
      wrong: "er is geen app-registratie, dus niemand die belt is te vertrouwen",
      expected: "appId, tenantId en clientSecret, of local: true voor een emulator op deze machine",
    },
    noAppPart: { wrong: "het ontbreekt", expected: "wat bij teams.appId hoort" },
    localListens: {
      wrong: "met teams.local kan iedereen in het netwerk drukken en zeggen dat hij gaat",
      expected: "127.0.0.1",
    },
    serviceUrlWithoutLocal: {
      wrong: "dat mag alleen met teams.local: Teams noemt zelf zijn adres",
      expected: "geen serviceUrl",
    },
    serviceUrlElsewhere: {
      wrong: "met teams.local moet het op deze machine zijn",
      expected: "een adres op 127.0.0.1",
    },
    noPublicUrl: { wrong: "het ontbreekt", expected: "een adres waarmee beveiligers deze bot bereiken" },
    publicLocal: {
      wrong: "met teams.local kan iedereen die dit bereikt drukken en zeggen dat hij gaat",
      expected: "een adres op 127.0.0.1, of geen adres",
    },
    channelNotTold: "het beleid waarschuwt dit kanaal niet als er op een knop wordt gedrukt",
    orOtherPolicy: (told: string) => `${told}, of een ander beleid`,
    policyTellsOther: (channel: string) => ({
      wrong: `het waarschuwt ${channel} niet als er op een knop wordt gedrukt, en daar staat de kaart`,
      expected: "een beleid met { after: 0s, tell: own }, of een ander kanaal",
    }),
    noSuch: {
      channel: "er is geen kanaal dat zo heet",
      location: "er is geen locatie die zo heet",
      pager: "er is geen pager die zo heet",
      policy: "er is geen beleid dat zo heet",
      source: "er is geen bron die zo heet",
    },
    untypable: { wrong: "niemand kan dit typen", expected: "letters of cijfers" },
    calledAlready: { wrong: "zo heet deze locatie al", expected: "een eigen naam" },
    otherCalled: { wrong: "een andere locatie heet zo", expected: "een eigen naam" },
    typedAnyway: {
      wrong: "mensen typen dit voor een kamer, een antwoord of een opdracht",
      expected: "een naam met een eigen woord van 3 letters of meer",
    },
    partOfName: (location: string) => ({
      wrong: `het is een deel van hoe ${location} heet, en die alarmen zouden hier komen`,
      expected: "een naam met een eigen woord van 3 letters of meer",
    }),
    sameConversation: { wrong: "een ander kanaal heeft dit gesprek al", expected: "een eigen gesprek" },
    sameLabel: { wrong: "een andere heet zo", expected: "een eigen naam" },
    secondTeams: { wrong: "een andere bron heeft dit type", expected: "hoogstens één bron van het type teams" },
    sameId: { wrong: "iemand anders heeft deze id", expected: "een eigen id" },
    sameButton: { wrong: "deze knop staat er al", expected: "elke knop van een bron één keer" },
    twoHolders: { wrong: "twee mensen heten zo", expected: "mensen met verschillende namen" },
    tagRingsPresser: {
      wrong:
        "een tag laat het geluid horen bij iedereen die hem heeft, ook bij wie drukte: naast een agressor kan hun telefoon afgaan",
      expected: "mayRingPresser: true erin, als dat mag; anders people, want daarvan blijft wie drukte buiten",
    },
    troubleRings: "wie door deze pager wordt gebeld, denkt dat het een alarm is",
    troublePages: "een beleid roept met deze pager beveiligers op, en die zouden komen",
    ownTroubleRoute: "een eigen mail, sms, ntfy of webhook",
    nobodyTold: {
      wrong: "geen kanaal wordt gewaarschuwd als er op een knop wordt gedrukt",
      expected: "een stap zoals { after: 0s, tell: <kanaal> }",
    },
    neverPaged: {
      wrong: "externe beveiliging wordt nooit opgeroepen",
      expected: "een stap zoals { after: 60s, page: <pager> }",
    },
    noCaller: "er is geen pager die zo heet en mensen kan bellen",
    noPhones: { wrong: "niemand heeft een telefoon om te bellen", expected: "mensen met phone: +316…" },
    sameStep: {
      wrong: "deze stap komt nooit aan de beurt: dezelfde staat er al",
      expected: "een ander moment of een ander doel",
    },
    tooLate: (seconds: number) => ({
      wrong: "deze stap komt nooit aan de beurt: dan zijn de stappen opnieuw begonnen",
      expected: `minder dan ${seconds}s (de laatste oproep plus repeatEvery)`,
    }),
    answerNoText: { wrong: "YAML leest dit anders dan als tekst", expected: "het antwoord tussen aanhalingstekens" },
    noQuestion: "die vraag is er niet",
    answersReadable: (file: string) => ({
      wrong: "er staat een geheim in, en iedereen met een account op deze machine mag het lezen",
      expected: `chmod 600 ${file}`,
    }),
  },
  en: {
    yaml: {
      alias: { wrong: "there is an alias (*)", expected: "the value itself, in quotes" },
      forbiddenKey: { wrong: "no key can have this name", expected: "another name" },
      changedKey: {
        wrong: "YAML reads this key as something else than what is written",
        expected: "the key in quotes",
      },
      twice: { wrong: "this key is here twice", expected: "each key once" },
      tab: { wrong: "there is a tab", expected: "spaces before a key" },
      indent: { wrong: "the indent or a bracket is wrong", expected: "keys of one mapping in one column" },
      notYaml: (code: string) => ({
        wrong: `this is not YAML (${code})`,
        expected: "key: value, with quotes around special characters",
      }),
    },
    noFile: (fault: string) => ({
      wrong: `it can't be read: ${fault}`,
      expected:
        "a copy of manifests/rugdekking.example.yaml there, or the path of another one after --config or in RUGDEKKING_CONFIG",
    }),
    unreadableFile: (fault: string) => ({
      wrong: `it can't be read: ${fault}`,
      expected: "a file that this user may read, or the path of another one after --config or in RUGDEKKING_CONFIG",
    }),
    noPath: { wrong: "there is no whole path of a file behind file:", expected: "file:/run/secrets/name" },
    unusableFile: (file: string, fault: string) => ({
      wrong: `the file ${file} can't be used: ${fault}`,
      expected: "a file with the value alone, at most 64 KiB, which only the user that runs the bot may read",
    }),
    noVariableName: {
      wrong: "there is no name of a variable between $ { and }",
      expected: "the name of a variable, such as NAME",
    },
    notInEnvironment: (name: string) => ({
      wrong: `the environment variable ${name} is not set`,
      expected: `a value in ${name}`,
    }),
    noType: "there is no such type",
    linkLocal: (host: string) => ({
      wrong: `${host} is link-local or one of a cloud's metadata services`,
      expected: "an address of the provider",
    }),
    mayShowPhones: {
      wrong: "what it sends is kept by a foreign service, or read by whoever reads along",
      expected: "false, or a pager of another type",
    },
    noApp: {
      wrong: "there is no app registration, so nobody who calls could be trusted",
      expected: "appId, tenantId and clientSecret, or local: true for an emulator on this machine",
    },
    noAppPart: { wrong: "it is missing", expected: "the one that belongs to teams.appId" },
    localListens: {
      wrong: "with teams.local anybody on the network could press and claim",
      expected: "127.0.0.1",
    },
    serviceUrlWithoutLocal: {
      wrong: "only teams.local may name one: Teams names its own",
      expected: "no serviceUrl",
    },
    serviceUrlElsewhere: {
      wrong: "with teams.local it has to be on this machine",
      expected: "an address on 127.0.0.1",
    },
    noPublicUrl: { wrong: "it is missing", expected: "an address by which guards reach this process" },
    publicLocal: {
      wrong: "with teams.local anybody who reaches it could press and claim",
      expected: "an address on 127.0.0.1, or none",
    },
    channelNotTold: "its policy does not tell this channel when a button is pressed",
    orOtherPolicy: (told: string) => `${told}, or another policy`,
    policyTellsOther: (channel: string) => ({
      wrong: `it does not tell ${channel}, where the card stands, when a button is pressed`,
      expected: "a policy with { after: 0s, tell: own }, or another channel",
    }),
    noSuch: {
      channel: "there is no channel of that name",
      location: "there is no location of that name",
      pager: "there is no pager of that name",
      policy: "there is no policy of that name",
      source: "there is no source of that name",
    },
    untypable: { wrong: "nobody can type it", expected: "letters or digits" },
    calledAlready: { wrong: "it is called that already", expected: "a name of its own" },
    otherCalled: { wrong: "another one is called that", expected: "a name of its own" },
    typedAnyway: {
      wrong: "people type that for a room, an answer or a command",
      expected: "a name with a word that is its own, of 3 letters or more",
    },
    partOfName: (location: string) => ({
      wrong: `it is a part of what ${location} is called, whose alarms would come here`,
      expected: "a name with a word that is its own, of 3 letters or more",
    }),
    sameConversation: { wrong: "another channel has this conversation", expected: "one of its own" },
    sameLabel: { wrong: "another one is called that", expected: "a label of its own" },
    secondTeams: { wrong: "another source has this type", expected: "one source of type teams at most" },
    sameId: { wrong: "somebody else has this id", expected: "an id of their own" },
    sameButton: { wrong: "this button is there already", expected: "each button of a source once" },
    twoHolders: { wrong: "two people have that name", expected: "people with different names" },
    tagRingsPresser: {
      wrong: "a tag rings everybody who has it, also who pressed: their phone may sound beside an aggressor",
      expected: "mayRingPresser: true in it, when that is accepted; else people, of whom the presser is left out",
    },
    troubleRings: "whoever is called by this pager would take it for an alarm",
    troublePages: "a policy pages guards by this pager, who would come",
    ownTroubleRoute: "a mail, an SMS, ntfy or a webhook of its own",
    nobodyTold: {
      wrong: "no channel is told when a button is pressed",
      expected: "a step such as { after: 0s, tell: <channel> }",
    },
    neverPaged: {
      wrong: "external security is never paged",
      expected: "a step such as { after: 60s, page: <pager> }",
    },
    noCaller: "there is no pager of that name that can call people",
    noPhones: { wrong: "nobody has a phone to be called on", expected: "people with phone: +316…" },
    sameStep: {
      wrong: "this step can never fire: the same one is there already",
      expected: "another moment or another target",
    },
    tooLate: (seconds: number) => ({
      wrong: "this step can never fire: by then the steps have begun again",
      expected: `less than ${seconds}s (the last page plus repeatEvery)`,
    }),
    answerNoText: { wrong: "YAML reads it as something else than a text", expected: "the answer in quotes" },
    noQuestion: "there is no such question",
    answersReadable: (file: string) => ({
      wrong: "it holds a secret, and everybody with an account on this machine may read it",
      expected: `chmod 600 ${file}`,
    }),
  },
} satisfies Record<Language, object>;
export type Problems = (typeof problems)[Language];
