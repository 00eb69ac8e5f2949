import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { VisitText } from "../../../../bot/words/colleague/visit.ts";
import { textsOf } from "../../../card-text.ts";
import { nl, shown } from "../../../dutch.ts";
import { buildIncident } from "../../../fixtures/incident.ts";
import { buildPolicy } from "../../../fixtures/policy.ts";
import { alice, type Started, start } from "../../start.ts";

const words = nl.typedAnswer;
let bot: Started;
beforeEach(async () => {
  bot = await start();
  bot.answerable = {
    listOpen: async () => [{ incident: buildIncident(), roles: ["listed"] }],
    loadLastClosed: async () => null,
    loadAnswered: async () => null,
  };
});
afterEach(() => bot[Symbol.asyncDispose]());

/** Whether all of an answer stands on a card, between whatever else. */
function saying(answer: VisitText): (text: string) => boolean {
  return (text) => [answer.headline, ...answer.text].every((each) => text.includes(shown(each)));
}

/** Alice types; answers with all that the bot says to her in a card. */
async function type(text: string): Promise<string> {
  const before = bot.fake.direct.length;
  await bot.fake.say(alice, bot.fake.chatOf(alice), text);
  const said = bot.fake.direct.slice(before);
  return said.flatMap(({ body }) => textsOf(body.attachments?.[0]?.content)).join("\n");
}

describe("an answer that is typed", () => {
  it("reaches the engine as a click does, from the chat", async () => {
    await type("ga");
    const by = { id: alice.aadObjectId, name: alice.name };
    const from = { conversation: bot.fake.chatOf(alice), isChat: true, channels: [] };
    const message = expect.stringMatching(/./);
    expect(bot.clicks).toEqual([{ incident: "i-1", verb: "claim", by, outcome: null, from, message }]);
  });

  it("that is not kept says so, with the button to try it again", async () => {
    bot.answer = () => Promise.reject(new Error("too many"));
    expect(await type("ga")).toSatisfy(saying(words.notKept.answer));
  });

  it("that takes too long is answered within 5 s, as one that is kept", async () => {
    bot.answer = () => new Promise(() => undefined);
    const typing = type("ga");
    await expect.poll(() => bot.clicks).toHaveLength(1);
    bot.clock.to(bot.clock.now() + 4_999);
    expect(await typing).toSatisfy(saying(words.kept.answer));
  });

  it("to an alarm that was closed at the same moment says that it is", async () => {
    const closed = buildIncident({ closedAt: bot.clock.now(), closedBy: "guard", outcome: "real" });
    bot.answer = async () => ({ incident: closed, policy: buildPolicy(), reason: "already-closed" });
    expect(await type("ga")).toContain(words.closedBy(nl.card.remark.byRole.guard, "10:00:00"));
  });

  it("where what is over can't be read is answered all the same", async () => {
    const failing = () => Promise.reject(new Error("disk"));
    bot.answerable = { listOpen: async () => [], loadLastClosed: failing, loadAnswered: failing };
    expect(await type("ga")).toSatisfy(saying(words.nothingOpen));
    expect(bot.lines.some(({ event }) => event === "answerable-not-read")).toBe(true);
  });
});
