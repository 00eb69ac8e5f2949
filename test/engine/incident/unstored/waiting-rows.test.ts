import { describe, expect, it } from "vitest";
import { formatKey } from "../../../../bot/domain/message-key.ts";
import { leaveToMemory } from "../../../../bot/engine/incident/unstored/unstored.ts";
import type { Sender, Senders } from "../../../../bot/engine/kernel/outbox/sender.ts";
import { done } from "../../../../bot/ports/send-outcome.ts";
import type { OutboxRow } from "../../../../bot/ports/store/outbox.ts";
import { begunAt, second } from "../../open-kernel.ts";
import { openAway, toPageRow, toRow, ways } from "./open-away.ts";

const alice = { id: "alice", name: "Alice" };
const card = toRow(formatKey({ kind: "card", incident: "i-1" }), "alarm", { kind: "card" });

/** The message to the first who was rung for the press, which was tried in vain so often. */
function toMessage({ openIncidents }: Pick<Awaited<ReturnType<typeof openAway>>, "openIncidents">, attempts = 0) {
  const [delivery] = openIncidents.of("i-1")?.incident.deliveries ?? [];
  if (delivery === undefined) throw new Error("nobody was rung");
  return toRow(delivery.key, "message", { kind: "message", person: delivery.person, ring: 1 }, attempts);
}

describe.each(ways)("what waits in the outbox while a database %s", (way) => {
  it("goes out once by what memory knows of the alarm, and is saved afterwards", async () => {
    await using bot = await openAway();
    const message = toMessage(bot);
    bot.held.way = way;
    for (let times = 0; times < 2; times += 1) bot.sendings.sendWaiting(message);
    await bot.pass(second);
    expect([bot.rung, bot.recalled]).toEqual([[message.key], ["Buiten"]]);
    bot.comeBack();
    await bot.pass(3 * second);
    expect(await bot.isRecorded(message.key)).toBe(true);
    expect(await bot.sendings.takeOver(message)).toBe(true);
  });

  it("is the first card: it is posted, is known to stand at once, and is written as of then", async () => {
    await using bot = await openAway(true, false);
    bot.held.way = way;
    bot.sendings.sendWaiting(card);
    await bot.pass(second);
    expect(bot.rung[0]).toBe(card.key);
    expect(bot.unrecorded.of("i-1")?.incident.cardPostedAt).toBe(begunAt);
    bot.comeBack();
    await bot.pass(3 * second);
    expect(await bot.isRecorded(card.key)).toBe(true);
    expect((await bot.load())?.cardPostedAt).toBe(begunAt);
  });
});

describe("what waits in the outbox", () => {
  it("is tried on from as often as it was tried there", async () => {
    await using bot = await openAway();
    Object.assign(bot.held, { way: "fails", isTeamsDown: true });
    bot.sendings.sendWaiting(toMessage(bot, 2));
    await bot.pass(5 * second);
    // After 4 s, and the fourth try is the last.
    expect(bot.recalled).toHaveLength(2);
    await bot.pass(60 * second);
    expect(bot.recalled).toHaveLength(2);
  });

  it("is no card where one stands already", async () => {
    await using bot = await openAway();
    bot.held.way = "fails";
    bot.sendings.sendWaiting(card);
    await bot.pass(second);
    expect(bot.rung).toEqual([]);
  });
});

describe("what the outbox sent and can't record", () => {
  it("counts at once, under the key of then", async () => {
    await using bot = await openAway(true, false);
    await bot.handler.handle("i-1", { kind: "help", by: alice });
    const page = toPageRow("i-1-1-1");
    bot.held.way = "fails";
    bot.sendings.noteTried(card, done);
    bot.sendings.noteTried(page, done);
    await bot.pass(second);
    const known = bot.unrecorded.of("i-1")?.incident;
    expect(known?.cardPostedAt).toBe(begunAt);
    expect(known?.pagers["security-desk"]).toMatchObject({ state: "accepted", key: page.key });
    expect(known?.pagers["security-desk"]?.sentAs).toBeUndefined();
    expect([bot.sent, bot.rung.filter((key) => key === card.key)]).toEqual([[], []]);
  });

  it("has more to do: the rest goes out from memory", async () => {
    await using bot = await openAway();
    bot.held.way = "fails";
    bot.sendings.noteTried(toMessage(bot), { kind: "again", at: begunAt });
    await bot.pass(second);
    expect(bot.rung).toEqual([toMessage(bot).key]);
  });
});

it.each(["card", "page", "ring", "notice", "message", "call"] as const)(
  "a %s that went out from memory is dropped by its sender in the outbox, and any other goes",
  async (kind) => {
    const asked: string[] = [];
    const sender: Sender = { before: async () => "send", send: async () => done, retry: () => true };
    const senders = new Proxy({} as Senders, { get: () => sender, ownKeys: () => [] });
    const takeOver = async ({ key }: OutboxRow) => asked.push(key) === 1;
    const { before } = leaveToMemory(senders, { takeOver })[kind] as Sender;
    expect([await before?.(card), await before?.(card), asked.length]).toEqual(["drop", "send", 2]);
  },
);
