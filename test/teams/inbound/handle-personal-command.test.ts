import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { PressResult } from "../../../bot/ports/personal.ts";
import type { Store } from "../../../bot/ports/store/store.ts";
import { textsOf, titlesOf } from "../../card-text.ts";
import { toActivity } from "../../fakes/teams-activity.ts";
import { buildIncident, pressedAt } from "../../fixtures/incident.ts";
import { alarms, alice, bob, type Started, start } from "../start.ts";

let bot: Started;
beforeEach(async () => {
  bot = await start({ teamsChannel: "frontdesk" });
});
afterEach(() => bot[Symbol.asyncDispose]());

const never = () => new Promise<never>(() => undefined);
const broken = () => Promise.reject(new Error("disk full"));

async function click(verb: string, data: Record<string, unknown> = { incident: "i-1" }) {
  const answer = await bot.fake.invoke(alice, bot.fake.chatOf(alice), verb, data);
  const card = (answer.body as { value?: unknown } | null)?.value;
  return { ...answer, text: textsOf(card).join("\n"), buttons: titlesOf(card) };
}

describe("a click for oneself", () => {
  it.each([
    ["alarm", "We weten niet of je alarm binnen is", ["Alarm"]],
    ["oops", "Je alarm blijft staan.", ["Per ongeluk"]],
    ["at-location", "Je alarm blijft staan. Typ alarm met de naam van je locatie", []],
    ["visit-done", "Dat is niet gelukt", ["Ik ben klaar", "15 minuten langer", "Alarm"]],
    ["visit-longer", "Dat is niet gelukt", ["Ik ben klaar", "15 minuten langer", "Alarm"]],
  ])("%s that fails is a card that can be clicked again, not an error", async (verb, text, buttons) => {
    const alarms = { press: broken, undoPress: broken, nameLocation: broken };
    bot.personal = { ...bot.personal, ...alarms, endVisit: broken, extendVisit: broken };
    const answer = await click(verb, { incident: "i-1", location: "yard" });
    expect(answer).toMatchObject({
      status: 200,
      body: { statusCode: 200, type: "application/vnd.microsoft.card.adaptive" },
      buttons,
    });
    expect(answer.text).toContain(text);
    expect(JSON.stringify(answer.body)).not.toContain("disk full");
    expect(bot.lines.some(({ event }) => event === "wish-failed")).toBe(true);
  });

  it("that takes too long is a card within 5 s", async () => {
    let asked = 0;
    bot.personal = {
      ...bot.personal,
      press() {
        asked += 1;
        return never();
      },
    };
    const clicking = click("alarm");
    await expect.poll(() => asked).toBe(1);
    bot.clock.to(bot.clock.now() + 4_999);
    expect((await clicking).text).toContain("We weten niet of je alarm binnen is");
  });

  it.each([{ kind: "unstored", id: "i-1" } as const, { kind: "pressed", id: "i-1", incident: null } as const])(
    "that took too long goes on from what became of it: $kind",
    async (pressed) => {
      const { promise, resolve } = Promise.withResolvers<PressResult>();
      const { promise: asked, resolve: ask } = Promise.withResolvers<void>();
      const followed: string[] = [];
      bot.personal = {
        ...bot.personal,
        press() {
          ask();
          return promise;
        },
        async followPress({ id }, incident, { activity }) {
          followed.push(`${id} ${incident} ${activity}`);
        },
      };
      const saying = bot.fake.say(alice, bot.fake.chatOf(alice), "alarm");
      await asked;
      bot.clock.to(bot.clock.now() + 4_999);
      await saying;
      await expect.poll(() => bot.fake.direct).toHaveLength(1);
      expect(followed).toEqual([]);
      resolve(pressed);
      await expect.poll(() => followed).toEqual([`${alice.aadObjectId} i-1 ${bot.fake.direct[0]?.id}`]);
    },
  );

  it.each([[undefined], [null], ["x"], [{ incident: 7 }]])("an alarm needs nothing of its data: %j", async (data) => {
    const places: (string | null)[] = [];
    bot.personal = {
      ...bot.personal,
      async press(_person, place) {
        places.push(place);
        return { kind: "unstored", id: null };
      },
    };
    const value = { action: { type: "Action.Execute", verb: "alarm", data } };
    await bot.fake.send(toActivity(bot.fake, alice, alarms, { type: "invoke", name: "adaptiveCard/action", value }));
    expect(places).toEqual([null]);
  });

  it.each([
    ["oops", "without an incident", {}],
    ["at-location", "without an incident", { location: "yard" }],
    ["at-location", "without a location", { incident: "i-1" }],
  ])("%s %s does nothing, and is answered", async (verb, _without, data) => {
    expect(await click(verb, data)).toMatchObject({
      status: 200,
      body: { statusCode: 200, type: "application/vnd.microsoft.activity.message" },
    });
  });
});

describe("an alarm that is typed", () => {
  it("has one identity however often Teams delivers it, and another one each time it is typed", async () => {
    const ids: (string | null)[] = [];
    bot.personal = {
      ...bot.personal,
      async press(_person, _place, id) {
        ids.push(id);
        return { kind: "unstored", id: null };
      },
    };
    const message = toActivity(bot.fake, alice, bot.fake.chatOf(alice), { type: "message", text: "alarm" });
    for (const activity of [message, message, { ...message, id: "other" }, { ...message, id: undefined }])
      await bot.fake.send(activity);
    const [first, again, other, none] = ids;
    expect(first).toMatch(/^[0-9a-f]{64}$/);
    expect(again).toBe(first);
    expect(other).not.toBe(first);
    expect(none).toBeNull();
  });

  it("does not wait for what an activity teaches: that write may hang", async () => {
    const { promise: released, resolve: release } = Promise.withResolvers<void>();
    const hanging: Store = {
      write: (work) => released.then(() => bot.store.write(work)),
      writeFirst: (list) => bot.store.writeFirst(list),
      read: (work) => bot.store.read(work),
      probe: () => bot.store.probe(),
      inspect: () => bot.store.inspect(),
      readClock: () => bot.store.readClock(),
      lastCopyAt: () => bot.store.lastCopyAt(),
      [Symbol.asyncDispose]: async () => undefined,
    };
    await using slow = await start({ teamsChannel: "frontdesk", store: hanging });
    await slow.fake.say(alice, slow.fake.chatOf(alice), "alarm");
    expect(slow.fake.direct).toHaveLength(1);
    release();
  });

  it("is pressed while the store is down, and answered", async () => {
    const incident = buildIncident({ place: "Balie" });
    const press = async () => ({ kind: "pressed", id: "i-1", incident }) as const;
    bot.personal = { ...bot.personal, press };
    const chat = bot.fake.chatOf(alice);
    await bot.store[Symbol.asyncDispose]();
    await bot.fake.say(alice, chat, "alarm");
    const text = textsOf(bot.fake.direct[0]?.body.attachments?.[0]?.content).join("\n");
    expect(text).toContain("Je alarm is binnen");
    // What stands on the card, not what was typed.
    expect(text).toContain("Plaats: Balie");
  });
});

describe("the answer to an alarm", () => {
  beforeEach(() => {
    const incident = buildIncident({ place: "Balie" });
    const press = async () => ({ kind: "pressed", id: "i-1", incident }) as const;
    bot.personal = { ...bot.personal, press };
  });

  it("of a message that comes again when it is all over says so", async () => {
    const incident = buildIncident({ closedAt: pressedAt });
    const press = async () => ({ kind: "pressed", id: "i-1", incident }) as const;
    bot.personal = { ...bot.personal, press };
    await bot.fake.say(alice, bot.fake.chatOf(alice), "alarm");
    expect(bot.fake.direct[0]?.body.summary).toContain("Dit alarm is al afgesloten");
  });

  it.each([
    ["503", { kind: "status", status: 503, times: 2 }],
    ["429", { kind: "status", status: 429, times: 2 }],
    ["a reset", { kind: "reset", times: 1 }],
  ] as const)("that fails with %s is tried again within seconds", async (_name, mode) => {
    bot.fake.fail("card", mode);
    await bot.fake.say(alice, bot.fake.chatOf(alice), "alarm");
    await pushUntilShown();
    expect(bot.fake.direct.at(-1)?.body.summary).toContain("Je alarm is binnen");
  });

  it("that Teams does not take at all is given up, and stopping waits for nothing", async () => {
    bot.fake.fail("card", { kind: "status", status: 503 });
    await bot.fake.say(alice, bot.fake.chatOf(alice), "alarm");
    const posts = () => bot.fake.calls.filter(({ route }) => route === "card").length;
    for (const tries of [2, 3]) {
      await expect.poll(() => bot.clock.nextAt).toBeLessThan(Number.POSITIVE_INFINITY);
      bot.clock.to(bot.clock.nextAt);
      await expect.poll(posts).toBe(tries);
    }
    await bot.fake.say(bob, bot.fake.chatOf(bob), "alarm");
    await bot.teams[Symbol.asyncDispose]();
    expect(bot.clock.nextAt).toBe(Number.POSITIVE_INFINITY);
    expect(posts()).toBe(4);
  });

  async function pushUntilShown(): Promise<void> {
    const startedAt = bot.clock.now();
    await expect
      .poll(() => {
        if (bot.fake.direct.length === 0 && bot.clock.nextAt < startedAt + 10_000) bot.clock.to(bot.clock.nextAt);
        return bot.fake.direct.length;
      })
      .toBeGreaterThan(0);
  }
});

describe("a storage that hangs", () => {
  it.each(["bezoek 45m", "klaar", "plek Balie"])("does not keep %s waiting", async (text) => {
    const { promise: released, resolve: release } = Promise.withResolvers<void>();
    const hanging: Store = {
      write: (work) => released.then(() => bot.store.write(work)),
      writeFirst: (list) => bot.store.writeFirst(list),
      read: (work) => bot.store.read(work),
      probe: () => bot.store.probe(),
      inspect: () => bot.store.inspect(),
      readClock: () => bot.store.readClock(),
      lastCopyAt: () => bot.store.lastCopyAt(),
      [Symbol.asyncDispose]: async () => undefined,
    };
    await using slow = await start({ teamsChannel: "frontdesk", store: hanging });
    slow.personal = { ...slow.personal, startVisit: never, endVisit: never, setPlace: never };
    const saying = slow.fake.say(alice, slow.fake.chatOf(alice), text);
    await expect.poll(() => slow.clock.nextAt).toBe(slow.clock.now() + 4_000);
    slow.clock.to(slow.clock.now() + 4_000);
    await saying;
    expect(slow.fake.direct[0]?.body.summary).toContain("Dat is niet gelukt");
    release();
  });
});

describe("help", () => {
  it("in a channel says that an alarm can be typed; in a chat the button is right there", async () => {
    await bot.fake.say(alice, alarms, "help");
    expect(bot.fake.texts[0]?.body.text).toContain("**@Rugdekking alarm**");
    await bot.fake.say(alice, bot.fake.chatOf(alice), "HELP!!");
    expect(titlesOf(bot.fake.direct[0]?.body.attachments?.[0]?.content)).toEqual(["Alarm"]);
  });

  it("and greeting are without it where alarms can't be raised from Teams", async () => {
    await using other = await start();
    await other.fake.install(alice, other.fake.chatOf(alice));
    await other.fake.say(alice, other.fake.chatOf(alice), "help");
    for (const { body } of other.fake.direct) {
      expect(body.attachments).toBeUndefined();
      expect(body.text).not.toMatch(/\balarm\*\*/);
    }
  });
});
