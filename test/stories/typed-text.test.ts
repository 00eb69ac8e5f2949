import { describe, expect, it } from "vitest";
import { nl } from "../dutch.ts";
import { toActivity } from "../fakes/teams-activity.ts";
import { type Bot, frontdesk, minute, paul, sourceSecret, startBot } from "../harness.ts";

const sources = {
  buttons: { type: "webhook", secret: sourceSecret, policy: "building", channel: "frontdesk" },
  chat: { type: "teams", policy: "building", channel: "frontdesk" },
};

function start(): Promise<Bot> {
  return startBot({ settings: { sources } });
}

/** Paul sends what his client makes of it; answers with all that the bot then says. */
async function send(bot: Bot, where: string, parts: Record<string, unknown>): Promise<string> {
  const said = () => [...bot.teams.direct, ...bot.teams.texts, ...bot.teams.replies, ...bot.teams.cards];
  const before = new Set(said());
  const answer = await bot.teams.send(toActivity(bot.teams, paul, where, { type: "message", ...parts }));
  expect(answer.status).toBe(200);
  await bot.settle();
  return JSON.stringify(said().filter((each) => !before.has(each)));
}

const photo = { attachments: [{ contentType: "image/*", contentUrl: "https://example.com/1.jpg" }] };
const voice = { text: null, attachments: [{ contentType: "audio/mp4", contentUrl: "https://example.com/1.mp4" }] };

describe("what is typed in Teams", () => {
  it("is read as it was typed: R&D stands on the card and on the page", async () => {
    await using bot = await start();
    await bot.type(paul, "alarm R&amp;D");
    expect((await bot.expectCard("R&D")).text).not.toContain("&amp;");
    await bot.fastForward(minute);
    expect((await bot.desk.expectPage("unclaimed")).incident.place).toBe("R&D");
  });

  it("has its escapes put back once, on its whole way through", async () => {
    await using bot = await start();
    await bot.type(paul, "alarm &amp;lt;b&amp;gt; 2");
    await bot.expectCard("&lt;b&gt; 2");
  });

  it("is an alarm under the mention of a bot with such a name, also without the text of the mention", async () => {
    await using bot = await start();
    const recipient = { ...bot.teams.bot, name: "Balie & Wacht" };
    const entities = [{ type: "mention", mentioned: recipient }];
    await send(bot, frontdesk, { recipient, text: "<at>Balie &amp; Wacht</at> alarm", entities });
    await bot.expectCard("Paul Drager");
  });
});

describe("a message without text", () => {
  it.each([
    ["a photo", photo],
    ["a photo whose text is empty", { ...photo, text: "<div><img></div>" }],
    ["a voice message", voice],
  ])("is no click on an old card, and no alarm: %s is answered with what can be done", async (_name, parts) => {
    await using bot = await start();
    const said = await send(bot, bot.teams.chatOf(paul), parts);
    expect(said).toContain(nl.personal.answer.welcome.headline);
    expect(said).not.toContain(nl.channel.clickUnknown);
    await bot.restartAndExpectNothingElse();
  });

  it.each([
    ["a photo", photo],
    ["a voice message", voice],
  ])("%s during a visit is answered with the question of that visit", async (_name, parts) => {
    await using bot = await start();
    await bot.type(paul, "bezoek 45m");
    expect(await send(bot, bot.teams.chatOf(paul), parts)).toContain(nl.visit.noAnswer);
  });

  it("that only mentions the bot in a channel is answered with what can be done", async () => {
    await using bot = await start();
    const entities = [{ type: "mention", text: "<at>Rugdekking</at>", mentioned: bot.teams.bot }];
    const said = await send(bot, frontdesk, { text: "<at>Rugdekking</at>", entities });
    expect(said).toContain("@Rugdekking status");
  });

  it("that is a click of an old card which nobody knows any more is told so", async () => {
    await using bot = await start();
    expect(await send(bot, frontdesk, { value: { verb: "dance" } })).toContain(nl.channel.clickUnknown);
  });
});
