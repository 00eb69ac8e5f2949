import { join } from "node:path";
import Database from "better-sqlite3";
import { connectAsync } from "mqtt";
import { describe, expect, it } from "vitest";
import { mqtt } from "../../adapters/listeners/mqtt.ts";
import { nl } from "../dutch.ts";
import { type Broker, startAedes } from "../fakes/broker.ts";
import { until } from "../fakes/listener-host.ts";
import { type Bot, hour, lea, minute, people, second, sourceSecret, startBot } from "../harness.ts";

const common = { policy: "building", channel: "frontdesk" };
const topics = [{ format: "zigbee2mqtt", topic: "zigbee2mqtt/knoppen/#" }];
const button = "knoppen/balie";
/** What Zigbee2MQTT publishes of a button that has no action: https://www.zigbee2mqtt.io/devices/SEB01ZB.html */
const report = { battery_low: false, battery: 96 };

/** Stands still while time passes: a day of looks every second says nothing more. */
async function later(bot: Bot, ms: number): Promise<void> {
  await bot.stop();
  bot.clock.to(bot.clock.now() + ms);
  await bot.start();
}

describe("a Zigbee button that says only whether it is pressed", () => {
  /** The bot with a broker, once it is there and has told so. */
  async function startZigbee(broker: Broker): Promise<Bot> {
    const url = `mqtt://127.0.0.1:${broker.port}`;
    const zigbee = { type: "mqtt", url, clientId: "rugdekking-verhaal", topics, ...common };
    const buttons = [{ source: "zigbee", id: button, place: "Balie" }];
    const bot = await startBot({ settings: { people, sources: { zigbee }, buttons } });
    await untilConnected(bot, 1);
    return bot;
  }

  function untilConnected(bot: Bot, times: number): Promise<void> {
    return until(() => bot.lines.filter(({ event }) => event === "mqtt-connected").length >= times);
  }

  function takenBy(bot: Bot): unknown[] {
    return bot.lines.filter(({ event }) => event === "alarm-taken").map(({ facts }) => facts.outcome);
  }

  async function publish({ port }: Broker, content: object): Promise<void> {
    const client = await connectAsync(`mqtt://127.0.0.1:${port}`);
    await client.publishAsync(`zigbee2mqtt/${button}`, JSON.stringify({ ...report, ...content }), { qos: 1 });
    await client.endAsync();
  }

  /** The device says that it is pressed; answers with what came of it. */
  async function press(bot: Bot, broker: Broker, more: object = {}): Promise<unknown> {
    const before = takenBy(bot).length;
    await publish(broker, { sos: true, ...more });
    await until(() => takenBy(bot).length > before);
    await bot.settle();
    return takenBy(bot).at(-1);
  }

  /** The device says that it is not pressed, and that is on disk. */
  async function release(bot: Bot, broker: Broker): Promise<void> {
    await publish(broker, { sos: false });
    const path = join(bot.folder, "rugdekking.db");
    await until(() => {
      using database = new DisposableStack();
      const disk = database.adopt(new Database(path, { readonly: true }), (each) => each.close());
      return disk.prepare("select is_on from button_states").pluck().get() === 0;
    });
  }

  it("is pressed when it says so, once, however often it reports while its alarm is open", async () => {
    await using broker = await startAedes();
    await using bot = await startZigbee(broker);
    await release(bot, broker);
    expect(await press(bot, broker)).toBe("opened");
    const card = await bot.expectCard("Balie");
    expect(card.text).not.toContain(nl.terms.mayBeRepeat);
    expect(await press(bot, broker, { battery: 95 })).toBe("seen");
    expect(bot.look(card).text).not.toContain(nl.card.remark.presses(2));
  });

  it("rule 2: a report opens nothing after the alarm was closed, also later", async () => {
    await using broker = await startAedes();
    await using bot = await startZigbee(broker);
    await release(bot, broker);
    await press(bot, broker);
    await bot.click(lea, await bot.expectCard("Balie"), "resolve", "false");
    await bot.fastForward(31 * minute);
    expect(await press(bot, broker)).toBe("seen");
    bot.expectNoCard();
    await release(bot, broker);
    expect(await press(bot, broker)).toBe("opened");
    expect((await bot.expectCard("Balie")).text).not.toContain(nl.terms.mayBeRepeat);
  });

  it("rule 2: opens an alarm that may be a repetition after each restart, once, for its end may be missed", async () => {
    await using broker = await startAedes();
    await using bot = await startZigbee(broker);
    await release(bot, broker);
    await press(bot, broker);
    await bot.click(lea, await bot.expectCard("Balie"), "resolve", "real");
    for (const connected of [2, 3]) {
      await later(bot, 5 * second);
      await untilConnected(bot, connected);
      expect(await press(bot, broker)).toBe("opened");
      const card = await bot.expectCard("Balie");
      expect(card.text).toContain(nl.terms.mayBeRepeat);
      expect(await press(bot, broker, { battery: 95 })).toBe("seen");
      await bot.click(lea, card, "resolve", "false");
      expect(await press(bot, broker, { battery: 94 })).toBe("seen");
    }
    bot.expectNoCard();
  });

  it("rule 2: rings for its open alarm after a restart, once", async () => {
    await using broker = await startAedes();
    await using bot = await startZigbee(broker);
    await release(bot, broker);
    await press(bot, broker);
    const card = await bot.expectCard("Balie");
    await later(bot, 5 * second);
    await untilConnected(bot, 2);
    expect(await press(bot, broker)).toBe("repeated");
    expect(await press(bot, broker, { battery: 95 })).toBe("seen");
    await bot.fastForward(2 * second);
    expect(bot.look(card).text).toContain(nl.card.remark.presses(2));
  });

  it("rule 2: is not pressed by what was said days ago and is only said again", async () => {
    await using broker = await startAedes();
    await using bot = await startZigbee(broker);
    await release(bot, broker);
    const said = { last_seen: "2026-11-24T10:00:00.123+01:00" };
    await press(bot, broker, said);
    await bot.click(lea, await bot.expectCard("Balie"), "resolve", "real");
    await later(bot, 100 * hour);
    await untilConnected(bot, 2);
    expect(await press(bot, broker, said)).toBe("seen");
    bot.expectNoCard();
  });

  it("counts each time that it says so while it never said that it was let go", async () => {
    await using broker = await startAedes();
    await using bot = await startZigbee(broker);
    expect(await press(bot, broker)).toBe("opened");
    const card = await bot.expectCard("Balie");
    expect(await press(bot, broker)).toBe("repeated");
    await bot.fastForward(2 * second);
    const { text } = bot.look(card);
    expect(text).toContain(nl.card.remark.presses(2));
    expect(text).not.toContain(nl.terms.mayBeRepeat);
  });

  it("may be a repetition after closing when it never said that it was let go, and everybody reads so", async () => {
    await using broker = await startAedes();
    await using bot = await startZigbee(broker);
    await press(bot, broker);
    await bot.click(lea, await bot.expectCard("Balie"), "resolve", "false");
    expect(await press(bot, broker)).toBe("opened");
    const card = await bot.expectCard("Balie");
    expect(card.text).toContain(nl.terms.mayBeRepeat);
    await bot.fastForward(minute);
    const page = await bot.desk.expectPage("unclaimed");
    expect(await bot.guardPage(page)).toContain(nl.terms.mayBeRepeat);
    await bot.click(lea, card, "resolve", "false");
    await bot.fastForward(2 * second);
    expect(bot.look(card).text).not.toContain(nl.terms.mayBeRepeat);
  });

  it("is not pressed again by what Zigbee2MQTT says again of the same moment, as when it starts", async () => {
    await using broker = await startAedes();
    await using bot = await startZigbee(broker);
    const said = { last_seen: "2026-11-24T10:00:00.123+01:00" };
    await press(bot, broker, said);
    await bot.click(lea, await bot.expectCard("Balie"), "resolve", "false");
    expect(await press(bot, broker, said)).toBe("duplicate");
    bot.expectNoCard();
  });

  it("is rung in the form that it uses itself, and its own press after that is one", async () => {
    await using broker = await startAedes();
    await using bot = await startZigbee(broker);
    await release(bot, broker);
    const url = `mqtt://127.0.0.1:${broker.port}`;
    const exposes = [{ type: "binary", name: "sos", property: "sos", value_on: true, value_off: false }];
    const client = await connectAsync(url);
    const list = JSON.stringify([{ friendly_name: button, definition: { model: "SEB01ZB", exposes } }]);
    await client.publishAsync("zigbee2mqtt/bridge/devices", list, { qos: 1, retain: true });
    const published = Promise.withResolvers<string>();
    client.on("message", (_topic, payload) => published.resolve(payload.toString()));
    await client.subscribeAsync(`zigbee2mqtt/${button}`);
    const options = mqtt.Options.parse({ url, clientId: "rugdekking-verhaal", topics });
    await mqtt.press(options, button, bot.clock.now(), new AbortController().signal);
    expect(JSON.parse(await published.promise)).toMatchObject({ sos: true });
    await client.endAsync();
    await until(() => takenBy(bot).length > 0);
    const card = await bot.expectCard("Balie");
    expect(await press(bot, broker)).toBe("repeated");
    await bot.fastForward(2 * second);
    expect(bot.look(card).text).toContain(nl.card.remark.presses(2));
  });
});

describe("an alert that is repeated for as long as it fires", () => {
  const startBotWith = (type: string, more: object = {}) => {
    const monitoring = { type, secret: sourceSecret, ...more, ...common };
    return startBot({ settings: { people, sources: { monitoring }, buttons: [] } });
  };
  const labels = { alertname: "ButtonPressed", button: "balie", place: "Balie" };
  const alert = { labels, fingerprint: "5c0d8a1f42be97e3", startsAt: "2026-11-24T08:59:50Z" };
  const notification = (status: string, changes: object = {}) =>
    JSON.stringify({ version: "4", status, alerts: [{ ...alert, status, ...changes }] });

  it("rule 2: opens nothing a day later, though nothing came in between, and another start does", async () => {
    await using bot = await startBotWith("alertmanager");
    expect(await bot.post("monitoring", notification("firing"))).toMatchObject({ outcome: "opened" });
    await bot.click(lea, await bot.expectCard("Balie"), "resolve", "false");
    await later(bot, 25 * hour);
    expect(await bot.post("monitoring", notification("firing"))).toMatchObject({ outcome: "seen", incident: null });
    bot.expectNoCard();
    const again = { startsAt: "2026-11-25T09:59:00Z" };
    expect(await bot.post("monitoring", notification("firing", again))).toMatchObject({ outcome: "opened" });
    await bot.expectCard("Balie");
  });

  it("rule 2: is a duplicate however long it goes on, because each one renews the day", async () => {
    await using bot = await startBotWith("alertmanager");
    await bot.post("monitoring", notification("firing"));
    await bot.click(lea, await bot.expectCard("Balie"), "resolve", "false");
    for (let repeats = 0; repeats < 4; repeats += 1) {
      await later(bot, 20 * hour);
      expect(await bot.post("monitoring", notification("firing"))).toMatchObject({ outcome: "duplicate" });
    }
  });

  it("is a press when it was never heard before, however long it fires", async () => {
    await using bot = await startBotWith("alertmanager");
    const old = { startsAt: "2026-11-22T08:00:00Z" };
    expect(await bot.post("monitoring", notification("firing", old))).toMatchObject({ outcome: "opened" });
    await bot.expectCard("Balie");
  });

  it("another alert of the same button is a press of its own", async () => {
    await using bot = await startBotWith("alertmanager");
    await bot.post("monitoring", notification("firing"));
    const card = await bot.expectCard("Balie");
    const other = { fingerprint: "0000000000000001" };
    expect(await bot.post("monitoring", notification("firing", other))).toMatchObject({ outcome: "repeated" });
    await bot.click(lea, card, "resolve", "false");
    await later(bot, 25 * hour);
    const third = { fingerprint: "0000000000000002", startsAt: "2026-11-24T08:59:51Z" };
    expect(await bot.post("monitoring", notification("firing", third))).toMatchObject({ outcome: "opened" });
    await bot.expectCard("Balie");
  });

  describe("by a receiver that sends no moment", () => {
    const event = (event_action: string, firing: string, resolved = "") =>
      JSON.stringify({
        routing_key: sourceSecret,
        event_action,
        dedup_key: "a-group",
        client: "Alertmanager",
        payload: {
          summary: "ButtonPressed",
          source: "Balie",
          severity: "critical",
          custom_details: { firing, resolved, num_firing: firing === "" ? "0" : "1", num_resolved: "0" },
        },
      });
    const firing = event("trigger", "Labels:\n - alertname = ButtonPressed\n");
    const resolved = event("resolve", "", "Labels:\n - alertname = ButtonPressed\n");

    it("opens nothing again once it was heard to end before, and is a press after its end", async () => {
      await using bot = await startBotWith("pagerduty-events");
      await bot.post("monitoring", firing);
      await bot.post("monitoring", resolved);
      await bot.click(lea, (await bot.expectCard("Balie")).incident, "resolve", "false");
      expect(await bot.post("monitoring", firing)).toMatchObject({ outcome: "opened" });
      await bot.click(lea, await bot.expectCard("Balie"), "resolve", "false");
      await bot.fastForward(31 * minute);
      expect(await bot.post("monitoring", firing)).toMatchObject({ outcome: "seen", incident: null });
      bot.expectNoCard();
      await bot.post("monitoring", resolved);
      expect(await bot.post("monitoring", firing)).toMatchObject({ outcome: "opened" });
      await bot.click(lea, await bot.expectCard("Balie"), "resolve", "real");
      await later(bot, 5 * second);
      expect(await bot.post("monitoring", firing)).toMatchObject({ outcome: "opened" });
      expect((await bot.expectCard("Balie")).text).toContain(nl.terms.mayBeRepeat);
    });

    it("may be a repetition as long as it was never heard to end, and another alert of its group is a press", async () => {
      await using bot = await startBotWith("pagerduty-events");
      await bot.post("monitoring", firing);
      await bot.click(lea, await bot.expectCard("Balie"), "resolve", "false");
      expect(await bot.post("monitoring", firing)).toMatchObject({ outcome: "opened" });
      const card = await bot.expectCard("Balie");
      expect(card.text).toContain(nl.terms.mayBeRepeat);
      const other = event("trigger", "Labels:\n - alertname = AnotherButton\n");
      expect(await bot.post("monitoring", other)).toMatchObject({ outcome: "repeated" });
      await bot.fastForward(2 * second);
      expect(bot.look(card).text).not.toContain(nl.terms.mayBeRepeat);
    });
  });

  it("an event is a press again a day later: the same bytes", async () => {
    await using bot = await startBot();
    const body = JSON.stringify({ id: "always-the-same", button: "0042" });
    expect(await bot.post("buttons", body)).toMatchObject({ outcome: "opened" });
    await bot.click(lea, await bot.expectCard("Spreekkamer 3"), "resolve", "false");
    expect(await bot.post("buttons", body)).toMatchObject({ outcome: "duplicate" });
    await later(bot, 25 * hour);
    expect(await bot.post("buttons", body)).toMatchObject({ outcome: "opened" });
    await bot.expectCard("Spreekkamer 3");
  });
});
