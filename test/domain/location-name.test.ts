import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createLocationFinder, createLocationReader, toNameForm } from "../../bot/domain/location-name.ts";

const names = {
  hall: "Gemeentehuis",
  yard: "Stadswerf",
  north: "Stadswerf Noord",
  cafe: "Café 't Plein",
  east: "Wijkteam Oost",
  west: "Wijkteam West",
  __proto__x: "constructor",
};
const aliases: Readonly<Record<string, readonly string[]>> = { hall: ["Raadhuis", "Witte Villa"], east: ["WTO"] };
const named = new Map(Object.entries(names).map(([key, name]) => [key, { name, aliases: aliases[key] ?? [] }]));
const find = createLocationFinder(named);
const bare = (text: string) => text.replace(/\s+/g, " ").replace(/^[\s,:]+|\s+$/g, "");

describe("what somebody types names a location", () => {
  it.each([
    ["stadswerf", ["yard"], ""],
    ["balie STADSWERF", ["yard"], "balie"],
    ["Stadswerf, balie", ["yard"], "balie"],
    ["balie stadswerf noord", ["north"], "balie"],
    ["Stadswerf-Noord kamer 3", ["north"], "kamer 3"],
    ["cafe t plein", ["cafe"], ""],
    ["CAFE\u0301 't Plein: terras", ["cafe"], "terras"],
    ["kamer 3 van de stadswerf", ["yard"], "kamer 3"],
    ["ik zit in de balie bij de stadswerf", ["yard"], "balie"],
    ["in het gemeentehuis", ["hall"], ""],
    ["stadswerf noord bij de stadswerf", ["yard", "north"], "stadswerf noord bij de stadswerf"],
    ["gemeentehuis of stadswerf", ["hall", "yard"], "gemeentehuis of stadswerf"],
    ["constructor", ["__proto__x"], ""],
    ["balie van het raadhuis", ["hall"], "balie"],
    ["witte villa, kelder", ["hall"], "kelder"],
    ["gemeentehuis, dus het raadhuis: balie", ["hall"], "dus : balie"],
    ["wto", ["east"], ""],
  ])("%j", (text, keys, rest) => {
    const found = find(text);
    expect(found).toMatchObject({ whole: keys, half: [] });
    expect(bare(found.rest)).toBe(rest);
  });

  it("by half, where no whole name stands there", () => {
    expect(find("balie wijkteam")).toEqual({ whole: [], half: ["east", "west"], rest: "balie wijkteam" });
    expect(find("wijkteam oost")).toMatchObject({ whole: ["east"], half: [] });
  });

  it.each([
    ["oost balie", ["east"]],
    ["kamer 3 plein", ["cafe"]],
    ["balie stadwerf", ["yard", "north"]],
    ["balie stadswerff", ["yard", "north"]],
    ["balie stadswarf", ["yard", "north"]],
    ["balie stadswref", ["yard", "north"]],
    ["stads werf", ["yard", "north"]],
    ["balie werf", ["yard", "north"]],
    ["gemeente huis", ["hall"]],
    ["gemeente", ["hall"]],
    ["baliegemeentehuis", ["hall"]],
    ["wijkteamoost", ["east"]],
    ["wijkteemoost", ["east"]],
    ["wijkteem oost", ["east"]],
    ["stadwerf noord", ["north"]],
    ["stadwerf", ["yard", "north"]],
  ])("by a part, a slip, or another way of joining its words: %j", (text, keys) => {
    expect(find(text)).toEqual({ whole: [], half: keys, rest: text });
  });

  it("by half beside a whole name where that says more", () => {
    expect(find("stadswerf nord")).toMatchObject({ whole: ["yard"], half: ["north"], rest: "stadswerf nord" });
    expect(find("stadswerf oost")).toMatchObject({ whole: ["yard"], half: [] });
  });

  it("never by what stands in any building, nor by what leads to a place", () => {
    const among = createLocationFinder(
      new Map([
        ["a", { name: "Raadskamer bij de Balies", aliases: [] }],
        ["b", { name: "Hal", aliases: [] }],
      ]),
    );
    for (const text of ["kamer", "balie", "gang", "de", "het", "bij", "hals"]) expect(among(text).half).toEqual([]);
    expect(among("hal")).toMatchObject({ whole: ["b"] });
  });

  it.each(["", "balie", "stadhuis", "stadswerven", "hof", "toString", "__proto__", "👍"])("not %j", (text) => {
    expect(find(text)).toEqual({ whole: [], half: [], rest: text });
  });

  it("wherever it stands, and however it is written", () => {
    const around = fc.array(fc.constantFrom("balie", "kamer 3", "links", "!", "…"), { maxLength: 3 });
    const written = fc.constantFrom("gemeentehuis", "GEMEENTEHUIS", "Geméénteĥuis", "“Gemeentehuis”");
    fc.assert(
      fc.property(around, written, around, (before, name, after) => {
        const found = find([...before, name, ...after].join(" "));
        expect(found.whole).toEqual(["hall"]);
        for (const word of [...before, ...after].filter((each) => /\w/.test(each))) expect(found.rest).toContain(word);
      }),
    );
  });

  it("of many locations that all have words of it", () => {
    const all = Array.from(
      { length: 1_000 },
      (_, at) => [`l${at}`, { name: `Gebouw nummer ${at} aan de kade`, aliases: [] }] as const,
    );
    const findAmong = createLocationFinder(new Map(all));
    expect(findAmong("gebouw nummer ".repeat(30)).half).toHaveLength(1_000);
  });
});

describe("what somebody says to where they are", () => {
  const read = createLocationReader(named);
  it.each([
    ["stadswerf", "yard"],
    ["ik ben op het raadhuis", "hall"],
    ["ik ben op de stadswerf", "yard"],
    ["locatie stadswerf", "yard"],
    ["hulp balie stadswerf", "yard"],
    ["kelder Stadswerf Noord!", "north"],
    ["stadwerf", null],
    ["oost", null],
    ["ik ben niet op de stadswerf", null],
    ["stadswerf of gemeentehuis", null],
    ["stuur iemand van de stadswerf", null],
    ["in de kelder", null],
  ])("%j", (text, key) => {
    expect(read(text)).toBe(key);
  });
});

it("two names are one where people could not type them apart", () => {
  expect(toNameForm("Café 't Plein")).toBe(toNameForm("cafe T-plein"));
  expect(toNameForm("Stadswerf Noord")).not.toBe(toNameForm("Stadswerf"));
});
