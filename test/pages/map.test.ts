import { existsSync, globSync, readdirSync, readFileSync, statSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { codesIn, rowsUnder, tablesIn } from "./markdown.ts";

const page = readFileSync("bot/README.md", "utf8");
const maxHops = 12;
const walks = ["A press, to its card", "A click, to its answer", "A page, to a guard's answer"];

/** Whether a file declares that at its top, or as a member of what stands there: no parameter and nothing local. */
function isDeclared(name: string, text: string): boolean {
  const top = String.raw`^export (?:(?:async )?function|class|interface|type|const) ${name}\b`;
  const local = String.raw`^(?:async )?function ${name}\b`;
  const member = String.raw`^ {2,4}(?:readonly |async )*#?${name}\??[(:<]`;
  const inner = String.raw`^ {4}(?:async )?function ${name}\b`;
  return new RegExp([top, local, member, inner].join("|"), "m").test(text);
}

describe("the rooms on the map", () => {
  const [rooms = []] = tablesIn(page);
  const named = rooms.flatMap(([room = ""]) => codesIn(room)).map((name) => name.replace(/\/$/, ""));

  it("are all there are", () => {
    const code = readdirSync("bot").filter((name) => statSync(`bot/${name}`).isDirectory() || name.endsWith(".ts"));
    expect(named.toSorted()).toEqual(code.toSorted());
  });

  it("have in them what the map says", () => {
    for (const [room = "", what = ""] of rooms) {
      const [folder = ""] = codesIn(room);
      for (const inside of codesIn(what).filter((code) => code.endsWith("/"))) {
        expect(
          [`bot/${folder}${inside}`, `bot/${inside}`].some((path) => existsSync(path)),
          inside,
        ).toBe(true);
      }
    }
  });
});

describe.each(walks)("the walk: %s", (walk) => {
  const rows = rowsUnder(page, walk);

  it(`has at most ${maxHops} hops, counted from 1`, () => {
    expect(rows.length).toBeLessThanOrEqual(maxHops);
    expect(rows.map(([hop]) => Number(hop))).toEqual(rows.map((_row, index) => index + 1));
  });

  it.each(rows)("hop %s leads to %s, where it is", (_hop, file = "", what = "") => {
    const [path = ""] = codesIn(file);
    const text = readFileSync(path, "utf8");
    const names = codesIn(what).filter((code) => /^\w+$/.test(code));
    expect(names).not.toEqual([]);
    expect(isDeclared(names[0] ?? "", text), names[0]).toBe(true);
    // What else a hop names stands there too, or is used there.
    for (const name of names) expect(text).toMatch(new RegExp(String.raw`\b${name}\b|#${name}\b`));
    for (const other of codesIn(what).filter((code) => code.includes("/"))) expect(existsSync(other)).toBe(true);
  });

  it("calls a port what is one", () => {
    for (const [, file = "", what = ""] of rows) {
      expect(what.startsWith("port "), file).toBe(/^`bot\/(?:ports\/|contracts)/.test(file));
    }
  });
});

describe("the glossary", () => {
  const rows = rowsUnder(page, "Words");
  const sentences = globSync("bot/words/**/*.ts").map((file) => readFileSync(file, "utf8"));
  const code = globSync(["bot/**/*.ts", "adapters/**/*.ts"])
    .map((file) => readFileSync(file, "utf8"))
    .join("\n");

  it.each(rows)("%s: what people read as %s stands in a sentence", (word = "", dutch = "") => {
    for (const each of word.split(", ")) expect(code.toLowerCase()).toContain(each.split(" ").at(-1));
    for (const each of dutch === "" ? [] : dutch.split(/, | of /)) {
      const word = new RegExp(String.raw`(?<!\p{L})${each}(?!\p{L})`, "iu");
      expect(sentences.filter((text) => word.test(text)).length, each).toBeGreaterThan(0);
      expect(each).toMatch(/^\p{L}{4,}|\s/u);
    }
  });
});
