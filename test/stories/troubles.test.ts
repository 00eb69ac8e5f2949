import { describe, expect, it } from "vitest";
import { alice, type Bot, frontdesk, hour, minute, paul, second, sourceSecret, startBot } from "../harness.ts";

const buttons = { type: "webhook", secret: sourceSecret, policy: "building", channel: "frontdesk" };

/** Stands still while time passes: a day of looks every second says nothing more. */
async function later(bot: Bot, ms: number): Promise<void> {
  await bot.stop();
  bot.clock.to(bot.clock.now() + ms);
  await bot.start();
}

async function hearAll(bot: Bot): Promise<void> {
  for (const button of ["0042", "0043", "0044", "0051", "0060"]) await bot.press(button, { kind: "heartbeat" });
}

describe("the day's line in the channel", () => {
  it("counts and names what is wrong, once a day, and rings nobody", async () => {
    await using bot = await startBot();
    await hearAll(bot);
    expect(await bot.app.reportTroubles()).toBe(0);

    await bot.press("0051", { kind: "heartbeat", battery: 0.12 });
    // Until 24 h the source is silent, after 25 h its fixed buttons are.
    await later(bot, 24 * hour);
    for (const button of ["0042", "0060"]) await bot.press(button, { kind: "heartbeat" });
    await later(bot, hour + second);
    await bot.press("0060", { kind: "heartbeat" });
    expect(await bot.app.reportTroubles()).toBe(1);
    await bot.settle();
    bot.expectNotice(
      frontdesk,
      "Let op: 3 knoppen zwijgen (Spreekkamer 3, Balie), 1 batterij is bijna leeg (Balie). Typ **@Rugdekking status** voor de lijst.",
    );
    expect(bot.teams.texts.at(-1)?.body.channelData).toBeUndefined();
    expect(await bot.app.reportTroubles()).toBe(0);
    await bot.restart();
    expect(await bot.app.reportTroubles()).toBe(0);
    await later(bot, 24 * hour);
    expect(await bot.app.reportTroubles()).toBe(1);
    await bot.restartAndExpectNothingElse();
  });

  it("says one thing for a source that fell silent, and not each of its buttons", async () => {
    await using bot = await startBot();
    await hearAll(bot);
    await later(bot, 26 * hour);
    await bot.app.reportTroubles();
    await bot.settle();
    bot.expectNotice(frontdesk, "Let op: 1 bron zwijgt (buttons). Typ");
  });

  it("goes to the channel of its source, and waits until Teams takes it", async () => {
    await using bot = await startBot();
    bot.teams.fail("text", { kind: "status", status: 503, times: 2 });
    expect(await bot.app.reportTroubles()).toBe(1);
    await bot.fastForward(minute);
    expect(bot.teams.texts).toHaveLength(1);
    bot.expectNotice(frontdesk, "Let op: 5 knoppen zwijgen (Spreekkamer 3, Balie, Buitendienst).");
  });

  it("that Teams did not take for minutes is said within the hour, and then no more that day", async () => {
    await using bot = await startBot();
    bot.teams.fail("text", { kind: "status", status: 503, times: 8 });
    expect(await bot.app.reportTroubles()).toBe(1);
    await bot.fastForward(10 * minute);
    expect(bot.teams.texts).toHaveLength(0);
    expect(await bot.app.reportTroubles()).toBe(1);
    await bot.fastForward(minute);
    expect(bot.teams.texts).toHaveLength(1);
    expect(await bot.app.reportTroubles()).toBe(0);
  });
});

describe("status", () => {
  it("lists each with its place and button, the worst first", async () => {
    await using bot = await startBot();
    await hearAll(bot);
    await bot.press("0042", { kind: "battery-low" });
    await later(bot, 40 * minute);
    await bot.press("7777", { kind: "heartbeat" });
    const { text } = await bot.type(alice, "status");
    expect(text.split("\n\n").slice(-4)).toEqual([
      "⚠️ 3 problemen met de knoppen:",
      "- Buitendienst (knop 0060): zwijgt al 40 min",
      "- Spreekkamer 3 (knop 0042): de batterij is bijna leeg",
      "- Knop 7777 (buttons): staat niet in de configuratie",
    ]);
    bot.expectNoCard();
  });

  it("shows eight at most and counts the rest", async () => {
    const many = Array.from({ length: 12 }, (_, at) => ({ source: "buttons", id: `b${at}`, place: `Kamer ${at}` }));
    await using bot = await startBot({ settings: { buttons: many } });
    const { text } = await bot.type(alice, "status");
    const list = text.slice(text.indexOf("⚠️")).split("\n\n");
    expect(list[0]).toBe("⚠️ 12 problemen met de knoppen:");
    expect(list).toHaveLength(10);
    expect(list[1]).toBe("- Kamer 0 (knop b0): is nog nooit gehoord");
    expect(list.at(-1)).toBe("- en nog 4");
  });

  it("is silent about a source of type teams: nobody wears one", async () => {
    await using bot = await startBot({
      settings: { sources: { buttons: { ...buttons, silentAfter: "never" }, chat: { ...chat } } },
    });
    await bot.type(paul, "alarm Balie");
    await bot.expectCard("Balie");
    await later(bot, 48 * hour);
    expect((await bot.type(alice, "status")).text).not.toContain("⚠️");
    expect(await bot.app.reportTroubles()).toBe(0);
    bot.desk.ignoreRest();
    bot.phone.ignoreRest();
  });
});

const chat = { type: "teams", policy: "building", channel: "frontdesk" };
