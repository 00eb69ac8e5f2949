import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Incident } from "../../../../bot/domain/incident/incident.ts";
import { formatKey } from "../../../../bot/domain/message-key.ts";
import type { Person } from "../../../../bot/domain/person.ts";
import { mentionedOn, textsOf, titlesOf } from "../../../card-text.ts";
import { nl } from "../../../dutch.ts";
import type { PostedCard } from "../../../fakes/teams.ts";
import { pressedAt } from "../../../fixtures/incident.ts";
import { alice, bob, type Started, start } from "../../start.ts";

const minute = 60_000;
const people: Person[] = [alice, bob].map(({ aadObjectId, name }) => ({ id: aadObjectId, name }));
const team: Person[] = Array.from({ length: 25 }, (_, at) => ({
  id: `bbbbbbbb-0000-4000-8000-0000000000${String(at).padStart(2, "0")}`,
  name: `Collega ${at}`,
}));

let bot: Started;
beforeEach(async () => {
  bot = await start();
});
afterEach(() => bot[Symbol.asyncDispose]());

/** What is on disk of people who were rung. */
function rung(who: readonly Person[], ring = 1): Pick<Incident, "deliveries"> {
  const delivery = { route: "message", state: "queued", failure: null, at: pressedAt } as const;
  const keyOf = ({ id: person }: Person) => formatKey({ kind: "message", incident: "i-1", ring, person });
  return { deliveries: who.map((person) => ({ ...delivery, person, key: keyOf(person) })) };
}

async function posted(who: readonly Person[] = people): Promise<Incident> {
  const incident = await bot.open(rung(who));
  await bot.teams.postCard("i-1", bot.signal);
  return incident;
}

const ring = (who: readonly Person[], number: number, beginsRound = false) =>
  bot.teams.ringChannel("i-1", { people: who, number, beginsRound }, bot.signal);
const later = (ms: number) => bot.clock.to(bot.clock.now() + ms);
const contentOf = (card: PostedCard | undefined, at = -1) => card?.shown.at(at)?.attachments?.[0]?.content;
const mentioned = () => bot.fake.cards.map((card) => mentionedOn(contentOf(card, 0)));
const repliedTo = () => bot.fake.replies.map(({ body }) => body.entities?.map((each) => each.mentioned.id));

describe("the first card", () => {
  it("mentions those who are rung itself, without a look-up, and its updates only name them", async () => {
    const incident = await posted();
    expect(bot.fake.calls.map(({ route }) => route)).toEqual(["card"]);
    expect(mentioned()).toEqual([people.map(({ id }) => id)]);
    expect(textsOf(contentOf(bot.fake.cards[0])).at(-1)).toContain("<at>Alice Jansen</at>, <at>Bob de Vries</at>");
    await bot.change(incident, { place: "Spreekkamer 4" });
    later(1_000);
    await bot.teams.syncCard("i-1", bot.signal);
    expect(bot.fake.cards[0]?.shown).toHaveLength(2);
    expect(contentOf(bot.fake.cards[0])).not.toHaveProperty("msteams");
    expect(textsOf(contentOf(bot.fake.cards[0])).at(-1)).toBe(`${nl.card.label.rung}: Alice Jansen, Bob de Vries`);
  });

  it("needs no update only because people are mentioned on it", async () => {
    await posted();
    later(1_000);
    expect(await bot.teams.syncCard("i-1", bot.signal)).toEqual({ kind: "done" });
    expect(bot.fake.cards[0]?.shown).toHaveLength(1);
  });

  it("mentions twenty, and one reply the rest", async () => {
    for (const { id, name } of team) bot.fake.roster.join({ name, aadObjectId: id, teamsId: `29:${id}` });
    await posted(team);
    expect(mentioned()[0]).toEqual(team.slice(0, 20).map(({ id }) => id));
    await ring(team.slice(20), 2);
    expect(repliedTo()).toEqual([team.slice(20).map(({ id }) => id)]);
  });

  it("stands even when Teams takes no mention on it", async () => {
    await bot.open(rung(people));
    bot.fake.fail("card", { kind: "status", status: 400, code: "BadArgument", times: 1 });
    await bot.teams.postCard("i-1", bot.signal);
    expect(mentioned()).toEqual([[]]);
    expect((await bot.store.read((reader) => reader.loadCard("i-1")))?.ring).toBe(0);
  });

  it("mentions those whom the bot met where Teams does not take the others", async () => {
    const [person = team[0] as Person] = people;
    await bot.store.write((tx) =>
      tx.saveMembers([{ person, teamsId: alice.teamsId, conversation: null, serviceUrl: bot.fake.serviceUrl }]),
    );
    await bot.open(rung(people));
    bot.fake.fail("card", { kind: "status", status: 400, code: "BadArgument", times: 1 });
    await bot.teams.postCard("i-1", bot.signal);
    expect(mentioned()).toEqual([[alice.teamsId]]);
  });
});

describe("a ring after it", () => {
  it("is a reply with mentions, and a new card where a round begins, at most once a minute", async () => {
    await posted();
    later(minute - 1);
    await ring(people, 2, true);
    expect(bot.fake.cards).toHaveLength(1);
    expect(repliedTo()).toEqual([people.map(({ id }) => id)]);
    later(1);
    await ring(people, 3);
    expect(bot.fake.cards).toHaveLength(1);
    await ring(people, 4, true);
    expect(bot.fake.cards).toHaveLength(2);
    expect(bot.fake.replies).toHaveLength(2);
  });

  it("does not happen twice: a newer card has rung them", async () => {
    const incident = await posted();
    await bot.change(incident, rung(people, 5));
    later(minute);
    await ring(people, 5, true);
    await ring(people, 5, true);
    await ring(people, 4);
    expect(bot.fake.cards).toHaveLength(2);
    expect(bot.fake.replies).toEqual([]);
  });

  it("leaves the old card without buttons, and with the way to the new one", async () => {
    const incident = await posted();
    await bot.change(incident, { ...rung(people, 5), round: { ...incident.round, number: 2 } });
    later(minute);
    await ring(people, 5, true);
    await bot.teams.syncCard("i-1", bot.signal);
    const [old, newest] = bot.fake.cards;
    expect(titlesOf(contentOf(old))).toEqual([]);
    expect(JSON.stringify(contentOf(old))).toContain(`/${newest?.id}?`);
    expect(titlesOf(contentOf(newest))).not.toEqual([]);
    const kept = await bot.store.read((reader) => reader.listMessages("i-1"));
    expect(kept.map(({ kind, activity }) => [kind, activity])).toEqual([
      ["old-card", old?.id],
      ["card", newest?.id],
    ]);
    await bot.teams.syncCard("i-1", bot.signal);
    expect(old?.shown).toHaveLength(2);
  });

  it("an old card that Teams does not let be changed is left after three tries", async () => {
    const incident = await posted();
    await bot.change(incident, rung(people, 5));
    later(minute);
    await ring(people, 5, true);
    bot.fake.remove(bot.fake.cards[0]?.id ?? "");
    const again = { kind: "again", at: bot.clock.now() + 1_000 };
    expect(await bot.teams.syncCard("i-1", bot.signal)).toEqual(again);
    expect(await bot.teams.syncCard("i-1", bot.signal)).toEqual(again);
    expect(await bot.teams.syncCard("i-1", bot.signal)).toEqual({ kind: "done" });
    expect(bot.lines.map(({ event }) => event)).toContain("old-card-left");
  });

  it("asks nothing of who is there by then, and of nobody once it is closed", async () => {
    const incident = await posted();
    const [person = team[0] as Person] = people;
    const there = { person, state: "there", since: pressedAt, arrivedAt: pressedAt, signAt: pressedAt } as const;
    const arrived = await bot.change(incident, { responders: [{ ...there, silentAt: null }] });
    await ring(people, 3);
    expect(repliedTo()).toEqual([[bob.aadObjectId]]);
    await bot.change(arrived, { closedAt: pressedAt, closedBy: "guard", outcome: "real", nextAt: null });
    await ring(people, 4);
    expect(bot.fake.replies).toHaveLength(1);
  });

  it("on a card that is gone is a new card, after three tries", async () => {
    const incident = await posted();
    await bot.change(incident, rung(people, 3));
    bot.fake.remove(bot.fake.cards[0]?.id ?? "");
    await expect(ring(people, 3)).rejects.toMatchObject({ reason: "refused" });
    await expect(ring(people, 3)).rejects.toMatchObject({ reason: "refused" });
    expect(await ring(people, 3)).toEqual({ kind: "done" });
    expect(mentioned()).toEqual([people.map(({ id }) => id)]);
  });

  it("without an id in Teams' answer happens once more at most, and the card of before stays", async () => {
    const incident = await posted();
    await bot.change(incident, rung(people, 5));
    later(minute);
    bot.fake.fail("card", { kind: "no-id" });
    await expect(ring(people, 5, true)).rejects.toMatchObject({ reason: "unreachable" });
    await expect(ring(people, 5, true)).rejects.toMatchObject({ reason: "unreachable" });
    expect(await ring(people, 5, true)).toEqual({ kind: "done" });
    expect(bot.fake.cards).toHaveLength(3);
    expect((await bot.store.read((reader) => reader.loadCard("i-1")))?.activity).toBe(bot.fake.cards[0]?.id);
  });
});

describe("a card that is lost again and again", () => {
  it("rings once a minute at most", async () => {
    let incident = await posted();
    for (let time = 1; time <= 3; time += 1) {
      incident = await bot.change(incident, { place: `Spreekkamer ${time + 3}` });
      bot.fake.remove(bot.fake.cards.at(-1)?.id ?? "");
      later(1_000);
      for (let tries = 0; tries < 2; tries += 1)
        await expect(bot.teams.syncCard("i-1", bot.signal)).rejects.toMatchObject({ reason: "unreachable" });
      expect(await bot.teams.syncCard("i-1", bot.signal)).toMatchObject({ kind: "again" });
      expect(mentioned()).toEqual([time === 1 ? people.map(({ id }) => id) : []]);
      expect(bot.fake.cards[0]?.body.channelData).toEqual(time === 1 ? { notification: { alert: true } } : undefined);
    }
  });
});
