import fc from "fast-check";
import { expect, it } from "vitest";
import { isWeakSecret } from "../../../bot/kit/secrets/weak-secret.ts";

it.each([
  "wachtwoord",
  "Welkom2026!",
  "WELKOM2026!!",
  "geheimgeheimgeheim",
  "Gemeentehuis-Voorbeeld",
  "ziekenhuisdirecteur",
  "een mooi woord 12",
  "jeugdgezondheidszorg",
  "Brandweerkazerne2026",
  "thisismypassword",
  "zwembad-kluisje",
  "qzjxkvbnw",
  "тайныйключдвери",
  "aaaaaaaaaaaaaaaa",
  "1234567890123456",
  "0123456789abcdef0123456789abcdef",
  "zyxwvutsrqponmlk",
  "qwertyuiop123456",
  "abcabcabcabcabcabc",
  "change-me-2026-2027",
  "whsec_secretsecretsecret",
  "rugdekking-test-secret",
  "",
])("%s can be guessed", (secret) => {
  expect(isWeakSecret(secret)).toBe(true);
});

it.each([
  "een-lang-geheim-voor-knoppen",
  "vier gele fietsen in de regen",
  "k7Qv2Rm9Xd4Tz8Lw",
  "xkqjzvbnwprtmlsdfghc",
  "тайна7ключ9дверь4",
])("%s can't", (secret) => {
  expect(isWeakSecret(secret)).toBe(false);
});

it("no secret of sixteen bytes by chance can be guessed, however it is written", () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 16, maxLength: 32 }).filter(isSpread), (bytes) => {
      const secret = Buffer.from(bytes);
      for (const form of ["hex", "base64", "base64url"] as const)
        expect(isWeakSecret(secret.toString(form))).toBe(false);
    }),
  );
});

/** What fast-check makes small on purpose is not made by chance. */
function isSpread(bytes: Uint8Array): boolean {
  return new Set(bytes).size > 12;
}

it("nor can twenty letters of one case by chance, but for a few that look like words", () => {
  let seed = 1;
  const next = () => {
    seed = (seed * 48_271) % 2_147_483_647;
    return String.fromCharCode(97 + (seed % 26));
  };
  const secrets = Array.from({ length: 1_000 }, () => Array.from({ length: 20 }, next).join(""));
  expect(secrets.filter((secret) => isWeakSecret(secret)).length).toBeLessThan(20);
  expect(secrets.filter((secret) => isWeakSecret(secret.toUpperCase())).length).toBeLessThan(20);
});

it("a code of eight digits can be guessed only where it is what anybody tries first", () => {
  expect(isWeakSecret("4821-7730", 3)).toBe(false);
  expect(isWeakSecret("1234-5678", 3)).toBe(true);
  expect(isWeakSecret("0000-0000", 3)).toBe(true);
});
