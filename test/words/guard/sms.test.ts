import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Page } from "../../../bot/contracts.ts";
import { languages } from "../../../bot/domain/language.ts";
import { countSeptets, safeFor } from "../../../bot/kit/safe-text.ts";
import { toSmsText } from "../../../bot/words/guard/sms.ts";
import { copy } from "../../../bot/words/shared/copy.ts";
import { ats, buildPageAt, townHall } from "../../fixtures/sites.ts";

const usual = buildPageAt({ place: "Spreekkamer 3", directions: "Begane grond", site: townHall }, "nl", "i-1-1-1");

function withLink(length: number): Page {
  return { ...usual, acceptUrl: `https://a.nl/${"x".repeat(length - 13)}` };
}

describe("an SMS where there are locations", () => {
  it("says where, whom to call back and how to get there, then what to do", () => {
    expect(toSmsText(usual, "nl").split("\n")).toEqual([
      "ALARM: Gemeentehuis, Spreekkamer 3",
      "Gemeente Voorbeeld, Raadhuisplein 12-A, 1234 AB Voorbeeld",
      "U kunt terugbellen op +31300000001.",
      "De ingang is: Hoofdingang, meld je bij de balie.",
      "Zo komt u er: Begane grond.",
      "Komt u? Laat het weten via deze link:",
      usual.acceptUrl,
    ]);
  });

  it("leaves out how to get there first, and place, address and link never", () => {
    const seen: string[] = [];
    for (let length = 20; length <= 600; length += 1) {
      const text = toSmsText(withLink(length), "nl");
      expect(text).toContain("Spreekkamer 3");
      expect(text).toContain("Raadhuisplein 12-A, 1234 AB Voorbeeld");
      expect(text.endsWith(`\n${withLink(length).acceptUrl}`)).toBe(true);
      if (length < 300) expect(countSeptets(text)).toBeLessThanOrEqual(3 * 153);
      const without = ["Zo komt", "De ingang", "Gemeente Voorbeeld", "Komt u?", "Gemeentehuis", "terugbellen"];
      seen.push(without.filter((part) => !text.includes(part)).join());
    }
    expect([...new Set(seen)]).toEqual([
      "",
      "Zo komt",
      "Zo komt,De ingang",
      "Zo komt,De ingang,Gemeente Voorbeeld",
      "Zo komt,De ingang,Gemeente Voorbeeld,Komt u?",
      "Zo komt,De ingang,Gemeente Voorbeeld,Komt u?,Gemeentehuis",
      "Zo komt,De ingang,Gemeente Voorbeeld,Komt u?,Gemeentehuis,terugbellen",
    ]);
  });

  it.each(ats)("is three parts at most, in its alphabet, %s", (_name, at) => {
    for (const language of languages) {
      for (const reason of ["unclaimed", "update", "call-off"] as const) {
        const text = toSmsText({ ...buildPageAt(at, language, "i-1-1-1"), reason }, language);
        expect(countSeptets(text)).toBeLessThanOrEqual(3 * 153);
        expect(safeFor.sms(text)).toBe(text);
      }
    }
  });

  it.each(ats)("says that it may be over where it goes on from a copy of another day, in three parts, %s", (_, at) => {
    const copiedAt = Date.UTC(2026, 10, 24, 6);
    const returned = { at: copiedAt + 24 * 3_600_000, copiedAt };
    for (const language of languages) {
      const page = buildPageAt(at, language, "i-1-1-1", { returned });
      for (const sent of [page, { ...page, acceptUrl: withLink(150).acceptUrl }]) {
        const text = toSmsText(sent, language);
        expect(text).toContain(
          copy[language].sentence(copy[language].mayBeOver(`${language === "nl" ? "24-11-2026" : "24/11/2026"} 07:00`)),
        );
        expect(text.endsWith(`\n${sent.acceptUrl}`)).toBe(true);
        expect(countSeptets(text)).toBeLessThanOrEqual(3 * 153);
      }
    }
  });

  it("without a link says that the message comes once, and to go", () => {
    const text = toSmsText({ ...usual, acceptUrl: null }, "nl");
    expect(text).toContain("U krijgt dit bericht maar één keer.");
    expect(text.split("\n").at(-1)).toBe("Ga er nu heen.");
  });

  it("says that nobody can be called back", () => {
    const site = { ...townHall, callBack: { kind: "impossible" } as const };
    const text = toSmsText({ ...usual, site }, "nl");
    expect(text).toContain("Terugbellen kan niet.");
    expect(text).not.toContain("+313");
  });

  it("that is called off says which alarm, and no more", () => {
    const text = toSmsText({ ...usual, reason: "call-off" }, "nl");
    expect(text.split("\n")).toEqual([
      "Niet meer nodig: Gemeentehuis, Spreekkamer 3",
      "U hoeft niet meer te komen.",
      usual.acceptUrl,
    ]);
  });
});

/** As the alphabet is printed in 3GPP TS 23.038, the second table behind the first. */
const alphabet = /^[@£$¥èéùìòÇ\nØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&'()*+,\-/.0-9:;<=>?¡A-ZÄÖÑÜ\u00a7¿a-zäöñüà^{}\\[~\]|€]*$/;

describe("the alphabet of an SMS", () => {
  it.each([
    ["’s-Gravenplein – “west”…", `'s-Gravenplein - "west"...`],
    ["Ĳsselzaal, ĳs, ș, ë, ï, ç, œ, ł", "IJsselzaal, ijs, s, e, i, c, oe, l"],
    ["Café é à ü ñ Ç", "Café é à ü ñ Ç"],
    ["½ ⅷ ㎞", "1/2 viii km"],
    ["evil\u2024nl ｈｔｔｐｓ：／／evil．nl", "evil?nl https?//evil?nl"],
    ["חדר 3 👩 ﷺ", "??? 3 ? ?"],
  ])("%s", (text, replaced) => {
    expect(safeFor.sms(text)).toBe(replaced);
  });

  it("is all that any text comes to, and a second time changes nothing", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 300 }), (text) => {
        const replaced = safeFor.sms(text);
        expect(replaced).toMatch(alphabet);
        expect(safeFor.sms(replaced)).toBe(replaced);
      }),
    );
  });
});
