import { expect, it } from "vitest";
import { frontdesk, minute, second, startBot } from "../harness.ts";

const lost = { event: "teams-lost", facts: { channel: "frontdesk", reason: "no-token" } };

it("the token is there before an alarm needs it, and kept fresh: sixteen alarms at once ask for none", async () => {
  await using bot = await startBot({ registered: { lifeSeconds: 3_600 } });
  expect(bot.issuer?.asked.token).toBe(1);
  await Promise.all(Array.from({ length: 16 }, (_, number) => bot.press(`field-${number}`)));
  await bot.fastForward(5 * second);
  expect(bot.teams.cards).toHaveLength(16);
  expect(bot.issuer?.asked.token).toBe(1);
  bot.desk.ignoreRest();
});

it("a token that is revoked is replaced once, and every card goes again as soon as it may", async () => {
  await using bot = await startBot({ registered: { lifeSeconds: 3_600 } });
  bot.issuer?.revoke();
  await Promise.all(Array.from({ length: 16 }, (_, number) => bot.press(`field-${number}`)));
  // Those that were refused count too: as many at most as Teams takes in a second, and no other was.
  await bot.fastForward(9 * second);
  const posts = bot.teams.calls.filter(
    ({ route, path }) => route === "card" && decodeURIComponent(path).includes(frontdesk),
  );
  expect(posts.length).toBeGreaterThan(16);
  expect(posts.length).toBeLessThanOrEqual(16 + 7);
  expect(bot.teams.cards).toHaveLength(16);
  expect(bot.issuer?.asked.token).toBe(2);
  bot.desk.expectNothing();
});

it("a secret that ends is found while the token before it is still good, and pages go on", async () => {
  await using bot = await startBot({ registered: { lifeSeconds: 15 * 60 } });
  if (bot.issuer !== null) bot.issuer.tokenMode = 401;
  await bot.fastForward(4 * minute);
  expect(bot.lines).not.toContainEqual(expect.objectContaining({ event: "token-not-fetched" }));
  await bot.fastForward(3 * minute);
  expect(bot.lines).toContainEqual(expect.objectContaining(lost));
  await bot.press("0042");
  await bot.expectCard("Spreekkamer 3");

  await bot.fastForward(8 * minute);
  bot.desk.ignoreRest();
  await bot.press("0051");
  await bot.fastForward(10 * second);
  expect(bot.desk.pages.at(-1)?.reason).toBe("teams-unreachable");
  if (bot.issuer !== null) bot.issuer.tokenMode = "ok";
  await bot.fastForward(minute);
  expect((await bot.troubles()).filter(({ kind }) => kind === "teams-lost")).toEqual([]);
  await bot.expectCard("Balie");
  bot.desk.ignoreRest();
  bot.phone.ignoreRest();
});
