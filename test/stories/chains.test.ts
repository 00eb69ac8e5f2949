import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { mentionedOn } from "../card-text.ts";
import { nl } from "../dutch.ts";
import { alice, type Bot, backOffice, bob, frontdesk, minute, type Settings, second, startBot } from "../harness.ts";

const secret = "the-secret-of-a-destination-at-kpn";
const indoor = "24E124535B000001";
const outdoor = "24E124535B000002";

const lora = { type: "kpn-things", secret, model: "milesight-ws101", policy: "indoor", channel: "frontdesk" };

const policies = {
  indoor: policy([{ after: "60s", page: "desk" }]),
  outdoor: policy([{ after: "20s", page: "phone" }]),
};

function policy(steps: readonly Settings[]): Settings {
  return { repeatEvery: "10m", steps: [{ after: "0s", tell: "own" }, ...steps] };
}

function start(buttons: readonly Settings[], settings: Settings = {}): Promise<Bot> {
  return startBot({ settings: { sources: { lora }, policies, buttons, ...settings } });
}

function inside(more: Settings = {}): Settings {
  return { source: "lora", id: indoor, place: "Spreekkamer 3", ...more };
}

function outside(more: Settings = {}): Settings {
  return { source: "lora", id: outdoor, place: "Buitendienst", fixed: false, ...more };
}

/** The network passes on a message of that device: a press, unless these bytes say otherwise. */
async function press(bot: Bot, button: string, bytes = "ff2e01"): Promise<void> {
  const at = bot.clock.now() / 1_000;
  const body = JSON.stringify([
    { bn: `urn:dev:DEVEUI:${button}:`, bt: at, n: "payload", vs: bytes },
    { n: "port", v: 85 },
    { n: "FCntUp", v: 1 },
  ]);
  const token = createHash("sha256").update(body).update(secret).digest("hex");
  expect(await bot.post("lora", body, { "things-message-token": token })).toMatchObject({ status: 202 });
}

/** In which channel the alarm there stands, and which pager is called for it within the first minute. */
async function followOne(bot: Bot, button: string, place: string) {
  await press(bot, button);
  const card = await bot.expectCard(place);
  expect(mentionedOn(card.posted.shown[0]?.attachments?.[0]?.content)).toEqual(
    expect.arrayContaining([alice.teamsId, bob.teamsId]),
  );
  await bot.fastForward(minute);
  const paged = [...bot.desk.pages.map(() => "desk"), ...bot.phone.pages.map(() => "phone")];
  bot.desk.ignoreRest();
  bot.phone.ignoreRest();
  return { channel: card.posted.conversation, paged, card };
}

describe("one source of KPN, a button inside and one outside: two chains and two channels (rule 23)", () => {
  it.each<[string, readonly Settings[], Settings]>([
    ["by the button", [inside(), outside({ policy: "outdoor", channel: "back-office" })], {}],
    [
      "by its location",
      [inside(), outside({ location: "field" })],
      { locations: { field: { name: "Buitendienst", policy: "outdoor", channel: "back-office" } } },
    ],
    [
      "by the button before its location",
      [inside(), outside({ location: "field", channel: "back-office" })],
      { locations: { field: { name: "Buitendienst", policy: "outdoor", channel: "frontdesk" } } },
    ],
    [
      "by the button before its location, and the policy as well",
      [inside(), outside({ location: "field", policy: "outdoor" })],
      { locations: { field: { name: "Buitendienst", policy: "indoor", channel: "back-office" } } },
    ],
  ])("%s", async (_how, buttons, settings) => {
    await using bot = await start(buttons, settings);
    expect(await followOne(bot, indoor, "Spreekkamer 3")).toMatchObject({ channel: frontdesk, paged: ["desk"] });
    await using another = await start(buttons, settings);
    expect(await followOne(another, outdoor, "Buitendienst")).toMatchObject({ channel: backOffice, paged: ["phone"] });
  });

  it("and what is not listed has the chain of its source, so has what can't be read", async () => {
    await using bot = await start([inside(), outside({ policy: "outdoor", channel: "back-office" })]);
    expect(await followOne(bot, "24E124535B000009", "Plaats onbekend")).toMatchObject({ channel: frontdesk });
    await press(bot, outdoor, "ff");
    const card = await bot.expectCard(nl.card.remark.unreadable);
    expect(card.posted.conversation).toBe(frontdesk);
  });

  it("an alarm keeps the chain with which it opened (rule 6)", async () => {
    await using bot = await start([inside(), outside({ policy: "outdoor", channel: "back-office" })]);
    await press(bot, outdoor);
    const card = await bot.expectCard("Buitendienst");
    await bot.restart({ buttons: [inside(), outside()] });
    await bot.fastForward(30 * second);
    expect(bot.phone.pages).toHaveLength(1);
    expect(bot.look(card).posted.conversation).toBe(backOffice);
    await bot.fastForward(minute);
    bot.desk.expectNothing();
  });

  it("and goes on by the button's chain of now when its own names what is gone, in its own channel", async () => {
    await using bot = await start([inside(), outside({ policy: "outdoor", channel: "back-office" })]);
    await press(bot, outdoor);
    await bot.expectCard("Buitendienst");
    await bot.fastForward(30 * second);
    expect(bot.phone.pages).toHaveLength(1);
    const { phone: _, ...pagers } = bot.settings.pagers as Record<string, unknown>;
    const { indoor: only } = policies;
    const replaced = { policies: { indoor: only }, pagers, buttons: [inside(), outside({ channel: "frontdesk" })] };
    const before = bot.teams.texts.length;
    await bot.restart(replaced);
    await bot.fastForward(second);
    await bot.desk.expectPage();
    expect(bot.teams.texts).toHaveLength(before);
    expect(await bot.history((await bot.read((reader) => reader.listOpen(1)))[0]?.id ?? "")).toContainEqual(
      expect.stringContaining(nl.thread.policyReplaced("phone")),
    );
  });
});

it("a channel that is called own is that channel, as it was", async () => {
  const channels = { own: { conversation: backOffice }, frontdesk: { conversation: frontdesk } };
  const sources = { lora: { ...lora, channel: "own" } };
  await using bot = await start([inside()], { channels, sources });
  expect(await followOne(bot, indoor, "Spreekkamer 3")).toMatchObject({ channel: backOffice });
});
