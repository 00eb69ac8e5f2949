import { describe, expect, it } from "vitest";
import { languages } from "../../../../bot/domain/language.ts";
import type { Person } from "../../../../bot/domain/person.ts";
import { type AlarmInChat, toChatCard } from "../../../../bot/teams/cards/chat/chat-card.ts";
import { alarmInChat } from "../../../../bot/words/chat/alarm-in-chat.ts";
import { card } from "../../../../bot/words/colleague/card.ts";
import { textsOf, titlesOf } from "../../../card-text.ts";
import { keys } from "../../../fixtures/names.ts";
import { anna, bob, type CourseName, courses, follow, press, toContext } from "../incident/incidents.ts";

const paul: Person = { id: "jansen", name: "A. Jansen" };
const nobody: Person = { id: "zoe", name: "Zoë" };
const names = Object.keys(courses) as CourseName[];
const link = `https://teams.microsoft.com/l/message/19%3Aalarms%40thread.tacv2/1795476602001?tenantId=${"1".repeat(36)}&groupId=${"2".repeat(36)}&parentMessageId=1795476602001&createdTime=1795476602001`;
/** What Teams takes, with room for what the connector adds. */
const maxBytes = 24_000;

function inChat(course: CourseName, language: (typeof languages)[number], parts: Partial<AlarmInChat> = {}) {
  const { incident } = follow(courses[course]);
  return { incident, context: toContext(language), link, isFollowed: false, ...parts };
}

/** Of the sentences that ask something: what they say to click. */
function clicksOn(text: string, titles: readonly string[]): readonly string[] {
  return titles.filter((title) =>
    new RegExp(`(?:[Kk]lik op|[Cc]lick|of|or) ${title.replace("'", ".")}(?![\\w ]*\\))`).test(text),
  );
}

describe.each(languages)("the card in a chat, in %s", (language) => {
  const titles = Object.values(card[language].button);

  it.each(names)("%s: whatever it asks to click stands on it, for everybody", (course) => {
    for (const person of [anna, bob, paul, nobody]) {
      const { card: content } = toChatCard([inChat(course, language)], person, toContext(language));
      const asked = clicksOn(textsOf(content).join("\n"), titles);
      for (const title of asked) expect(titlesOf(content), `${person.name}: ${title}`).toContain(title);
      // Buttons without a question leave people guessing.
      expect(asked.length > 0, person.name).toBe(!course.startsWith("closed"));
      if (courses[course].length > 0 && !course.startsWith("closed"))
        expect(titlesOf(content).length).toBeGreaterThan(0);
      else expect(titlesOf(content)).toEqual([]);
    }
  });

  it.each(names)("%s: who pressed may ask for help, and nothing else", (course) => {
    const { card: content } = toChatCard([inChat(course, language)], paul, toContext(language));
    expect(titlesOf(content)).toEqual(course.startsWith("closed") ? [] : [card[language].button.help]);
  });

  it.each(names)("%s: no thumb that comes down twice tells more than once was meant", (course) => {
    if (course.startsWith("closed")) return;
    const first = (person: Person) =>
      titlesOf(toChatCard([inChat(course, language)], person, toContext(language)).card)[0];
    const { responders } = follow(courses[course]).incident;
    for (const person of [anna, bob, nobody]) {
      const state = responders.find((each) => each.person.id === person.id)?.state ?? "none";
      if (state !== "there") expect(first(person)).toBe(card[language].button.claim);
    }
  });

  it("says that nobody goes alone wherever somebody is asked to go and two are needed, on a shared card of each", () => {
    const changed = { claimsNeeded: 2 };
    const { ask, button } = card[language];
    const [claim = "", verb] = [button.claim, language === "nl" ? "Klik op" : "Click"];
    for (const course of names) {
      const { incident } = follow(courses[course], { changed });
      const of = (parts: Partial<AlarmInChat>) => inChat(course, language, { incident, ...parts });
      const alarm = of({ context: toContext(language, changed) });
      for (const person of [anna, bob, paul, nobody]) {
        const alone = textsOf(toChatCard([alarm], person, toContext(language)).card);
        if (alone.join("\n").includes(`${verb} ${claim}`)) expect(alone, course).toContain(ask.neverAlone);
        const shared = toChatCard([alarm, of({})], person, toContext(language)).card;
        const mayGo = titlesOf(shared).filter((title) => title.startsWith(claim)).length === 2;
        const told = textsOf(shared).filter((text) => text === ask.neverAlone);
        expect(told, `${course}, ${person.name}`).toHaveLength(mayGo ? 1 : 0);
      }
    }
  });

  it("asks who is there whether all is well, and not once more whether they are there", () => {
    const texts = textsOf(toChatCard([inChat("asked", language)], anna, toContext(language)).card).join("\n");
    expect(texts).toContain(alarmInChat[language].ask.check("14:15:10").replaceAll("**", ""));
    expect(texts).not.toContain(card[language].ask.check("14:15:10").replaceAll("**", ""));
  });

  it("takes no more than Teams does: the longest place, twenty people, six of forty alarms", () => {
    const people = Array.from({ length: 20 }, (_, at) => ({
      id: `${at}`,
      name: `Willem-Alexander van der Voorbeeld-${at}`,
    }));
    const place = "Spreekkamer Burgemeester van Heemstra-Oosterhout, derde verdieping, achterzijd";
    const sizes = names.map((course) => {
      const { incident } = follow(
        courses[course].concat(
          people.map((by, at) => [9_000 + at, { kind: at % 2 === 0 ? "claim" : "decline", by }] as never),
        ),
        { opening: { ...press, place, directions: "x".repeat(200) } },
      );
      const alarm = { incident, context: toContext(language), link, isFollowed: false };
      const [own = 0, shared = 0] = [[alarm], Array(40).fill(alarm)].map((alarms) => {
        return Buffer.byteLength(JSON.stringify(toChatCard(alarms, bob, toContext(language))));
      });
      return { course, own, shared };
    });
    for (const { own, shared } of sizes) for (const bytes of [own, shared]) expect(bytes).toBeLessThan(maxBytes);
  });

  it("names on each button of a shared card a place that no other has, however long its location and title are", () => {
    const context = {
      ...toContext(language),
      names: { ...keys, hasLocations: true, location: () => "Gemeentehuis Oost" },
    };
    const alarms = ["Spreekkamer 3", "Spreekkamer 4", "Spreekkamer Van Heemstra 3", "Balie"].map((place) => {
      const { incident } = follow(courses.open, { opening: { ...press, place, location: "east", incident: place } });
      return { incident, context, link: null, isFollowed: false };
    });
    const titles = titlesOf(toChatCard(alarms, anna, context).card);
    expect(new Set(titles).size).toBe(3 * alarms.length);
    expect(titles).toContain(`${card[language].button.claim}: Spreekkamer 3`);
  });

  it("names several alarms in the order in which they came", () => {
    const alarms = [3, 1, 2].map((number) => {
      const { incident } = follow(courses.open, { opening: { ...press, place: `Kamer ${number}` } });
      return { incident: { ...incident, number }, context: toContext(language), link: null, isFollowed: false };
    });
    expect(toChatCard(alarms, anna, toContext(language)).summary).toMatch(/: Kamer 1, Kamer 2, Kamer 3$/);
  });

  it("of an alarm that a newer card follows has no button, and leads down", () => {
    const { card: content, summary } = toChatCard(
      [inChat("coming", language, { isFollowed: true })],
      anna,
      toContext(language),
    );
    expect(titlesOf(content)).toEqual([]);
    expect(textsOf(content).join("\n")).toContain(alarmInChat[language].followed.ask);
    expect(summary).toContain(press.place);
  });
});
