import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import type { CommandResult } from "../../../../bot/ports/click.ts";
import { nl } from "../../../dutch.ts";
import { toActivity } from "../../../fakes/teams-activity.ts";
import { buildIncident } from "../../../fixtures/incident.ts";
import { buildPolicy } from "../../../fixtures/policy.ts";
import { alarms, alice, bob, type Started, start } from "../../start.ts";

let bot: Started;
beforeEach(async () => {
  bot = await start();
});
afterEach(() => bot[Symbol.asyncDispose]());

const person = { id: alice.aadObjectId, name: alice.name };
/** Where the card stands: without the thread in which Teams sends the click. */
const inChannel = { conversation: alarms, isChat: false, channels: ["frontdesk"] };
const CardAnswer = z.object({ value: z.object({ body: z.array(z.unknown()) }) });
const toBlocks = (answer: unknown) => CardAnswer.parse(answer).value.body;
const sentence = { statusCode: 200, type: "application/vnd.microsoft.activity.message" };
const cardAnswer = { statusCode: 200, type: "application/vnd.microsoft.card.adaptive" };

describe("a click", () => {
  it("reaches the engine with verb, incident and person, and brings the fresh card", async () => {
    const answer = await bot.fake.click(alice, { incident: "i-1", verb: "claim", card: "1795476602001" });
    expect(bot.clicks).toEqual([{ incident: "i-1", verb: "claim", by: person, outcome: null, from: inChannel }]);
    expect(answer).toMatchObject({ status: 200, body: { ...cardAnswer, value: { type: "AdaptiveCard" } } });
    expect(JSON.stringify(answer.body)).toContain("Spreekkamer 3");
  });

  it("carries the outcome when it closes", async () => {
    await bot.fake.click(alice, { incident: "i-1", verb: "resolve", outcome: "false" });
    expect(bot.clicks).toEqual([{ incident: "i-1", verb: "resolve", by: person, outcome: "false", from: inChannel }]);
  });

  it("knows the same person by one id however Teams spells it", async () => {
    await bot.fake.click(
      { ...alice, aadObjectId: alice.aadObjectId.toUpperCase() },
      { incident: "i-1", verb: "claim" },
    );
    expect(bot.clicks[0]?.by).toEqual(person);
  });

  it("says from where it came: a chat with the bot alone, or a conversation that is no channel of ours", async () => {
    const chat = bot.fake.chatOf(alice);
    const data = { incident: "i-1" };
    await bot.fake.invoke(alice, chat, "claim", data);
    await bot.fake.invoke(alice, "19:other@thread.tacv2;messageid=1", "claim", data);
    expect(bot.clicks.map(({ from }) => from)).toEqual([
      { conversation: chat, isChat: true, channels: [] },
      { conversation: "19:other@thread.tacv2", isChat: false, channels: [] },
    ]);
  });

  it("that is not allowed brings the fresh card, with the reason on top for who clicked", async () => {
    bot.answer = async () => ({ incident: buildIncident(), policy: buildPolicy(), reason: "presser" });
    const refused = await bot.fake.click(alice, { incident: "i-1", verb: "claim" });
    bot.answer = async () => ({ incident: buildIncident(), policy: buildPolicy(), reason: "claimed" });
    const allowed = await bot.fake.click(bob, { incident: "i-1", verb: "claim" });
    const [note, ...rest] = toBlocks(refused.body);
    expect(note).toMatchObject({ type: "Container", items: [{ type: "TextBlock" }] });
    expect(rest).toEqual(toBlocks(allowed.body));
    expect(bot.fake.calls).toEqual([]);
  });

  it("whose handling fails is answered with a sentence: it is not kept", async () => {
    bot.answer = () => Promise.reject(new Error("disk full"));
    const answer = await bot.fake.click(alice, { incident: "i-1", verb: "claim" });
    expect(answer).toEqual({ status: 200, body: { ...sentence, value: nl.channel.clickNotKept } });
  });

  it("whose card can't be made is answered with a sentence that does not claim to know", async () => {
    const broken = { ...buildIncident(), round: null } as never;
    bot.answer = async () => ({ incident: broken, policy: buildPolicy(), reason: "claimed" });
    const answer = await bot.fake.click(alice, { incident: "i-1", verb: "claim" });
    expect(answer).toEqual({ status: 200, body: { ...sentence, value: nl.channel.clickUnsure } });
    expect(bot.lines.some(({ event }) => event === "activity-failed")).toBe(true);
  });

  it("that takes too long is answered within 5 s", async () => {
    bot.answer = () => new Promise(() => undefined);
    const clicking = bot.fake.click(alice, { incident: "i-1", verb: "claim" });
    await expect.poll(() => bot.clicks).toHaveLength(1);
    bot.clock.to(bot.clock.now() + 4_999);
    expect(await clicking).toEqual({ status: 200, body: { ...sentence, value: nl.channel.clickFailed } });
  });

  it.each([
    ["an unknown verb", { verb: "dance", data: { incident: "i-1" } }],
    ["no incident", { verb: "claim", data: {} }],
    ["closing without an outcome", { verb: "resolve", data: { incident: "i-1" } }],
    ["no data", { verb: "claim" }],
  ])("with %s is answered and does nothing", async (_name, action) => {
    const value = { action: { type: "Action.Execute", ...action } };
    const answer = await bot.fake.send(
      toActivity(bot.fake, alice, alarms, { type: "invoke", name: "adaptiveCard/action", value }),
    );
    expect(answer).toEqual({ status: 200, body: { ...sentence, value: nl.channel.clickUnknown } });
    expect(bot.clicks).toEqual([]);
  });

  it("is answered with a card or a sentence, whatever an invoke is called, holds or comes to, and never with an error", async () => {
    const answers: (() => Promise<CommandResult>)[] = [
      async () => ({ incident: buildIncident(), policy: buildPolicy(), reason: "claimed" }),
      () => Promise.reject(new Error("disk full")),
      async () => ({
        incident: { ...buildIncident(), round: null } as never,
        policy: buildPolicy(),
        reason: "claimed",
      }),
    ];
    const name = fc.oneof(
      fc.constantFrom("adaptiveCard/action", "task/fetch", "composeExtension/query", "signin/verifyState", ""),
      fc.string(),
    );
    const data = fc.oneof(fc.record({ incident: fc.string() }, { requiredKeys: [] }), fc.jsonValue());
    const verb = fc.oneof(
      fc.constantFrom("claim", "resolve", "oops", "alarm", "visit-done", "test-look"),
      fc.jsonValue(),
    );
    const action = fc.record(
      { type: fc.constantFrom("Action.Execute", "Action.Submit", 7), verb, data },
      { requiredKeys: [] },
    );
    const value = fc.oneof(fc.record({ action }), action, fc.jsonValue());
    await fc.assert(
      fc.asyncProperty(name, value, fc.integer({ min: 0, max: 2 }), async (called, held, which) => {
        bot.answer = answers[which] as () => Promise<CommandResult>;
        const invoke = { type: "invoke", ...(called === "" ? {} : { name: called }), value: held };
        const answer = await bot.fake.send(toActivity(bot.fake, alice, bot.fake.chatOf(alice), invoke));
        expect(answer.status).toBe(200);
        expect([sentence.type, cardAnswer.type]).toContain((answer.body as { type: string }).type);
        expect((answer.body as { statusCode: number }).statusCode).toBe(200);
      }),
      { numRuns: 300 },
    );
  });

  it("is answered while the store is down", async () => {
    await bot.store[Symbol.asyncDispose]();
    expect(await bot.fake.click(alice, { incident: "i-1", verb: "claim" })).toMatchObject({ body: cardAnswer });
  });

  it("on a closed card is answered while the store is down, and the card claims nothing about the course", async () => {
    const incident = buildIncident({ closedAt: bot.clock.now(), closedBy: person, outcome: "real" });
    bot.answer = async () => ({ incident, policy: buildPolicy(), reason: "already-closed" });
    await bot.store[Symbol.asyncDispose]();
    const answer = await bot.fake.click(alice, { incident: "i-1", verb: "claim" });
    expect(answer).toMatchObject({ body: cardAnswer });
    expect(JSON.stringify(answer.body)).toContain(nl.card.headline.closed.real);
    expect(JSON.stringify(answer.body)).not.toContain(nl.past.nobody);
  });
});

describe("an old client's click", () => {
  const submit = (value: unknown) => bot.fake.send(toActivity(bot.fake, alice, alarms, { type: "message", value }));

  it("works the same", async () => {
    expect(await submit({ incident: "i-1", verb: "resolve", outcome: "real" })).toMatchObject({ status: 200 });
    expect(bot.clicks).toEqual([{ incident: "i-1", verb: "resolve", by: person, outcome: "real", from: inChannel }]);
    expect(bot.fake.texts).toEqual([]);
  });

  it("that is not allowed gets a sentence", async () => {
    bot.answer = async () => ({ incident: buildIncident(), policy: buildPolicy(), reason: "presser" });
    await submit({ incident: "i-1", verb: "claim" });
    expect(bot.fake.texts).toHaveLength(1);
  });
});
