import { expect, it } from "vitest";
import { toNames } from "../../bot/config/names.ts";
import { load, part } from "./small.ts";

const buttons = `buttons:
  - { source: buttons, id: "1", place: Buitendienst, fixed: false }
  - { source: buttons, id: "2", place: Balie }
  - { source: buttons, id: "3", place: Balie }
  - { source: buttons, id: "4" }
  - { source: buttons, id: "5", place: Kelder }
`;

it("a source has the places of its buttons, each once, where a button hangs first", () => {
  const names = toNames(load(part("buttons:\n", "policies:"), buttons));
  expect(names.places("buttons")).toEqual(["Balie", "Kelder", "Buitendienst"]);
  expect(names.places("another")).toEqual([]);
  expect(names.source("another")).toBe("another");
});
