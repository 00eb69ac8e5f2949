import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { maxTwimlLength, toCallTwiml } from "../../../../adapters/protocols/twilio/call-text.ts";
import { toTwiml } from "../../../../adapters/protocols/twilio/twiml.ts";
import { languages } from "../../../../bot/domain/language.ts";
import { safeFor } from "../../../../bot/kit/safe-text.ts";
import { page as words } from "../../../../bot/words/guard/page.ts";
import { toSpokenAddress } from "../../../../bot/words/guard/spoken.ts";
import { callKinds, voice } from "../../../../bot/words/guard/voice.ts";
import { page } from "../../../contracts/pager-contract.ts";
import { readTwiml, toActions, toSaid } from "../../../fakes/twiml-reader.ts";
import { ats, buildPageAt } from "../../../fixtures/sites.ts";

const action = "https://alarm.example.nl/pagers/phone?key=i-1-1-1&as=guard&attempt=1#rc=3&rp=5xx,ct,rt";
/** Also what no XML may hold: control characters, half surrogates, U+FFFF. */
const anyText = fc.oneof(
  fc.string({ unit: "binary", maxLength: 400 }),
  fc.string({
    unit: fc.constantFrom("&", "<", ">", '"', "'", "]]>", "\u0000", "\ud800", "\uffff", "😀"),
    maxLength: 400,
  }),
);

describe("TwiML", () => {
  it("keeps any text and address as it is, but for what is no character of XML", () => {
    fc.assert(
      fc.property(anyText, fc.constantFrom(...languages), (text, language) => {
        const read = readTwiml(
          toTwiml(
            [
              { kind: "say", text },
              { kind: "ask", text, action: text },
            ],
            language,
          ),
        );
        // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
        const cleaned = text.toWellFormed().replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff\ufffd]/g, " ");
        const same = (given: string) => given.replaceAll("\ufffd", " ");
        expect(toSaid(read).map(same)).toEqual([cleaned, cleaned]);
        expect(toActions(read).map(same)).toEqual([cleaned]);
      }),
    );
  });

  it("names the language and a voice that speaks it", () => {
    const [dutch, english] = [toTwiml([{ kind: "say", text: "5" }], "nl"), toTwiml([{ kind: "say", text: "5" }], "en")];
    expect(readTwiml(dutch).children[0]?.attributes).toEqual({ language: "nl-NL", voice: "Polly.Lotte" });
    expect(readTwiml(english).children[0]?.attributes).toEqual({ language: "en-GB", voice: "Polly.Amy" });
  });
});

describe("a whole call", () => {
  it("fits, is well formed and asks for the keys at least twice, whatever place, directions and caller hold", () => {
    fc.assert(
      fc.property(
        fc.record({ place: anyText, directions: anyText, caller: anyText.map((text) => text.slice(0, 60)) }),
        fc.constantFrom(...languages),
        fc.constantFrom(...callKinds),
        ({ place, directions, caller }, language, kind) => {
          const incident = { ...page.incident, place, directions, verification: "second-person" as const };
          const call = { kind, caller, language, action: kind === "call-off" ? null : action };
          const twiml = toCallTwiml({ ...page, incident }, call);
          expect(Buffer.byteLength(twiml)).toBeLessThanOrEqual(maxTwimlLength);
          const read = readTwiml(twiml);
          if (kind === "call-off") {
            expect(toActions(read)).toEqual([]);
            return;
          }
          expect(toActions(read).length).toBeGreaterThanOrEqual(2);
          expect(new Set(toActions(read))).toEqual(new Set([action]));
          const { keys } = voice[language].form[kind];
          expect(toSaid(read).filter((said) => said.includes(keys)).length).toBeGreaterThanOrEqual(2);
        },
      ),
      { numRuns: 300 },
    );
  });

  it.each(ats)(
    "says address and number slowly, the address and the place whatever else does not fit, %s",
    (_name, at) => {
      for (const language of languages) {
        const sent = buildPageAt(at, language, "i-1-1-1");
        const twiml = toCallTwiml(sent, { kind: "guard", caller: "'".repeat(60), language, action });
        expect(Buffer.byteLength(twiml)).toBeLessThanOrEqual(maxTwimlLength);
        const said = toSaid(readTwiml(twiml));
        const address = toSpokenAddress(at.site.address ?? "", language);
        expect(said.filter((each) => each.includes(address))).toHaveLength(said.length - 1);
        expect(twiml).toContain(`<prosody rate="slow">${safeFor.speech(address)}.</prosody>`);
        expect(said.filter((each) => each.includes(at.place ?? ""))).toHaveLength(said.length - 1);
        expect(toActions(readTwiml(twiml)).length).toBeGreaterThanOrEqual(1);
      }
    },
  );

  it("says that nobody can be called back, where a number may not be told", () => {
    for (const language of languages) {
      for (const [, at] of ats) {
        const site = { ...at.site, callBack: { kind: "impossible" } as const };
        const call = { kind: "guard", caller: "Rugdekking", language, action } as const;
        const twiml = toCallTwiml(buildPageAt({ ...at, site }, language, "i-1-1-1"), call);
        expect(toSaid(readTwiml(twiml)).join(" ")).toContain(words[language].noCallBack);
      }
    }
  });

  it("tells a colleague where it is, and of nobody to call back", () => {
    const [, at] = ats[0] ?? [];
    if (at === undefined) throw new Error("there is no place");
    const sent = buildPageAt({ ...at, site: { ...at.site, callBack: null } }, "nl", "i-1-1-1");
    const call = { kind: "colleague", caller: "Rugdekking", language: "nl", action } as const;
    const said = toSaid(readTwiml(toCallTwiml(sent, call))).join(" ");
    expect(said).toContain("De plaats is: Gemeentehuis, Spreekkamer 3. Ik herhaal: Gemeentehuis, Spreekkamer 3.");
    expect(said).toContain("Het adres is: Raadhuisplein 12 A, postcode: 1, 2, 3, 4, A, B, Voorbeeld.");
    expect(said).not.toContain("terugbellen");
  });

  it("says all of it three times where it fits", () => {
    const said = toSaid(readTwiml(toCallTwiml(page, { kind: "guard", caller: "Rugdekking", language: "nl", action })));
    expect(said).toHaveLength(4);
    expect(said.filter((each) => each.includes("Zo komt u er: Begane grond, links van de balie."))).toHaveLength(3);
  });

  it("speaks without keys when an address leaves no room for them", () => {
    const long = `https://alarm.example.nl/${"x".repeat(4000)}`;
    const twiml = toCallTwiml(page, { kind: "guard", caller: "Rugdekking", language: "nl", action: long });
    expect(Buffer.byteLength(twiml)).toBeLessThanOrEqual(maxTwimlLength);
    expect(toActions(readTwiml(twiml))).toEqual([]);
    expect(toSaid(readTwiml(twiml)).join()).toContain("Spreekkamer 3");
  });
});

describe("what is spoken", () => {
  /** Every sentence that a word list holds, however deep; what a function makes is asked with short arguments. */
  function toSentences(words: unknown): string[] {
    if (typeof words === "string") return words.split(/(?<=[.?!:]) /);
    if (typeof words === "function") return toSentences(words("X", "Y"));
    return Object.values(words as object).flatMap(toSentences);
  }

  it.each(languages)("is short sentences that end, in plain words (%s)", (language) => {
    for (const sentence of toSentences(voice[language])) {
      expect(sentence.split(" ").length, sentence).toBeLessThanOrEqual(11);
      expect(sentence, sentence).toMatch(/[.:]$/);
      expect(sentence, sentence).not.toMatch(/[()/;*_"]|\b(worden|teneinde|indien|reeds|gelieve|betreffende)\b/);
    }
  });
});
