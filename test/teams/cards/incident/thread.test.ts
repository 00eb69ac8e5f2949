import { describe, expect, it } from "vitest";
import type { EventKind, RecordedLine } from "../../../../bot/domain/incident/history.ts";
import { languages } from "../../../../bot/domain/language.ts";
import type { Person } from "../../../../bot/domain/person.ts";
import {
  isTold,
  toAskingReply,
  toDirectMessage,
  toNotice,
  toRingingReply,
  toRoundText,
} from "../../../../bot/teams/cards/incident/thread.ts";
import { toMentions, toMentionText, toMessageText } from "../../../../bot/teams/cards/message.ts";
import { mentionedOn, textsOf } from "../../../card-text.ts";
import { nl as words } from "../../../dutch.ts";
import { everyLine } from "../../../words/every-line.ts";
import { anna, bob, courses, follow, pressedAt, toContext } from "./incidents.ts";

const nl = toContext("nl");
const open = follow(courses.open).incident;

function ring(...people: Person[]) {
  const mentions = toMentions(people, words.thread.ask.colleague);
  const { text = "" } = toRingingReply(mentions, null, open, nl, pressedAt);
  return { text, mentions };
}

const told = (...lines: RecordedLine[]) => toRoundText(lines, nl).text;

function count(text: string, part: string): number {
  return text.split(part).length - 1;
}

describe("replies in the card's thread", () => {
  it("tells the course in order, with its times", () => {
    const { history } = follow([...courses.paged, [80_000, { kind: "claim", by: bob }]]);
    expect(told(...history.filter(isTold)).split("\n\n")).toEqual([
      "🛡️ We roepen externe beveiliging op via security-desk: er is niemand onderweg. (14:03:20)",
      "🛡️ Security-desk heeft het bericht. Er heeft nog niemand gereageerd. (14:03:21)",
      "Bob de Vries gaat. (14:03:40)",
    ]);
  });

  it("says of a page that nobody is on the way, or too few; of a line of an older version it is not known", () => {
    const queued = {
      kind: "page-queued",
      pager: "desk",
      key: "1-1-1",
      reason: "unclaimed",
      at: pressedAt,
      seq: 3,
    } as const;
    const why = (responding?: number) => told(responding === undefined ? queued : { ...queued, responding });
    expect(why(0)).toContain(words.thread.why["nobody-coming"]);
    expect(why(1)).toContain(words.thread.why.unclaimed);
    expect(why()).toContain(words.thread.why.unclaimed);
  });

  it("names nobody as late when whoever was coming has declined", () => {
    const late = { kind: "lapsed", people: [], at: pressedAt, seq: 3 } as const;
    expect(told(late)).toContain(words.thread.lapsedNobody);
    expect(toAskingReply(late, open, nl)).toBeNull();
  });

  it("does not repeat what the card itself says", () => {
    const silent: EventKind[] = ["opened", "card-posted", "rung"];
    for (const line of everyLine) {
      for (const language of languages) {
        expect(isTold(line), line.kind).toBe(!silent.includes(line.kind));
        expect(toRoundText([line], toContext(language)).text, line.kind).not.toMatch(/undefined|null|\[object|NaN/);
      }
    }
  });

  it("rings people with the place first, each mentioned exactly once", () => {
    const { text, mentions } = ring(anna, bob, anna);
    expect(text.startsWith(`🔔 **Spreekkamer 3** ${words.card.headline.open}`)).toBe(true);
    expect(mentions).toEqual([anna, bob]);
    for (const person of mentions) expect(count(text, toMentionText(person))).toBe(1);
  });

  it("rings a tag beside them, and names nobody whom it does not ring", () => {
    const mentioned = [
      { id: "29:1", name: "Anna Bakker" },
      { id: null, name: "Bob de Vries" },
    ];
    const { attachments } = toRingingReply(mentioned, { id: "tag-1", name: "BHV" }, open, nl, pressedAt);
    const card = attachments?.[0]?.content;
    const shown = textsOf(card).join("\n");
    expect(shown).toContain("<at>Anna Bakker</at>, <at>BHV</at>");
    expect(shown).toContain("Spreekkamer 3");
    expect(shown).not.toContain("Bob");
    expect(mentionedOn(card)).toEqual(["29:1", "tag-1"]);
    expect(JSON.stringify(card)).toContain('"mentioned":{"id":"tag-1","name":"BHV","type":"tag"}');
  });

  it("keeps two people of one name apart", () => {
    const [first, second, third] = ["1", "2", "3"].map((id) => ({ id, name: "A. Jansen" }));
    if (!first || !second || !third) throw new Error("three people");
    const { text, mentions } = ring(first, second, { id: "x", name: "A. Jansen (2)" }, third);
    expect(mentions.map(({ name }) => name)).toEqual([
      "A. Jansen",
      "A. Jansen (2)",
      "A. Jansen (2) (2)",
      "A. Jansen (3)",
    ]);
    for (const person of mentions) expect(count(text, toMentionText(person))).toBe(1);
  });

  it.each(["</at>**x**", "{{DATE(1)}}", "Jan & <at>Piet</at>", "\n# kop", "***", "x".repeat(10_000)])(
    "mentions %j safely",
    (name) => {
      const { text, mentions } = ring({ id: "1", name }, bob);
      expect(count(text, "<at>")).toBe(2);
      expect(count(text, "</at>")).toBe(2);
      for (const person of mentions) {
        expect(person.name).toMatch(/^[^<>&*\n]{1,60}$/u);
        expect(count(text, toMentionText(person))).toBe(1);
      }
    },
  );

  it("asks those who are late, and those who are there, by name", () => {
    const late = toAskingReply({ kind: "lapsed", people: [anna], at: pressedAt, seq: 9 }, open, nl);
    expect(late?.text).toContain("<at>Anna Bakker</at>: je bent niet op tijd aangekomen.");
    const check = toAskingReply({ kind: "check-asked", people: [bob], at: pressedAt, seq: 9 }, open, nl);
    expect(check?.text).toContain("<at>Bob de Vries</at>: gaat het goed?");
  });

  it("asks nothing of anyone once the incident is closed", () => {
    const late = { kind: "lapsed", people: [anna], at: pressedAt, seq: 9 } as const;
    expect(toAskingReply(late, follow(courses.closed).incident, nl)).toBeNull();
    expect(told(late)).toBe("⏰ Niet op tijd aangekomen: Anna Bakker. (14:02:20)");
  });

  it("escapes names that are not mentions", () => {
    const by = { id: "1", name: "**x** <at>Bob</at> [a](http://evil)" };
    expect(told({ kind: "claimed", by, at: pressedAt, seq: 3 })).not.toMatch(/[*<>[\]]|:\/\//u);
  });
});

describe("text from outside in a message", () => {
  it("is understood neither as Markdown nor as XML, and stays as it was where it is harmless", () => {
    expect(toMessageText("Kamer 3 (links), collega's - 1e", 80)).toBe("Kamer 3 (links), collega's - 1e");
    expect(toMessageText("<b>&*_`~[x]\\|#", 80)).toBe(
      "&#60;b&#62;&#38;&#42;&#95;&#96;&#126;&#91;x&#93;&#92;&#124;&#35;",
    );
    expect(toMessageText("http://evil www.evil.nl", 80)).toBe("http:\u200b//evil www\u200b.evil.nl");
    expect(toMessageText("a\r\n# b\u202e", 80)).toBe("a &#35; b");
  });

  it("is cut by characters, before it is escaped", () => {
    expect(toMessageText("🚨".repeat(100), 10)).toBe(`${"🚨".repeat(9)}…`);
    expect(toMessageText("<".repeat(100), 3)).toBe("&#60;&#60;…");
  });
});

describe("messages outside the thread", () => {
  it("1:1: place first, how it stands, what is asked and where", () => {
    expect(toDirectMessage(open, nl)).toEqual({
      summary: `Spreekkamer 3: ${words.card.headline.open}`,
      text: [
        "**Spreekkamer 3**",
        words.card.headline.open,
        "➡️ Begane grond, links van de balie",
        "Jij hebt dienst. Wie gaat erheen? Klik op **Ik ga**. Gaat er niemand? Om **14:03:20** roepen we externe beveiliging op. Antwoord op de kaart hieronder, of in het kanaal **frontdesk**.",
      ].join("\n\n"),
    });
  });

  it("another channel: the same, without saying who is on duty", () => {
    const { text, summary } = toNotice(open, toContext("en"));
    expect(text).toContain("Click on the card in the channel **frontdesk**.");
    expect(text).not.toContain("on duty");
    expect(summary.startsWith("Spreekkamer 3: ")).toBe(true);
  });

  it("asks nothing when it is over", () => {
    const { text } = toDirectMessage(follow(courses.closed).incident, nl);
    expect(text).toContain("⬛ Afgesloten – loos alarm");
    expect(text).not.toMatch(/klik/i);
  });

  it("escapes what comes from outside", () => {
    const place = "<at>Bob</at> **x**";
    const { text } = toDirectMessage({ ...open, place, directions: "# [a](http://evil)", channel: "*" }, nl);
    expect(text).not.toMatch(/<at>|\*\*x|\[a\]|:\/\//u);
  });
});
