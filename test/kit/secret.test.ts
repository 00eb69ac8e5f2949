import { describe, expect, it } from "vitest";
import { isSameProof, isSameSecret } from "../../bot/kit/secret.ts";

describe("isSameSecret", () => {
  it("knows the secret, of whatever length, and nothing else", () => {
    expect(isSameSecret("een-lang-geheim", "een-lang-geheim")).toBe(true);
    for (const wrong of ["", "een-lang-geheim ", "een-lang-gehein", "een-lang"]) {
      expect(isSameSecret(wrong, "een-lang-geheim")).toBe(false);
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
