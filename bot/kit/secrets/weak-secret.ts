/** Words that stand in many secrets and make none of them better. */
const commonWords = [
  ...["wachtwoord", "geheim", "welkom", "alarm", "rugdekking", "gemeente", "beveiliging", "knoppen", "knop", "zomer"],
  ...["meldkamer", "beveiliger", "bewaker", "noodknop", "frontdesk", "balie", "guard", "desk"],
  ...["winter", "lente", "herfst", "password", "passw0rd", "passwort", "secret", "changeme", "change", "default"],
  ...["example", "voorbeeld", "test", "admin", "root", "letmein", "welcome", "security", "token", "button", "please"],
  ...["qwerty", "azerty", "asdfgh", "zxcvbn"],
];
const rows = ["abcdefghijklmnopqrstuvwxyz", "01234567890123456789", "qwertyuiop", "asdfghjkl", "zxcvbnm"];
/** So many characters in the order of a row or against it are no accident. */
const minRun = 4;
/** One to three words: no digit between them, and no letter that is not written as a word's is. */
const fewWords = /^(?:\p{Lu}?\p{Ll}+|\p{Lu}+)(?:[\s_.-](?:\p{Lu}?\p{Ll}+|\p{Lu}+)){0,2}$/u;
/** Longer ones are sentences. */
const maxWordsLength = 24;
/** So few letters can be guessed whether they make words or not. */
const minLetters = 12;
/** The pairs of letters that stand in most words of Dutch and English. */
const usualPairs = new Set(
  [
    "aa ad af ag al am an ap ar as at ba be bo br bu ca ce ch co ct da de di ec ed ee eg ei ek el em en ep er",
    "es et ge gr ha he hi ho ic id ie ig ij il im in io ir is it ka ke ki kl ko la le li ll lo lu ma me mo na",
    "nd ne ng ni no nt oe om on oo op or ou pa pe po pr ra re ri ro ru sc se si sl sn so sp st su ta te th ti",
    "to tr tt ui un ur us uu va ve vo wa we wi wo ze zi zo",
  ]
    .join(" ")
    .split(" "),
);
/** Words have more pairs that are usual; of twenty letters by chance one in a hundred has as many. */
const minUsualShare = 0.45;

/**
 * Whether a secret can be guessed: it looks like a few words by the letters that stand together, also with a year
 * behind them, or holds fewer than `minDistinct` different characters once common words, rows of keys and repetitions
 * are taken out.
 */
export function isWeakSecret(secret: string, minDistinct = 6): boolean {
  const text = secret.replace(/^whsec_/, "");
  const bare = text.replace(/^[^\p{L}]{0,6}|[^\p{L}]{0,6}$/gu, "");
  if (bare.length < maxWordsLength && fewWords.test(bare) && looksLikeWords(bare)) return true;
  const plain = text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");
  const rest = withoutRuns(commonWords.reduce((left, word) => left.replaceAll(word, ""), plain))
    .replace(/(?:19|20)\d\d/g, "")
    .replace(/(.{1,8}?)\1{2,}/gu, "$1");
  return new Set(rest).size < minDistinct;
}

/** Letters of which we know no pairs, such as Cyrillic ones, are taken for words. */
function looksLikeWords(text: string): boolean {
  const letters = text.toLowerCase().normalize("NFD").replace(/\p{M}/gu, "");
  if (letters.length < minLetters || /[^a-z\s_.-]/.test(letters)) return true;
  const pairs = letters.split(/[^a-z]/).flatMap((word) => [...word].slice(1).map((letter, at) => word[at] + letter));
  return pairs.filter((pair) => usualPairs.has(pair)).length >= pairs.length * minUsualShare;
}

function withoutRuns(text: string): string {
  let rest = "";
  for (let at = 0; at < text.length; ) {
    const length = toRunLength(text.slice(at));
    if (length < minRun) rest += text[at];
    at += length < minRun ? 1 : length;
  }
  return rest;
}

/** How many characters in front stand in a row, in its order or against it. */
function toRunLength(text: string): number {
  const isRun = (part: string) => rows.some((row) => row.includes(part) || row.includes([...part].reverse().join("")));
  let length = 1;
  while (length < text.length && isRun(text.slice(0, length + 1))) length += 1;
  return length;
}
