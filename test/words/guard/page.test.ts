import { describe, expect, it } from "vitest";
import type { Incident, PageReason } from "../../../bot/domain/incident/incident.ts";
import { countResponding } from "../../../bot/domain/incident/presence.ts";
import { mayBeOver } from "../../../bot/domain/incident/time/return.ts";
import { languages } from "../../../bot/domain/language.ts";
import { page, toPageWords } from "../../../bot/words/guard/page.ts";
import { toCopyWords } from "../../../bot/words/shared/copy.ts";
import { terms } from "../../../bot/words/shared/terms.ts";
import { courses, follow } from "../../teams/cards/incident/incidents.ts";

const open = follow(courses.open).incident;
const position = { lat: 52.52, lon: 5.71, accuracyM: 12 };

const names = { places: () => ["Balie", "Kelder"] };

function copyOf(incident: Incident) {
  return toCopyWords(mayBeOver(incident), "Europe/Amsterdam", "nl");
}

function say(incident: Incident, reason: PageReason | "update" | "call-off" | "test" = "unclaimed") {
  return toPageWords(
    incident,
    reason,
    countResponding(incident),
    "nl",
    "Europe/Amsterdam",
    names,
    null,
    copyOf(incident),
  );
}

describe("what the guard reads", () => {
  it("where, how to get there, why, who is coming, how sure", () => {
    expect(say(open)).toEqual({
      title: "ALARM: Spreekkamer 3",
      text: [
        "Alarm 17. De plaats is: Spreekkamer 3.",
        "Zo komt u er: Begane grond, links van de balie.",
        "Er is niemand onderweg.",
        "Nog niemand heeft bevestigd dat het echt is.",
        "Er is alarm geslagen om 14:02:20.",
        "Laat weten of u komt.",
      ].join("\n"),
    });
  });

  it("that it may be a repetition", () => {
    expect(say(open).text).not.toContain("herhaling");
    expect(say({ ...open, mayBeRepeat: true }).text).toContain("Dit kan een herhaling zijn");
  });

  it("counts who is on the way or there, but not who fell silent", () => {
    expect(say(follow(courses.coming).incident).text).toContain("Er zijn 2 collega's onderweg of al ter plaatse.");
    expect(say(follow(courses.there).incident).text).toContain("Er is 1 collega onderweg of al ter plaatse.");
    expect(say(follow(courses.silent).incident, "check").text).toContain("Er is nog geen collega onderweg.");
  });

  it("does not say that nobody is on the way when that could not be read any more", () => {
    const { text } = say({ ...open, restoredAt: open.openedAt });
    expect(text).toContain(page.nl.restored);
    for (const unknown of [page.nl.responding(0), terms.nl.verification.none]) expect(text).not.toContain(unknown);
    expect(say({ ...follow(courses.coming).incident, restoredAt: open.openedAt }).text).toContain(
      page.nl.responding(2),
    );
  });

  it("says that it may be over, and no more, where it goes on from a copy and nobody has answered since", () => {
    const copiedAt = open.openedAt + 60_000;
    const returned = { at: copiedAt + 3_600_000, copiedAt };
    const { text, copy } = say({ ...open, returned }, "repeat");
    expect(copy).toBe("uit een reservekopie van 14:03, kan al afgehandeld zijn");
    expect(text).toContain("Let op: uit een reservekopie van 14:03, kan al afgehandeld zijn.");
    for (const unknown of [page.nl.why.repeat, page.nl.responding(0), terms.nl.verification.none])
      expect(text).not.toContain(unknown);
    expect(say({ ...open, returned }, "help").text).toContain(page.nl.why.help);
    const answered = say({ ...follow(courses.coming).incident, returned }, "repeat");
    expect(answered.copy).toBeUndefined();
    expect(answered.text).toContain(page.nl.why.repeat);
    const later = say({ ...open, returned: { ...returned, at: copiedAt + 24 * 3_600_000 } });
    expect(later.copy).toMatch(/^uit een reservekopie van \d\d-\d\d-\d{4} 14:03, /);
  });

  it("names nobody, whatever happened (rule 17)", () => {
    for (const course of Object.values(courses)) {
      const { incident } = follow(course);
      for (const language of languages) {
        for (const reason of ["help", "update", "call-off"] as const) {
          const { title, text } = toPageWords(
            incident,
            reason,
            countResponding(incident),
            language,
            "Europe/Amsterdam",
            names,
            null,
            null,
          );
          expect(`${title} ${text}`).not.toMatch(/Anna|Bakker|Bob|Vries|Jansen/);
        }
      }
    }
  });

  it("gives every reason its own sentence", () => {
    const { "nobody-coming": _, ...why } = page.nl.why;
    const reasons = Object.keys(why) as (keyof typeof why)[];
    const { incident } = follow(courses.coming);
    expect(new Set(reasons.map((reason) => say(incident, reason).text)).size).toBe(reasons.length);
    for (const reason of reasons) expect(say(incident, reason).text).toContain(why[reason]);
  });

  it("says that nobody is on the way, once, and not that they are too few", () => {
    const { text } = say(open);
    expect(text.match(/onderweg/g)).toHaveLength(1);
    expect(text).toContain(page.nl.why["nobody-coming"]);
    expect(say(follow(courses.coming.slice(0, 2)).incident).text).toContain(page.nl.why.unclaimed);
  });

  it("says verification, cancellation and repeated presses", () => {
    const { text } = say({ ...open, verification: "second-person", cancelledAt: open.openedAt, presses: 3 });
    expect(text).toContain("Twee personen hebben elk op hun eigen knop gedrukt.");
    expect(text).toContain("Het alarm is ingetrokken met de knop. Ga toch kijken.");
    expect(text).toContain("Er is al 3 keer alarm geslagen.");
  });

  it("shows a position while the incident is open only", () => {
    expect(say({ ...open, position }).text).toContain("Ongeveer hier: 52.52000, 5.71000.");
    expect(say({ ...follow(courses.closed).incident, position }, "update").text).not.toContain("52.52");
  });

  it("asks for no answer to an update", () => {
    expect(say(open, "update").title).toBe("Nieuws over het alarm: Spreekkamer 3");
    expect(say(open, "update").text).not.toContain("Laat weten");
  });

  it("calls off in one sentence", () => {
    expect(say(follow(courses.closed).incident, "call-off")).toEqual({
      title: "Niet meer nodig: Spreekkamer 3",
      text: "Alarm 17 is afgesloten: loos alarm. U hoeft niet meer te komen.",
    });
  });

  it("says of a message that nothing can read where its buttons hang, unless it names a place", () => {
    const sentence = "Ga kijken bij deze knoppen: Balie, Kelder.";
    const unreadable = say({ ...open, place: null, unreadable: true });
    expect(unreadable.text).toContain(sentence);
    expect(unreadable.where).toBe(sentence);
    for (const known of [say({ ...open, unreadable: true }), say({ ...open, place: null })]) {
      expect(known.text).not.toContain("knoppen:");
      expect(known).not.toHaveProperty("where");
    }
  });

  it("says that the place is unknown, or the message unreadable", () => {
    expect(say({ ...open, place: null })).toMatchObject({ title: "ALARM: Plaats onbekend" });
    expect(say({ ...open, place: null }).text).toContain("De plaats is onbekend.");
    expect(say({ ...open, place: null, unreadable: true }).text).toContain("niet lezen");
  });

  it("can be spoken: no symbols, no markup, no long text", () => {
    const { title, text } = say({ ...open, place: `a\n${"b".repeat(10_000)}`, directions: "c".repeat(10_000) });
    expect(`${title} ${text}`).not.toMatch(/\*\*|[<>]|\p{Extended_Pictographic}/u);
    expect(text.length).toBeLessThan(700);
  });
});
