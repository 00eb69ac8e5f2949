import { describe, expect, it } from "vitest";
import { nl } from "../dutch.ts";
import { type AlarmCentre, startAlarmCentre } from "../fakes/alarm-centre.ts";
import { alice, type Bot, backOffice, building, frontdesk, minute, second, startBot } from "../harness.ts";

const metricsToken = "een-geheim-voor-de-metingen";

/** Pushes the clock by steps of a second, each until what it began with the centre is over, until that is so. */
async function until(
  { bot, centre }: { readonly bot: Bot; readonly centre: AlarmCentre },
  isSo: () => Promise<boolean>,
  withinMs: number,
): Promise<number> {
  for (let passed = 0; passed <= withinMs; passed += second) {
    do await bot.settle();
    while (centre.connections > 0);
    if (await isSo()) return passed;
    await bot.fastForward(second);
  }
  throw new Error(`not within ${withinMs / second} s`);
}

function lostParts(bot: Bot): Promise<string[]> {
  return bot.troubles().then((all) => all.flatMap((each) => (each.kind === "pager-lost" ? [each.part] : [])));
}

async function metrics(bot: Bot): Promise<string> {
  const shown = await fetch(`${bot.url}/metrics`, { headers: { authorization: `Bearer ${metricsToken}` } });
  return shown.text();
}

describe("a receiver of the alarm centre that is lost", () => {
  it("is a trouble within 90 s, seen at once everywhere, and over when it is there again", async () => {
    await using bot = await startBot();
    await using centre = await startAlarmCentre({ now: bot.clock.now });
    const steps = [...building.steps, { after: "180s", page: "centre" }];
    await bot.restart({
      metricsToken,
      sources: {
        ...(bot.settings.sources as object),
        annex: { type: "webhook", secret: "een-ander-geheim-voor-knoppen", policy: "annex", channel: "back-office" },
      },
      policies: {
        building: { ...building, steps },
        annex: {
          repeatEvery: "3m",
          steps: [
            { after: "0s", tell: "back-office" },
            { after: "60s", page: "desk" },
          ],
        },
      },
      pagers: {
        ...(bot.settings.pagers as object),
        centre: { type: "sia-dc09", account: "1234", primary: { host: "127.0.0.1", port: centre.port } },
      },
    });
    await until({ bot, centre }, async () => centre.frames.length > 0, 10 * second);
    expect(await lostParts(bot)).toEqual([]);

    centre.behave({ kind: "reset" });
    await until({ bot, centre }, async () => (await lostParts(bot)).length > 0, 90 * second);
    expect(await lostParts(bot)).toEqual(["primary"]);
    expect(await metrics(bot)).toContain('rugdekking_troubles{pager="centre",kind="pager-lost"} 1');
    const where = nl.trouble.part("centre", nl.trouble.parts.primary);
    expect((await bot.type(alice, "status", frontdesk)).text).toContain(
      `${nl.trouble.pagerList(1)}\n\n${nl.trouble.line["pager-lost"](where, nl.channel.status.seconds(0))}`,
    );
    // Where nobody relies on it, nobody is notified.
    expect((await bot.type(alice, "status", backOffice)).text).not.toContain(nl.trouble.pagerList(1));
    expect(await bot.app.reportTroubles()).toBe(1);
    await bot.settle();
    expect(bot.teams.texts.at(-1)?.body.text).toContain(`${nl.trouble.count["pager-lost"](1)} (centre)`);
    expect(bot.lines.filter(({ event }) => event === "pager-lost")).toHaveLength(1);

    centre.behave({ kind: "ACK" });
    await until({ bot, centre }, async () => (await lostParts(bot)).length === 0, 2 * minute);
    expect(bot.lines.filter(({ event }) => event === "pager-there")).toHaveLength(1);
    expect(await metrics(bot)).not.toContain("pager-lost");
  });
});
