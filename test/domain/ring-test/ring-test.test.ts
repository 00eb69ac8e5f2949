import { describe, expect, it } from "vitest";
import {
  type AskedState,
  formatRingTest,
  isUnderWay,
  keepAsked,
  noteAsked,
  parseRingTest,
  startRingTest,
} from "../../../bot/domain/ring-test/ring-test.ts";

const minute = 60_000;
const alice = { id: "alice", name: "Alice Jansen" };
const bob = { id: "bob", name: "Bob de Vries" };
const test = startRingTest(
  "a1",
  "Lea Leider",
  [
    { person: alice, route: "chat" },
    { person: alice, route: "phone" },
    { person: bob, route: "chat" },
  ],
  1_000,
);

describe("a ring test", () => {
  it("asks each route, and none has been heard yet", () => {
    expect(test.asked.map(({ state }) => state)).toEqual(["waiting", "waiting", "waiting"]);
  });

  it("is under way for ten minutes, and not when a clock that was ahead began it", () => {
    expect([0, 1_000, 10 * minute, 1_000 + 10 * minute].map((now) => isUnderWay(test, now))).toEqual([
      false,
      true,
      true,
      false,
    ]);
  });

  it("notes how far one route came, and what was heard stays heard", () => {
    const heard = noteAsked(test, "alice", "phone", "heard");
    expect(heard.asked.map(({ state }) => state)).toEqual(["waiting", "heard", "waiting"]);
    for (const state of ["waiting", "asked", "failed", "left-out", "heard"] satisfies AskedState[])
      expect(noteAsked(heard, "alice", "phone", state)).toBe(heard);
    expect(noteAsked(test, "bob", "phone", "heard")).toBe(test);
  });

  it("forgets who has left", () => {
    expect(keepAsked(test, (id) => id !== "alice").asked.map(({ person }) => person.id)).toEqual(["bob"]);
    expect(keepAsked(test, () => true)).toBe(test);
  });

  it("is read as it was written; anything else is none", () => {
    expect(parseRingTest(formatRingTest(test))).toEqual(test);
    for (const text of [null, "", "{", "{}", '{"id":"a1"}']) expect(parseRingTest(text)).toBeNull();
  });
});
