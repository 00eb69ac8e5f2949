import { describe, expect, it } from "vitest";
import { nl } from "../dutch.ts";
import { alice, type Bot, frontdesk, hour, minute, paul, second, sourceSecret, startBot } from "../harness.ts";

const { at, count, line } = nl.trouble;
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

const grafana = { type: "alertmanager", secret: sourceSecret, policy: "building", channel: "frontdesk" };
const watched = ["1", "2"].map((id) => ({ source: "grafana", id, place: `Kamer ${id}` }));

/** What Grafana sends of the rule of each button: https://grafana.com/docs/grafana/latest/alerting/ */
function notify(alertname: string, status: string) {
  const labels = watched.map(({ id }) => ({ alertname, rulename: "Knop", button: id }));
  const alerts = labels.map((each) => ({ status, labels: each, startsAt: "2026-11-24T08:59:12Z" }));
  return JSON.stringify({ receiver: "x", status, alerts, truncatedAlerts: 0 });
}

it("a data source that is down is a trouble of what it watches, pages nobody, and ends when it is there again", async () => {
  await using bot = await startBot({ settings: { sources: { grafana }, buttons: watched } });
  const kinds = async () => (await bot.app.troubles()).map(({ kind }) => kind).sort();
  for (const name of ["DatasourceNoData", "DatasourceError"]) {
    expect(await bot.post("grafana", notify(name, "firing"))).toMatchObject({ status: 202, outcome: "seen" });
    expect(await kinds()).toEqual(["button-error", "button-error", "source-down"]);
    await bot.fastForward(minute);
    expect(await bot.post("grafana", notify(name, "resolved"))).toMatchObject({ status: 202, outcome: "seen" });
    expect(await kinds()).toEqual([]);
    await bot.fastForward(minute);
  }
  bot.expectNoCard();
  expect(await bot.post("grafana", notify("Knop", "firing"))).toMatchObject({ outcome: "opened" });
});

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
      nl.trouble.day("Rugdekking", [
        `${count["button-silent"](3)} (Spreekkamer 3, Balie)`,
        `${count["battery-low"](1)} (Balie)`,
      ]),
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
    bot.expectNotice(frontdesk, nl.trouble.day("Rugdekking", [`${count["source-silent"](1)} (buttons)`]));
  });

  it("goes to the channel of its source, and waits until Teams takes it", async () => {
    await using bot = await startBot();
    bot.teams.fail("text", { kind: "status", status: 503, times: 2 });
    expect(await bot.app.reportTroubles()).toBe(1);
    await bot.fastForward(minute);
    expect(bot.teams.texts).toHaveLength(1);
    bot.expectNotice(
      frontdesk,
      nl.trouble.day("Rugdekking", [`${count["button-silent"](5)} (Spreekkamer 3, Balie, Buitendienst)`]),
    );
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
      nl.trouble.list(3),
      line["button-silent"](at("Buitendienst", "0060"), nl.channel.status.minutes(40)),
      line["battery-low"](at("Spreekkamer 3", "0042")),
      line["button-unknown"](nl.trouble.button("7777", "buttons")),
    ]);
    bot.expectNoCard();
  });

  it("shows eight at most and counts the rest", async () => {
    const many = Array.from({ length: 12 }, (_, at) => ({ source: "buttons", id: `b${at}`, place: `Kamer ${at}` }));
    await using bot = await startBot({ settings: { buttons: many } });
    const { text } = await bot.type(alice, "status");
    const list = text.slice(text.indexOf(nl.trouble.list(12))).split("\n\n");
    expect(list[0]).toBe(nl.trouble.list(12));
    expect(list).toHaveLength(10);
    expect(list[1]).toBe(nl.trouble.neverHeard(at("Kamer 0", "b0")));
    expect(list.at(-1)).toBe(nl.trouble.more(4));
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
