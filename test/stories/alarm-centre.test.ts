import { describe, expect, it } from "vitest";
import { nl, way } from "../dutch.ts";
import { type AlarmCentre, startAlarmCentre } from "../fakes/alarm-centre.ts";
import { type Bot, building, minute, second, startBot } from "../harness.ts";

const key = "00112233445566778899aabbccddeeff";

/** Restarts the bot with that alarm centre as its first pager, and waits until the centre's polls were answered. */
async function connect(bot: Bot, centre: AlarmCentre, settings: object): Promise<void> {
  const steps = [
    { after: "0s", tell: "frontdesk" },
    { after: "60s", page: "centre" },
    { after: "10m", page: "desk" },
  ];
  const pager = { type: "sia-dc09", account: "1234", primary: { host: "127.0.0.1", port: centre.port }, ...settings };
  await bot.restart({
    policies: { building: { ...building, repeatEvery: "30m", steps } },
    pagers: { ...(bot.settings.pagers as object), centre: pager },
  });
  for (let waited = 0; centre.frames.length === 0 && waited < 10; waited += 1) await bot.fastForward(second);
  expect(centre.frames[0]?.id).toBe("NULL");
}

async function expectTaken(bot: Bot, centre: AlarmCentre): Promise<void> {
  await bot.press("0042");
  const card = await bot.expectCard("Spreekkamer 3");
  await bot.fastForward(minute);
  const served = way("centre", nl.security.accepted);
  for (let waited = 0; !bot.look(card).text.includes(served) && waited < 15; waited += 1) await bot.fastForward(second);
  expect(bot.look(card).text).toContain(served);
  expect(centre.events.at(-1)?.data).toBe("Nri1/PA000");
  expect(await bot.troubles()).not.toContainEqual(expect.objectContaining({ kind: "pager-lost" }));
}

describe("an alarm centre gets the alarm", () => {
  it.each(["NAK", "DUH"] as const)(
    "although its receiver reads no text in it and says %s, while polls go well",
    async (refusal) => {
      await using bot = await startBot();
      await using centre = await startAlarmCentre({ now: bot.clock.now, maxExtended: 0, refusal });
      await connect(bot, centre, { text: true, position: true });
      await expectTaken(bot, centre);
    },
  );

  it.each(["NAK", "ACK"] as const)("although it reads our key otherwise, and says %s to that", async (refusal) => {
    await using bot = await startBot();
    await using centre = await startAlarmCentre({ now: bot.clock.now, key: Buffer.from(key), refusal });
    await connect(bot, centre, { key });
    const { damaged } = centre;
    await expectTaken(bot, centre);
    expect(centre.damaged).toBe(damaged);
  });
});
