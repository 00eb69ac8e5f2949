import { expect, it } from "vitest";
import type { CardContext } from "../../../../bot/teams/cards/context.ts";
import { toDirectMessageOfMany, toRingOfMany, toShownAlarm } from "../../../../bot/teams/cards/incident/together.ts";
import { nl } from "../../../dutch.ts";
import { buildIncident } from "../../../fixtures/incident.ts";
import { keys } from "../../../fixtures/names.ts";
import { buildPolicy } from "../../../fixtures/policy.ts";

const context: CardContext = {
  ...{ timezone: "Europe/Amsterdam", names: keys, history: [] },
  language: "nl",
  policy: buildPolicy(),
};
const alarmsAt = (...places: readonly string[]) =>
  places.map((place, at) => toShownAlarm({ incident: buildIncident({ id: `i-${at}`, place }), context }));
const many = (count: number) => alarmsAt(...Array.from({ length: count }, (_, at) => `Kamer ${at + 1}z`));

it("one message to a person names each place, and the channel once", () => {
  const { text, summary } = toDirectMessageOfMany(alarmsAt("Balie", "Kelder"), "nl");
  expect(text.split("\n\n")[0]).toBe(nl.together.onDuty(2));
  expect(text).toContain(`- **Balie**: ${nl.card.headline.open}\n- **Kelder**: ${nl.card.headline.open}`);
  expect(text.split("\n\n").at(-1)).toBe(nl.together.channel("frontdesk"));
  expect(summary).toBe("2 alarmen: Balie, Kelder");
});

it("of channels that differ each is named", () => {
  const [first, second] = alarmsAt("Balie", "Kelder");
  if (first === undefined || second === undefined) throw new Error("there are two");
  expect(toDirectMessageOfMany([first, { ...second, channel: "back-office" }], "nl").text).toContain(
    nl.together.channels("**frontdesk**, **back-office**"),
  );
});

it("more places than fit are counted, also on a banner", () => {
  const { text, summary } = toDirectMessageOfMany(many(52), "nl");
  expect(text).toContain("**Kamer 40z**");
  expect(text).not.toContain("Kamer 41z");
  expect(text).toContain(`- ${nl.terms.more(12)}`);
  expect(summary).toBe(`52 alarmen: Kamer 1z, Kamer 2z, Kamer 3z, ${nl.terms.more(49)}`);
});

it("one in the channel mentions everybody once", () => {
  const people = ["Alice", "Bob"].map((name) => ({ id: name, name }));
  const { text, entities = [] } = toRingOfMany(people, null, alarmsAt("Balie", "Kelder"), "nl");
  expect(entities.map(({ mentioned }) => mentioned)).toEqual(people);
  expect(text).toContain(nl.together.rung("<at>Alice</at>, <at>Bob</at>"));
  expect(text).toContain("**Balie**");
});

it("one in the channel that rings a tag is a card, which names every place", () => {
  const tag = { id: "tag-1", name: "BHV", mayRingPresser: true } as const;
  const { text, attachments = [] } = toRingOfMany([], tag, alarmsAt("Balie", "Kelder"), "nl");
  expect(text).toBeUndefined();
  const card = JSON.stringify(attachments[0]?.content);
  expect(card).toContain('"mentioned":{"id":"tag-1","name":"BHV","type":"tag"}');
  for (const place of ["Balie", "Kelder"]) expect(card).toContain(`"text":"${place}"`);
});

it("a place is shown as a text and nothing else", () => {
  expect(toDirectMessageOfMany(alarmsAt("<at>x</at>**", "Balie"), "nl").text).not.toContain("<at>");
});
