import { expect, it } from "vitest";
import { languages } from "../../../bot/domain/language.ts";
import { guardView } from "../../../bot/words/guard/guard-view.ts";
import { page } from "../../../bot/words/guard/page.ts";
import { toSpokenPage } from "../../../bot/words/guard/voice.ts";
import { toPlacesSentence } from "../../../bot/words/shared/places.ts";
import { terms } from "../../../bot/words/shared/terms.ts";

it.each(languages)("the guard's page names no group of none, in %s", (language) => {
  const { responding } = guardView[language];
  expect([responding(1, 0), responding(0, 2), responding(1, 2)].join()).not.toMatch(/\b0\b/);
  expect(responding(1, 2)).toBe(`${responding(1, 0)}, ${responding(0, 2)}`);
  expect(responding(0, 0)).toMatch(/^(?:Nog niemand|Nobody)/);
});

it.each(languages)("a voice says that nobody is on the way, or too few, in %s", (language) => {
  const incident = { number: 17, place: "Balie", directions: null, position: null, verification: "none" } as const;
  const how = { caller: "Voorbeeld", kind: "guard", directions: true, keys: true } as const;
  const say = (responding: number) => {
    return toSpokenPage({ reason: "unclaimed", incident: { ...incident, responding } }, how, language).join();
  };
  expect(say(0)).toContain(page[language].why["nobody-coming"]);
  expect(say(0)).not.toContain(page[language].why.unclaimed);
  expect(say(1)).toContain(page[language].why.unclaimed);
});

it.each(languages)("a voice says where to look when the place is unknown, in %s", (language) => {
  const incident = { number: 17, place: null, directions: null, position: null, verification: "none" } as const;
  const how = { caller: "Voorbeeld", kind: "guard", directions: true, keys: true } as const;
  const where = toPlacesSentence(["Balie", "Kelder"], language) ?? "";
  const spoken = { reason: "help", incident: { ...incident, responding: 0 }, words: { where } } as const;
  expect(toSpokenPage(spoken, how, language).join()).toContain(`. ${where} `);
});

it.each(languages)("a few places are named and the rest counted, in %s", (language) => {
  const { lookAt, more } = terms[language];
  expect(toPlacesSentence([], language)).toBeNull();
  expect(toPlacesSentence(["A", "", "B"], language)).toBe(lookAt("A, B"));
  expect(toPlacesSentence(["A", "B", "C", "D", "E"], language)).toBe(lookAt(`A, B, C ${more(2)}`));
});
