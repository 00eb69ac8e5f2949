import { describe, expect, it } from "vitest";
import { acceptTest, confirmTest, type RouteTest, startTest } from "../../../bot/domain/route-test/route-test.ts";
import { textsOf, titlesOf } from "../../card-text.ts";
import { nl } from "../../dutch.ts";
import { pressedAt } from "../../fixtures/incident.ts";
import { alarms, alice, type Started, start } from "../start.ts";

const many = ["a", "b", "c", "d", "e", "f", "g"];

/** A test of seven routes, all of which are out. */
function begin(by: string | null): RouteTest {
  const test = startTest("a1", many, { by, channel: null }, pressedAt);
  return many.reduce((each, pager) => acceptTest(each, pager, pressedAt), test);
}

async function click(bot: Started, verb: string, data: unknown) {
  const answer = await bot.fake.invoke(alice, bot.fake.chatOf(alice), verb, data as never);
  const card = (answer.body as { value?: unknown } | null)?.value;
  return { ...answer, text: textsOf(card).join("\n"), buttons: titlesOf(card) };
}

describe("the card of a test", () => {
  it("has six buttons at most, and the next route comes up once one is confirmed", async () => {
    let test = begin(null);
    await using bot = await start({
      routeTests: {
        start: async () => test,
        load: async () => test,
        async confirm(_id, pager) {
          test = confirmTest(test, pager, pressedAt);
          return test;
        },
      },
    });
    const first = await click(bot, "test-look", { test: "a1" });
    expect(first.buttons).toEqual([
      "Ververs",
      ...["a", "b", "c", "d", "e"].map((each) => `Iemand heeft het gezien: ${each}`),
    ]);
    const next = await click(bot, "test-confirm", { test: "a1", pager: "a" });
    expect(next.buttons).toEqual([
      "Ververs",
      ...["b", "c", "d", "e", "f"].map((each) => `Iemand heeft het gezien: ${each}`),
    ]);
    expect(next.text).toContain("Gestart door de beheerder.");
  });

  it("is no place for somebody's markup", async () => {
    await using bot = await start({
      routeTests: { start: async (by) => begin(by?.name ?? null), load: async () => null, confirm: async () => null },
    });
    const mallory = { ...alice, name: "**Eve** [x](http://evil) {{DATE}}" };
    await bot.fake.say(mallory, alarms, "test");
    const shown = bot.fake.cards[0]?.body.attachments?.[0]?.content;
    expect(textsOf(shown).join("\n")).toContain("Gestart door Eve [x](http://evil) { {DATE}}.");
    await bot.teams.sendToChannel("frontdesk", { kind: "test-result", test: begin(mallory.name) }, bot.signal);
    expect(bot.fake.texts[0]?.body.text).not.toMatch(/\*\*|\[x\]|:\/\//);
  });

  it("says so when the test is gone, and when the storage is down or hangs", async () => {
    let load: () => Promise<RouteTest | null> = async () => null;
    await using bot = await start({
      routeTests: { start: () => load() as Promise<RouteTest>, load: () => load(), confirm: () => load() },
    });
    expect((await click(bot, "test-look", { test: "a1" })).text).toContain("Deze test is er niet meer.");
    load = () => Promise.reject(new Error("disk full"));
    expect((await click(bot, "test-confirm", { test: "a1", pager: "a" })).text).toContain("Dat is niet gelukt.");
    expect(bot.lines).toContainEqual(expect.objectContaining({ event: "test-wish-failed" }));
    let asked = false;
    load = () => {
      asked = true;
      return new Promise(() => undefined);
    };
    const hanging = click(bot, "test-look", { test: "a1" });
    await expect.poll(() => asked).toBe(true);
    bot.clock.to(bot.clock.now() + 4_999);
    expect((await hanging).text).toContain("Dat is niet gelukt.");
  });

  it.each([[{}], [{ test: 7 }], [{ test: "" }], [undefined]])(
    "a click that names no test does nothing: %j",
    async (data) => {
      await using bot = await start();
      expect((await click(bot, "test-look", data)).body).toMatchObject({ value: nl.channel.clickUnknown });
    },
  );
});

it("what came of a test waits for a channel that is not linked", async () => {
  await using bot = await start({ channels: { frontdesk: { conversation: null } } });
  const sending = bot.teams.sendToChannel("frontdesk", { kind: "test-result", test: begin(null) }, bot.signal);
  await expect(sending).rejects.toMatchObject({ reason: "misconfigured" });
});
