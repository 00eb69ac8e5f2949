import { describe, expect, it } from "vitest";
import { load, problemOf } from "./small.ts";

const organisation = "organisation: Gemeente Voorbeeld";

describe.each(["metricsToken", "doctorToken"] as const)("%s", (name) => {
  it("is a secret of at least 16 characters, and left out there is no such door", () => {
    expect(load()[name]).toBeNull();
    expect(load(organisation, `${organisation}\n${name}: 0123456789abcdef`)[name]).toBe("0123456789abcdef");
    const problem = problemOf(organisation, `${organisation}\n${name}: too-short-secret`.slice(0, -1));
    expect(problem).toMatchObject({ path: name, expected: "a secret of at least 16 characters" });
    expect(JSON.stringify(problem)).not.toContain("too-short");
  });
});
