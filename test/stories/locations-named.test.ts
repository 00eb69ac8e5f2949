import { describe, expect, it } from "vitest";
import { textsOf } from "../card-text.ts";
import { line, nl, shown } from "../dutch.ts";
import {
  alice,
  type Bot,
  backOffice,
  bob,
  type ChatCard,
  carol,
  frontdesk,
  lea,
  minute,
  paul,
  type Settings,
  second,
  startBot,
} from "../harness.ts";
import { cardsOf } from "../in-chats.ts";
import {
  act,
  followRings,
  incidentOf,
  nameOf,
  ownChannel,
  personAt,
  pool,
  sources,
  townHall,
  yard,
} from "../located.ts";
import { ringsOf } from "../rings-of.ts";

const locations = { "town-hall": townHall, yard: { ...yard, channel: "back-office" }, pool };

/**
 * Alice is of the town hall, Bob of the yard, Carol of the pool; Paul types, and works at the town hall and the yard.
 */
const people = [
  personAt(alice, ["town-hall"]),
  personAt(bob, ["yard"]),
  personAt(carol, ["pool"]),
  personAt(paul, ["town-hall", "yard"]),
];
const policies = { building: ownChannel };

function start(settings: Settings = {}): Promise<Bot> {
  return startBot({ settings: { locations, people, sources, policies, buttons: [], ...settings } });
}

const { whichLocation, otherLocation, answer: answers, button } = nl.personal;
const question = shown(whichLocation);
const titlesOf = ({ actions }: ChatCard) => actions.map(({ title }) => title);

describe("who types an alarm says at which location, in any way of writing (rule 22)", () => {
  it.each([
    ["alarm balie stadswerf", "Stadswerf, balie"],
    ["ALARM! Stadswerf: Balie", "Stadswerf, Balie"],
    ["alarm ik sta in de balie van de stadswerf", "Stadswerf, balie"],
    ["alarm zwembad", "Zwembad, plaats onbekend"],
  ])("%s", async (text, where) => {
    await using bot = await start();
    const rung = followRings(bot);
    await bot.type(paul, text);
    await bot.expectCard(where);
    await bot.fastForward(2 * second);
    expect(rung()).toEqual([where.startsWith("Stads") ? bob.name : carol.name]);
  });

  it("and has its chain: the channel of that location", async () => {
    await using bot = await start();
    await bot.type(paul, "alarm balie stadswerf");
    expect((await bot.expectCard("Stadswerf, balie")).posted.conversation).toBe(backOffice);
  });

  it("also who belongs to one alone and is elsewhere; and the next alarm that names none stays there", async () => {
    await using bot = await start({ people: [...people, personAt(lea, ["pool"])] });
    const answer = await bot.type(lea, "alarm balie gemeentehuis");
    expect(answer.text).toContain("Locatie: Gemeentehuis");
    const card = await bot.expectCard("Gemeentehuis, balie");
    await bot.fastForward(2 * second);
    const rung = followRings(bot);
    rung();
    await bot.type(lea, "alarm");
    await bot.fastForward(2 * second);
    expect(rung()).toEqual([alice.name, paul.name]);
    expect(bot.look(card).text).toContain("Gemeentehuis, balie");
  });

  it("nobody is asked which, where it is known", async () => {
    await using bot = await start();
    const answer = await bot.type(paul, "alarm balie stadswerf");
    expect(answer.text).toContain("Locatie: Stadswerf");
    expect(answer.text).not.toContain(question);
  });
});

describe("who belongs to several locations and names none", () => {
  it("rings the people of all of them at once, and then sees the question, which nobody has to answer", async () => {
    await using bot = await start();
    const rung = followRings(bot);
    const answer = await bot.type(paul, "alarm balie");
    const card = await bot.expectCard("Gemeentehuis of Stadswerf, balie");
    await bot.fastForward(2 * second);
    expect(rung()).toEqual([alice.name, bob.name]);
    expect(answer.text).toContain(question);
    expect(titlesOf(answer)).toEqual(["Gemeentehuis", "Stadswerf", button.oops]);
    // In each round the same, and after a restart.
    await bot.restart();
    await bot.fastForward(5 * minute);
    bot.desk.ignoreRest();
    bot.phone.ignoreRest();
    expect(rung()).toEqual([alice.name, bob.name]);
    expect(bot.look(card).text).toContain("Gemeentehuis of Stadswerf, balie");
  });

  it("the guard hears between which, and then which, with its address", async () => {
    await using bot = await start();
    const answer = await bot.type(paul, "alarm balie");
    await bot.expectCard("Gemeentehuis of Stadswerf, balie");
    await bot.fastForward(minute);
    const page = await bot.desk.expectPage("unclaimed");
    expect(page.location?.address).toBeNull();
    expect(page.location?.mayBeAt).toEqual(["Gemeentehuis", "Stadswerf"]);
    expect((await bot.openGuardPage(page)).text).toContain("Gemeentehuis of Stadswerf");
    await bot.clickInChat(paul, "Stadswerf", answer);
    await bot.fastForward(second);
    expect((await bot.desk.expectPage("update")).location).toMatchObject({ name: "Stadswerf", address: "Havenkade 8" });
  });
});

describe("who types it on a phone and names no location", () => {
  const atHall = [...people.slice(0, 3), personAt(paul, ["town-hall"])];

  it("may be elsewhere than where they usually are: security hears no address until it is named", async () => {
    await using bot = await start({ people: atHall });
    const rung = followRings(bot);
    await bot.type(paul, "alarm balie");
    await bot.fastForward(minute);
    expect(rung()).toEqual([alice.name]);
    const page = await bot.desk.expectPage("unclaimed");
    expect(page.location).toMatchObject({ name: null, address: null });
    const { text } = await bot.openGuardPage(page);
    expect(text).toContain(nl.terms.elsewhere("Gemeentehuis"));
    expect(text).not.toContain("Raadhuisplein");
    await bot.type(paul, "gemeentehuis");
    await bot.fastForward(second);
    const update = await bot.desk.expectPage("update");
    expect(update.location).toMatchObject({ name: "Gemeentehuis", address: "Raadhuisplein 1" });
  });

  it("is there where the text of the alarm says so", async () => {
    await using bot = await start({ people: atHall });
    await bot.type(paul, "alarm gemeentehuis");
    await bot.fastForward(minute);
    expect((await bot.desk.expectPage("unclaimed")).location).toMatchObject({ address: "Raadhuisplein 1" });
  });
});

describe("who calls for help and has no alarm, or types one with a slip", () => {
  const { called } = nl.personal.answer;

  it.each(["hulp balie stadswerf", "alram balie stadswerf", "noodalarm stadswerf balie", "paniek balie stadswerf"])(
    "gets the button first, which takes along what was typed: %s",
    async (text) => {
      await using bot = await start();
      const answer = await bot.type(paul, text);
      expect(answer.text).toContain(called.headline);
      expect(titlesOf(answer)).toEqual([button.alarm]);
      await bot.clickInChat(paul, button.alarm, answer);
      expect(await incidentOf(bot)).toMatchObject({ location: "yard", place: "balie" });
      bot.desk.ignoreRest();
    },
  );

  it("and not any more a quarter of an hour later, when they may be elsewhere", async () => {
    await using bot = await start();
    const answer = await bot.type(paul, "hulp balie stadswerf");
    await bot.fastForward(16 * minute);
    await bot.clickInChat(paul, button.alarm, answer);
    expect(await incidentOf(bot)).toMatchObject({ place: null, mayBeAt: ["town-hall", "yard"] });
    bot.desk.ignoreRest();
  });
});

describe("the answer to the question", () => {
  async function ask(bot: Bot, where: string | null = null) {
    const answer = await bot.type(paul, "alarm balie", ...(where === null ? [] : [where]));
    const card = await bot.expectCard("Gemeentehuis of Stadswerf, balie");
    await bot.fastForward(2 * second);
    return { answer, card };
  }

  it("takes the alarm there: its people are rung again, and count on who comes; of the other one nobody", async () => {
    await using bot = await start();
    const { answer, card } = await ask(bot);
    await bot.click(alice, card, "claim");
    await bot.click(bob, card, "claim");
    const rung = followRings(bot);
    rung();
    const after = await bot.clickInChat(paul, "Stadswerf", answer);
    expect(after.text).toContain(answers["location-named"].headline);
    expect(after.text).toContain("Locatie: Stadswerf");
    await bot.fastForward(2 * second);
    // Alice hears that she need not go.
    expect(rung()).toEqual([alice.name, bob.name]);
    expect(bot.look(card).text).toContain("Stadswerf, balie");
    const { responders } = await incidentOf(bot);
    expect(responders.map(({ person: { name }, state }) => [name, state])).toEqual([
      [alice.name, "none"],
      [bob.name, "coming"],
    ]);
    await bot.fastForward(5 * minute);
    expect(rung()).not.toContain(carol.name);
    bot.desk.ignoreRest();
    bot.phone.ignoreRest();
  });

  it.each(["stadswerf", "ik ben op de stadswerf", "locatie stadswerf"])("is taken typed: %j", async (text) => {
    await using bot = await start();
    await ask(bot);
    const rung = followRings(bot);
    rung();
    const after = await bot.type(paul, text);
    expect(after.text).toContain(answers["location-named"].headline);
    expect(after.text).toContain("Locatie: Stadswerf");
    await bot.fastForward(2 * second);
    expect(rung()).toEqual([bob.name]);
    expect(await incidentOf(bot)).toMatchObject({ location: "yard", place: "balie", presses: 1 });
    // And a correction, as long as it is open.
    await bot.type(paul, "zwembad");
    expect(await incidentOf(bot)).toMatchObject({ location: "pool" });
  });

  it("is taken with a call for help, which is a press again", async () => {
    await using bot = await start();
    await ask(bot);
    await bot.type(paul, "hulp stadswerf");
    expect(await incidentOf(bot)).toMatchObject({ location: "yard", place: "balie", presses: 2 });
  });

  it("is kept while nothing can be written, the newest of several, and counts as soon as it can be", async () => {
    await using bot = await start();
    const { answer } = await ask(bot);
    const rung = followRings(bot);
    rung();
    {
      using _disk = bot.holdDisk();
      const clicked = await bot.clickInChat(paul, "Gemeentehuis", answer);
      expect(clicked.text).toContain(answers["location-kept"].headline);
      await bot.fastForward(second);
      expect(rung()).toEqual([alice.name]);
      await bot.type(paul, "stadswerf");
      await bot.fastForward(3 * second);
      expect(rung()).toEqual([bob.name]);
    }
    await bot.fastForward(3 * second);
    expect(await incidentOf(bot)).toMatchObject({ location: "yard", place: "balie" });
    expect(rung()).toEqual([]);
    // The answer to the alarm shows it from then on.
    expect(bot.chatWith(paul)[0]?.text).toContain("Locatie: Stadswerf");
  });

  it("is nobody else's to type, and a place is none", async () => {
    await using bot = await start();
    await ask(bot);
    await bot.type(alice, "stadswerf");
    const after = await bot.type(paul, "in de kelder");
    expect(after.text).toContain(shown(nl.typedAnswer.own.text[0] ?? ""));
    expect(await incidentOf(bot)).toMatchObject({ mayBeAt: ["town-hall", "yard"], place: "balie" });
  });

  it("takes nothing from who belongs there without duty, and of who asked for help that they are there", async () => {
    await using bot = await start({
      people: [...people, personAt(lea, ["yard"], { onDuty: "mon 02:00-03:00" })],
    });
    const { answer, card } = await ask(bot);
    await bot.click(lea, card, "claim");
    await bot.click(carol, card, "arrive");
    await bot.click(carol, card, "help");
    await bot.clickInChat(paul, "Stadswerf", answer);
    await bot.fastForward(2 * second);
    const states = (await incidentOf(bot)).responders.map(({ person: { name }, state }) => [name, state]);
    expect(states).toContainEqual([lea.name, "coming"]);
    expect(states).toContainEqual([carol.name, "none"]);
    // Whoever is alone reads of nobody that they are there.
    expect(bot.chatWith(paul)[0]?.text).not.toContain(nl.presser.state.there.headline);
    expect(bot.look(card).text).not.toContain(line("there", carol));
    expect(bot.look(card).text).toContain(nl.card.headline.help);
    expect(await bot.events(card.incident)).toContain("help");
    expect(bot.teams.told.flatMap(({ body }) => body.text ?? []).join()).not.toContain(nl.alarmInChat.letGo.text);
    bot.desk.ignoreRest();
    bot.phone.ignoreRest();
  });

  it("lets who is there in another building hold no page back, and asks them without a sound", async () => {
    await using bot = await start();
    const { answer, card } = await ask(bot);
    await bot.click(alice, card, "arrive");
    await bot.fastForward(2 * minute);
    bot.desk.expectNothing();
    const [alarm] = ringsOf(bot, alice).slice(-1);
    await bot.clickInChat(paul, "Stadswerf", answer);
    await bot.fastForward(second);
    await bot.desk.expectPage("unclaimed");
    expect(bot.look(card).thread.join()).toContain(nl.thread.letGo(alice.name));
    expect(cardsOf(bot, alice).at(-1)?.text).toContain(nl.alarmInChat.self["was-there"]);
    expect(ringsOf(bot, alice).at(-1)).toBe(alarm);
    // She is, after all: from then on she counts.
    await bot.click(alice, bot.look(card), "arrive");
    await bot.fastForward(2 * minute);
    await bot.desk.expectPage("update");
    bot.desk.expectNothing();
    bot.phone.expectNothing();
  });

  it("tells who is on the way to the other one that they need not go, once, and says so below the card", async () => {
    await using bot = await start();
    const { answer, card } = await ask(bot);
    await bot.click(alice, card, "claim");
    await bot.clickInChat(paul, "Stadswerf", answer);
    await bot.fastForward(5 * second);
    const told = bot.teams.told.filter(({ body }) => body.text?.includes(nl.alarmInChat.letGo.text));
    expect(told.map(({ to }) => nameOf(to))).toEqual([alice.name]);
    expect(told[0]?.body.text).toContain("Stadswerf, balie");
    expect(bot.look(card).thread.join()).toContain(nl.thread.letGo(alice.name));
    await bot.fastForward(minute);
    bot.desk.ignoreRest();
  });

  it("tells nobody who is on the way and in danger at another alarm by then", async () => {
    await using bot = await start({
      buttons: [{ source: "buttons", id: "cellar", place: "Kelder", holder: alice.name }],
    });
    const { answer, card } = await ask(bot);
    await bot.click(alice, card, "claim");
    await bot.press("cellar");
    await bot.fastForward(second);
    await bot.clickInChat(paul, "Stadswerf", answer);
    await bot.fastForward(5 * second);
    expect(bot.teams.told.flatMap(({ body }) => body.text ?? []).join()).not.toContain(nl.alarmInChat.letGo.text);
    bot.desk.ignoreRest();
  });

  it("counts after a restart, and where it was typed in a channel", async () => {
    await using bot = await start();
    const { answer } = await ask(bot, frontdesk);
    await bot.restart();
    await bot.clickInChat(paul, "Gemeentehuis", answer);
    expect(await incidentOf(bot)).toMatchObject({ location: "town-hall", closedAt: null, cancelledAt: null });
  });

  it("counts of nobody else, and not once it is closed", async () => {
    await using bot = await start();
    const { answer, card } = await ask(bot, frontdesk);
    const refused = await bot.clickInChat(alice, "Stadswerf", answer);
    expect(refused.text).toContain(answers["not-yours"].headline);
    expect((await incidentOf(bot)).location).toBeUndefined();
    await bot.click(alice, card, "arrive");
    await bot.click(alice, bot.look(card), "resolve", "false");
    const late = await bot.clickInChat(paul, "Stadswerf", answer);
    expect(late.text).toContain(answers.closed.headline);
  });

  it("for a location that has left the configuration changes nothing, and says what to type", async () => {
    await using bot = await start();
    await ask(bot);
    const { id: incident } = await incidentOf(bot);
    for (const location of ["gone", "constructor", "__proto__"]) {
      const { body } = await bot.teams.invoke(paul, bot.teams.chatOf(paul), "at-location", { incident, location });
      const said = textsOf((body as { value?: unknown } | null)?.value).join("\n");
      expect(said).toContain(answers["location-failed"].headline);
    }
    expect(await incidentOf(bot)).toMatchObject({ mayBeAt: ["town-hall", "yard"], closedAt: null });
  });

  it("makes no sound for who is in danger: the card that answered them is edited", async () => {
    await using bot = await start();
    const { answer } = await ask(bot);
    const before = bot.chatWith(paul).map(({ id }) => id);
    await bot.clickInChat(paul, "Stadswerf", answer);
    await bot.fastForward(minute);
    expect(bot.chatWith(paul).map(({ id }) => id)).toEqual(before);
    expect(bot.chatWith(paul).at(-1)?.text).toContain("Locatie: Stadswerf");
    bot.desk.ignoreRest();
  });
});

describe("an ambiguous name", () => {
  const teams = {
    ...locations,
    east: { name: "Wijkteam Oost", address: "Oost 1", phone: "+31300000004" },
    west: { name: "Wijkteam West", address: "West 1", phone: "+31300000005" },
  };

  it("of two locations rings both, and the usual one, and is asked", async () => {
    await using bot = await start({
      locations: teams,
      people: [
        personAt(alice, ["east"]),
        personAt(bob, ["west"]),
        personAt(carol, ["pool"]),
        personAt(paul, ["town-hall"]),
      ],
    });
    const rung = followRings(bot);
    const answer = await bot.type(paul, "alarm wijkteam balie");
    await bot.expectCard("Gemeentehuis, Wijkteam Oost of Wijkteam West, wijkteam balie");
    await bot.fastForward(2 * second);
    expect(rung()).toEqual([alice.name, bob.name]);
    expect(titlesOf(answer)).toEqual(["Gemeentehuis", "Wijkteam Oost", "Wijkteam West", button.oops]);
  });

  it.each(["oost balie", "oots balie", "balie wijkteamoost"])("%j rings that one and the usual one", async (text) => {
    await using bot = await start({
      locations: teams,
      people: [
        personAt(alice, ["town-hall"]),
        personAt(bob, ["east"]),
        personAt(carol, ["west"]),
        personAt(paul, ["town-hall"]),
      ],
    });
    const rung = followRings(bot);
    const answer = await bot.type(paul, `alarm ${text}`);
    await bot.fastForward(2 * second);
    expect(rung()).toEqual([alice.name, bob.name]);
    expect(titlesOf(answer)).toEqual(["Gemeentehuis", "Wijkteam Oost", button.oops]);
    await bot.fastForward(minute);
    expect((await bot.desk.expectPage("unclaimed")).location).toMatchObject({
      address: null,
      mayBeAt: ["Gemeentehuis", "Wijkteam Oost"],
    });
  });

  it("by half, typed again, adds that one to where it was, and takes nothing from who is there", async () => {
    await using bot = await start({ people: [...people.slice(0, 3), personAt(paul, ["town-hall"])] });
    await bot.type(paul, "alarm balie");
    const card = await bot.expectCard("Gemeentehuis, balie");
    await bot.click(alice, card, "arrive");
    const rung = followRings(bot);
    await act(bot, "message", "alarm kelder stadwerf");
    await bot.fastForward(2 * second);
    expect(rung()).toContain(bob.name);
    const { mayBeAt, responders } = await incidentOf(bot);
    expect(mayBeAt).toEqual(["town-hall", "yard"]);
    expect(responders.map(({ arrivedAt }) => arrivedAt === null)).toEqual([false]);
  });

  it("of two whole names rings those", async () => {
    await using bot = await start();
    const rung = followRings(bot);
    const answer = await bot.type(paul, "alarm zwembad of stadswerf");
    await bot.fastForward(2 * second);
    expect(rung()).toEqual([bob.name, carol.name]);
    expect(titlesOf(answer)).toEqual(["Stadswerf", "Zwembad", button.oops]);
  });

  it("of more locations than fit a phone has six buttons, and says what to type", async () => {
    const many = Array.from(
      { length: 9 },
      (_, at) => [`l${at}`, { name: `Gebouw ${at}`, address: `Kade ${at}` }] as const,
    );
    await using bot = await start({
      locations: Object.fromEntries(many),
      people: [personAt(alice, null), personAt(paul, null)],
    });
    const answer = await bot.type(paul, "alarm");
    expect(titlesOf(answer)).toHaveLength(7);
    expect(answer.text).toContain(shown(otherLocation));
  });
});

describe("changing the text of the message", () => {
  it("into one that names the location takes the alarm there, and is no second alarm", async () => {
    await using bot = await start();
    await act(bot, "message", "alarm balie");
    const card = await bot.expectCard("Gemeentehuis of Stadswerf, balie");
    await bot.fastForward(2 * second);
    const rung = followRings(bot);
    rung();
    await act(bot, "messageUpdate", "alarm balie stadswerf");
    await bot.fastForward(2 * second);
    expect(bot.look(card).text).toContain("Stadswerf, balie");
    expect(rung()).toEqual([bob.name]);
    expect(await incidentOf(bot)).toMatchObject({ location: "yard", presses: 1 });
  });

  it("into one that names another location takes it there as well", async () => {
    await using bot = await start();
    await act(bot, "message", "alarm balie stadswerf");
    const card = await bot.expectCard("Stadswerf, balie");
    await bot.fastForward(2 * second);
    const rung = followRings(bot);
    rung();
    await act(bot, "messageUpdate", "alarm zwembad");
    await bot.fastForward(2 * second);
    expect(bot.look(card).text).toContain("Zwembad, balie");
    expect(rung()).toEqual([carol.name]);
  });
});
