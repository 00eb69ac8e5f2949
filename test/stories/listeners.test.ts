import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { connectAsync } from "mqtt";
import { afterEach, describe, expect, it } from "vitest";
import { siaDc09 } from "../../adapters/listeners/sia-dc09.ts";
import { type Broker, brokers } from "../fakes/broker.ts";
import { until } from "../fakes/listener-host.ts";
import { minute, people, type Story, second, sourceSecret, startBot } from "../harness.ts";

const common = { policy: "building", channel: "frontdesk" };
const accounts = { "1234": { key: "0123456789abcdef0123456789abcdef" } };
const never = new AbortController().signal;

describe.each(Object.entries(brokers))("MQTT by way of %s", (_name, startBroker) => {
  let broker: Broker;
  afterEach(() => broker[Symbol.asyncDispose]());

  async function startZigbee(): Promise<Story> {
    broker = await startBroker();
    return startBot({
      settings: {
        people,
        sources: {
          zigbee: {
            type: "mqtt",
            url: `mqtt://127.0.0.1:${broker.port}`,
            clientId: "rugdekking-verhaal",
            topics: [{ format: "zigbee2mqtt", topic: "zigbee2mqtt/#" }],
            ...common,
          },
        },
        buttons: [{ source: "zigbee", id: "balie", place: "Balie" }],
      },
    });
  }

  /** The bot has told the broker that it is there, so it has a session that lasts. */
  async function isHeard(): Promise<void> {
    const client = await connectAsync(`mqtt://127.0.0.1:${broker.port}`);
    const online = Promise.withResolvers<void>();
    client.on("message", (_topic, payload) => payload.toString() === "online" && online.resolve());
    await client.subscribeAsync("rugdekking/rugdekking-verhaal/state");
    await online.promise;
    await client.endAsync();
  }

  async function publish(payload: object, topic = "zigbee2mqtt/balie"): Promise<void> {
    const client = await connectAsync(`mqtt://127.0.0.1:${broker.port}`);
    await client.publishAsync(topic, JSON.stringify(payload), { qos: 1 });
    await client.endAsync();
  }

  it("a press opens its incident", async () => {
    await using bot = await startZigbee();
    await isHeard();
    await publish({ action: "emergency", battery: 80 });
    await until(() => bot.teams.cards.length > 0);
    expect((await bot.expectCard("Balie")).text).toContain("knop balie (zigbee)");
  });

  it("a press that is published while the bot is down opens its incident after the start", async () => {
    await using bot = await startZigbee();
    await isHeard();
    await bot.stop();
    await publish({ action: "emergency" });
    await bot.start();
    await until(() => bot.teams.cards.length > 0);
    await bot.expectCard("Balie");
    expect(bot.teams.cards).toHaveLength(1);
  });

  it("a press that can't be recorded goes out from memory, and is recorded once the disk works", async () => {
    await using bot = await startZigbee();
    await isHeard();
    {
      using _held = bot.holdDisk();
      await publish({ action: "emergency" });
      for (let waited = 0; bot.teams.cards.length === 0 && waited < 50; waited += 1) await bot.fastForward(second);
      await bot.expectCard("NIET OPGESLAGEN");
      await bot.desk.expectPage("unclaimed");
    }
    for (let waited = 0; bot.teams.cards.length === 1 && waited < 60; waited += 1) await bot.fastForward(second);
    await bot.expectCard("NIEMAND GAAT NOG");
  });

  it("its bridge that is gone is a trouble of the source", async () => {
    await using bot = await startZigbee();
    await isHeard();
    await publish({ state: "offline" }, "zigbee2mqtt/bridge/state");
    const isDown = async () => (await bot.troubles()).some(({ kind }) => kind === "source-down");
    for (let tries = 0; !(await isDown()) && tries < 500; tries += 1) await new Promise(setImmediate);
    expect(await bot.troubles()).toMatchObject([{ kind: "source-down", source: "zigbee" }]);
  });
});

describe("SIA DC-09", () => {
  const settings = {
    people,
    sources: { panels: { type: "sia-dc09", listen: { host: "127.0.0.1", port: 0 }, accounts, ...common } },
    buttons: [{ source: "panels", id: "1234", place: "Balie" }],
  };

  function press(bot: Story): Promise<void> {
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

  it("a port that is taken keeps no other source from its alarms, is a trouble, and is taken when it is free", async () => {
    const other = createServer();
    await once(other.listen(0, "127.0.0.1"), "listening");
    const { port } = other.address() as AddressInfo;
    const panels = { ...settings.sources.panels, listen: { host: "127.0.0.1", port } };
    const buttons = { type: "webhook", secret: sourceSecret, ...common };
    await using bot = await startBot({ settings: { ...settings, sources: { panels, buttons } } });
    expect(await bot.troubles()).toContainEqual(expect.objectContaining({ kind: "source-down", source: "panels" }));
    expect(await bot.press("0042")).toMatchObject({ outcome: "opened" });
    await bot.expectCard("Plaats onbekend");
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
    await bot.expectCard("NIET OPGESLAGEN");
    await bot.desk.expectPage("unclaimed");
    expect(answered).not.toBe("acknowledged");
    await bot.fastForward(minute);
  });
});
