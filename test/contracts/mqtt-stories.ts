import { connectAsync } from "mqtt";
import { afterEach, describe, expect, it } from "vitest";
import { nl } from "../dutch.ts";
import type { Broker } from "../fakes/broker.ts";
import { until } from "../fakes/listener-host.ts";
import { type Bot, people, second, startBot } from "../harness.ts";

/** What comes of a press that a broker hands over, whoever made the broker. */
export function mqttStories(name: string, startBroker: () => Promise<Broker>): void {
  describe(`MQTT by way of ${name}`, () => {
    let broker: Broker;
    afterEach(() => broker[Symbol.asyncDispose]());

    async function startZigbee(): Promise<Bot> {
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
              policy: "building",
              channel: "frontdesk",
            },
          },
          buttons: [{ source: "zigbee", id: "balie", place: "Balie" }],
        },
      });
    }

    /** The bot has told the broker that it is there, so it has a session that lasts. */
    async function untilOnline(): Promise<void> {
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
      await untilOnline();
      await publish({ action: "emergency", battery: 80 });
      await until(() => bot.teams.cards.length > 0);
      expect((await bot.expectCard("Balie")).text).toContain("balie (zigbee)");
    });

    it("a press that is published while the bot is down opens its incident after the start", async () => {
      await using bot = await startZigbee();
      await untilOnline();
      await bot.stop();
      await publish({ action: "emergency" });
      await bot.start();
      await until(() => bot.teams.cards.length > 0);
      await bot.expectCard("Balie");
      expect(bot.teams.cards).toHaveLength(1);
    });

    it("a press that can't be recorded goes out from memory, and is recorded once the disk works", async () => {
      await using bot = await startZigbee();
      await untilOnline();
      {
        using _held = bot.holdDisk();
        await publish({ action: "emergency" });
        for (let waited = 0; bot.teams.cards.length === 0 && waited < 50; waited += 1) await bot.fastForward(second);
        await bot.expectCard(nl.card.headline.unstored);
        await bot.desk.expectPage("unclaimed");
      }
      const [card] = bot.teams.cards;
      for (let waited = 0; card?.shown.length === 1 && waited < 60; waited += 1) await bot.fastForward(second);
      // It is the same press, so that it goes on on the same card.
      expect(card === undefined ? "" : bot.look(card).text).toContain(nl.card.headline.open);
      expect(bot.teams.cards).toHaveLength(1);
    });

    it("its bridge that is gone is a trouble of the source", async () => {
      await using bot = await startZigbee();
      await untilOnline();
      await publish({ state: "offline" }, "zigbee2mqtt/bridge/state");
      await until(async () => (await bot.troubles()).some(({ kind }) => kind === "source-down"));
      expect(await bot.troubles()).toMatchObject([{ kind: "source-down", source: "zigbee" }]);
    });
  });
}
