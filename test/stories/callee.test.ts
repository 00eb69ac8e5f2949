import { rmSync } from "node:fs";
import Database from "better-sqlite3";
import { describe, expect, it } from "vitest";
import { nl } from "../dutch.ts";
import { type AlarmCentre, startAlarmCentre } from "../fakes/alarm-centre.ts";
import type { Colleague } from "../fakes/teams.ts";
import {
  alice,
  type Bot,
  bob,
  building,
  type CardInHand,
  deskSecret,
  minute,
  phoneSecret,
  type Settings,
  second,
  sourceSecret,
  startBot,
} from "../harness.ts";

const phones = { alice: "+31600000001", bob: "+31600000002" };
const onDuty = ({ name, aadObjectId: id }: Colleague, phone: string) => ({ name, id, onDuty: "always", phone });
const people = [onDuty(alice, phones.alice), onDuty(bob, phones.bob)];
const locations = {
  "town-hall": { name: "Gemeentehuis", address: "Raadhuisplein 1", phone: "on-duty" },
  yard: { name: "Stadswerf", address: "Havenkade 8", phone: "on-duty" },
};
const buttons = [
  { source: "buttons", id: "hall", place: "Balie", location: "town-hall" },
  { source: "buttons", id: "hall-2", place: "Balie", location: "town-hall" },
  { source: "buttons", id: "shed", place: "Loods", location: "yard" },
  { source: "buttons", id: "own", place: "Zaal", location: "yard", holder: alice.name },
];

/** A town hall and a yard, where Alice, else Bob is called back. The desk may be told a number, the phone may not. */
async function start(settings: Settings = {}): Promise<Bot> {
  const bot = await startBot({ settings: { locations, people, buttons, ...settings } });
  await bot.restart({ pagers: toPagers(bot) });
  return bot;
}

function toPagers({ desk, phone }: Bot, mayShowPhones = true): Settings {
  return {
    desk: { type: "webhook", url: desk.url, secret: deskSecret, mayShowPhones },
    phone: { type: "webhook", url: phone.url, secret: phoneSecret },
  };
}

/** Whom the desk was given for that place, page by page. */
function callBacksOf(bot: Bot, place: string): (string | null | undefined)[] {
  const pages = bot.desk.pages.filter(({ incident }) => incident.place === place);
  return pages.map(({ location }) => location?.callBack);
}

describe("who is called back while somebody is inside another alarm", () => {
  const inside = {
    pressed: async (bot: Bot) => {
      await bot.press("own");
    },
    "is there": async (bot: Bot) => {
      await bot.press("shed");
      await bot.click(alice, await bot.expectCard("Loods"), "arrive");
    },
    "asked for help": async (bot: Bot) => {
      await bot.press("shed");
      await bot.click(alice, await bot.expectCard("Loods"), "help");
    },
  };

  it.each(Object.entries(inside))("is nobody who %s there, however long ago, while that is open", async (_, happen) => {
    await using bot = await start();
    await happen(bot);
    await bot.fastForward(31 * minute);
    bot.desk.ignoreRest();
    bot.phone.ignoreRest();
    await bot.press("hall");
    await bot.fastForward(minute + second);
    expect(callBacksOf(bot, "Balie")).toEqual([phones.bob]);
    bot.desk.ignoreRest();
    bot.phone.ignoreRest();
  });

  it("may be who was there and says that they can't come", async () => {
    await using bot = await start();
    await bot.press("shed");
    const card = await bot.expectCard("Loods");
    await bot.click(alice, card, "arrive");
    await bot.click(alice, bot.look(card), "decline");
    await bot.press("hall");
    await bot.fastForward(minute + second);
    expect(callBacksOf(bot, "Balie")).toEqual([phones.alice]);
    bot.desk.ignoreRest();
    bot.phone.ignoreRest();
  });
});

describe("who is called back while the first is on a visit", () => {
  const chat = { type: "teams", policy: "building", channel: "frontdesk" };
  const sources = {
    buttons: { type: "webhook", secret: sourceSecret, policy: "building", channel: "frontdesk" },
    chat,
  };
  const startVisiting = async () => {
    const bot = await start({ sources });
    await bot.type(alice, "bezoek 45m");
    return bot;
  };
  /** Whose number a guard reads on the page of now. */
  const callBackNow = async (bot: Bot) => {
    await bot.fastForward(5 * second);
    const [page] = bot.desk.pages.filter(({ incident }) => incident.place === "Balie");
    const links = page === undefined ? [] : (await bot.openGuardPage(page)).links;
    bot.desk.ignoreRest();
    bot.phone.ignoreRest();
    return links.filter((link) => link.startsWith("tel:")).map((link) => link.slice("tel:".length));
  };
  const pressAndPage = async (bot: Bot) => {
    await bot.press("hall");
    await bot.fastForward(minute + second);
  };

  it("is the next one, at its beginning, while its question is open, and after a restart", async () => {
    await using bot = await startVisiting();
    await bot.fastForward(45 * minute + 30 * second);
    await bot.restart();
    await pressAndPage(bot);
    expect(callBacksOf(bot, "Balie")).toEqual([phones.bob]);
    expect(await callBackNow(bot)).toEqual([phones.bob]);
  });

  it("is the next one from when it begins, and the first again once it ends", async () => {
    await using bot = await start({ sources });
    await pressAndPage(bot);
    expect(await callBackNow(bot)).toEqual([phones.alice]);
    await bot.type(alice, "bezoek 45m");
    expect(await callBackNow(bot)).toEqual([phones.bob]);
    await bot.type(alice, "klaar");
    expect(await callBackNow(bot)).toEqual([phones.alice]);
  });

  it("is the first again once a press ended it and that alarm is closed", async () => {
    await using bot = await startVisiting();
    await bot.press("own");
    const own = await bot.expectCard("Zaal");
    await pressAndPage(bot);
    expect(await callBackNow(bot)).toEqual([phones.bob]);
    await bot.click(bob, own, "arrive");
    await bot.click(bob, bot.look(own), "resolve", "false");
    expect(await callBackNow(bot)).toEqual([phones.alice]);
  });
});

describe("the card", () => {
  /** Whom the card says may be called back. */
  const namedOn = (bot: Bot, card: CardInHand) => /Terugbellen: (?<said>.*)/.exec(bot.look(card).text)?.groups?.said;

  it("names whom the page gives the number of, while the first is inside another alarm", async () => {
    await using bot = await start();
    await bot.press("own");
    await bot.expectCard("Zaal");
    await bot.press("hall");
    const card = await bot.expectCard("Balie");
    await bot.fastForward(minute + second);
    expect(callBacksOf(bot, "Balie")).toEqual([phones.bob]);
    expect(namedOn(bot, card)).toBe(nl.readOut.callBack.person(bob.name));
    bot.desk.ignoreRest();
    bot.phone.ignoreRest();
  });

  it("names the next one at once, when the first presses after the page, and nobody when that was the last", async () => {
    await using bot = await start();
    await bot.press("hall");
    const card = await bot.expectCard("Balie");
    await bot.fastForward(minute + second);
    const page = await bot.desk.expectPage("unclaimed");
    expect(namedOn(bot, card)).toBe(nl.readOut.callBack.person(alice.name));
    await bot.press("own");
    const other = await bot.expectCard("Zaal");
    await bot.fastForward(5 * second);
    expect(namedOn(bot, card)).toBe(nl.readOut.callBack.person(bob.name));
    expect((await bot.openGuardPage(page)).links).toContain(`tel:${phones.bob}`);
    await bot.click(bob, other, "arrive");
    await bot.fastForward(5 * second);
    expect(namedOn(bot, card)).toBe(nl.readOut.callBack.nobody);
    expect((await bot.openGuardPage(page)).links.filter((link) => link.startsWith("tel:"))).toEqual([]);
    bot.desk.ignoreRest();
    bot.phone.ignoreRest();
  });
});

describe("a number that was given is replaced as soon as its owner", () => {
  const elsewhere = async (bot: Bot, verb: "arrive" | "help") => {
    await bot.press("shed");
    await bot.click(alice, await bot.expectCard("Loods"), verb);
  };
  const happenings: Record<string, (bot: Bot, card: CardInHand) => Promise<unknown>> = {
    "presses elsewhere": (bot) => bot.press("own"),
    "is there elsewhere": (bot) => elsewhere(bot, "arrive"),
    "asks for help elsewhere": (bot) => elsewhere(bot, "help"),
    declines: (bot, card) => bot.click(alice, card, "decline"),
    "is there": (bot, card) => bot.click(alice, card, "arrive"),
    "asks for help": (bot, card) => bot.click(alice, card, "help"),
  };

  it.each(Object.entries(happenings))("%s: by one update, and on the guard's page", async (_, happen) => {
    await using bot = await start();
    await bot.press("hall");
    const card = await bot.expectCard("Balie");
    await bot.fastForward(minute + second);
    const page = await bot.desk.expectPage("unclaimed");
    expect(page.location?.callBack).toBe(phones.alice);
    await happen(bot, card);
    await bot.fastForward(5 * second);
    expect(callBacksOf(bot, "Balie")).toEqual([phones.alice, phones.bob]);
    expect((await bot.openGuardPage(page)).links).toContain(`tel:${phones.bob}`);
    bot.desk.ignoreRest();
    bot.phone.ignoreRest();
  });

  it("presses elsewhere, and that is said where no update arrives; who gets no number hears nothing", async () => {
    await using bot = await start();
    await bot.press("hall");
    const card = await bot.expectCard("Balie");
    await bot.fastForward(2 * minute + second);
    const page = await bot.desk.expectPage("unclaimed");
    await bot.phone.expectPage("unclaimed");
    await bot.press("own");
    await bot.fastForward(5 * second);
    bot.phone.expectNothing();
    expect((await bot.openGuardPage(page)).text).toContain(nl.guardView.done["call-back-changed"]);
    expect((await bot.history(card.incident)).join("\n")).toContain(nl.thread.callBackChanged);
    expect((await bot.history(card.incident)).join("\n")).not.toContain(phones.alice);
    bot.desk.ignoreRest();
  });

  it("presses, also when that came before the bot was started again; else a start tells nobody anything", async () => {
    await using bot = await start();
    await bot.press("hall");
    await bot.expectCard("Balie");
    await bot.fastForward(minute + second);
    await bot.restart();
    await bot.fastForward(5 * second);
    expect(callBacksOf(bot, "Balie")).toEqual([phones.alice]);
    // While the desk may not be told a number nobody looks after that.
    await bot.restart({ pagers: toPagers(bot, false) });
    await bot.press("own");
    await bot.fastForward(5 * second);
    expect(callBacksOf(bot, "Balie")).toEqual([phones.alice]);
    await bot.restart({ pagers: toPagers(bot) });
    await bot.fastForward(5 * second);
    expect(callBacksOf(bot, "Balie")).toEqual([phones.alice, phones.bob]);
    bot.desk.ignoreRest();
    bot.phone.ignoreRest();
  });
});

it("the card in a colleague's chat names whom the one in the channel does", async () => {
  await using bot = await start();
  await bot.press("hall");
  await bot.expectCard("Balie");
  await bot.fastForward(minute + 5 * second);
  const said = `Terugbellen: ${nl.readOut.callBack.person(alice.name)}`;
  expect(
    bot
      .chatWith(bob)
      .map(({ text }) => text)
      .join("\n"),
  ).toContain(said);
  bot.desk.ignoreRest();
});

it("the question that closes shows the guard where that is, as the page does", async () => {
  await using bot = await start();
  await bot.press("hall");
  await bot.expectCard("Balie");
  await bot.fastForward(minute + second);
  const guard = await bot.openGuardPage(await bot.desk.expectPage("unclaimed"));
  const button = nl.guardButtons;
  await guard.press(button.accept);
  await guard.press(button.arrived);
  await guard.press(button.safe);
  expect(guard.text).toContain(nl.guardView.notClosedYet);
  expect(guard.text).toContain("Gemeentehuis, Balie");
  bot.desk.ignoreRest();
});

/** A second connection holds the file's only write lock: everything the bot writes fails, as on a disk that is full. */
function holdDisk(bot: Bot): Disposable {
  const other = new Database(`${bot.folder}/rugdekking.db`);
  other.exec("begin immediate");
  return { [Symbol.dispose]: () => other.close() };
}

describe("who is called back by a page from memory", () => {
  const inside = {
    "is there": async (bot: Bot) => {
      await bot.click(alice, await bot.expectCard("Balie"), "arrive");
    },
    "asked for help": async (bot: Bot) => {
      const card = await bot.expectCard("Balie");
      await bot.click(alice, card, "claim");
      await bot.click(alice, card, "help");
    },
    "pressed too": async (bot: Bot) => {
      await bot.restart({
        buttons: buttons.map((each) => (each.id === "hall-2" ? { ...each, holder: alice.name } : each)),
      });
      await bot.press("hall-2");
    },
    "said that they can't come": async (bot: Bot) => {
      await bot.click(alice, await bot.expectCard("Balie"), "decline");
    },
  };

  it.each(Object.entries(inside))("is nobody who %s, when the database is removed", async (_, happen) => {
    await using bot = await start();
    await bot.press("hall");
    await happen(bot);
    await bot.fastForward(second);
    bot.desk.ignoreRest();
    const before = bot.desk.pages.length;
    rmSync(`${bot.folder}/rugdekking.db`);
    await bot.fastForward(90 * second);
    expect(bot.desk.pages.slice(before).map(({ location }) => location?.callBack)).toContain(phones.bob);
    expect(callBacksOf(bot, "Balie").slice(before)).not.toContain(phones.alice);
    bot.desk.ignoreRest();
    bot.phone.ignoreRest();
  });

  it.each(Object.entries(inside))("is nobody who %s, when the button is pressed again", async (_, happen) => {
    await using bot = await start();
    await bot.press("hall");
    await happen(bot);
    await bot.fastForward(second);
    bot.desk.ignoreRest();
    const before = bot.desk.pages.length;
    {
      using _held = holdDisk(bot);
      expect((await bot.press("hall")).status).toBe(503);
    }
    expect(bot.desk.pages.slice(before).map(({ location }) => location?.callBack)).toEqual([phones.bob]);
    bot.desk.ignoreRest();
    bot.phone.ignoreRest();
  });

  it("is of the alarm that the press joins, with who is coming to it", async () => {
    await using bot = await start();
    const { incident } = await bot.press("hall");
    await bot.click(bob, await bot.expectCard("Balie"), "claim");
    using _held = holdDisk(bot);
    // By its button, and by its place.
    for (const button of ["hall", "hall-2"]) expect((await bot.press(button)).status).toBe(503);
    expect(bot.desk.pages.map(({ incident: { id, onTheWay } }) => [id, onTheWay])).toEqual([
      [incident, 1],
      [incident, 1],
    ]);
    expect(new Set(bot.desk.pages.map(({ key }) => key)).size).toBe(2);
    expect((await bot.press("shed")).status).toBe(503);
    expect(bot.desk.pages.at(-1)?.incident.id).not.toBe(incident);
    bot.desk.ignoreRest();
  });

  it("is nobody whose arrival could not be recorded", async () => {
    await using bot = await start();
    await bot.press("hall");
    const card = await bot.expectCard("Balie");
    {
      using _held = holdDisk(bot);
      await bot.click(alice, card, "arrive");
      await bot.click(alice, card, "help");
      await bot.fastForward(second);
      expect(callBacksOf(bot, "Balie")).toEqual([phones.bob]);
    }
    bot.desk.ignoreRest();
    bot.phone.ignoreRest();
  });
});

describe("at an alarm centre by DC-09", () => {
  const toPager = ({ port }: AlarmCentre) => ({
    ...{ type: "sia-dc09", account: "1234", text: true, mayShowPhones: true },
    primary: { host: "127.0.0.1", port, pollEvery: "never" },
  });
  const steps = [
    { after: "0s", tell: "frontdesk" },
    { after: "60s", page: "centre" },
  ];

  /** The alarm centre answers nothing that can be used, and was told of Alice; resolves with how often. */
  async function startUnanswered(bot: Bot, centre: AlarmCentre): Promise<number> {
    const pagers = { ...(bot.settings.pagers as object), centre: toPager(centre) };
    await bot.restart({ policies: { building: { ...building, repeatEvery: "30m", steps } }, pagers });
    centre.behave({ kind: "garbage" });
    await bot.press("hall");
    await bot.expectCard("Balie");
    await bot.fastForward(minute + 20 * second);
    expect(centre.events.map(({ extended }) => extended.join()).join()).toContain(phones.alice);
    return centre.events.length;
  }

  it("who presses meanwhile is not given when it is sent again, and the next one is", async () => {
    await using bot = await start();
    await using centre = await startAlarmCentre({ now: bot.clock.now });
    const before = await startUnanswered(bot, centre);
    await bot.press("own");
    await bot.fastForward(2 * second);
    centre.behave({ kind: "ACK" });
    const from = centre.events.length;
    for (let waited = 0; waited < 40; waited += 1) await bot.fastForward(second);
    const sent = centre.events.slice(from).map(({ extended }) => extended.join());
    expect(from).toBeGreaterThanOrEqual(before);
    expect(sent[0]).toContain(phones.bob);
    expect(sent.join()).not.toContain(phones.alice);
    bot.desk.ignoreRest();
    bot.phone.ignoreRest();
  });

  it("is given anew after a restart, under the same sequence", async () => {
    await using bot = await start();
    await using centre = await startAlarmCentre({ now: bot.clock.now });
    await startUnanswered(bot, centre);
    await bot.restart({ people: [onDuty(bob, phones.bob)] });
    centre.behave({ kind: "ACK" });
    for (let waited = 0; waited < 40; waited += 1) await bot.fastForward(second);
    expect(centre.events.at(-1)?.extended.join()).toContain(phones.bob);
    expect(new Set(centre.events.map(({ sequence }) => sequence)).size).toBe(1);
    bot.desk.ignoreRest();
    bot.phone.ignoreRest();
  });
});
