import { globSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { languages } from "../../bot/domain/language.ts";
import { parseTypedCommand } from "../../bot/teams/wire/personal-command.ts";
import { parseTypedAnswer } from "../../bot/teams/wire/typed-answer.ts";
import { card } from "../../bot/words/colleague/card.ts";
import { personal } from "../../bot/words/colleague/personal.ts";
import { refusal } from "../../bot/words/colleague/refusal.ts";
import { thread } from "../../bot/words/colleague/thread.ts";
import { typedAnswer } from "../../bot/words/colleague/typed-answer.ts";
import { visit } from "../../bot/words/colleague/visit.ts";
import { areas } from "./areas.ts";
import { toSentences } from "./sentences.ts";

/** The same in both languages, and rightly so. */
const alike = new Set([
  "alarm-in-chat many.headline (1)",
  "channel status.open (1)",
  "channel status.seconds",
  "channel status.minutes",
  "check-up subject.node",
  "check-up subject.bot",
  "check-up subject.database",
  "check-up subject.publicUrl",
  "guard-message test.header",
  "guard-view alarm",
  "personal button.alarm",
  "problems answersReadable.expected",
  "problems localListens.expected",
  "push openTest",
  "readings oneOf (1)",
  "restore alarm",
  "restore typed.test",
  "spoken plus",
  "together alarms (1)",
]);

it("there is a table for each file of words, and no other", () => {
  const tables = globSync("sentences/*/*.yaml", { cwd: import.meta.dirname });
  expect(tables.map((path) => path.replace(/^sentences\/|\.yaml$/g, "")).sort()).toEqual(
    areas.map(({ area }) => area).sort(),
  );
});

describe.each(areas)("$area", ({ area, sentences }) => {
  // Stated once more, so that no sentence changes unseen: whoever edits one edits its table with it.
  it("says what its table says", () => {
    const table: unknown = parse(readFileSync(join(import.meta.dirname, `sentences/${area}.yaml`), "utf8"));
    expect(sentences.map(({ nl, en }) => ({ nl, en }))).toEqual(table);
  });

  it.each(sentences)("$path", ({ path, nl, en }) => {
    for (const each of [nl, en]) {
      expect(each.trim()).toBe(each);
      expect(each).not.toBe("");
      expect(each).not.toMatch(/undefined|\$\{|\*\*\*\*|NaN/);
      expect(each.split("**").length % 2, "bold begins and ends").toBe(1);
    }
    const digits = (text: string) => text.match(/\d+/g)?.sort();
    expect(digits(en), "every number and name").toEqual(digits(nl));
    if (!alike.has(`${basename(area)} ${path}`)) expect(en).not.toBe(nl);
  });
});

describe.each(languages)("what a sentence asks, in %s", (language) => {
  const boldOf = (words: unknown) =>
    toSentences(words, words)
      .flatMap(({ nl }) => [...nl.matchAll(/\*\*(.+?)\*\*/g)].map(([, inside]) => inside ?? ""))
      .filter((text) => !/^\d+$|112/.test(text));

  it("of who looks at a card is the title of a button", () => {
    const titles = Object.values(card[language].button);
    const clicks = boldOf([card[language].ask, thread[language].ask, thread[language].round]);
    expect(clicks.length).toBeGreaterThan(8);
    for (const click of clicks) expect(titles).toContain(click);
    expect(refusal[language]["not-there"]).toContain(card[language].button.arrive);
  });

  it("of a colleague is the title of a button, or something that the bot understands when it is typed", () => {
    const { button, ...words } = personal[language];
    const titles: string[] = [...Object.values(button), card[language].button["check-in"]];
    const asked = boldOf([words, visit[language], typedAnswer[language]]);
    expect(asked.length).toBeGreaterThan(20);
    for (const text of asked) {
      const kind = parseTypedCommand(text)?.kind ?? parseTypedAnswer(text);
      const isUnderstood =
        titles.includes(text) || text === "status" || (kind !== null && kind !== "visit-unclear" && kind !== "unclear");
      expect(isUnderstood, text).toBe(true);
    }
  });
});
