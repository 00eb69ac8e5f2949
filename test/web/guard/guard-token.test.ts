import { describe, expect, it } from "vitest";
import { fromGuardToken, toGuardKeys, toGuardToken } from "../../../bot/web/guard/guard-token.ts";

const key = Buffer.alloc(32, 1);
const other = Buffer.alloc(32, 2);
const token = toGuardToken("i-1-1-1", key);

describe("the token in a guard's link", () => {
  it("brings back the page's key, and is the same whenever it is made", () => {
    expect(fromGuardToken(token, [key])).toEqual({ pageKey: "i-1-1-1", value: "first" });
    expect(toGuardToken("i-1-1-1", key)).toBe(token);
    expect(token).toMatch(/^[\w.-]+$/);
  });

  it("stays valid while the server's key is being replaced, and no longer", () => {
    expect(fromGuardToken(token, [other, key])).toEqual({ pageKey: "i-1-1-1", value: "second" });
    expect(fromGuardToken(token, [other])).toBe(null);
    expect(fromGuardToken(token, [])).toBe(null);
  });

  it("is refused when any character was changed, left out or added", () => {
    for (let at = 0; at < token.length; at++) {
      const changed = token[at] === "A" ? "B" : "A";
      expect(fromGuardToken(token.slice(0, at) + token.slice(at + 1), [key])).toBe(null);
      expect(fromGuardToken(token.slice(0, at) + changed + token.slice(at + 1), [key])).toBe(null);
    }
    for (const wrong of [
      "",
      ".",
      "x",
      `${token}A`,
      `i-1-1-2${token.slice(7)}`,
      `.${token}`,
      "i-1-1-1.",
      "é.ü",
      `${token}=`,
      `${token} `,
    ]) {
      expect(fromGuardToken(wrong, [key])).toBe(null);
    }
  });

  it("holds 256 bits of proof", () => {
    expect(Buffer.from(token.split(".")[1] ?? "", "base64url").length * 8).toBe(256);
  });

  it("may end in any character: no two texts open the same page", () => {
    const last = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    const opening = [...last].filter((character) => fromGuardToken(token.slice(0, -1) + character, [key]) !== null);
    expect(opening).toEqual([token.at(-1)]);
  });
});

describe("the keys of the links", () => {
  const old = "x".repeat(32);
  const fresh = "é".repeat(32);

  it("are the store's own while none is configured, behind one that is, and gone behind two", () => {
    expect(toGuardKeys([], key)).toEqual([key]);
    expect(toGuardKeys([old], key)).toEqual([Buffer.from(old), key]);
    expect(toGuardKeys([fresh, old], key)).toEqual([Buffer.from(fresh), Buffer.from(old)]);
    const spare = Buffer.alloc(32, 9);
    expect(toGuardKeys([], key, spare)).toEqual([key, spare]);
    expect(toGuardKeys([old], key, spare)).toEqual([Buffer.from(old), key, spare]);
  });
});
