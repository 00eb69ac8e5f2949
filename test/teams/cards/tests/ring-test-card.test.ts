import { describe, expect, it } from "vitest";
import { languages } from "../../../../bot/domain/language.ts";
import { noteAsked, startRingTest } from "../../../../bot/domain/ring-test/ring-test.ts";
import { toRingAskCard, toRingHeardCard, toRingTestCard } from "../../../../bot/teams/cards/tests/ring-test-card.ts";
import { ringTest } from "../../../../bot/words/colleague/ring-test.ts";
import { buttonsOf, complaintsOf, textOf } from "../read-card.ts";

const alice = { id: "alice", name: "Alice **Jansen**" };
const bob = { id: "bob", name: "Bob de Vries" };
const asked = [alice, bob].map((person) => ({ person, route: "chat" }) as const);
const test = noteAsked(startRingTest("a1", "Lea", asked, 0), "alice", "chat", "heard");
const crowd = Array.from({ length: 500 }, (_, index) => {
  return { person: { id: `p${index}`, name: `Persoon ${index} ${"x".repeat(80)}` }, route: "chat" } as const;
});

describe.each(languages)("a ring test in %s", (language) => {
  const words = ringTest[language];
  const context = { language };

  it("asks with one button, and says first that it is a test", () => {
    const { card } = toRingAskCard("a1", context);
    expect(complaintsOf(card)).toEqual([]);
    expect(textOf(card)).toMatch(/^🔔 TEST/);
    expect(buttonsOf(card)).toEqual([words.button.heard]);
    const heard = toRingHeardCard(context).card;
    expect(complaintsOf(heard)).toEqual([]);
    expect(buttonsOf(heard)).toEqual([]);
  });

  it("shows a lead who has answered, and those who have not first; others read numbers", () => {
    const named = textOf(toRingTestCard(test, true, context).card);
    expect(named).toContain(`Bob de Vries: ${words.route.chat}: ${words.state.waiting}`);
    expect(named.indexOf("Bob")).toBeLessThan(named.indexOf("Alice"));
    const counted = textOf(toRingTestCard(test, false, context).card);
    expect(counted).toContain(words.heardCount(1, 2));
    expect(counted).not.toMatch(/Alice|Bob/);
  });

  it("fits what Teams takes, however many are asked", () => {
    const { card } = toRingTestCard(startRingTest("a1", "Lea", crowd, 0), true, context);
    expect(complaintsOf(card)).toEqual([]);
    expect(textOf(card)).toContain(words.more(440));
    expect(Buffer.byteLength(JSON.stringify(card))).toBeLessThan(28_000);
  });
});
