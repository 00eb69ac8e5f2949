import { expect, it } from "vitest";
import { InFlight } from "../../../../bot/kit/in-flight.ts";
import { UnstoredCards } from "../../../../bot/teams/outbound/unstored/unstored-cards.ts";
import { FakeClock } from "../../../fakes/clock.ts";

it("forgets one card and none of another channel, because an id is one of its conversation alone", async () => {
  const cards = new UnstoredCards(new FakeClock(0), new InFlight());
  const shared = { serviceUrl: "https://teams", activity: "1795476602001", postedAt: 0, rung: [], isTagRung: false };
  const [one, other] = ["first", "second"].map((incident) => ({ ...shared, incident, conversation: incident }));
  for (const card of [one, other])
    if (card !== undefined) cards.note(card.incident, Promise.resolve(card), Promise.resolve(card));
  await new Promise((resolve) => setImmediate(resolve));
  if (one !== undefined) cards.forget(one);
  expect(cards.list()).toEqual([other]);
});
