import { describe, expect, it } from "vitest";
import { load, problemOf } from "./small.ts";

const pagers = "pagers:\n";
const nobody = { name: null, email: null, privacy: null };

describe("contact", () => {
  it("may be left out, whole or in part", () => {
    expect(load(pagers, pagers).contact).toEqual(nobody);
    expect(load(pagers, `contact: { name: Servicedesk }\n${pagers}`).contact).toEqual({
      ...nobody,
      name: "Servicedesk",
    });
  });

  it.each([
    ["email", "beheer", "a mail address"],
    ["privacy", "http://gemeente.example.nl", "the https address of a privacy statement"],
    ["privacy", "javascript:alert(1)", "the https address of a privacy statement"],
  ])("refuses %s: %s", (key, value, expected) => {
    const problem = problemOf(pagers, `contact: { ${key}: "${value}" }\n${pagers}`);
    expect(problem).toMatchObject({ path: `contact.${key}`, expected });
  });
});
