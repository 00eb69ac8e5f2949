import { expect, it } from "vitest";
import { nl } from "../../dutch.ts";
import { minute, startWithAlarm } from "../../harness.ts";

// The door with the whole bot behind it: what stands is for the rules to say, and the page repeats it.
it("looking never answers, a press does once, and a second press says what stands", async () => {
  await using bot = await startWithAlarm();
  await bot.fastForward(minute);
  const page = await bot.desk.expectPage("unclaimed");
  const answered = async () => (await bot.events(bot.card.incident)).filter((kind) => kind.startsWith("guard-"));
  for (let look = 0; look < 3; look++) expect(await bot.guardPage(page)).toContain(nl.guardState.state.asked);
  const link = (page.acceptUrl ?? "").replace(/^http:\/\/[^/]+/, bot.url);
  expect((await fetch(link, { method: "HEAD" })).status).toBe(200);
  expect(await answered()).toEqual([]);
  for (let press = 0; press < 3; press++) {
    expect(await bot.answer(page, "accept")).toBe(200);
    expect(await bot.guardPage(page)).toContain(nl.guardState.state.coming);
    expect(await answered()).toEqual(["guard-accepted"]);
  }
  for (let press = 0; press < 2; press++) await bot.answer(page, "arrived");
  expect(await bot.guardPage(page)).toContain(nl.guardState.state.there);
  for (let press = 0; press < 2; press++) await bot.answer(page, "safe", "real");
  expect(await bot.guardPage(page)).toContain(nl.guardState.state.closed);
  await bot.answer(page, "accept");
  expect(await answered()).toEqual(["guard-accepted", "guard-arrived"]);
  expect((await bot.events(bot.card.incident)).filter((kind) => kind === "closed")).toHaveLength(1);
  bot.desk.ignoreRest();
});

it("not coming makes the next step due now, once", async () => {
  await using bot = await startWithAlarm();
  await bot.fastForward(minute);
  const page = await bot.desk.expectPage("unclaimed");
  for (let press = 0; press < 2; press++) await bot.answer(page, "decline");
  await bot.phone.expectPage("unclaimed");
  expect(await bot.guardPage(page)).toContain(nl.guardState.state.declined);
  expect((await bot.events(bot.card.incident)).filter((kind) => kind === "guard-declined")).toHaveLength(1);
  await bot.restartAndExpectNothingElse();
});
