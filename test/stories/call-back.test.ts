import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { pagers } from "../../adapters/index.ts";
import { nl } from "../dutch.ts";
import { pagerTypes, startProvider } from "../fakes/providers.ts";
import {
  alice,
  type Bot,
  bob,
  building,
  type CardInHand,
  carol,
  deskSecret,
  minute,
  paul,
  phoneSecret,
  type Settings,
  sam,
  second,
  startBot,
} from "../harness.ts";

const phones = { [alice.name]: "+31600000001", [bob.name]: "+31600000002", [paul.name]: "+31600000004" };
const people = [
  ...[paul, alice, bob].map(({ name, aadObjectId: id }) => ({ name, id, onDuty: "always", phone: phones[name] })),
  // On duty, without a phone.
  { name: carol.name, id: carol.aadObjectId, onDuty: "always" },
];
const hall = { name: "Gemeentehuis", address: "Raadhuisplein 1", phone: "on-duty", codeWord: "map achter de balie" };
const buttons = [
  { source: "buttons", id: "hall", place: "Balie", location: "town-hall", holder: paul.name },
  { source: "buttons", id: "room", place: "Zaal", location: "town-hall", holder: alice.name },
];

/** A town hall where who is on duty is called back. The desk may be told a number, the phone may not. */
async function start(settings: Settings = {}): Promise<Bot> {
  const bot = await startBot({ settings: { locations: { "town-hall": hall }, people, buttons, ...settings } });
  await bot.restart({
    pagers: {
      desk: { type: "webhook", url: bot.desk.url, secret: deskSecret, mayShowPhones: true },
      phone: { type: "webhook", url: bot.phone.url, secret: phoneSecret },
    },
  });
  return bot;
}

/** The verbs of all its buttons from top to bottom, also behind Meer; each stands twice, for old clients. */
function verbsOn({ posted }: CardInHand): (string | undefined)[] {
  const content = JSON.stringify(posted.shown.at(-1)?.attachments?.[0]?.content);
  return [...content.matchAll(/"verb":"([^"]+)"/g)].map(([, verb]) => verb).filter((_, index) => index % 2 === 0);
}

/** What is the same of a number however it is written: without +31 or 0. */
function national(phone = ""): string {
  return phone.replace("+31", "");
}

/** Written in one piece, as a voice may speak them one by one. */
function digitsOf(text: string): string {
  return text.replace(/(?<=\d)[ ,.]+(?=\d)/g, "");
}

async function callBackOf(bot: Bot): Promise<string | null | undefined> {
  return (await bot.desk.expectPage()).location?.callBack;
}

describe("who is called back where that is who is on duty", () => {
  it("is the first of them, for pagers that may be told a number, and nobody for the others", async () => {
    await using bot = await start();
    await bot.press("hall");
    const card = await bot.expectCard("Balie");
    await bot.fastForward(minute);
    const first = await bot.desk.expectPage("unclaimed");
    expect(first.location?.callBack).toBe(phones[alice.name]);
    const shown = await bot.openGuardPage(first);
    expect(shown.links).toContain(`tel:${phones[alice.name]}`);
    // The card names them, and no colleague's own number.
    expect(bot.look(card).text).toContain(`Terugbellen: kan naar de telefoon van ${alice.name}`);
    expect(bot.look(card).text).not.toContain("+316");
    await bot.fastForward(minute);
    const next = await bot.phone.expectPage("unclaimed");
    expect(next.location?.callBack).toBeNull();
    const other = await bot.openGuardPage(next);
    expect(other.text).toContain(nl.guardView.noCallBack);
    expect(other.links.filter((link) => link.startsWith("tel:"))).toEqual([]);
    // Once it is over nobody's own phone has to ring.
    await bot.click(bob, bot.look(card), "arrive");
    bot.desk.ignoreRest();
    await bot.click(bob, bot.look(card), "resolve", "false");
    await bot.fastForward(2 * second);
    expect((await bot.desk.expectPage("call-off")).location?.callBack).toBeNull();
    expect((await bot.openGuardPage(first)).links.filter((link) => link.startsWith("tel:"))).toEqual([]);
    bot.phone.ignoreRest();
  });

  it("is nobody any more once security was called off, also in the call-off", async () => {
    await using bot = await start();
    await bot.press("hall");
    const card = await bot.expectCard("Balie");
    await bot.fastForward(minute);
    const page = await bot.desk.expectPage("unclaimed");
    await bot.click(bob, bot.look(card), "arrive");
    bot.desk.ignoreRest();
    await bot.click(bob, bot.look(card), "call-off");
    await bot.fastForward(2 * second);
    expect((await bot.desk.expectPage("call-off")).location?.callBack).toBeNull();
    expect((await bot.openGuardPage(page)).links.filter((link) => link.startsWith("tel:"))).toEqual([]);
  });

  it("never is who pressed, declined, is there, asked for help or has no phone", async () => {
    await using bot = await start();
    await bot.press("hall");
    const card = await bot.expectCard("Balie");
    await bot.click(alice, card, "decline");
    await bot.fastForward(minute);
    const page = await bot.desk.expectPage("unclaimed");
    expect(page.location?.callBack).toBe(phones[bob.name]);
    await bot.click(bob, bot.look(card), "arrive");
    await bot.fastForward(second);
    expect(await callBackOf(bot)).toBeNull();
    const shown = await bot.openGuardPage(page);
    expect(shown.text).toContain(nl.guardView.noCallBack);
    expect(bot.look(card).text).toContain(`Terugbellen: ${nl.readOut.callBack.nobody}`);
  });

  it("never is who is at another alarm", async () => {
    await using bot = await start();
    await bot.press("room");
    const other = await bot.expectCard("Zaal");
    await bot.click(bob, other, "arrive");
    await bot.press("hall");
    await bot.expectCard("Balie");
    await bot.fastForward(minute);
    const pages = [await bot.desk.expectPage()];
    if (pages[0]?.incident.place !== "Balie") pages.push(await bot.desk.expectPage());
    // Paul pressed, Alice wears the button of the other alarm, Bob is there, and Carol has no phone.
    expect(pages.at(-1)).toMatchObject({ incident: { place: "Balie" }, location: { callBack: null } });
    bot.desk.ignoreRest();
    bot.phone.ignoreRest();
  });

  it("is who is on duty when it is sent, and when the page is looked at", async () => {
    const at = (onDuty: string) => (each: Settings) => (each.name === alice.name ? { ...each, onDuty } : each);
    await using bot = await start();
    await bot.press("hall");
    await bot.expectCard("Balie");
    await bot.fastForward(minute);
    const page = await bot.desk.expectPage("unclaimed");
    expect(page.location?.callBack).toBe(phones[alice.name]);
    await bot.restart({ people: people.map(at("never")) });
    expect((await bot.openGuardPage(page)).links).toContain(`tel:${phones[bob.name]}`);
  });

  it.each(pagerTypes.filter((type) => pagers[type]?.mayGetPhones))(
    "is kept nowhere by %s while it fails: not in history, outbox, its own memory or log",
    async (type) => {
      await using bot = await start();
      await using provider = await startProvider(type, { now: bot.clock.now });
      const tried = { ...provider.settings, mayShowPhones: true };
      const steps = [
        { after: "0s", tell: "frontdesk" },
        { after: "60s", page: "tried" },
      ];
      await bot.restart({
        policies: { building: { ...building, repeatEvery: "30m", steps } },
        pagers: { ...(bot.settings.pagers as object), tried },
      });
      provider.answer("broken");
      await bot.press("hall");
      await bot.expectCard("Balie");
      for (let waited = 0; waited < 80; waited += 1) await bot.fastForward(second);
      const told = provider.arrivals().map((arrival) => arrival.text);
      expect(digitsOf(told.join())).toContain(national(phones[alice.name]));
      const files = readdirSync(bot.folder).map((file) => readFileSync(join(bot.folder, file), "latin1"));
      expect(files.join()).toContain("guard-key");
      const kept = [...files, JSON.stringify([bot.lines, bot.teams.cards, bot.teams.replies])].join();
      // What is kept as base64 is read too.
      const encoded = kept.match(/[A-Za-z0-9+/]{24,}={0,2}/g) ?? [];
      const read = [kept, ...encoded.map((each) => Buffer.from(each, "base64").toString("latin1"))];
      for (const phone of Object.values(phones)) expect(digitsOf(read.join())).not.toContain(national(phone));
      bot.desk.ignoreRest();
      bot.phone.ignoreRest();
    },
  );

  it.each(["ntfy", "pagerduty"] as const)("stands in no message of %s, whatever it is asked", async (type) => {
    await using bot = await start();
    await using provider = await startProvider(type, { now: bot.clock.now });
    const pagers = (more: object) => ({ ...(bot.settings.pagers as object), tried: { ...provider.settings, ...more } });
    const steps = [
      { after: "0s", tell: "frontdesk" },
      { after: "60s", page: "tried" },
      { after: "60s", page: "desk" },
    ];
    const policies = { building: { ...building, steps } };
    await expect(bot.restart({ policies, pagers: pagers({ mayShowPhones: true }) })).rejects.toMatchObject({
      problems: [{ path: "pagers.tried.mayShowPhones", line: expect.any(Number) }],
    });
    await bot.restart({ policies, pagers: pagers({ mayShowPhones: false }) });
    await bot.press("hall");
    await bot.expectCard("Balie");
    await bot.fastForward(minute);
    await bot.fastForward(second);
    await bot.desk.expectPage("unclaimed");
    expect(provider.arrivals()).toHaveLength(1);
    for (const { text } of provider.arrivals()) {
      expect(text).toContain(nl.page.noCallBack);
      for (const phone of Object.values(phones)) expect(text).not.toContain(phone);
    }
  });
});

describe("while security is called on", () => {
  it("the card says which number it may ring, and where the code word lies; not before, and not after", async () => {
    await using bot = await start({ locations: { "town-hall": { ...hall, phone: "+31300000001" } } });
    await bot.press("hall");
    const card = await bot.expectCard("Balie");
    const lines = ["Terugbellen: kan naar +31300000001", "Codewoord ligt: map achter de balie"];
    for (const line of lines) expect(card.text).not.toContain(line);
    await bot.fastForward(minute);
    await bot.desk.expectPage("unclaimed");
    for (const line of lines) expect(bot.look(card).text).toContain(line);
    await bot.click(alice, bot.look(card), "arrive");
    await bot.click(alice, bot.look(card), "call-off");
    await bot.fastForward(second);
    for (const line of lines) expect(bot.look(card).text).not.toContain(line);
    bot.desk.ignoreRest();
  });

  it("where there are no locations the card says nothing new", async () => {
    await using bot = await startBot();
    await bot.press("0051");
    const card = await bot.expectCard("Balie");
    await bot.fastForward(minute);
    await bot.desk.expectPage("unclaimed");
    const { text } = bot.look(card);
    for (const part of [nl.readOut.label.callBack, nl.readOut.label.codeWord, "112"]) expect(text).not.toContain(part);
    expect(verbsOn(bot.look(card))).not.toContain("112-called");
  });
});

describe("112 and the police", () => {
  it("are told under Meer, kept with their time, and seen on the guard's page", async () => {
    await using bot = await start();
    const { incident } = await bot.press("hall");
    const card = await bot.expectCard("Balie");
    // The two buttons of the moment stay where they are.
    const asked = ["claim", "decline", "arrive", "help", "112-called", "police-there", "resolve", "resolve", "resolve"];
    expect(verbsOn(card)).toEqual(asked);
    expect(card.buttons.slice(0, 2)).toEqual([nl.card.button.claim, nl.card.button.decline]);
    expect(card.buttons).toHaveLength(5);
    await bot.fastForward(minute);
    const page = await bot.desk.expectPage("unclaimed");
    const called = await bot.click(sam, bot.look(card), "112-called");
    expect(called.text).toMatch(/Gemeld om 10:01:\d\d: 112 is gebeld/);
    await bot.fastForward(minute);
    expect(verbsOn(bot.look(card))).not.toContain("112-called");
    // What is told of the police is told by who is there.
    expect((await bot.click(sam, bot.look(card), "police-there")).text).toContain(nl.refusal["not-there"]);
    await bot.click(bob, bot.look(card), "arrive");
    expect((await bot.click(bob, bot.look(card), "police-there")).text).toContain("de politie is er");
    const lines = () => bot.read((reader) => reader.loadHistory(incident ?? "", 0));
    const at = await lines();
    await bot.click(carol, bot.look(card), "112-called");
    // The first time is kept.
    expect(await lines()).toEqual(at);
    const told = at.filter(({ kind }) => kind === "112-called" || kind === "police-there");
    expect(told).toMatchObject([
      { kind: "112-called", by: { name: sam.name } },
      { kind: "police-there", by: { name: bob.name } },
    ]);
    const guard = await bot.openGuardPage(page);
    expect(guard.text).toMatch(/10:01:\d\d\s+Een collega meldt: 112 is gebeld/);
    expect(guard.text).toMatch(/10:02:\d\d\s+Een collega meldt: de politie is er/);
    for (const { name } of [sam, bob]) expect(guard.text).not.toContain(name);
    bot.desk.ignoreRest();
    bot.phone.ignoreRest();
  });

  it("change nothing of who is asked to come and when: paging goes on", async () => {
    await using bot = await start();
    await bot.press("hall");
    const card = await bot.expectCard("Balie");
    await bot.click(sam, card, "112-called");
    await bot.fastForward(minute);
    await bot.desk.expectPage("unclaimed");
    await bot.fastForward(minute);
    await bot.phone.expectPage("unclaimed");
  });

  it("may be told by who pressed, who may sit beside an aggressor", async () => {
    await using bot = await start();
    await bot.press("hall");
    const card = await bot.expectCard("Balie");
    expect((await bot.click(paul, card, "112-called")).text).toContain("112 is gebeld");
    expect((await bot.click(paul, bot.look(card), "police-there")).text).toContain("de politie is er");
  });
});
