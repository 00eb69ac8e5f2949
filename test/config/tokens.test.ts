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

  it("may be two while it is changed, the new one first, which differ", () => {
    const withTwo = (...values: string[]) =>
      [organisation, `${organisation}\n${name}: [${values.join(", ")}]`] as const;
    const [newer, older] = ["0123456789abcdef", "fedcba9876543210"];
    expect(load(...withTwo(newer, older))[name]).toEqual([newer, older]);
    expect(load(...withTwo(newer))[name]).toEqual([newer]);
    expect(problemOf(...withTwo(newer, newer)).expected).toBe("two secrets that differ");
    const rule = "a secret, or a list of the new one and the one before it";
    expect(problemOf(...withTwo()).expected).toBe(rule);
    expect(problemOf(...withTwo(newer, older, "00112233445566778")).expected).toBe(rule);
    expect(problemOf(...withTwo(newer, "too-short")).expected).toBe("a secret of at least 16 characters");
  });
});
