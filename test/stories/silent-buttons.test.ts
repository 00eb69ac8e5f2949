import { connectAsync } from "mqtt";
import { describe, expect, it } from "vitest";
import { toFrameBytes } from "../../adapters/protocols/sia-dc09/frame/frame.ts";
import { exchange } from "../../adapters/protocols/sia-dc09/sender/exchange.ts";
import { startAedes } from "../fakes/broker.ts";
import { until } from "../fakes/listener-host.ts";
import { type Bot, hour, people, startBot } from "../harness.ts";

const common = { policy: "building", channel: "frontdesk" };

/** Stands still while time passes: a day of looks every second says nothing more. */
async function later(bot: Bot, ms: number): Promise<void> {
  await bot.stop();
  bot.clock.to(bot.clock.now() + ms);
  await bot.start();
}

describe("Zigbee2MQTT, where a name may hold slashes", () => {
  async function startZigbee(port: number, ...ids: string[]): Promise<Bot> {
    const zigbee = {
      type: "mqtt",
      url: `mqtt://127.0.0.1:${port}`,
      clientId: "rugdekking-verhaal",
      topics: [{ format: "zigbee2mqtt", topic: "zigbee2mqtt/hal/#" }],
      ...common,
    };
    const buttons = ids.map((id) => ({ source: "zigbee", id, place: `Plek ${id}` }));
    return startBot({ settings: { people, sources: { zigbee }, buttons } });
  }

  /** The device says how full its battery is, and the bot, which is there and has said so, has received it. */
  async function reportBattery(bot: Bot, port: number, name: string): Promise<void> {
    const client = await connectAsync(`mqtt://127.0.0.1:${port}`);
    const online = Promise.withResolvers<void>();
    client.on("message", (_topic, payload) => payload.toString() === "online" && online.resolve());
    await client.subscribeAsync("rugdekking/rugdekking-verhaal/state");
    await online.promise;
    await client.publishAsync(`zigbee2mqtt/${name}`, JSON.stringify({ battery: 10 }), { qos: 1 });
    await client.endAsync();
    await until(async () =>
      (await kindsOf(bot)).some((kind) => /^(battery-low|button-unknown) /.test(kind) && kind.endsWith(` ${name}`)),
    );
  }

  const kindsOf = async (bot: Bot) =>
    (await bot.troubles()).flatMap((each) => ("button" in each ? [`${each.kind} ${each.button}`] : [each.kind]));

  it("a dead button is silent, however alive a device is that is called by the part in front of the slash", async () => {
    await using broker = await startAedes();
    await using bot = await startZigbee(broker.port, "hal", "hal/knop");
    await reportBattery(bot, broker.port, "hal/knop");
    await later(bot, 26 * hour);
    await reportBattery(bot, broker.port, "hal");
    expect(await kindsOf(bot)).toEqual(["battery-low hal", "battery-low hal/knop", "button-silent hal/knop"]);
  });

  it("and that device is as unknown as any other when it is not in the configuration", async () => {
    await using broker = await startAedes();
    await using bot = await startZigbee(broker.port, "hal/knop");
    await reportBattery(bot, broker.port, "hal");
    expect(await kindsOf(bot)).toEqual(["button-silent hal/knop", "button-unknown hal"]);
  });
});

describe("SIA DC-09, where a zone is called by its panel and a slash", () => {
  const panels = {
    type: "sia-dc09",
    listen: { host: "127.0.0.1", port: 0 },
    accounts: { "1A2B": { zones: true }, "5678": {} },
    ...common,
  };
  const buttons = [
    { source: "panels", id: "1a2b/7", place: "Balie" },
    { source: "panels", id: "5678", place: "Spreekkamer 3" },
  ];

  async function poll(bot: Bot, account: string): Promise<void> {
    const port = bot.app.listenerPort("panels") ?? 0;
    const frame = toFrameBytes(`"NULL"0001R0L0#${account}[]`, "text");
    await exchange(frame, { transport: "tcp", host: "127.0.0.1", port }, AbortSignal.timeout(10_000));
  }

  it("a zone is alive as long as its panel polls, and the panel itself is no unknown button", async () => {
    await using bot = await startBot({ settings: { people, sources: { panels }, buttons } });
    for (const account of ["1A2B", "5678"]) await poll(bot, account);
    expect(await bot.troubles()).toEqual([]);
    await later(bot, 26 * hour);
    for (const account of ["1A2B", "5678"]) await poll(bot, account);
    expect(await bot.troubles()).toEqual([]);
    await later(bot, 26 * hour);
    await poll(bot, "5678");
    expect(await bot.troubles()).toMatchObject([{ kind: "button-silent", button: "1a2b/7" }]);
  });
});
