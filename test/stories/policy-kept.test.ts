import { expect, it } from "vitest";
import { nl, shown, way } from "../dutch.ts";
import { alice, building, hour, minute, type Settings, second, startBot, startWithAlarm } from "../harness.ts";

const tell = { after: "0s", tell: "frontdesk" };

function policies(part: Settings): Settings {
  return { policies: { building: { ...building, ...part } } };
}

it("rule 6: an incident keeps the policy with which it opened, the next one has the new", async () => {
  await using bot = await startWithAlarm();
  await bot.fastForward(10 * second);
  await bot.restart(
    policies({
      claimsNeeded: 2,
      arriveWithin: "30s",
      steps: [tell, { after: "15s", page: "phone" }, { after: "20s", page: "desk" }],
    }),
  );
  await bot.press("0051");
  const newer = await bot.expectCard("Balie");
  await bot.fastForward(15 * second);
  expect((await bot.phone.expectPage("unclaimed")).incident.id).toBe(newer.incident);
  await bot.fastForward(5 * second);
  expect((await bot.desk.expectPage("unclaimed")).incident.id).toBe(newer.incident);
  // The older one: desk at 60 s, one claim is enough, and its promise is two minutes.
  await bot.fastForward(25 * second);
  expect((await bot.click(alice, bot.card, "claim")).text).toContain(nl.card.headline.coming(1));
  await bot.fastForward(2 * minute - 1);
  expect(bot.desk.pages.filter((page) => page.incident.id === bot.card.incident)).toEqual([]);
  await bot.fastForward(1);
  expect(bot.desk.pages.filter((page) => page.incident.id === bot.card.incident)).toMatchObject([{ reason: "lapsed" }]);
});

it("rule 6: the policy stays the same when its name is gone, and over two restarts", async () => {
  await using bot = await startBot();
  await bot.press("0042");
  const { incident } = await bot.expectCard("Spreekkamer 3");
  const sources = { buttons: { ...(bot.settings.sources as { buttons: object }).buttons, policy: "renamed" } };
  const renamed = { ...building, steps: [tell, { after: "10s", page: "phone" }, { after: "300s", page: "desk" }] };
  await bot.restart({ sources, policies: { renamed } });
  await bot.restart();
  await bot.fastForward(minute - 1);
  bot.phone.expectNothing();
  bot.desk.expectNothing();
  await bot.fastForward(1);
  expect((await bot.desk.expectPage("unclaimed")).page).toBe(`${incident}-1-1`);
});

it("rule 6: a pager that has vanished counts as failed: the next step goes at once, and the card says so", async () => {
  await using bot = await startWithAlarm();
  const { phone } = bot.settings.pagers as { phone: object };
  await bot.restart({ pagers: { phone }, ...policies({ steps: [tell, { after: "60s", page: "phone" }] }) });
  await bot.fastForward(minute - 1);
  bot.phone.expectNothing();
  await bot.fastForward(1);
  expect((await bot.phone.expectPage("unclaimed")).page).toBe(`${bot.card.incident}-1-2`);
  bot.desk.expectNothing();
  await bot.fastForward(2 * second);
  expect(bot.card.text).toContain(way("desk", nl.security.failed(nl.terms.failure.misconfigured)));
  expect(bot.card.thread.join("\n")).toContain(nl.thread.pageFailed("desk", nl.terms.failure.misconfigured));
});

it("rule 6: also the last pager may have vanished: it is tried again every round, and the card says to call", async () => {
  await using bot = await startBot({ policy: { steps: [tell, { after: "60s", page: "desk" }] }, settings: {} });
  await bot.restart();
  await bot.press("0042");
  const card = await bot.expectCard("Spreekkamer 3");
  const { phone } = bot.settings.pagers as { phone: object };
  await bot.restart({ pagers: { phone }, ...policies({ steps: [tell, { after: "60s", page: "phone" }] }) });
  await bot.fastForward(minute + 2 * second);
  expect(bot.look(card).text).toContain(nl.card.headline.failed);
  expect(bot.look(card).text).toContain(shown(nl.card.ask.ring));
  await bot.fastForward(3 * minute);
  expect(bot.look(card).thread.join("\n")).toContain(nl.thread.round.repeat(2));
});

it("rule 6: a press on the open incident brings no new policy", async () => {
  await using bot = await startWithAlarm();
  await bot.click(alice, bot.card, "arrive");
  await bot.restart(policies({ steps: [tell, { after: "10s", page: "phone" }, { after: "300s", page: "desk" }] }));
  bot.clock.to(bot.clock.now() + hour / 60);
  expect((await bot.press("0042")).incident).toBe(bot.card.incident);
  await bot.fastForward(minute - 1);
  bot.phone.expectNothing();
  await bot.fastForward(1);
  await bot.desk.expectPage("unclaimed");
});

it("rule 6: a press on an older incident right after the policy changed does not cost the next one its card", async () => {
  await using bot = await startWithAlarm();
  await bot.restart(policies({ claimsNeeded: 2 }));
  expect((await bot.press("0042")).outcome).toBe("repeated");
  expect((await bot.press("0051")).outcome).toBe("opened");
  const card = await bot.expectCard("Balie");
  expect((await bot.click(alice, card, "claim")).text).toContain(nl.card.headline.tooFew(1, 2));
});
