import { describe, expect, it } from "vitest";
import { CheckUpReport } from "../../bot/cli/doctor/check-up-report.ts";
import { nl } from "../dutch.ts";
import { alice, type Bot, bob, minute, phoneSecret, second, sourceSecret, startBot } from "../harness.ts";

const doctorToken = "een-geheim-voor-de-dokter";

/** What the running bot tells the doctor of itself. */
async function load(bot: Bot): Promise<CheckUpReport> {
  const answered = await fetch(`${bot.url}/doctor`, { headers: { authorization: `Bearer ${doctorToken}` } });
  const text = await answered.text();
  for (const secret of [doctorToken, sourceSecret, phoneSecret, "+316"]) expect(text).not.toContain(secret);
  return CheckUpReport.parse(JSON.parse(text));
}

describe("what the running bot tells the doctor", () => {
  it("changes nothing that people see, and says who can be reached, where alarms come up and what was heard", async () => {
    await using bot = await startBot({ settings: { doctorToken } });
    await bot.restart();
    expect((await load(bot)).people).toContainEqual({ name: alice.name, reach: "unknown", since: null });
    await bot.fastForward(minute);
    const told = bot.teams.calls.filter(({ route }) => route === "card").length;
    const quiet = await load(bot);
    expect(quiet).toMatchObject({ syncMs: expect.any(Number), tokenFault: null, sources: [] });
    expect(quiet.troubles).toContain(nl.trouble.neverHeard("Balie (knop 0051)").replace(/^- /, ""));
    expect(quiet.channels).toEqual([
      { name: "frontdesk", isLinked: true, isUp: true },
      { name: "back-office", isLinked: true, isUp: true },
    ]);
    expect(quiet.people.map(({ reach }) => reach)).toEqual(["ready", "ready", "ready", "ready", "ready"]);
    await bot.settle();
    expect(bot.teams.calls.filter(({ route }) => route === "card")).toHaveLength(told);
    await bot.press("0042");
    await bot.expectCard("Spreekkamer 3");
    expect((await load(bot)).sources).toEqual([{ source: "buttons", at: bot.clock.now(), isSilent: false }]);
    await bot.restartAndExpectNothingElse();
  });

  it("is what is wrong: whom Teams lets nobody message, the channels that are lost, and each trouble in a line", async () => {
    await using bot = await startBot({ settings: { doctorToken, channels: { frontdesk: {}, "back-office": {} } } });
    bot.teams.forbid("blocked", bob);
    await bot.restart();
    await bot.fastForward(20 * second);
    const found = await load(bot);
    expect(found.channels).toContainEqual({ name: "back-office", isLinked: false, isUp: false });
    const line = nl.teamsTrouble.lost(
      nl.teamsTrouble.channel("back-office"),
      "20 s",
      nl.teamsTrouble.why["not-linked"],
    );
    expect(found.troubles).toContain(line.replace(/^- /, ""));
  });

  it("is that the disk takes nothing", async () => {
    await using bot = await startBot({ settings: { doctorToken } });
    using _held = bot.holdDisk();
    expect((await load(bot)).syncMs).toBeNull();
  });

  it("is that Microsoft gives no token", async () => {
    await using bot = await startBot({ registered: { lifeSeconds: 3_600 }, settings: { doctorToken } });
    await bot.fastForward(minute);
    expect((await load(bot)).tokenFault).toBeNull();
    if (bot.issuer !== null) bot.issuer.tokenMode = { code: 7_000_222 };
    await bot.restart();
    await bot.fastForward(minute);
    expect((await load(bot)).tokenFault).toEqual({ flaw: "secret-expired", answer: "AADSTS7000222" });
  });
});
