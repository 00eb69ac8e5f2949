import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { toSchema } from "./schema.ts";

const file = readFileSync("manifests/rugdekking.schema.json", "utf8");
const schema = z.fromJSONSchema(JSON.parse(file));
const example = readFileSync("manifests/rugdekking.example.yaml", "utf8");

/** Whether an editor would take the example with that change. */
function isTaken(from = "", to = ""): boolean {
  if (!example.includes(from)) throw new Error(`There is no ${from} in the example.`);
  return schema.safeParse(parse(example.replace(from, to))).success;
}

it("the schema for editors is what the configuration is read by: npm run schema writes it", () => {
  expect(file).toBe(toSchema());
});

it("takes the example, with the names of variables in the place of secrets", () => {
  expect(isTaken()).toBe(true);
});

it.each([
  ["organisation: Gemeente Voorbeeld", "organisaton: Gemeente Voorbeeld"],
  ["type: webhook, label", "type: webhok, label"],
  ["claimsNeeded: 2", "claimsNeeded: two"],
  ["locations: [town-hall]", "locations: []"],
  ["name: Gemeentehuis", "nam: Gemeentehuis"],
])("refuses what can't be: %s, with %s", (from, to) => {
  expect(isTaken(from, to)).toBe(false);
});
