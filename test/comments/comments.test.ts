import { globSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { findBare, findLong, findLost } from "./findings.ts";

const folders = ["bot", "adapters", "test", "manifests"];
const pages = [...globSync(["*.md", ".github/**/*.md"]), ...folders.flatMap((folder) => globSync(`${folder}/**/*.md`))];
// What this file gives as examples is wrong on purpose, and the search names what it looks for.
const code = folders
  .flatMap((folder) => globSync(`${folder}/**/*.ts`))
  .filter((file) => !/^test\/comments\//.test(file));
const texts = [...pages, ...code].map((file) => ({ file, text: readFileSync(file, "utf8") }));
const words = "word ".repeat(25);
const link = `https://example.nl/${"x".repeat(120)}`;

describe("a line of more than 120 columns", () => {
  it("is nowhere in a comment or on a page where it could be wrapped", () => {
    const long = texts.flatMap(({ file, text }) =>
      findLong(text, file.endsWith(".md") ? "page" : "code").map((line) => `${file}:${line}`),
    );
    expect(long).toEqual([]);
  });

  it.each([`// ${words}`, `  /** ${words}*/`, ` * ${words}`, `const answer = "${words}"; // So.`])(
    "is found in code: %s",
    (line) => expect(findLong(`\n${line}`, "code")).toEqual([2]),
  );

  it.each([`// ${link}`, ` * ${link} and more`, `const sentence = "${words}";`, `// ${words.slice(0, 117)}`])(
    "is left in code: %s",
    (line) => expect(findLong(line, "code")).toEqual([]),
  );

  it.each([words, `- ${words}`, `   12. ${words}`])("is found on a page: %s", (line) => {
    expect(findLong(`\`\`\`\n${words}\n\`\`\`\n${line}`, "page")).toEqual([4]);
  });

  it.each([`| ${words} |`, `- ${link}`, `\`\`\`yaml\n${words}\n\`\`\``])("is left on a page: %s", (line) => {
    expect(findLong(line, "page")).toEqual([]);
  });
});

describe("what a text refers to", () => {
  it("is in the repository", () => {
    expect(texts.flatMap(({ file, text }) => findLost(text, pages).map((lost) => `${file}: ${lost}`))).toEqual([]);
  });

  it.each([
    ["see HOUSE.md", "HOUSE.md"],
    ["`../notes/plan.md` says why", "../notes/plan.md"],
    ["as DESIGN has it", "DESIGN"],
    ["as agreed in §3", "as agreed in §3"],
  ])("is missed: %s", (text, lost) => {
    expect(findLost(text, ["README.md", "adapters/README.md"])).toEqual([lost]);
  });

  it.each(["../README.md", "`adapters/README.md`", "RFC 6750 §2.1", "https://example.nl/spec.md#3", "A DESIGNER"])(
    "is known: %s",
    (text) => expect(findLost(text, ["README.md", "adapters/README.md"])).toEqual([]),
  );
});

describe("a comment that only names another", () => {
  it("is nowhere", () => {
    expect(texts.flatMap(({ file, text }) => findBare(text).map((bare) => `${file}: ${bare}`))).toEqual([]);
  });

  it.each(["/** See `Alarm`. */", "/**\n * See `Alarm`.\n */"])("is found: %s", (text) => {
    expect(findBare(text)).toEqual([text]);
  });

  it("is left when it says why", () => {
    expect(findBare("/** See `Alarm`: a press has no place. */")).toEqual([]);
  });
});
