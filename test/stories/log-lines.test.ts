import { expect, it } from "vitest";
import { alice, minute, second, startWithAlarm } from "../harness.ts";

it("each line of the log about an alarm says its number and its place, also once it is over", async () => {
  await using bot = await startWithAlarm();
  const { card } = bot;
  await bot.click(alice, card, "claim");
  await bot.click(alice, card, "arrive");
  await bot.click(alice, card, "resolve", "real");
  bot.teams.fail("update", { kind: "status", status: 503 });
  await bot.fastForward(second);
  const lines = bot.lines.filter(({ facts }) => typeof facts.incident === "string");
  expect(new Set(lines.map(({ event }) => event))).toEqual(new Set(["alarm-taken", "handled", "delivery-failed"]));
  for (const { facts } of lines) expect(facts).toMatchObject({ number: 1, place: "Spreekkamer 3" });
});

it("a restart knows them by number and place as well", async () => {
  await using bot = await startWithAlarm();
  await bot.restart();
  bot.lines.length = 0;
  await bot.fastForward(minute);
  await bot.desk.expectPage("unclaimed");
  const lines = bot.lines.filter(({ facts }) => typeof facts.incident === "string");
  expect(lines.length).toBeGreaterThan(0);
  for (const { facts } of lines) expect(facts).toMatchObject({ number: 1, place: "Spreekkamer 3" });
});

it("a connection that failed is told by host and code, and by nothing else of its address", async () => {
  await using bot = await startWithAlarm();
  await bot.desk[Symbol.asyncDispose]();
  await bot.fastForward(minute);
  await bot.phone.expectPage("unclaimed");
  const failed = bot.lines.find(({ event, facts }) => event === "delivery-failed" && facts.kind === "page");
  expect(failed?.facts).toMatchObject({
    number: 1,
    place: "Spreekkamer 3",
    reason: "unreachable",
    why: "The connection with 127.0.0.1 failed (ECONNREFUSED).",
  });
  expect(JSON.stringify(bot.lines)).not.toMatch(/https?:\/\//);
});

it("so it is when Teams can't be reached", async () => {
  await using bot = await startWithAlarm();
  bot.teams.fail("update", { kind: "reset" });
  await bot.fastForward(minute);
  await bot.desk.expectPage("unclaimed");
  const failed = bot.lines.filter(({ event }) => event === "delivery-failed");
  expect(failed.map(({ facts }) => facts.why)).toContain("Teams at 127.0.0.1 did not answer (ECONNRESET)");
  const card = failed.find(({ facts }) => facts.incident !== "");
  expect(card?.facts).toMatchObject({ number: 1, place: "Spreekkamer 3" });
});
