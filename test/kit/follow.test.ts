import { expect, it } from "vitest";
import { follow } from "../../bot/kit/follow.ts";

function toHouse(people: readonly string[]) {
  return { people, has: (name: string) => people.includes(name) };
}

it("shows what stands in the object of now, to whoever holds it from before", () => {
  let now = toHouse(["Alice"]);
  const followed = follow(() => now);
  const { has } = followed;
  expect([followed.people, followed.has("Alice"), has("Bob")]).toEqual([["Alice"], true, false]);
  now = toHouse(["Bob"]);
  expect([followed.people, followed.has("Alice"), followed.has("Bob")]).toEqual([["Bob"], false, true]);
  expect(has("Bob")).toBe(true);
});

it("has the names of the first, also where it is listed", () => {
  const followed: Record<string, number> = follow(() => ({ desk: 1, phone: 2 }));
  expect(Object.entries(followed)).toEqual([
    ["desk", 1],
    ["phone", 2],
  ]);
  expect(Object.hasOwn(followed, "toString")).toBe(false);
});
