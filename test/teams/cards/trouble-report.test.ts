import { describe, expect, it } from "vitest";
import type { Trouble } from "../../../bot/ports/status.ts";
import { toTroubleLabel, toTroubleReport } from "../../../bot/teams/cards/trouble-report.ts";
import { keys } from "../../fixtures/names.ts";

const now = Date.UTC(2026, 10, 24, 9, 0, 0);
const context = { language: "nl", names: keys, organisation: "Gemeente Voorbeeld" } as const;
const lost: Trouble = { kind: "teams-lost", channel: "frontdesk", reason: "removed", since: now - 120_000 };
const storage: Trouble = { kind: "storage-refuses", since: now - 60_000 };

describe("a report of troubles", () => {
  it("says that it is no alarm before all else, and the worst first, as plain text", () => {
    const { title, text } = toTroubleReport([lost, storage], ["1 bron doet het niet (panel)"], now, context);
    expect(title).toBe("Storing, geen alarm: 2 problemen met Rugdekking");
    expect(text.split("\n")).toEqual([
      "Dit is geen alarm. Niemand hoeft te komen. Rugdekking van Gemeente Voorbeeld meldt:",
      "- Opslag: slaat al 1 min niets op. Is er alarm? Bel dan zelf de beveiliging of 112.",
      "- Kanaal frontdesk: al 2 min kunnen we hier geen alarmen plaatsen. Rugdekking zit niet meer in het team. Voeg de app weer toe aan het team.",
      "Voorbij:",
      "- 1 bron doet het niet (panel)",
    ]);
  });

  it("says so in English too, and when all is over", () => {
    const { title, text } = toTroubleReport([], ["x"], now, { ...context, language: "en" });
    expect(title).toBe("Fault over, no alarm: Rugdekking");
    expect(text).toBe("This is no alarm. Nobody has to come. Rugdekking of Gemeente Voorbeeld reports:\nOver:\n- x");
  });

  it("is twenty lines at most, whatever the names hold", () => {
    const place = `<at>Alice</at> ${"y".repeat(300)}\nSubject: x`;
    const many = Array.from({ length: 500 }, (_, at): Trouble => {
      return { kind: "button-silent", source: "buttons", button: `b${at}`, place: `${at} ${place}`, lastAt: null };
    });
    const { text } = toTroubleReport(many, [], now, context);
    expect(text.split("\n")).toHaveLength(22);
    expect(text).toContain("- en nog 480");
    expect(text.length).toBeLessThan(4_000);
  });

  it("has a name for each that is over", () => {
    expect(toTroubleLabel(lost, context)).toBe("1 kanaal in Teams krijgt geen alarmen (frontdesk)");
    expect(toTroubleLabel(storage, context)).toBe("onze opslag neemt niets aan");
  });
});
