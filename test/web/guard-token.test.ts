import { describe, expect, it } from "vitest";
import { fromGuardToken, toGuardToken } from "../../bot/web/guard-token.ts";

const key = Buffer.alloc(32, 1);
const other = Buffer.alloc(32, 2);
const token = toGuardToken("i-1-1-1", key);

describe("the token in a guard's link", () => {
  it("brings back the page's key, and is the same whenever it is made", () => {
    expect(fromGuardToken(token, [key])).toBe("i-1-1-1");
    expect(toGuardToken("i-1-1-1", key)).toBe(token);
    expect(token).toMatch(/^[\w.-]+$/);
  });

  it("stays valid while the server's key is being replaced, and no longer", () => {
    expect(fromGuardToken(token, [other, key])).toBe("i-1-1-1");
    expect(fromGuardToken(token, [other])).toBe(null);
    expect(fromGuardToken(token, [])).toBe(null);
  });

  it("is refused when any character was changed, left out or added", () => {
    for (let at = 0; at < token.length; at++) {
      const changed = token[at] === "A" ? "B" : "A";
      expect(fromGuardToken(token.slice(0, at) + token.slice(at + 1), [key])).toBe(null);
      // The last character of 32 bytes in base64url holds two bits that mean nothing.
      if (at < token.length - 1)
        expect(fromGuardToken(token.slice(0, at) + changed + token.slice(at + 1), [key])).toBe(null);
    }
    for (const wrong of ["", ".", "x", `${token}A`, `i-1-1-2${token.slice(7)}`, `.${token}`, "i-1-1-1.", "é.ü"]) {
      expect(fromGuardToken(wrong, [key])).toBe(null);
    }
  });
});
