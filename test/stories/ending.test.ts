import { expect, it } from "vitest";
import { nl } from "../dutch.ts";
import { alice, frontdesk, lea, minute, second, startBot } from "../harness.ts";

const fromTeams = {
  sources: { chat: { type: "teams", policy: "building", channel: "frontdesk" } },
  buttons: [],
};
const pageAtOnce = {
  steps: [
    { after: "0s", tell: "frontdesk" },
    { after: "0s", page: "desk" },
  ],
};

it("who raised an alarm in Teams still hears that it is in, while the process stops and a page is under way", async () => {
  await using bot = await startBot({ settings: fromTeams, policy: pageAtOnce });
  await bot.teams.say(alice, bot.teams.chatOf(alice), "hoi");
  await bot.settle();
  bot.desk.answerWith({ kind: "hang" });
  bot.teams.fail("card", { kind: "status", status: 503 });
  await bot.teams.say(alice, bot.teams.chatOf(alice), "alarm balie");
  await bot.settle();
  expect(bot.saidTo(alice)?.text).not.toContain(nl.personal.answer.pressed.headline);
  bot.teams.fail("card", null);
  await bot.stop();
  expect(bot.saidTo(alice)?.text).toContain(nl.personal.answer.pressed.headline);
  bot.desk.ignoreRest();
});

it("a route that fails just before the end of its test has failed: no card says that it is tried once more", async () => {
  await using bot = await startBot();
  bot.desk.answerWith({ kind: "refuse", status: 503 });
  await bot.type(lea, "test", frontdesk);
  await bot.expectCard(nl.routeTest.running);
  await bot.stop();
  bot.clock.to(bot.clock.now() + 30 * minute - 1.5 * second);
  await bot.start();
  await bot.fastForward(2 * second);
  bot.expectNotice(frontdesk, `- desk: ${nl.routeTest.route.failed(nl.terms.failure.unreachable)}`);
  expect(bot.lines.findLast(({ event }) => event === "route-test-failed")?.facts.retried).toBe(false);
  expect(bot.lines.filter(({ event }) => event === "delivery-failed")).toEqual([]);
  bot.desk.ignoreRest();
  bot.phone.ignoreRest();
});
