import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cutText, maxPlaceLength, safeFor, toJson, toLine, toPlace } from "../../bot/kit/safe-text.ts";
import { link, nastyNumbers, nastyTexts, unfit } from "../fixtures/nasty-texts.ts";

const anyText = fc.oneof(
  fc.string({ unit: "binary", maxLength: 200 }),
  fc
    .array(
      fc.constantFrom("a", "nl", ".", ":", "/", "www", "1", " ", "\u0301", "\u3164", "\ud800", "\u202e", "é", "👩"),
    )
    .map((parts) => parts.join("")),
);

describe("a place from outside", () => {
  it.each(nastyTexts)("%s is shown as what can be read of it", (_name, text, shown) => {
    expect(toPlace(text)).toBe(shown);
  });

  it.each(["Spreekkamer 3", "Balie 2.01", "v. d. Berg: zaal A", "Kamer 1.23", "Hal (links)", "10:30 uur", "Ĳsselzaal"])(
    "%s stays as it is",
    (text) => {
      expect(toPlace(text)).toBe(text);
    },
  );

  it("is one line that can be seen, without a link, and stays as it is when it is made one again", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const place = toPlace(text);
        if (place === null) return;
        expect(place).not.toMatch(unfit);
        expect(place).not.toMatch(link);
        expect(place.isWellFormed()).toBe(true);
        expect([...place].length).toBeLessThanOrEqual(maxPlaceLength);
        expect(toPlace(place)).toBe(place);
      }),
    );
  });

  it("costs no more for a text of a megabyte", () => {
    expect(toPlace(`${"a.".repeat(20)}${"\u0301:/".repeat(1_000_000)}`)).toHaveLength(maxPlaceLength);
  });
});

it("leaves an address in a line that is no place, because the configuration may name one", () => {
  expect(toLine("Zie https://plattegrond.example.nl", 160)).toBe("Zie https://plattegrond.example.nl");
});

/** What each medium could misread. */
const misread = {
  card: /\{\{/,
  message: /[<>*_~`[\]\\|]|&(?!#\d+;)|:\/\/|www\./,
  html: /[<>"']|&(?!(?:amp|lt|gt|quot|#39);)/,
  speech: /[<>"']|&(?!(?:amp|lt|gt|quot|apos);)|[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/u,
  header: /=\?|[\p{Cc}\p{Zl}\p{Zp}]/u,
  plain: /[^\P{Cc}\n]|[\p{Zl}\p{Zp}]/u,
  sms: /[\u2018-\u201e\u2010-\u2015\u2026\u00a0]|[^\P{Cc}\n]/u,
  alarmCentre: /[^ -~]|[[\]|"*^_#]/,
  log: /[\x7f-\x9f\p{Cf}\p{Zl}\p{Zp}]/u,
} satisfies Record<keyof typeof safeFor, RegExp>;

const media = Object.keys(safeFor) as (keyof typeof safeFor)[];

describe.each(media)("for %s", (medium) => {
  it.each(nastyTexts)("%s holds nothing that is misread, as it came", (_name, text) => {
    const safe = safeFor[medium](text);
    expect(safe).not.toMatch(misread[medium]);
    if (medium !== "log") expect(safe.isWellFormed()).toBe(true);
  });

  it("a plain sentence stays as it is", () => {
    expect(safeFor[medium]("Alarm 17. De plaats is: Balie 2.")).toBe("Alarm 17. De plaats is: Balie 2.");
  });
});

it("for the alarm centre nothing becomes an address once its letters are plain", () => {
  expect(safeFor.alarmCentre("ｈｔｔｐｓ：／／ｅｖｉｌ．ｎｌ")).toBe("https: //evil. nl");
});

it.each(nastyNumbers)("%s is no number of another house, where only plain signs go", (text, plain) => {
  expect(safeFor.alarmCentre(text)).toBe(plain);
  expect(safeFor.sms(text).replaceAll("é", "e")).toBe(plain);
});

it.each([
  ["Straße 5, Ærøplein", "Strasse 5, AEroplein"],
  ["Plein 5#2", "Plein 5-2"],
  ["Plein 5_2|3", "Plein 5-2-3"],
  ['Plein 5"2^*3[4]5', "Plein 5-2-3-4-5"],
  ["Plein # 5 |", "Plein 5"],
])("for the alarm centre %s stays itself", (text, plain) => {
  expect(safeFor.alarmCentre(text)).toBe(plain);
});

it("no figure on a line joins another one by that", () => {
  const parts = fc.constantFrom("1", "2", "²", "₃", "½", "Ⅳ", "ᴵ", "①", " ", "a", "é");
  fc.assert(
    fc.property(
      fc.array(parts).map((each) => each.join("")),
      (text) => {
        for (const medium of ["sms", "alarmCentre"] as const) {
          const numbers = safeFor[medium](text).match(/\d+/g) ?? [];
          // Each is one that stood there: as plain digits, or as what a run of such figures holds.
          const stood = new Set([
            ...(text.match(/[12]+/g) ?? []),
            ...(text.match(/[²₃½ⅣᴵI①]+/g) ?? []).flatMap((run) => run.normalize("NFKD").match(/\d+/g) ?? []),
          ]);
          for (const number of numbers) expect(stood).toContain(number);
        }
      },
    ),
  );
});

it("for the log a line stays the JSON that it is", () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const line = safeFor.log(JSON.stringify({ button: text }));
      expect(JSON.parse(line)).toEqual({ button: text.toWellFormed() });
      expect(line).not.toMatch(misread.log);
    }),
  );
  const backslash = JSON.stringify({ button: "\\ud800" });
  expect(safeFor.log(backslash)).toBe(backslash);
});

it("puts no half surrogate into JSON, however deep it stands", () => {
  expect(toJson({ a: ["\ud800", { b: "👩" }], c: null })).toBe('{"a":["\ufffd",{"b":"👩"}],"c":null}');
});

it("halves no character when it cuts", () => {
  expect(cutText("ab👩", 3)).toBe("ab");
  expect(cutText("ab👩", 4)).toBe("ab👩");
});
