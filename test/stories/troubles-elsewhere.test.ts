import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { nl } from "../dutch.ts";
import { type Desk, startDesk } from "../fakes/desk.ts";
import { alice, type Bot, frontdesk, hour, minute, second, startBot } from "../harness.ts";

const secret = "een-lang-geheim-voor-beheer";
const { troubleReport } = nl;

/** What a webhook gets that is told of a trouble; it has nothing of a page. */
interface Told {
  readonly key: string;
  readonly reason: string;
  readonly title: string;
  readonly text: string;
}

let bot: Bot;
let office: Desk;

/** All that was told there, oldest first. */
function told(): readonly Told[] {
  return office.pages as readonly object[] as readonly Told[];
}

beforeEach(async () => {
  bot = await startBot();
  office = await startDesk({ secret, now: bot.clock.now, name: "office" });
  const beheer = { type: "webhook", url: office.url, secret, label: "de beheerder" };
  await bot.restart({
    pagers: { ...(bot.settings.pagers as object), beheer },
    troubles: { tell: "beheer" },
    sources: { buttons: { ...(bot.settings.sources as { buttons: object }).buttons, silentAfter: "never" } },
  });
  await bot.fastForward(10 * minute);
});

afterEach(async () => {
  await bot[Symbol.asyncDispose]();
  await office[Symbol.asyncDispose]();
});

describe("troubles are told where Teams is not needed", () => {
  it("rule 26: at once that a channel is lost, as no alarm, and that it is over", async () => {
    expect(told()).toEqual([]);
    bot.teams.forbid("uninstalled");
    await bot.fastForward(2 * minute);
    expect(told()).toHaveLength(1);
    const [report] = told();
    expect(report?.reason).toBe("trouble");
    expect(report?.title).toBe(troubleReport.title(2));
    expect(report?.text).toContain(troubleReport.intro("Gemeente Voorbeeld"));
    expect(report?.text).toContain(nl.teamsTrouble.why.removed);
    expect(report?.text).toContain("frontdesk");
    expect(JSON.stringify(report)).not.toMatch(/acceptUrl|incident|\*\*/);

    await bot.fastForward(hour);
    expect(told()).toHaveLength(1);
    bot.teams.allow();
    await bot.fastForward(2 * minute);
    expect(told()).toHaveLength(2);
    expect(told()[1]?.title).toBe(troubleReport.titleOver);
    expect(told()[1]?.text).toContain(troubleReport.over);
    expect(told()[1]?.text).toContain("frontdesk");
    await bot.fastForward(hour);
    expect(told()).toHaveLength(2);
    bot.desk.expectNothing();
    bot.phone.expectNothing();
  });

  it("the rest once a day, and that it is over", async () => {
    await bot.press("0051", { kind: "heartbeat", battery: 0.12 });
    await bot.fastForward(hour);
    expect(told()).toEqual([]);
    for (let hours = 0; hours < 3; hours += 1) await bot.app.reportTroubles();
    await bot.fastForward(minute);
    expect(told()).toHaveLength(1);
    expect(told()[0]?.text).toContain(nl.trouble.battery(nl.trouble.at("Balie", "0051"), 12));
    await bot.restart();
    await bot.app.reportTroubles();
    await bot.fastForward(10 * minute);
    expect(told()).toHaveLength(1);

    await bot.press("0051", { kind: "heartbeat", battery: 0.9 });
    await bot.fastForward(minute);
    expect(told()).toHaveLength(2);
    expect(told()[1]?.text).toContain(`- ${nl.trouble.count["battery-low"](1)} (Balie)`);
  });

  it("once, when the provider is away for a while", async () => {
    office.answerWith({ kind: "refuse", status: 503 });
    bot.teams.forbid("uninstalled");
    await bot.fastForward(10 * minute);
    const keys = told().map(({ key }) => key);
    expect(keys.length).toBeGreaterThan(2);
    office.answerWith({ kind: "ok" });
    await bot.fastForward(10 * minute);
    const last = told().at(-1)?.key;
    await bot.fastForward(hour);
    expect(told().at(-1)?.key).toBe(last);
  });

  it("that a channel is lost and there again in turns fills nobody's mailbox", async () => {
    for (let turns = 0; turns < 12; turns += 1) {
      bot.teams.forbid("uninstalled");
      await bot.fastForward(150 * second);
      bot.teams.allow();
      await bot.fastForward(150 * second);
    }
    expect(told().length).toBeGreaterThan(1);
    expect(told().length).toBeLessThanOrEqual(7);
  });

  it("also while the disk takes nothing", async () => {
    {
      using _held = bot.holdDisk();
      await bot.press("0042");
      await bot.fastForward(3 * minute);
      expect(told().length).toBeGreaterThan(0);
      expect(told()[0]?.text).toContain(nl.trouble.storage);
      expect(told().length).toBeLessThanOrEqual(2);
    }
    bot.desk.ignoreRest();
    bot.phone.ignoreRest();
    bot.teams.cards.splice(0);
  });
});

describe("whoever is told of troubles", () => {
  it("is no way to security: nobody tests it, and `status` does not name it among those", async () => {
    const status = await bot.type(alice, "status", frontdesk);
    expect(status.text).toContain(nl.channel.status.pagers(["desk", "phone"]));
    expect((await bot.troubles()).filter((each) => "pager" in each)).toEqual([]);
  });

  it("was a pager before: alarms of then are not paged by it any more", async () => {
    await bot.press("0042");
    const { incident } = await bot.expectCard("Spreekkamer 3");
    const policies = {
      building: {
        repeatEvery: "3m",
        steps: [
          { after: "0s", tell: "frontdesk" },
          { after: "60s", page: "phone" },
        ],
      },
    };
    await bot.restart({ policies, troubles: { tell: "desk" } });
    await bot.fastForward(2 * minute);
    expect((await bot.phone.expectPage()).incident.place).toBe("Spreekkamer 3");
    expect(bot.desk.pages.filter(({ reason }) => reason !== "trouble")).toEqual([]);
    expect(await bot.events(incident)).toContain("policy-replaced");
    bot.phone.ignoreRest();
    bot.desk.ignoreRest();
  });
});
