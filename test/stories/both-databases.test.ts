import { describe, expect, it } from "vitest";
import { line, nl, upTo } from "../dutch.ts";
import { alice, bob, minute, second, startBot } from "../harness.ts";
import { PostgresStorage } from "../storage/postgres/postgres-storage.ts";

/** Where most depends on the database: what happens at the same moment, what is due, and what a restart finds. */
describe.each([
  { name: "a file", toStorage: async () => ({}) },
  { name: "PostgreSQL 15", toStorage: async () => ({ storage: await PostgresStorage.start("15") }) },
  { name: "PostgreSQL 18", toStorage: async () => ({ storage: await PostgresStorage.start("18") }) },
])("on $name", { timeout: 120_000 }, ({ toStorage }) => {
  const open = async () => (await startBot(await toStorage())).open();

  it("rule 7: two who go at the same moment both count, once", async () => {
    await using bot = await open();
    const { card } = bot;
    await Promise.all([
      bot.click(alice, card, "claim"),
      bot.click(bob, card, "claim"),
      bot.click(alice, card, "claim"),
    ]);
    await bot.fastForward(second);
    expect((await bot.events(card.incident)).slice(-2)).toEqual(["claimed", "also-coming"]);
    expect(bot.card.text).toContain(nl.card.headline.coming(2));
    await bot.restartAndExpectNothingElse();
  });

  it("rule 3: presses of one button at the same moment are one alarm, and those of others are their own", async () => {
    await using bot = await startBot(await toStorage());
    const buttons = ["0042", "0042", "field-1", "field-2", "0042"];
    const answers = await Promise.all(buttons.map((button) => bot.press(button, { place: `Kamer ${button}` })));
    expect(answers.map(({ status }) => status)).toEqual(buttons.map(() => 202));
    const openNow = await bot.read((reader) => reader.listOpen(10));
    expect(openNow.map(({ button, presses }) => [button, presses]).toSorted()).toEqual([
      ["0042", 3],
      ["field-1", 1],
      ["field-2", 1],
    ]);
    expect(new Set(openNow.map(({ number }) => number)).size).toBe(3);
  });

  it("rules 9 and 14: nobody goes, the pager refuses once, and a guard accepts", async () => {
    await using bot = await open();
    bot.desk.answerWith({ kind: "refuse", status: 503 });
    await bot.fastForward(minute + second);
    bot.desk.answerWith({ kind: "ok" });
    await bot.fastForward(10 * second);
    const [refused, taken] = [await bot.desk.expectPage("unclaimed"), await bot.desk.expectPage("unclaimed")];
    expect(taken.key).toBe(refused.key);
    bot.phone.ignoreRest();
    expect(await bot.answer(taken, "accept")).toBe(200);
    await bot.fastForward(5 * minute);
    bot.desk.expectNothing();
    expect(bot.card.text).toContain(upTo(nl.card.headline.guardComing));
    await bot.restartAndExpectNothingElse();
  });

  it("rule 18: what is open goes on after a restart, at its own moments", async () => {
    await using bot = await open();
    await bot.press("field-1", { place: "Veld 1" });
    const other = await bot.expectCard("Veld 1");
    await bot.fastForward(30 * second);
    await bot.click(alice, other, "claim");
    await bot.restart();
    await bot.fastForward(30 * second - 1);
    bot.desk.expectNothing();
    await bot.fastForward(1);
    expect((await bot.desk.expectPage("unclaimed")).incident.id).toBe(bot.card.incident);
    await bot.fastForward(second);
    bot.desk.expectNothing();
    expect(bot.look(other).text).toContain(line("coming", alice));
    await bot.restartAndExpectNothingElse();
  });

  it("rule 19: a cancel ends nothing, also where it comes with a claim", async () => {
    await using bot = await open();
    await Promise.all([bot.press("0042", { kind: "cancel" }), bot.click(alice, bot.card, "claim")]);
    await bot.fastForward(second);
    expect(bot.card.text).toContain(nl.card.remark.cancelled);
    expect(await bot.events(bot.card.incident)).toEqual(expect.arrayContaining(["claimed", "cancelled"]));
    await bot.restartAndExpectNothingElse();
  });

  it("an answer that the database could not take counts from when it was said", async () => {
    await using bot = await open();
    {
      using _held = bot.holdDisk();
      await bot.click(alice, bot.card, "claim");
      await bot.fastForward(5 * second);
    }
    await bot.fastForward(2 * second);
    const [incident] = await bot.read((reader) => reader.listOpen(10));
    const coming = { person: { name: alice.name }, state: "coming", since: bot.clock.now() - 7 * second };
    expect(incident?.responders).toMatchObject([coming]);
    bot.desk.ignoreRest();
    await bot.restartAndExpectNothingElse();
  });
});
