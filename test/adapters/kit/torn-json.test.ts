import { describe, expect, it } from "vitest";
import { findText, isClosed } from "../../../adapters/kit/torn-json.ts";

const find = (text: string, name = "button") => findText(Buffer.from(text), name);

describe("a field of a message that is no JSON", () => {
  it.each([
    ['{"button":"hal","battery":unknown}', "hal"],
    ["{'button': 'hal', 'battery': None}", "hal"],
    ['{"button" :\n "hal"', "hal"],
    ['{"button":"Kamer \\"3\\"","b', 'Kamer "3"'],
    ['{"button":42,"b', "42"],
    ['{"button":0042}', "0042"],
    ['{"button":"hal","button":"hal"', "hal"],
    [' {"button":"hal",', "hal"],
  ])("is read from %s", (text, value) => {
    expect(find(text)).toBe(value);
  });

  it.each([
    ['{"button":"ha', "the value breaks off"],
    ['{"button":"hal\\"', "its mark is one of the value's own"],
    ["{'button':'ha", "that in single quotes breaks off"],
    ['{"button":4', "the number may go on"],
    ['{"button":hal}', "it has no marks"],
    ['{"button":"hal","next":{"button":"kelder"}', "two fields differ"],
    ['[{"button":"hal"},{"but', "the rest of a list may be about another"],
    ['{"text":"say \\"button\\": \\"hal\\""', "it is within a text"],
    ['{"mybutton":"hal"', "it is another field"],
    [`{"button":"${"x".repeat(501)}"`, "no name is that long"],
    ['{"button":"\\q"', "it is no text of JSON"],
    ["", "there is nothing"],
  ])("is not read from %s, because %s", (text) => {
    expect(find(text)).toBe("");
  });

  it("may have any name", () => {
    expect(find('{"a.b*":"x"', "a.b*")).toBe("x");
    expect(find('{"aXb":"x"', "a.b")).toBe("");
  });

  it("is looked for in a time that grows with the message alone", () => {
    for (const part of ['"button":"', '"button":\'', '"button" ', `"button":${" ".repeat(50)}`, '"button":1']) {
      const text = `{${part.repeat(4_000_000 / part.length)}`;
      const start = performance.now();
      find(text);
      isClosed(Buffer.from(text));
      expect(performance.now() - start, part).toBeLessThan(3000);
    }
  });
});

it.each([
  ["{'a':1}", true],
  [' {"a":[1,{}]} \n', true],
  ['{"a":[{"b":1}', false],
  ['{"a":[1}', false],
  ['{"a":1', false],
  ["[1]", false],
  ["", false],
])("%s is closed: %s", (text, expected) => {
  expect(isClosed(Buffer.from(text))).toBe(expected);
});
