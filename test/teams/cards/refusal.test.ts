import { describe, expect, it } from "vitest";
import { languages } from "../../../bot/domain/language.ts";
import { toRefusal } from "../../../bot/teams/cards/incident/refusal.ts";

describe("a click that was not allowed", () => {
  it.each(languages)("is answered in words: %s", (language) => {
    for (const reason of ["presser", "not-there", "already-closed", "not-allowed"] as const) {
      expect(toRefusal(reason, language)).toMatch(/^[A-Z].+\.$/);
    }
  });

  it("needs no words when the fresh card says it all", () => {
    expect(toRefusal("claimed", "nl")).toBeNull();
    expect(toRefusal("already-so", "en")).toBeNull();
  });
});
