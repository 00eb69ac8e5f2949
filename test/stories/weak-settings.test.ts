import { chmodSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { nl } from "../dutch.ts";
import { alice, sourceSecret, startBot } from "../harness.ts";

const metricsToken = "k7Qv2Rm9Xd4Tz8Lw";
const weakSources = {
  buttons: { type: "webhook", secret: sourceSecret, policy: "building", channel: "frontdesk" },
  panel: { type: "webhook", secret: "wachtwoord123456", policy: "building", channel: "frontdesk" },
};
const said = nl.trouble.line["settings-weak"](nl.trouble.settings(1));

async function loadMetrics(url: string): Promise<string> {
  const headers = { authorization: `Bearer ${metricsToken}` };
  return (await fetch(`${url}/metrics`, { headers })).text();
}

describe("a secret that can be guessed", () => {
  it("stops no running house: presses are taken, and it is a trouble until it is changed", async () => {
    await using bot = await startBot({ settings: { sources: weakSources, metricsToken } });
    expect(await bot.press("0042")).toMatchObject({ status: 202, outcome: "opened" });
    await bot.expectCard("Spreekkamer 3");
    expect(await bot.troubles()).toContainEqual({ kind: "settings-weak", count: 1 });
    expect(await loadMetrics(bot.url)).toMatch(/rugdekking_troubles\{kind="settings-weak"\} 1/);
    const { panel: _, ...sources } = weakSources;
    await bot.restart({ sources });
    expect((await bot.troubles()).map(({ kind }) => kind)).not.toContain("settings-weak");
  });

  it("is told in the channel and by status, which do not say where it stands", async () => {
    await using bot = await startBot({ settings: { sources: weakSources } });
    const { text } = await bot.type(alice, "status");
    expect(text).toContain(said);
    expect(text).not.toContain("wachtwoord");
    expect(await bot.app.reportTroubles()).toBe(1);
    await bot.settle();
    const line = bot.teams.texts.map(({ body }) => body.text ?? "").join("\n");
    expect(line).toContain(nl.trouble.count["settings-weak"]());
  });
});

it("a database that everybody on the machine may read is a trouble and a warning, and goes on as it is", async () => {
  await using bot = await startBot();
  await bot.stop();
  chmodSync(bot.folder, 0o755);
  chmodSync(`${bot.folder}/rugdekking.db`, 0o644);
  await bot.start();
  expect(await bot.troubles()).toContainEqual({ kind: "settings-weak", count: 1 });
  expect(bot.lines.filter(({ event }) => event === "configuration-warning").map(({ facts }) => facts.warning)).toEqual([
    expect.stringContaining("rugdekking.db can be read by everybody on this machine"),
  ]);
  expect(await bot.press("0042")).toMatchObject({ status: 202 });
  await bot.expectCard("Spreekkamer 3");
});
