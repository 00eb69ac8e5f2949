import { describe, expect, it } from "vitest";
import { card } from "../../bot/words/colleague/card.ts";
import { refusal } from "../../bot/words/colleague/refusal.ts";
import { routeTest } from "../../bot/words/colleague/route-test.ts";
import { security } from "../../bot/words/colleague/security.ts";
import { thread } from "../../bot/words/colleague/thread.ts";
import { guardMessage } from "../../bot/words/guard/guard-message.ts";
import { guardView } from "../../bot/words/guard/guard-view.ts";
import { mail } from "../../bot/words/guard/mail.ts";
import { page } from "../../bot/words/guard/page.ts";
import { push } from "../../bot/words/guard/push.ts";
import { sms } from "../../bot/words/guard/sms.ts";
import { voice } from "../../bot/words/guard/voice.ts";
import { terms } from "../../bot/words/shared/terms.ts";
import { demo } from "../../bot/words/terminal/demo.ts";
import { desk } from "../../bot/words/terminal/desk.ts";
import { doctor } from "../../bot/words/terminal/doctor.ts";
import { ring } from "../../bot/words/terminal/ring.ts";

const areas = {
  card,
  demo,
  desk,
  doctor,
  guardMessage,
  guardView,
  mail,
  page,
  push,
  refusal,
  ring,
  routeTest,
  security,
  sms,
  terms,
  thread,
  voice,
};

/** The same in both languages, and rightly so. */
const alike = new Set(["guardMessage.test.header", "guardView.alarm", "push.openTest"]);

/** Every sentence by its path; functions are called with small numbers, which read well as names too. */
function sentencesOf(words: unknown, path: string): [string, string][] {
  if (typeof words === "string") return [[path, words]];
  if (typeof words === "function")
    return [[path, String(words(...Array.from({ length: words.length }, (_, at) => at + 2)))]];
  return Object.entries(words as object).flatMap(([key, value]) => sentencesOf(value, `${path}.${key}`));
}

describe.each(Object.entries(areas))("%s", (area, { nl, en }) => {
  const dutch = sentencesOf(nl, area);
  const english = new Map(sentencesOf(en, area));

  it("has the same keys in both languages", () => {
    expect(dutch.map(([path]) => path)).toEqual([...english.keys()]);
  });

  it.each(dutch)("%s", (path, sentence) => {
    const other = english.get(path) ?? "";
    for (const each of [sentence, other]) {
      expect(each.trim()).toBe(each);
      expect(each).not.toBe("");
      expect(each).not.toMatch(/undefined|\$\{|\*\*\*\*/);
      expect(each.split("**").length % 2, "bold begins and ends").toBe(1);
    }
    if (!alike.has(path)) expect(other).not.toBe(sentence);
  });

  it("shows every number and name that it is given, in both languages", () => {
    for (const [path, sentence] of dutch) {
      const digits = (text: string) => text.match(/\d+/g)?.sort();
      expect(digits(english.get(path) ?? ""), path).toEqual(digits(sentence));
    }
  });
});

describe.each(["nl", "en"] as const)("what a sentence asks to click, in %s", (language) => {
  it("is the title of a button", () => {
    const titles = Object.values(card[language].button);
    const asked = [...sentencesOf(card[language].ask, "ask"), ...sentencesOf(thread[language].ask, "thread")];
    const bold = asked.flatMap(([, text]) => [...text.matchAll(/\*\*(.+?)\*\*/g)].map(([, inside]) => inside ?? ""));
    const clicks = bold.filter((text) => !/^\d+$/.test(text) && !/112/.test(text));
    expect(clicks.length).toBeGreaterThan(8);
    for (const click of clicks) expect(titles).toContain(click);
    expect(refusal[language]["not-there"]).toContain(card[language].button.arrive);
  });
});
