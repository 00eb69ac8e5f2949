import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { describe, expect, it } from "vitest";
import { siaDc09 } from "../../adapters/listeners/sia-dc09.ts";
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
