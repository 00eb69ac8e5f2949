import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { languages } from "../../../bot/domain/language.ts";
import { parseTypedCommand } from "../../../bot/teams/wire/personal-command.ts";
import { parseAnswerBeside, parseTypedAnswer, type TypedAnswer } from "../../../bot/teams/wire/typed-answer.ts";
import { card } from "../../../bot/words/colleague/card.ts";

const understood: readonly (readonly [answer: TypedAnswer, nl: readonly string[], en: readonly string[]])[] = [
  [
    "claim",
    [
      "ga",
      "Ik ga",
      "ik ga!",
      "ik ga nu",
      "Ja, ik ga",
      "ok ga",
      "Ik ga ook",
      "ik kom eraan",
      "onderweg",
      "Ik ben onderweg.",
    ],
    ["I'm going", "I’m going", "im going", "I am going", "going", "on my way", "Yes, coming", "I'll go", "omw"],
  ],
  [
    "decline",
    [
      "kan niet",
      "Ik kan niet",
      "Nee, ik kan niet",
      "sorry kan niet",
      "ik ga niet",
      "ga niet",
      "ik kan nu niet",
      "kan niet nu",
      "ik kan even niet",
    ],
    ["can't", "I can’t", "I cannot", "cannot", "No, I can't", "not going", "I'm not coming", "sorry, can't come"],
  ],
  [
    "arrive",
    [
      ...["ben er", "Ik ben er", "ik ben er al", "ter plaatse", "aangekomen", "ter plekke", "ik ben ter plekke"],
      ...["ik sta er", "ja, ik sta er al"],
    ],
    ["I'm there", "arrived", "on the spot"],
  ],
  ["resolve", ["afsluiten", "Alarm afsluiten", "Sluit het alarm", "sluiten"], ["close", "close the alarm"]],
  ["safe", ["veilig", "ik ben veilig", "Het is veilig"], ["safe", "I'm safe", "it's safe"]],
  [
    "help",
    [
      "hellup",
      "kom snel, hellup!",
      "112",
      "bel 112",
      "assistentie",
      "graag bijstand",
      "bijstand nodig",
      "stuur BIJSTAND!",
      "hulp",
      "HULP!!!",
      "Ik heb hulp nodig",
      "geen hulp nodig",
      "kan niet, hulp",
      "ik ga niet zonder hulp",
      "huuuulp",
    ],
    ["help", "help?", "I need help", "no help please", "HEEELP", "come help me", "not safe, help", "call 112"],
  ],
];

/** That an alarm is over; beside the word "alarm" it would be one. */
const over = [
  ...["alarm voorbij", "Alarm uit", "alarm is vals", "alarm klaar!", "alarm stop", "alarm afgesloten", "alarm sluit"],
  ...["alarm over", "alarm loos", "alarm weg", "alarm gedaan", "het alarm is voorbij", "alarm sluiten graag"],
  ...["alarm off", "alarm false", "alarm done", "alarm closed", "the alarm is over", "vals alarm", "Loos alarm."],
  ...["false alarm", "stop", "stop alarm", "afgesloten", "klaar", "ik ben klaar", "het is voorbij", "done", "I'm done"],
];

const rows = understood.flatMap(([answer, nl, en]) => [...nl, ...en].map((text) => [text, answer] as const));
const sentences = understood.flatMap(([answer, nl, en]) => (answer === "help" ? [] : [...nl, ...en]));

describe("an answer that is typed", () => {
  it.each(rows)("%j is understood, in whatever language the bot speaks: %s", (text, answer) => {
    expect(parseTypedAnswer(text)).toBe(answer);
  });

  it.each(over)("%j says that an alarm is over", (text) => {
    expect(parseTypedAnswer(text)).toBe("over");
  });

  it.each(["alarm loods", "alarm shop", "alarm voorbij de balie", "alarm oven", "alarm is niet voorbij", "weg", "uit"])(
    "%j does not",
    (text) => {
      expect(parseTypedAnswer(text)).toBeNull();
    },
  );

  it.each(languages)("what stands on the buttons of a card in %s is understood", (language) => {
    const { button } = card[language];
    expect([button.claim, button.decline, button.arrive, button.help].map(parseTypedAnswer)).toEqual([
      "claim",
      "decline",
      "arrive",
      "help",
    ]);
  });

  it.each([
    ["onderwg", "claim"],
    ["ik ben onderwge", "claim"],
    ["ik kom eran", "claim"],
    ["comming", "claim"],
    ["kan neit", "decline"],
    ["ik kan niett", "decline"],
    ["ter plaaste", "arrive"],
    ["ariived", "arrive"],
    ["afsluitn", "resolve"],
    ["veiilg", "safe"],
    ["hlup", "help"],
    ["hulpp", "help"],
    ["ik heb hulo nodig", "help"],
    ["hepl me", "help"],
    ["stuur hlep", "help"],
    ["kom snel hlup", "help"],
    ["ik ben er, huulp", "help"],
    ["ga niet hepl", "help"],
    ["helpt", "help"],
    ["stuur asistentie", "help"],
    ["bijtsand graag", "help"],
  ])("%j is forgiven: %s", (text, answer) => {
    expect(parseTypedAnswer(text)).toBe(answer);
  });

  it.each([
    "ik ga misschien",
    "ga jij?",
    "ik ga niet weg",
    "ik ben er niet",
    "ik ben er bijna",
    "nee ik ga",
    "nee",
    "ja",
    "ok",
    "kan",
    "I can",
    "I can go",
    "I am not there",
    "not safe",
    "het is niet veilig",
    "niet afsluiten",
    "ik sta er niet",
    "bijna ter plekke",
    "go",
    "I want to go",
    "alles goed",
    // At their desk, or where the alarm is.
    ...["ik ben hier", "ben hier", "I'm here", "I am here"],
    ...["eraan", "loop erheen", "prima", "doe ik", "jep", "yep", "sure", "running", "👍", "👌🏽", "✅", "🏃 nu"],
    ...["onderweg?", "Ik ga?", "ben er ?", "on my way?", "kan niet??", "veilig?!", "afsluiten？"],
  ])("%j holds a word of an answer, and nobody can say which", (text) => {
    expect(parseTypedAnswer(text)).toBe("unclear");
  });

  it.each([
    ...["bijstand", "gesprek over bijstand", "ik zit bij bijstand", "bijstand?"],
    ...["", "   ", "?!", "hallo", "wat is dit", "bedankt", "gaa", "gas", "im doing", "I want", "held!", "de hele dag"],
    ...["dat helpt", "that helps", "zij hielp mij", "op haar heup", "de assistente", "zelfhulp", "kamer 112", "1120"],
    ...[
      "what the hell",
      "helpdesk",
      "hulpmiddel",
      "hul",
      "hlp",
      "7",
      "😭",
      "status",
      "koppel frontdesk",
      "link frontdesk",
    ],
  ])("%j is no answer", (text) => {
    expect(parseTypedAnswer(text)).toBeNull();
  });

  it("is none of what is a command already, so that an alarm, a place and a visit go first", () => {
    for (const text of sentences) expect(parseTypedCommand(text), text).toBeNull();
  });
});

const negation = fc.constantFrom(
  "niet",
  "geen",
  "nee",
  "not",
  "no",
  "NIET",
  "Geen",
  "nooit",
  "never",
  "don't",
  "can't",
);
const word = fc.oneof(
  fc.constantFrom(...new Set(sentences.flatMap((each) => each.split(/[\s,.!]+/)))),
  fc.string({ unit: "grapheme", maxLength: 8 }),
);
const gap = fc.constantFrom(" ", "  ", ", ", "! ", "\n", " - ");

/** Words in a row, in any of the ways in which people put them. */
function said(each: fc.Arbitrary<string>, maxLength: number): fc.Arbitrary<string> {
  return fc.tuple(fc.array(each, { maxLength }), gap).map(([words, between]) => words.join(between));
}

/** The same text with one letter of it left out, doubled, struck beside or swapped with the next one. */
function slip(text: string, at: number, how: number, letter: string): string {
  const [before, here, after] = [text.slice(0, at), text[at] ?? "", text.slice(at + 1)];
  const slips = [after, here + here + after, letter + after, after.slice(0, 1) + here + after.slice(1)];
  return before + slips[how];
}

describe("with a negation", () => {
  it("nothing is a claim or an arrival, wherever it stands and whatever stands around it", () => {
    fc.assert(
      fc.property(said(word, 4), negation, said(word, 4), gap, (before, no, after, between) => {
        const text = [before, no, after].filter((part) => part !== "").join(between);
        expect(["claim", "arrive", "resolve", "safe", "over"]).not.toContain(parseTypedAnswer(text));
      }),
      { numRuns: 2_000 },
    );
  });

  it("nothing is beside the name of a location either", () => {
    const meant = ["claim", "arrive", "resolve", "safe"];
    fc.assert(
      fc.property(said(word, 4), negation, said(word, 4), gap, (before, no, after, between) => {
        const text = [before, no, after, "Stadswerf"].filter((part) => part !== "").join(between);
        expect(meant).not.toContain(parseAnswerBeside(text));
      }),
      { numRuns: 2_000 },
    );
  });

  it("nothing is, also where that is misspelt in a sentence that would be one without it", () => {
    const claims = understood.filter(([answer]) => answer === "claim" || answer === "arrive");
    const sentence = fc.constantFrom(...claims.flatMap(([, nl, en]) => [...nl, ...en]));
    const misspelt = fc
      .tuple(fc.constantFrom("niet", "geen", "not", "nee"), fc.nat(3), fc.nat(3), fc.constantFrom(..."aeinrstw"))
      .map(([no, at, how, letter]) => slip(no, at, how, letter))
      .filter((no) => no.length > 2 && no !== "now");
    fc.assert(
      fc.property(sentence, misspelt, fc.boolean(), (text, no, isFirst) => {
        const parsed = parseTypedAnswer(isFirst ? `${no} ${text}` : `${text} ${no}`);
        expect(["claim", "arrive"]).not.toContain(parsed);
      }),
      { numRuns: 2_000 },
    );
  });
});

it("a call for help is never swallowed, whatever stands around the word", () => {
  const help = fc.constantFrom(
    ...["hulp", "help", "Hulp", "HELP!", "hulp!!", "heeelp", "huuulp", "hlup", "hepl", "hellup"],
  );
  const around = said(fc.oneof(word, negation), 6);
  fc.assert(
    fc.property(around, help, around, gap, (before, call, after, between) => {
      expect(parseTypedAnswer(`${before}${between}${call}${between}${after}`)).toBe("help");
    }),
    { numRuns: 2_000 },
  );
});

describe("a slip of the finger", () => {
  const whole = new Set(rows.map(([text]) => text.toLowerCase()));

  it("in a word of three letters or fewer never counts", () => {
    const isShort = (text: string) => /^[a-z ]+$/i.test(text) && text.split(" ").every((each) => each.length < 4);
    const short = rows.filter(([text]) => isShort(text));
    expect(short.length).toBeGreaterThan(3);
    const letter = fc.constantFrom(..."abegiknrsu");
    fc.assert(
      fc.property(fc.constantFrom(...short), fc.nat(), fc.nat(3), letter, ([text, answer], place, how, other) => {
        const slipped = slip(text.toLowerCase(), place % text.length, how, other).trim();
        fc.pre(!whole.has(slipped) && !/\s\s/.test(slipped) && text.split(" ").length === slipped.split(" ").length);
        expect(parseTypedAnswer(slipped), slipped).not.toBe(answer);
      }),
      { numRuns: 2_000 },
    );
  });

  it("never turns one answer into another", () => {
    const letter = fc.constantFrom(..."abcdefghijklmnopqrstuvwxyz");
    fc.assert(
      fc.property(fc.constantFrom(...rows), fc.nat(), fc.nat(3), letter, ([text, answer], place, how, other) => {
        const slipped = slip(text.toLowerCase(), place % text.length, how, other);
        fc.pre(!whole.has(slipped.trim()));
        expect([answer, "unclear", null], slipped).toContain(parseTypedAnswer(slipped));
      }),
      { numRuns: 5_000 },
    );
  });
});

it.each([
  ["ga ".repeat(80_000), "unclear"],
  ["hul".repeat(80_000), null],
  [`${"x".repeat(250_000)} hulp`, "help"],
  ["'".repeat(250_000), null],
])("a quarter of a megabyte is read to its end, as long as the test may take", (text, answer) => {
  expect(parseTypedAnswer(text)).toBe(answer);
});

it.each(["onderweg naar de stadswerf?", "ga naar de stadswerf?", "ben er stadswerf?", "veilig stadswerf?"])(
  "%j asks, and says it of nobody",
  (text) => expect(parseAnswerBeside(text)).toBeNull(),
);
