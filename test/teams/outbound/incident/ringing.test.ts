import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Incident } from "../../../../bot/domain/incident/incident.ts";
import { formatKey } from "../../../../bot/domain/message-key.ts";
import type { Person } from "../../../../bot/domain/person.ts";
import { mentionedOn, textsOf, titlesOf } from "../../../card-text.ts";
import { nl } from "../../../dutch.ts";
import type { PostedCard } from "../../../fakes/teams.ts";
import { toActivity } from "../../../fakes/teams-activity.ts";
import { pressedAt } from "../../../fixtures/incident.ts";
import { buildPolicy, toSteps } from "../../../fixtures/policy.ts";
import { alarms, alice, bob, type Started, start } from "../../start.ts";

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
  bot.teams.ringChannel("i-1", { people: who, number, beginsRound, ringsTag: false }, bot.signal);
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
    await ring(team.slice(20), 1);
    expect(repliedTo()).toEqual([team.slice(20).map(({ id }) => id)]);
  });

  it("stands even when Teams takes no mention on it", async () => {
    await bot.open(rung(people));
    bot.fake.fail("card", { kind: "status", status: 400, code: "BadArgument", times: 1 });
    await bot.teams.postCard("i-1", bot.signal);
    expect(mentioned()).toEqual([[]]);
    expect(await bot.store.read((reader) => reader.loadCard("i-1"))).toMatchObject({ ring: 1, rung: [] });
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
    expect(await bot.store.read((reader) => reader.loadCard("i-1"))).toMatchObject({ ring: 1, rung: [person.id] });
    await ring(people, 1);
    expect(repliedTo()).toEqual([[bob.aadObjectId]]);
  });
});

describe("a tag that was mentioned too often", () => {
  it("is left out at once, and nobody with it", async () => {
    await using other = await start({ fakeTeams: { lenient: true } });
    const [person = team[0] as Person] = people;
    const tag = { id: "tag-1", name: "BHV" };
    const steps = [{ kind: "tell", afterMs: 0, channel: "frontdesk", tag }, ...toSteps("desk").slice(1)] as const;
    await other.store.write((tx) =>
      tx.saveMembers([{ person, teamsId: alice.teamsId, conversation: null, serviceUrl: other.fake.serviceUrl }]),
    );
    await other.open(rung(people), [], buildPolicy({ steps: [...steps] }));
    other.fake.fail("card", { kind: "status", status: 429, times: 1 });
    await other.teams.postCard("i-1", other.signal);
    expect(other.fake.calls.map(({ route }) => route)).toEqual(["card", "card"]);
    expect(other.fake.cards.map((card) => mentionedOn(contentOf(card, 0)))).toEqual([[alice.teamsId, bob.aadObjectId]]);
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

  it("mentions in a reply those whom the bot met, and then the others alone", async () => {
    const [person = team[0] as Person] = people;
    await posted();
    await bot.store.write((tx) =>
      tx.saveMembers([{ person, teamsId: alice.teamsId, conversation: null, serviceUrl: bot.fake.serviceUrl }]),
    );
    bot.fake.fail("reply", { kind: "status", status: 400, code: "BadArgument", times: 1 });
    expect(await ring(people, 2)).toMatchObject({ kind: "again" });
    expect(await ring(people, 2)).toEqual({ kind: "done" });
    expect(await ring(people, 2)).toEqual({ kind: "done" });
    expect(repliedTo()).toEqual([[alice.teamsId], [bob.aadObjectId]]);
  });

  it("is one new card when two rounds begin at the same moment", async () => {
    const incident = await posted();
    await bot.change(incident, rung(people, 6));
    later(minute);
    const outcomes = await Promise.all([ring(people, 5, true), ring(people, 6, true)]);
    expect(outcomes.map(({ kind }) => kind)).toEqual(["done", "again"]);
    for (const number of [5, 6]) expect(await ring(people, number, true)).toEqual({ kind: "done" });
    expect(bot.fake.cards).toHaveLength(2);
    expect(bot.fake.replies).toEqual([]);
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
    // Teams names the group of the team now and then, and the way needs it.
    const { tenantId, team: ofChannel } = bot.fake;
    const channelData = { tenant: { id: tenantId }, team: ofChannel, channel: { id: alarms } };
    await bot.fake.send(toActivity(bot.fake, alice, alarms, { type: "conversationUpdate", channelData }));
    const incident = await posted();
    await bot.change(incident, { ...rung(people, 5), round: { ...incident.round, number: 2 } });
    later(minute);
    await ring(people, 5, true);
    await bot.teams.syncCard("i-1", bot.signal);
    const [old, newest] = bot.fake.cards;
    expect(titlesOf(contentOf(old))).toEqual([]);
    expect(JSON.stringify(contentOf(old))).toMatch(
      new RegExp(`/${newest?.id}[?].*groupId=${bot.fake.team.aadGroupId}`),
    );
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

  it("an old card whose channel does not answer any more keeps no reply from the new one", async () => {
    const incident = await posted();
    const elsewhere = { incident: "i-1", conversation: "19:other@thread.tacv2", serviceUrl: bot.fake.serviceUrl };
    await bot.store.write((tx) => tx.saveMessage({ ...elsewhere, activity: "7", kind: "card", at: pressedAt }));
    await bot.change(incident, {}, [{ kind: "cancelled", at: pressedAt }]);
    bot.fake.fail("update", { kind: "status", status: 500, where: elsewhere.conversation });
    later(1_000);
    await expect(bot.teams.syncCard("i-1", bot.signal)).rejects.toMatchObject({ reason: "unreachable" });
    expect(bot.fake.replies.map(({ body }) => body.text)).toEqual([expect.stringContaining(nl.thread.cancelled)]);
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
