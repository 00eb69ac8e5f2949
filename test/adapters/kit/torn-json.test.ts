import { describe, expect, it } from "vitest";
import { findText, isClosed } from "../../../adapters/kit/torn-json.ts";

const find = (text: string, ...path: (string | null)[]) =>
  findText(Buffer.from(text), ...(path.length > 0 ? path : ["button"]));

describe("a field of a message that is no JSON", () => {
  it.each([
    ['{"button":"hal","battery":unknown}', "hal"],
    ["{'button': 'hal', 'battery': None}", "hal"],
    ['{"button" :\n "hal"\n,', "hal"],
    ['{"button":"Kamer \\"3\\"","b', 'Kamer "3"'],
    ['{"button":42,"b', "42"],
    ['{"button":0042}', "0042"],
    ['{"button":"hal","button":"hal",', "hal"],
    ['{"button":"hal","next":{"button":"kelder"}', "hal"],
    ['{"next":[{"button":"kelder"}],"button":"hal"}', "hal"],
    ['{"place":"zaal "A" boven","button":"hal"}', "hal"],
    ['{"battery":0,87,"button":"hal"}', "hal"],
    ['{"button":"hal","battery":unknown}\0\0', "hal"],
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
    ['{"button":"hal"', "the text may go on behind a quote of its own"],
    ['{"button":"zaal "A" boven","battery":1}', "a quote of its own may have ended it"],
    ["{'button':'Jan's kamer'}", "an apostrophe may have ended it"],
    ["{'button':'d'Artagnan','place':'x'}", "an apostrophe ended it, and later ones too"],
    ['{"last":{"button":"zaal"},"button":"ha', "that within another field is another's"],
    ['{"last":{"button":"zaal"},"battery":unknown}', "that within another field is another's, also in a whole one"],
    ['{"list":["x","button":"zaal"],', "it is within a list"],
    ['{"button":"hal","button":"kelder",', "two fields differ"],
    ['{"button":"hal","button":"kel"der"","x":1', "one of two can't be read"],
    ['{"button":{"button":"hal"},', "its value is no text"],
    ['{"button":"hal"}{"but', "another message follows"],
    ['{"button":"hal"]', "what it closes was not open"],
    ['[{"button":"hal"},{"but', "the rest of a list may be about another"],
    ['{"text":"say \\"button\\": \\"hal\\"",', "it is within a text"],
    ['{"mybutton":"hal",', "it is another field"],
    [`{"button":"${"x".repeat(501)}",`, "no name is that long"],
    ['{"button":"\\q",', "it is no text of JSON"],
    ["", "there is nothing"],
  ])("is not read from %s, because %s", (text) => {
    expect(find(text)).toBe("");
  });

  it("may have any name", () => {
    expect(find('{"a.b*":"x",', "a.b*")).toBe("x");
    expect(find('{"aXb":"x",', "a.b")).toBe("");
  });

  it("may be within others, of any name", () => {
    const text = '{"button":"kelder","a":{"b":[{"button":"hal"},{"button":"hal"}],"button":"zaal"},';
    expect(find(text, "a", "b", null, "button")).toBe("hal");
    expect(find(text, null, "button")).toBe("zaal");
    expect(find(text.replace("hal", "balie"), "a", "b", null, "button")).toBe("");
    expect(find(text, "b", "button")).toBe("");
  });

  it("is looked for in a time that grows with the message alone", () => {
    for (const part of [
      '"button":"',
      '"button":\'',
      '"button" ',
      `"button":${" ".repeat(50)}`,
      '"button":1',
      '"\\"',
      "{",
      "[{,",
    ]) {
      const text = `{${part.repeat(1_000_000 / part.length)}`;
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
  ['{"a":1}{"b":2}', false],
  ['{"a":"}', false],
  ['{"a":"{"}\0', true],
  ["", false],
])("%s is closed: %s", (text, expected) => {
  expect(isClosed(Buffer.from(text))).toBe(expected);
});
