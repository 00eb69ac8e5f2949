import { globSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { z } from "zod";
import { kinds } from "../../bot/compose/kinds.ts";
import * as fileFormat from "../../bot/config/document/file-format.ts";
import { PolicyEntry } from "../../bot/config/document/policy-format.ts";
import { languages } from "../../bot/domain/language.ts";
import { toExpected } from "../../bot/words/settings/expects.ts";
import { problems } from "../../bot/words/settings/problems.ts";
import { errorOf, part, warningsOf } from "./small.ts";

const options = [...Object.values(kinds.sources), ...Object.values(kinds.pagers)].map(({ Options }) => Options);
const schemas: readonly unknown[] = [...Object.values(fileFormat), PolicyEntry, ...options];

/** What a schema says by itself of a value that it does not take, and all schemas inside it do. */
function messagesOf(schema: unknown, seen = new Set<unknown>()): string[] {
  if (!(schema instanceof z.ZodType) || seen.has(schema)) return [];
  seen.add(schema);
  const def: Readonly<Record<string, unknown>> = { ...schema.def };
  const checks = (schema.def.checks ?? []).map((check) => check._zod.def);
  const own = [def, ...checks].flatMap(({ error }) => {
    const said: unknown = typeof error === "function" ? error({ code: "custom", input: undefined }) : undefined;
    const message = typeof said === "object" && said !== null && "message" in said ? said.message : said;
    return typeof message === "string" ? [message] : [];
  });
  const inside = [
    ...["innerType", "in", "out", "element", "keyType", "valueType"].map((key) => def[key]),
    ...(Array.isArray(def.options) ? def.options : []),
    ...(typeof def.shape === "object" && def.shape !== null ? Object.values(def.shape) : []),
  ];
  return [...own, ...inside.flatMap((each) => messagesOf(each, seen))];
}

it("every sentence of a settings schema is there in both languages", () => {
  const messages = [...new Set(schemas.flatMap((schema) => messagesOf(schema)))];
  expect(messages.length).toBeGreaterThan(70);
  expect(messages.filter((message) => languages.some((each) => toExpected(message, each) === null))).toEqual([]);
});

it("no schema leaves it to the library what it expects, where the library would say more than a bound or a type", () => {
  const silent = schemas.flatMap((schema) => findSilent(schema));
  expect(silent).toEqual([]);
});

/** Forms that are checked without a sentence of ours. */
function findSilent(schema: unknown, seen = new Set<unknown>()): string[] {
  if (!(schema instanceof z.ZodType) || seen.has(schema)) return [];
  seen.add(schema);
  const def: Readonly<Record<string, unknown>> = { ...schema.def };
  const forms = [def, ...(schema.def.checks ?? []).map((check) => check._zod.def as object)].flatMap((each) =>
    "format" in each && each.format !== "safeint" && !("error" in each && each.error !== undefined)
      ? [String(each.format)]
      : [],
  );
  // What stands in a union is said by the union.
  const isSaid = def.type === "union" && def.error !== undefined;
  if (def.type === "union" && !isSaid && def.discriminator === undefined) forms.push("union");
  const inside = [
    ...["innerType", "in", "out", "element", "keyType", "valueType"].map((key) => def[key]),
    ...(Array.isArray(def.options) && !isSaid ? def.options : []),
    ...(typeof def.shape === "object" && def.shape !== null ? Object.values(def.shape) : []),
  ];
  return [...forms, ...inside.flatMap((each) => findSilent(each, seen))];
}

/** A text of three words and more, between quotes. */
const sentence = /(["'`])(?:(?!\1)[^\\\n]|\\.)*?[a-z]{2,} [a-z]{2,} [a-z]{2,}(?:(?!\1)[^\\\n]|\\.)*?\1/i;

it("no sentence about settings stands outside the words", () => {
  const files = globSync(["bot/config/{checks,document}/*.ts", "bot/config/load-configuration.ts"]);
  expect(files.length).toBeGreaterThan(18);
  const found = files.flatMap((path) =>
    readFileSync(path, "utf8")
      .split("\n")
      .filter((line) => !/^\s*(\/?\*|\/\/)/.test(line) && sentence.test(line))
      .map((line) => `${path}: ${line.trim()}`),
  );
  expect(found).toEqual([]);
});

it("a mistake and a warning are said in the language of the file, which is Dutch where it does not say", () => {
  const typo = ["page: guard-phone", "page: guard-phne"] as const;
  expect(errorOf(...typo).problems[0]?.wrong).toBe(problems.en.noSuch.pager);
  const dutch = part("page: guard-phone", "language: en").replace("guard-phone }", "guard-phne }");
  expect(errorOf(`${part("page: guard-phone", "language: en")}language: en\n`, dutch).problems[0]).toMatchObject({
    wrong: problems.nl.noSuch.pager,
    expected: "een van security-desk, guard-phone",
  });
  expect(warningsOf("holder: A. Jansen", "holder: D. Bakker").join()).toContain("its holder is not among the people");
  expect(warningsOf("language: en", "language: nl")).toEqual([]);
});
