import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { areas } from "./areas.ts";

const root = join(import.meta.dirname, "../..");

/** Words that another one is for, and what comes from another language. */
const forbidden = /bewaker|\been mens\b|\bwie er is\b|geannuleerd|\bgesloten\b|\bopen sta(?:an|at)\b/i;

const sentences = areas.flatMap(({ area, sentences: all }) =>
  all.map(({ path, nl, en }) => ({ at: `${area} ${path}`, nl, en })),
);

/** What stands outside the words and is read by who installs, runs or finds the bot. */
const pages = globSync(
  [
    "README.md",
    "publiccode.yml",
    ".github/**/*.{md,yml}",
    "adapters/**/*.md",
    "bot/**/*.md",
    "manifests/**/*.{json,yaml,yml}",
  ],
  { cwd: root },
);

describe("Dutch", () => {
  it("has one word for a thing in every sentence", () => {
    expect(sentences.length).toBeGreaterThan(500);
    expect(sentences.filter(({ nl }) => forbidden.test(nl))).toEqual([]);
    // Typed, it is understood; said, the word is `plaats`.
    expect(sentences.filter(({ nl }) => /\bplek/i.test(nl))).toEqual([]);
  });

  it.each(pages)("has one word for a thing in %s", (path) => {
    const lines = readFileSync(join(root, path), "utf8").split("\n");
    expect(lines.filter((line) => forbidden.test(line))).toEqual([]);
  });

  it("says where to click with the word for it, in either language", () => {
    expect(sentences.filter(({ nl, en }) => /klik \*\*/i.test(nl + en))).toEqual([]);
  });
});
