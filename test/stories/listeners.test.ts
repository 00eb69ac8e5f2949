import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { describe, expect, it } from "vitest";
import { siaDc09 } from "../../adapters/listeners/sia-dc09.ts";
import { toTimestamp } from "../../adapters/protocols/sia-dc09/frame/content.ts";
import { toFrameBytes } from "../../adapters/protocols/sia-dc09/frame/frame.ts";
import { exchange } from "../../adapters/protocols/sia-dc09/sender/exchange.ts";
import { mqttStories } from "../contracts/mqtt-stories.ts";
import { nl } from "../dutch.ts";
import { startAedes } from "../fakes/broker.ts";
import { until } from "../fakes/listener-host.ts";
import { type Bot, minute, people, second, sourceSecret, startBot } from "../harness.ts";

const common = { policy: "building", channel: "frontdesk" };
const accounts = { "1234": { key: "0123456789abcdef0123456789abcdef" } };
const never = new AbortController().signal;

mqttStories("aedes", startAedes);

describe("SIA DC-09", () => {
  const settings = {
    people,
    sources: { panels: { type: "sia-dc09", listen: { host: "127.0.0.1", port: 0 }, accounts, ...common } },
    buttons: [{ source: "panels", id: "1234", place: "Balie" }],
  };

  function press(bot: Bot): Promise<void> {
    const options = siaDc09.Options.parse({
      listen: { host: "127.0.0.1", port: bot.app.listenerPort("panels") },
      accounts,
    });
    return siaDc09.press(options, "1234", bot.clock.now(), never);
  }

  it("a panic is acknowledged once its incident is on disk", async () => {
    await using bot = await startBot({ settings });
    await press(bot);
    const card = await bot.expectCard("Balie");
    expect(await bot.events(card.incident)).toContain("opened");
  });

  /** Sends that to a panel's account without a key; resolves with the answer. */
  async function send(bot: Bot, body: string, isWhole = true): Promise<string> {
    const frame = toFrameBytes(body, "text");
    if (!isWhole) frame.write("0000", 1, "latin1");
    const at = { transport: "tcp", host: "127.0.0.1", port: bot.app.listenerPort("panels") ?? 0 } as const;
    const stopped = new AbortController();
    const answered = exchange(frame, at, isWhole ? never : stopped.signal).catch(() => Buffer.alloc(0));
    if (!isWhole) await until(() => bot.lines.some(({ event }) => event === "sia-frame-refused"));
    stopped.abort();
    return /"(\w+)"/.exec((await answered).toString("latin1"))?.[1] ?? "";
  }

  const plain = {
    people,
    sources: {
      panels: {
        type: "sia-dc09",
        listen: { host: "127.0.0.1", port: 0 },
        accounts: { "1120": {}, "123A": {}, AAAB: { zones: true } },
        ...common,
      },
    },
    buttons: [
      { source: "panels", id: "123A", place: "Balie" },
      { source: "panels", id: "AAAB/7", place: "Hal" },
    ],
  };

  it("tests and polls open nothing, with filler or an account without its sign, and a panic one incident", async () => {
    await using bot = await startBot({ settings: plain });
    for (const body of [
      '"SIA-DCS"0003L0#123A[123A|NRP]',
      '"SIA-DCS"0004L0#123A[123A|NCL1]',
      '"ADM-CID"0008L0#1120[1120|1602 00 000]',
      `"NULL"0000R0L0#AAAB[#0000|0000 00 000]${toTimestamp(bot.clock.now())}`,
    ]) {
      expect(await send(bot, body)).toBe("ACK");
    }
    await bot.fastForward(2 * minute);
    expect(bot.teams.cards).toEqual([]);
    expect(await send(bot, '"SIA-DCS"0009L0#123A[123A|NPA001]')).toBe("ACK");
    await bot.expectCard("Balie");
    expect(bot.teams.cards).toHaveLength(1);
    expect(bot.desk.pages).toEqual([]);
  });

  it("damaged frames of a panel are a trouble of its buttons, though its polls arrive", async () => {
    await using bot = await startBot({ settings: plain });
    for (let count = 0; count < 3; count++) {
      await bot.fastForward(minute);
      bot.lines.length = 0;
      await send(bot, '"SIA-DCS"0009L0#AAAB[#AAAB|NPA007]', false);
    }
    await bot.fastForward(minute);
    expect(await send(bot, '"NULL"0000R0L0#AAAB[]')).toBe("ACK");
    const error = { kind: "button-error", source: "panels", button: "AAAB/7", place: "Hal" };
    expect(await bot.troubles()).toContainEqual(expect.objectContaining(error));
    expect(await send(bot, '"SIA-DCS"0010L0#AAAB[#AAAB|NPA007]')).toBe("ACK");
    await bot.expectCard("Hal");
    expect(await bot.troubles()).toContainEqual(expect.objectContaining(error));
  });

  it("a port that is taken keeps no other source from its alarms, is a trouble, and is taken when it is free", async () => {
    const other = createServer();
    await once(other.listen(0, "127.0.0.1"), "listening");
    const { port } = other.address() as AddressInfo;
    const panels = { ...settings.sources.panels, listen: { host: "127.0.0.1", port } };
    const buttons = { type: "webhook", secret: sourceSecret, ...common };
    await using bot = await startBot({ settings: { ...settings, sources: { panels, buttons } } });
    expect(await bot.troubles()).toContainEqual(expect.objectContaining({ kind: "source-down", source: "panels" }));
    expect(await bot.press("0042")).toMatchObject({ outcome: "opened" });
    await bot.expectCard(nl.terms.placeUnknown);
    other.close();
    await once(other, "close");
    expect(bot.app.listenerPort("panels")).toBeNull();
    await bot.fastForward(10 * second);
    await until(() => bot.app.listenerPort("panels") === port);
    await press(bot);
    await bot.expectCard("Balie");
  });

  it("a panic that can't be recorded is not acknowledged, and goes out from memory all the same", async () => {
    await using bot = await startBot({ settings });
    using _held = bot.holdDisk();
    let answered: unknown = null;
    press(bot).then(
      () => {
        answered = "acknowledged";
      },
      () => {
        answered = "nothing";
      },
    );
    for (let waited = 0; bot.teams.cards.length === 0 && waited < 100; waited += 1) await bot.fastForward(second);
    await bot.expectCard(nl.card.headline.unstored);
    await bot.desk.expectPage("unclaimed");
    expect(answered).not.toBe("acknowledged");
    await bot.fastForward(minute);
  });
});
