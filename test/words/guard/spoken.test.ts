import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { languages } from "../../../bot/domain/language.ts";
import { toSpokenAddress, toSpokenNumber } from "../../../bot/words/guard/spoken.ts";

describe("an address is said as people say it", () => {
  it.each([
    ["Raadhuisplein 1, 1234 AB Voorbeeld", "Raadhuisplein 1, postcode: 1, 2, 3, 4, A, B, Voorbeeld"],
    ["Havenkade 8a, 1234AB Voorbeeld", "Havenkade 8 A, postcode: 1, 2, 3, 4, A, B, Voorbeeld"],
    ["Havenkade 12-A", "Havenkade 12 A"],
    ["Havenkade 12 BC", "Havenkade 12 B, C"],
    ["Havenkade 12-2, Voorbeeld", "Havenkade 12 streepje 2, Voorbeeld"],
    ["Havenkade 12/2", "Havenkade 12 schuine streep 2"],
    ["Havenkade 12hs", "Havenkade 12 huis"],
    ["Havenkade 12-bis", "Havenkade 12 bis"],
    ["Havenkade 12A-3, 1234 AB Voorbeeld", "Havenkade 12 A streepje 3, postcode: 1, 2, 3, 4, A, B, Voorbeeld"],
    ["Havenkade 12-III, Voorbeeld", "Havenkade 12 I, I, I, Voorbeeld"],
    ["Havenkade 12bis A", "Havenkade 12 bis A"],
    ["Havenkade 1, 1234 ab Voorbeeld", "Havenkade 1, postcode: 1, 2, 3, 4, A, B, Voorbeeld"],
    ["Plein 1944 nr 5", "Plein 1944 nr 5"],
    ["Havenkade 12²", "Havenkade 12 streepje 2"],
    ["Havenkade 12½", "Havenkade 12 1 schuine streep 2"],
    ["1e Havenstraat 12", "1e Havenstraat 12"],
    ["Plein 1940-1945 3", "Plein 1940 streepje 1945 3"],
    ["Wijk 0123 AB", "Wijk 0123 A, B"],
  ])("%s", (address, said) => {
    expect(toSpokenAddress(address, "nl")).toBe(said);
  });

  it("in English too", () => {
    const said = "Raadhuisplein 12 dash 2, postal code: 1, 2, 3, 4, A, B, Voorbeeld";
    expect(toSpokenAddress("Raadhuisplein 12-2, 1234 AB Voorbeeld", "en")).toBe(said);
    expect(toSpokenAddress("Havenkade 12hs", "en")).toBe("Havenkade 12 ground floor");
  });

  it("and loses no digit of it, in this order", () => {
    const parts = fc.constantFrom("Plein", " ", "1", "23", "4567 AB", "-", "/", "a", "hs", ",", "é", "\u2019", "bis");
    const digits = (text: string) => text.replace(/\D/g, "");
    fc.assert(
      fc.property(
        fc.array(parts).map((each) => each.join("")),
        fc.constantFrom(...languages),
        (address, language) => {
          expect(digits(toSpokenAddress(address, language))).toBe(digits(address));
        },
      ),
    );
  });
});

describe("a number is said digit by digit", () => {
  it.each([
    ["nl", "+31300000001", "0, 3, 0, 0, 0, 0, 0, 0, 0, 1"],
    ["nl", "+32470000001", "plus, 3, 2, 4, 7, 0, 0, 0, 0, 0, 0, 1"],
    ["en", "+31300000001", "plus, 3, 1, 3, 0, 0, 0, 0, 0, 0, 0, 1"],
  ] as const)("in %s, %s", (language, number, said) => {
    expect(toSpokenNumber(number, language)).toBe(said);
  });
});
