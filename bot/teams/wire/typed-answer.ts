import { isOneSlip } from "../../domain/one-slip.ts";

/**
 * What somebody types in their chat with the bot as an answer to an alarm. `safe`: they are, or the alarm is over.
 * `over`: that the alarm is, or was none. `unclear`: a word of an answer is in it, and nobody can say which answer.
 */
export type TypedAnswer = Meant | "over" | "unclear";
export type Meant = "help" | "claim" | "decline" | "arrive" | "resolve" | "safe";

/** Sentences that mean one thing, and the one word that may stand before or behind each. */
interface Sentences {
  readonly whole: readonly string[];
  readonly before?: readonly string[];
  readonly after?: readonly string[];
}

const yes = ["ja", "ok", "oke", "okay", "yes"];
const now = ["nu", "now", "meteen"];

/**
 * What is understood, in both languages, as `toWords` spells it. Nothing with a negation is among the claims: what is
 * no whole sentence of these is no answer, so that "ik ga niet" can't be read as "ik ga".
 */
const sentences: Readonly<Record<Meant, Sentences>> = {
  help: {
    whole: ["hulp", "help", "hulp nodig", "heb hulp nodig", "ik heb hulp nodig", "help me", "need help", "i need help"],
  },
  claim: {
    whole: [
      ...["ga", "ik ga", "ga erheen", "ik ga erheen", "ik kom", "kom eraan", "ik kom eraan", "onderweg"],
      ...["ben onderweg", "ik ben onderweg", "going", "im going", "i am going", "ill go", "i will go", "coming"],
      ...["im coming", "i am coming", "on my way", "im on my way", "i am on my way", "omw"],
    ],
    before: yes,
    after: [...now, "ook", "too"],
  },
  decline: {
    whole: [
      ...["kan niet", "ik kan niet", "ga niet", "ik ga niet", "ik kom niet", "kan niet komen", "ik kan niet komen"],
      ...["kan niet gaan", "ik kan niet gaan", "kan nu niet", "ik kan nu niet", "cant", "i cant", "cannot", "i cannot"],
      ...["can not", "i can not", "cant come", "i cant come", "cant go", "i cant go", "not going", "im not going"],
      ...["i am not going", "not coming", "im not coming", "i am not coming"],
      ...["kan even niet", "ik kan even niet"],
    ],
    before: ["nee", "no", "sorry"],
    after: now,
  },
  arrive: {
    whole: [
      ...["ben er", "ik ben er", "ter plaatse", "ben ter plaatse", "ik ben ter plaatse", "aangekomen"],
      ...["ben aangekomen", "ik ben aangekomen", "im there", "i am there", "arrived", "ive arrived", "i have arrived"],
      ...["on the spot", "im on the spot", "i am on the spot", "ter plekke", "ben ter plekke", "ik ben ter plekke"],
      ...["sta er", "ik sta er"],
    ],
    before: yes,
    after: [...now, "al", "already"],
  },
  resolve: {
    whole: [
      ...["afsluiten", "sluiten", "sluit af", "alarm afsluiten", "alarm sluiten", "sluit alarm", "sluit het alarm"],
      ...["close", "close it", "close the alarm", "resolve"],
    ],
  },
  safe: {
    whole: ["veilig", "ik ben veilig", "het is veilig", "safe", "im safe", "i am safe", "it is safe", "its safe"],
  },
};

const questionMark = /[?？]/u;

/** As `toWords` spells them: "can't" is "cant". */
const negation = /^(?:niet|geen|nee|nooit|not?|never|cannot|(?:ca|do|wo|is|are)nt)$/u;

/** What is over, or was none. No slip of the finger is forgiven here, because "alarm loods" names a place. */
const over = {
  adjectives: "voorbij|over|klaar|afgelopen|opgelost|done|finished|resolved",
  /** Beside the word "alarm" only. */
  ofAlarm: "uit|vals|loos|weg|gedaan|stop|stoppen|gestopt|afgesloten|gesloten|sluit|sluiten|off|false|closed|stopped",
} as const;
const isOver = new RegExp(
  [
    `(?:het |the )?alarm (?:is |was )?(?:al |weer )?(?:${over.adjectives}|${over.ofAlarm})(?: nu| graag| now| please)?`,
    `(?:vals|loos|false|stop|stop het|stop the|het was vals|het was een vals|it was a false) alarm`,
    `(?:(?:het|alles|it|all) is |ik ben |its |im )?(?:${over.adjectives})`,
    "(?:is |it is |its )?(?:afgesloten|stop|voorbij)",
  ]
    .map((each) => `^${each}$`)
    .join("|"),
  "u",
);

/** A word of these anywhere is a call for help, whatever stands around it, also with a slip of the finger. */
const callsForHelp = ["hulp", "help", "hellup", "assistentie"];

/** Help too, but alone it is welfare, about which people type here: it is a call beside one of these words. */
const support = "bijstand";
const besideSupport: ReadonlySet<string> = new Set(
  "nodig graag stuur vraag verzoek kom snel nu direct meteen spoed please aub svp".split(" "),
);

/** One letter away from those and no call where they stand in a sentence; alone each passes for a slip. */
const inflected: ReadonlySet<string> = new Set(["helpt", "helps", "hielp"]);

/** The number of the emergency services, and what makes it the number of something else. */
const emergencyNumber = "112";
const beforeNumbers = /(?:kamer|room|lokaal|ruimte|nummer|number|nr|toestel)$/u;

const dutchHints = [
  "ga gaan gaat kom komen kan kunnen ben hier onderweg aangekomen plaatse plekke sta sluit sluiten afsluiten veilig",
  "goed ja nee eraan erheen loop ren jep prima doe",
].join(" ");
const englishHints = [
  "go going come coming can cant cannot here there arrived omw close resolve safe fine well yes no ok oke okay",
  "yep yup sure walking running",
].join(" ");
/** A sign in an answer's stead, which says as little of which one. */
const isSign = /[👍👌✅✔🆗🏃]/u;
/** Words of an answer: a text with one of them is looked at, and is none as it stands. */
const hints: ReadonlySet<string> = new Set(`${dutchHints} ${englishHints}`.split(" "));

/** What people type that is one letter away from an answer and means something else. */
const lookalikes = [
  ..."niets want doing where three kopen laan save held hele helm hell hels heli heup heap hemp".split(" "),
  ..."welp kelp yelp gulp pulp hulk huls assistente".split(" "),
];

/** Words that mean themselves, and are no slip of the finger. */
const meansItself: ReadonlySet<string> = new Set([
  ...Object.values(sentences).flatMap(({ whole }) => whole.flatMap((each) => each.split(" "))),
  ...hints,
  ...callsForHelp,
  support,
  ...lookalikes,
]);

/** A slip of the finger is forgiven in words of this many letters or more, because a shorter one is soon another. */
const minForgiven = 4;

const maxOverWords = 6;

/** Parses what was typed; null when no word of it is of an answer. Help comes first, and nothing in a text stops it. */
export function parseTypedAnswer(text: string): TypedAnswer | null {
  const words = toWords(text);
  if (words.some((word, index) => isCallForHelp(word, words[index - 1] ?? ""))) return "help";
  if (words.some((word) => isMeant(withoutRuns(word), support)) && words.some((word) => besideSupport.has(word)))
    return "help";
  for (const meant of ["help", "claim", "decline", "arrive", "resolve", "safe"] as const)
    if (isSentenceOf(sentences[meant], words)) return isQuestion(text) && meant !== "help" ? "unclear" : meant;
  if (words.length <= maxOverWords && isOver.test(words.join(" "))) return "over";
  return words.some((word) => hints.has(word)) || isSign.test(text) ? "unclear" : null;
}

/** Whether it asks: "onderweg?" asks whether anybody is, and says it of nobody. */
export function isQuestion(text: string): boolean {
  return questionMark.test(text);
}

/**
 * The answer by which a text begins or ends that names a location as well: "ik ga naar de stadswerf"; null: none, as in
 * a question. With a negation it is that they can't come, or none.
 */
export function parseAnswerBeside(text: string): Meant | null {
  if (isQuestion(text)) return null;
  const words = toWords(text);
  const parts = words.flatMap((_, left) => [words.slice(0, words.length - left), words.slice(left)]);
  const isNegated = words.some((word) => negation.test(word));
  const answers = isNegated ? (["decline"] as const) : (["claim", "arrive", "resolve", "safe"] as const);
  return parts.flatMap((part) => answers.filter((meant) => isSentenceOf(sentences[meant], part)))[0] ?? null;
}

/** The words of a text, without capitals, accents, apostrophes and all that is no letter or digit. */
function toWords(text: string): readonly string[] {
  const letters = text.normalize("NFKD").replace(/[\p{M}'’ʼ`´]/gu, "");
  return letters.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
}

function isCallForHelp(word: string, before: string): boolean {
  if (word === emergencyNumber) return !beforeNumbers.test(before);
  return !inflected.has(word) && callsForHelp.some((call) => isMeant(withoutRuns(word), call));
}

/** "heeelp" is "help": no word of either language has the same letter three times in a row. */
function withoutRuns(word: string): string {
  return word.replace(/(\p{L})\1{2,}/gu, "$1");
}

function isSentenceOf({ whole, before = [], after = [] }: Sentences, words: readonly string[]): boolean {
  const start = before.includes(words[0] ?? "") ? 1 : 0;
  const end = after.includes(words.at(-1) ?? "") ? -1 : words.length;
  const bare = words.slice(start, end);
  return whole.some((each) => {
    const meant = each.split(" ");
    return meant.length === bare.length && meant.every((word, index) => isMeant(bare[index] ?? "", word));
  });
}

function isMeant(typed: string, word: string): boolean {
  if (typed === word) return true;
  const isForgiven = Math.min(typed.length, word.length) >= minForgiven && !meansItself.has(typed);
  return isForgiven && isOneSlip(typed, word);
}
