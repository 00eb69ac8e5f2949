import { describe, expect, it } from "vitest";
import { changeDatabase } from "../damage.ts";
import { line, nl } from "../dutch.ts";
import type { Colleague } from "../fakes/teams.ts";
import { alice, type Bot, bob, type CardInHand, minute, second, sourceSecret, startBot } from "../harness.ts";
import { newestOf } from "../in-chats.ts";
import { ringsOf } from "../rings-of.ts";

const source = { type: "webhook", secret: sourceSecret, policy: "building", channel: "frontdesk" };
const sources = { buttons: source, chat: { ...source, type: "teams", secret: undefined } };
const buttons = [
  ...["Balie", "Kelder"].map((place) => ({ source: "buttons", id: place, place })),
  { source: "buttons", id: "belt-bob", place: "Tas van Bob", holder: bob.name, fixed: false },
];
const { away } = nl.otherAlarm;
const occupied = line("occupied", bob);
/** A mention, a message and its card. */
const asOnce = 3;

function start(): Promise<Bot> {
  return startBot({ settings: { buttons, sources } });
}

/** Presses, and takes the card in hand once all has gone out. */
async function press(bot: Bot, button: string, place = button): Promise<CardInHand> {
  await bot.press(button);
  const card = await bot.expectCard(place);
  await bot.fastForward(5 * second);
  return bot.look(card);
}

/** What made that colleague's devices sound since, for that place. */
function follow(bot: Bot, who: Colleague, place: string): () => string[] {
  const before = new Set(ringsOf(bot, who).map(({ id }) => id));
  return () =>
    ringsOf(bot, who)
      .filter(({ id }) => !before.has(id))
      .map(({ body }) => body.summary ?? body.text ?? "a card")
      .filter((said) => said.includes(place));
}

function end(bot: Bot): void {
  bot.desk.ignoreRest();
  bot.phone.ignoreRest();
}

/** Bob is there at the desk; another alarm is open. */
async function startThere() {
  const bot = await start();
  const [first, next] = [await press(bot, "Balie"), await press(bot, "Kelder")];
  await bot.click(bob, first, "arrive");
  await bot.fastForward(20 * second);
  return { bot, first, next };
}

describe("whoever is there and clicks Ik ga for another alarm", () => {
  it("is there no more: card, thread, chat and the guard's page say where they go, and the others are asked", async () => {
    const { bot: started, first, next } = await startThere();
    await using bot = started;
    await bot.fastForward(60 * second);
    const paged = () => bot.desk.pages.filter(({ incident }) => incident.id === first.incident);
    expect(paged()).toEqual([]);
    const since = [follow(bot, alice, "Balie"), follow(bot, bob, "Balie")];
    await bot.click(bob, next, "claim");
    await bot.fastForward(5 * second);
    const card = bot.look(first);
    expect(card.text).not.toContain(line("there", bob));
    expect(card.text).toContain(occupied);
    expect(card.thread.join("\n")).toContain(away.leaving(bob.name));
    expect(newestOf(bot, bob).text).not.toContain(nl.alarmInChat.self.there);
    expect(bot.look(next).text).toContain(line("coming", bob));
    const [others, own] = since.map((each) => each().length);
    expect(others).toBeGreaterThan(1);
    expect(own).toBe(0);
    const [page] = paged();
    expect(page?.reason).toBe("unclaimed");
    const guard = page === undefined ? "" : await bot.guardPage(page);
    expect(guard).toContain(nl.otherAlarm.awayToGuard.leaving);
    expect(guard).not.toContain(nl.otherAlarm.awayToGuard.there);
    end(bot);
  });

  it("is there no more also while nothing can be written: a page from memory goes at its time", async () => {
    const { bot: started, first, next } = await startThere();
    await using bot = started;
    const paged = () => bot.desk.pages.filter(({ incident }) => incident.id === first.incident);
    {
      using _disk = bot.holdDisk();
      await bot.click(bob, next, "claim");
      await bot.fastForward(20 * second);
      expect(paged()).toEqual([]);
      await bot.fastForward(30 * second);
      expect(paged().map(({ reason }) => reason)).toEqual(["unclaimed"]);
    }
    await bot.fastForward(10 * second);
    expect(bot.look(first).text).toContain(occupied);
    expect(bot.look(next).text).toContain(line("coming", bob));
    expect((await bot.events(first.incident)).filter((kind) => kind === "now-elsewhere")).toHaveLength(1);
    end(bot);
  });

  it("hears nothing of it when they do not go after all, and is asked by their card whether they are there", async () => {
    const { bot: started, first, next } = await startThere();
    await using bot = started;
    await bot.click(bob, next, "claim");
    await bot.fastForward(5 * second);
    const since = follow(bot, bob, "Balie");
    await bot.click(bob, next, "decline");
    await bot.fastForward(20 * second);
    expect(since()).toEqual([]);
    expect(bot.look(first).text).not.toContain(occupied);
    const own = bot.chatWith(bob).filter(({ text }) => text.includes(nl.alarmInChat.self["was-there"]));
    expect(own.map(({ text }) => text.includes("Balie"))).toEqual([true]);
    await bot.click(bob, first, "arrive");
    await bot.fastForward(5 * second);
    expect(bot.look(first).text).toContain(line("there", bob));
    end(bot);
  });

  it("is asked once to come back when that is closed, and they had said that they are there", async () => {
    const { bot: started, next } = await startThere();
    await using bot = started;
    await bot.click(bob, next, "claim");
    await bot.fastForward(20 * second);
    await bot.click(bob, next, "arrive");
    await bot.fastForward(20 * second);
    const since = follow(bot, bob, "Balie");
    await bot.fastForward(minute);
    expect(since()).toEqual([]);
    expect(newestOf(bot, bob).text).not.toContain(nl.alarmInChat.self["was-there"]);
    await bot.click(bob, bot.look(next), "resolve", "false");
    await bot.fastForward(10 * second);
    expect(since()).toHaveLength(asOnce);
    end(bot);
  });

  it("is there no more after a restart either, also where the process before did not get to it", async () => {
    const { bot: started, first, next } = await startThere();
    await using bot = started;
    await bot.click(bob, next, "claim");
    await bot.fastForward(5 * second);
    await bot.stop();
    const unnoticed = `json_set(body, '$.responders[0].state', 'there') where id = '${first.incident}'`;
    changeDatabase(`${bot.folder}/rugdekking.db`, `update incidents set body = ${unnoticed}`);
    await bot.start();
    await bot.fastForward(5 * second);
    expect(bot.look(first).text).not.toContain(line("there", bob));
    const told = (await bot.history(first.incident)).filter((said) => said.includes(away.leaving(bob.name)));
    expect(told).toHaveLength(2);
    end(bot);
  });

  it("counts in both where an earlier version wrote that they go: nothing of what stood then is taken back", async () => {
    await using bot = await start();
    const [first, next] = [await press(bot, "Balie"), await press(bot, "Kelder")];
    await bot.click(bob, next, "claim");
    await bot.stop();
    const { folder } = bot;
    const earlier = `json_remove(body, '$.responders[0].promisedAt') where id = '${next.incident}'`;
    changeDatabase(`${folder}/rugdekking.db`, `update incidents set body = ${earlier}`);
    const there = { person: { id: bob.aadObjectId, name: bob.name }, state: "there", silentAt: null };
    const at = `json_extract(body, '$.lastPressAt')`;
    const responder = `json_set(json('${JSON.stringify(there)}'), '$.since', ${at}, '$.arrivedAt', ${at}, '$.signAt', ${at})`;
    const arrived = `json_set(body, '$.responders', json_array(${responder})) where id = '${first.incident}'`;
    changeDatabase(`${folder}/rugdekking.db`, `update incidents set body = ${arrived}`);
    await bot.start();
    await bot.fastForward(20 * second);
    expect(await bot.events(first.incident)).not.toContain("now-elsewhere");
    bot.desk.expectNothing();
    // Said anew it is a promise of now.
    await bot.click(bob, next, "decline");
    await bot.click(bob, next, "claim");
    await bot.fastForward(5 * second);
    expect(await bot.events(first.incident)).toContain("now-elsewhere");
    end(bot);
  });

  it.each(["belt-bob", "alarm"])(
    "and presses where nobody knows where that is, calls for help there: %s",
    async (how) => {
      const { bot: started, first, next } = await startThere();
      await using bot = started;
      await bot.click(bob, next, "claim");
      await bot.fastForward(5 * second);
      if (how === "alarm") await bot.type(bob, how);
      else await bot.press(how);
      await bot.fastForward(5 * second);
      expect(bot.look(first).text).toContain(nl.card.headline.help);
      expect(bot.desk.pages.map(({ incident, reason }) => [incident.id, reason])).toEqual([[first.incident, "help"]]);
      expect(await bot.events(next.incident)).toContain("now-elsewhere");
      end(bot);
    },
  );

  it("stays where they asked for help, which holds nothing back", async () => {
    const { bot: started, first, next } = await startThere();
    await using bot = started;
    await bot.click(bob, first, "help");
    await bot.click(bob, next, "claim");
    await bot.fastForward(5 * second);
    expect(await bot.events(first.incident)).not.toContain("now-elsewhere");
    end(bot);
  });
});

describe("whoever is there and presses where nobody knows where that is", () => {
  it.each([
    ["their button is carried, and has a place in the configuration", "Tas van Bob"],
    ["they typed it without a place", nl.terms.placeUnknown],
  ])("calls for help there, and their new alarm tells no place that may be wrong: %s", async (_, place) => {
    const { bot: started, first } = await startThere();
    await using bot = started;
    if (place === "Tas van Bob") await bot.press("belt-bob");
    else await bot.type(bob, "alarm");
    const card = await bot.expectCard(place);
    await bot.fastForward(5 * second);
    const help = bot.desk.pages.find(({ reason }) => reason === "help");
    expect(help?.incident.id).toBe(first.incident);
    expect(bot.look(first).text).toContain(line("there", bob));
    // Where they were may have been corrected, be a guess itself, or be for other people than these.
    await bot.fastForward(minute);
    expect(bot.look(card).text).not.toContain("Balie");
    const page = bot.desk.pages.find(({ incident }) => incident.id === card.incident);
    expect(page && (await bot.guardPage(page))).not.toContain("Balie");
    end(bot);
  });

  it.each([
    ["they typed it again without a place, and had one at a desk before", "alarm Zolder", "alarm"],
    ["their button is carried, and knew once where it was", { lat: 52.1, lon: 5.1, accuracyM: 5 }, "belt-bob"],
  ])(
    "calls for help there, also where an alarm of their own is still open that has a place: %s",
    async (_, own, how) => {
      await using bot = await start();
      if (typeof own === "string") await bot.type(bob, own);
      else await bot.press("belt-bob", { position: own });
      await bot.expectCard(typeof own === "string" ? "Zolder" : "Tas van Bob");
      await bot.fastForward(minute);
      const first = await press(bot, "Balie");
      await bot.click(bob, first, "arrive");
      await bot.fastForward(20 * second);
      if (how === "alarm") await bot.type(bob, how);
      else await bot.press(how);
      await bot.fastForward(5 * second);
      expect(await bot.events(first.incident)).toContain("help");
      end(bot);
    },
  );
});

describe("whoever does not answer about their visit", () => {
  /** Bob's visit has run out, and the bot has asked whether all is well. */
  async function startAsked() {
    const bot = await start();
    await bot.fastForward(minute);
    await bot.type(bob, "bezoek 5");
    await bot.fastForward(5 * minute);
    expect(bot.saidTo(bob)?.text).toContain(nl.visit.ask("").headline);
    return bot;
  }

  it("is rung for no alarm, and the second question still comes", async () => {
    await using bot = await startAsked();
    const since = follow(bot, bob, "Balie");
    const card = await press(bot, "Balie");
    expect(since()).toEqual([]);
    expect(card.text).toContain(occupied);
    expect(await bot.history(card.incident)).toContainEqual(expect.stringContaining(nl.otherAlarm.occupied(bob.name)));
    await bot.fastForward(2 * minute);
    expect(bot.saidTo(bob)?.text).toContain(nl.visit.askLast("").headline);
    expect(since()).toEqual([]);
    end(bot);
  });

  it.each(["klaar", "the button"])("is asked at once when they say that all is well: %s", async (how) => {
    await using bot = await startAsked();
    const card = await press(bot, "Balie");
    const since = follow(bot, bob, "Balie");
    if (how === "klaar") await bot.type(bob, "bezoek klaar");
    else await bot.type(bob, "bezoek 15");
    await bot.fastForward(5 * second);
    expect(since()).toHaveLength(asOnce);
    expect(bot.look(card).text).not.toContain(occupied);
    end(bot);
  });

  it("is known to a start", async () => {
    await using bot = await startAsked();
    await bot.restart();
    const since = follow(bot, bob, "Balie");
    await press(bot, "Balie");
    expect(since()).toEqual([]);
    end(bot);
  });

  it("but before that is asked as everybody is, because most visits go well", async () => {
    await using bot = await start();
    await bot.type(bob, "bezoek 5");
    const since = follow(bot, bob, "Balie");
    await press(bot, "Balie");
    expect(since()).toHaveLength(asOnce);
    end(bot);
  });
});
