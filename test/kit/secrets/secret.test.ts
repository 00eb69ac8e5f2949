import { describe, expect, it } from "vitest";
import { findValue, isSameProof, isSameSecret, matchSecret, newestOf } from "../../../bot/kit/secrets/secret.ts";

describe("isSameSecret", () => {
  it("knows the secret, of whatever length, and nothing else", () => {
    expect(isSameSecret("een-lang-geheim", "een-lang-geheim")).toBe(true);
    for (const wrong of ["", "een-lang-geheim ", "een-lang-gehein", "een-lang"]) {
      expect(isSameSecret(wrong, "een-lang-geheim")).toBe(false);
    }
  });
});

describe("a secret of two values", () => {
  const both = ["nieuw-geheim", "oud-geheim"];

  it("is known by each of them, says by which, and sends the newest", () => {
    expect(both.map((value) => matchSecret(value, both))).toEqual(["first", "second"]);
    expect(matchSecret("ander-geheim", both)).toBeNull();
    expect(newestOf(both)).toBe("nieuw-geheim");
  });

  it("is one value where there is one alone", () => {
    expect(matchSecret("oud-geheim", "oud-geheim")).toBe("first");
    expect(matchSecret("nieuw-geheim", ["oud-geheim"])).toBeNull();
    expect(newestOf("oud-geheim")).toBe("oud-geheim");
  });

  it("is compared with both, whichever fits, so that the time shows nothing", () => {
    for (const right of both) {
      const tested: string[] = [];
      findValue(both, (value) => tested.push(value) > 0 && value === right);
      expect(tested).toEqual(both);
    }
  });
});

describe("isSameProof", () => {
  it("knows the same bytes, and refuses others and shorter ones without throwing", () => {
    const proof = Buffer.from("00ff10", "hex");
    expect(isSameProof(Buffer.from("00ff10", "hex"), proof)).toBe(true);
    expect(isSameProof(Buffer.from("00ff11", "hex"), proof)).toBe(false);
    expect(isSameProof(Buffer.from("00ff", "hex"), proof)).toBe(false);
    expect(isSameProof(Buffer.alloc(0), proof)).toBe(false);
  });
});
