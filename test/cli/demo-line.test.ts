import { expect, it } from "vitest";
import { startApp } from "../../bot/app.ts";
import { prepareDemo } from "../../bot/cli/demo/prepare-demo.ts";
import { press } from "../../bot/cli/ring/press.ts";
import { InFlight } from "../../bot/kit/in-flight.ts";
import { FakeClock } from "../fakes/clock.ts";
import { until } from "../fakes/listener-host.ts";
import { FakeTeams } from "../fakes/teams.ts";

const alarmen = "19:alarmen@thread.tacv2";
const frank = { teamsId: "29:frank", aadObjectId: "aaaaaaaa-0000-4000-8000-000000000006", name: "Frank Mulder" };
const hour = 3_600_000;
const silent = { info: () => {}, warn: () => {}, error: () => {} };

it("the demo's bot takes an alarm that is typed, and finds no button silent, however long nobody presses", async () => {
  await using prepared = await prepareDemo({ bot: 0, playground: 0, desk: 0 });
  await using teams = await new FakeTeams({ channels: [alarmen], colleagues: [frank], unlimited: true }).start();
  const clock = new FakeClock(Date.parse("2026-11-24T09:00:00Z"));
  const inFlight = new InFlight();
  const configuration = {
    ...prepared.configuration,
    teams: { ...prepared.configuration.teams, serviceUrl: teams.serviceUrl },
  };
  const calendar = () => ({ [Symbol.dispose]: () => undefined });
  await using app = await startApp({ configuration, clock, log: silent, inFlight, calendar });
  teams.botUrl = `http://127.0.0.1:${app.port}/api/messages`;
  const aboutButtons = async () => (await app.troubles()).filter((trouble) => "source" in trouble);
  expect(await aboutButtons()).toEqual([]);

  await teams.say(frank, teams.chatOf(frank), "alarm kamer 4");
  await until(() => inFlight.count === 0 && teams.cards.length === 1);
  expect(JSON.stringify(teams.cards[0]?.body)).toContain("kamer 4");

  expect((await press(configuration, "knoppen", "0042", clock.now())).status).toBe(202);
  clock.to(clock.now() + 30 * hour);
  await until(() => inFlight.count === 0);
  expect(await aboutButtons()).toEqual([]);
});
