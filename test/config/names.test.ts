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

it("tellPresser of who wears no button, where no alarm can be typed, is worth a line", () => {
  const bob = "00000000-0000-0000-0000-00000000000B, onDuty: never";
  expect(load(bob, `${bob}, tellPresser: true`).warnings).toContainEqual(
    expect.stringMatching(/^people\[1\]: tellPresser/),
  );
  const alice = '"+31600000001", lead: true';
  expect(load(alice, `${alice}, tellPresser: true`).warnings).toEqual(load(alice, alice).warnings);
});
