import { expect, it } from "vitest";
import { toNamed } from "../../bot/config/named.ts";

it.each(["constructor", "__proto__", "toString", "hasOwnProperty"])("%s is there only where it was put", (name) => {
  expect(toNamed([["desk", 1]])[name]).toBeUndefined();
  expect(
    toNamed([
      ["desk", 1],
      [name, 2],
    ])[name],
  ).toBe(2);
  expect(
    Object.keys(
      toNamed([
        ["desk", 1],
        [name, 2],
      ]),
    ),
  ).toEqual(["desk", name]);
});
