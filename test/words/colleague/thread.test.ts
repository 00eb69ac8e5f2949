import { describe, expect, it } from "vitest";
import { toHistoryLine } from "../../../bot/words/colleague/sentence.ts";
import { keys } from "../../fixtures/names.ts";
import { everyLine } from "../every-line.ts";

const amsterdam = "Europe/Amsterdam";

describe("a line of the history", () => {
  it.each(everyLine.map((line) => [line.kind, line] as const))(
    "%s has its own sentence in both languages",
    (_, line) => {
      const dutch = toHistoryLine(line, "nl", amsterdam, keys);
      const english = toHistoryLine(line, "en", amsterdam, keys);
      for (const sentence of [dutch, english]) {
        expect(sentence).toMatch(/^14:02:20 \S.*[.!]$/u);
        expect(sentence).not.toMatch(/undefined|null|\[object|\*\*|<at>/);
      }
      expect(dutch).not.toBe(english);
    },
  );

  it("has a different sentence for every kind", () => {
    expect(new Set(everyLine.map((line) => toHistoryLine(line, "nl", amsterdam, keys))).size).toBe(everyLine.length);
  });

  it("says who, what and why", () => {
    const sentences = everyLine.map((line) => toHistoryLine(line, "nl", amsterdam, keys));
    expect(sentences).toContain(
      "14:02:20 Alarm van knop 0042 (buttons). Volgens de knop is er 3 minuten eerder gedrukt.",
    );
    expect(sentences).toContain("14:02:20 Gewaarschuwd: Anna Bakker, Bob de Vries.");
    expect(sentences).toContain("14:02:20 Iemand ter plaatse zegt: het is echt. Gemeld door Anna Bakker.");
    expect(sentences).toContain("14:02:20 Oproepen via security-desk lukt niet: onbereikbaar.");
    expect(sentences).toContain("14:02:20 Afgesloten door Anna Bakker: het was echt.");
  });

  it("calls a source and a pager by what people call them, with a capital where that begins a sentence", () => {
    const names = { ...keys, source: () => "de buitenknoppen", pager: () => "de meldkamer" };
    const sentences = everyLine.map((line) => toHistoryLine(line, "nl", amsterdam, names).slice(9));
    expect(sentences.filter((text) => /buttons|security-desk|^de /.test(text))).toEqual([]);
    expect(sentences).toContain("De meldkamer heeft het bericht. Er heeft nog niemand gereageerd.");
    expect(sentences[0]).toContain("Alarm van knop 0042 (de buitenknoppen).");
  });

  it("shows the clock of the place, on both sides of the change of the clocks", () => {
    const line = (at: number) => toHistoryLine({ kind: "cancelled", at, seq: 1 }, "nl", amsterdam, keys).slice(0, 8);
    expect(line(Date.UTC(2026, 9, 25, 0, 59, 59))).toBe("02:59:59");
    expect(line(Date.UTC(2026, 9, 25, 1, 0, 0))).toBe("02:00:00");
    expect(line(Date.UTC(2027, 2, 28, 1, 0, 0))).toBe("03:00:00");
  });

  it("stays one short line of plain text whatever a name holds", () => {
    const by = { id: "1", name: `a\n\u202e${"x".repeat(10_000)}` };
    const sentence = toHistoryLine({ kind: "claimed", by, at: 0, seq: 1 }, "nl", amsterdam, keys);
    expect(sentence).toMatch(/^01:00:00 a x{37}… gaat\.$/);
  });

  it("names a button without the marks of bold, which a terminal does not know", () => {
    const line = { kind: "round-started", round: 2, reason: "press", at: 0, seq: 1 } as const;
    expect(toHistoryLine(line, "nl", amsterdam, keys)).toContain("Klik dan opnieuw op Ik ga (ronde 2).");
  });

  it("asks the guard when nobody of ours is there", () => {
    const line = { kind: "check-asked", people: [], at: 0, seq: 1 } as const;
    expect(toHistoryLine(line, "nl", amsterdam, keys)).toContain("de beveiliger");
  });
});
