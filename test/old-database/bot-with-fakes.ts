import { type AlarmCentre, startAlarmCentre } from "../fakes/alarm-centre.ts";
import { type LorawanNetwork, startLorawanNetwork } from "../fakes/lorawan-network.ts";
import { accountSid, authToken, type FakeTwilio, startTwilio } from "../fakes/twilio.ts";
import { type Bot, bob, carol, people, type Settings, sourceSecret, startBot } from "../harness.ts";

const apiKey = "een-sleutel-van-het-netwerk";
const metricsToken = "een-geheim-voor-de-metingen";

/** The bot whose database is saved, with everything that it called. */
export interface BotWithFakes extends AsyncDisposable {
  readonly bot: Bot;
  /** Calls the guard and the colleagues on duty. */
  readonly twilio: FakeTwilio;
  readonly centre: AlarmCentre;
  /** Of the trackers. */
  readonly network: LorawanNetwork;
  /** A figure of `GET /metrics` by its name and labels; null when there is none. */
  figure(name: string): Promise<number | null>;
}

/**
 * Its three policies differ in what they do before security is paged. The channels are linked from Teams and not named
 * in the configuration, so that the links are in the database.
 */
const policies = {
  building: {
    arriveWithin: "2m",
    repeatEvery: "3m",
    steps: [
      { after: "0s", tell: "frontdesk" },
      { after: "60s", page: "desk" },
      { after: "120s", page: "phone" },
    ],
  },
  annex: {
    claimsNeeded: 2,
    arriveWithin: "2m",
    repeatEvery: "3m",
    steps: [
      { after: "0s", tell: "back-office" },
      { after: "20s", tell: "frontdesk" },
      { after: "60s", page: "desk" },
    ],
  },
  tower: {
    arriveWithin: "2m",
    repeatEvery: "3m",
    steps: [
      { after: "0s", tell: "frontdesk" },
      { after: "30s", call: "on-duty", by: "calls" },
      { after: "60s", page: "calls" },
      { after: "90s", page: "centre" },
    ],
  },
};

/**
 * Two in one room, each with a holder, verify each other; the tracker has no place of its own. Every other one stands
 * for itself.
 */
const buttons = [
  ...["closed", "guard-lapsed", "guard-coming", "guard-there", "silent", "asked", "checked-in", "called-off"],
  ...["witnessed", "lapsed", "help", "paged", "teams-lost", "all-declined", "there", "there-help", "cancelled"],
  ...["was-called-off", "again", "held", "leased", "desk-due", "open", "coming", "no-card"],
]
  .map((id): Settings => ({ source: "buttons", id, place: `Kamer ${id}` }))
  .concat([
    { source: "buttons", id: "shared-1", place: "Kamer shared", holder: carol.name },
    { source: "buttons", id: "shared-2", place: "Kamer shared", holder: bob.name },
    ...["guard-declined", "half", "pair", "notice"].map((id) => ({ source: "annex", id, place: `Kamer ${id}` })),
    ...["called", "calling", "told-by-phone"].map((id) => ({ source: "tower", id, place: `Kamer ${id}` })),
    { source: "field", id: "tracker-1", place: "Wijkteam Noord", fixed: false },
  ]);

function toSources(network: LorawanNetwork): Settings {
  const webhook = { type: "webhook", secret: sourceSecret, channel: "frontdesk", silentAfter: "never" };
  const downlink = { url: network.url, application: "wijkteam", apiKey, model: "abeeway" };
  return {
    buttons: { ...webhook, policy: "building" },
    annex: { ...webhook, policy: "annex", channel: "back-office", silentAfter: "25h" },
    tower: { ...webhook, policy: "tower" },
    field: { ...webhook, type: "the-things-stack", policy: "building", downlink },
    chat: { type: "teams", policy: "building", channel: "frontdesk" },
  };
}

function toPagers(bot: Bot, twilio: FakeTwilio, centre: AlarmCentre): Settings {
  const account = { accountSid, authToken, from: "+31850000000", to: "+31612345678" };
  const { host, port } = centre;
  return {
    ...(bot.settings.pagers as Settings),
    calls: { type: "twilio-voice", baseUrl: twilio.baseUrl, ...account },
    // A poll is over a real connection, and the clock of a story would not wait for it.
    centre: {
      type: "sia-dc09",
      account: "1234",
      primary: { host, port, pollEvery: "never" },
      codes: { callOff: "OC" },
    },
  };
}

/** The bot at that moment, with a database that `bring` fills before the bot opens it. */
export async function startBotWithFakes(
  startAt: string,
  bring: (bot: Bot) => Promise<Settings>,
): Promise<BotWithFakes> {
  await using starting = new AsyncDisposableStack();
  // A morning of incidents goes out in a few seconds: what is tried is that it does, and not how fast.
  const bot = starting.use(await startBot({ startAt, teams: { unlimited: true } }));
  const twilio = starting.use(await startTwilio());
  const network = starting.use(await startLorawanNetwork(apiKey));
  const centre = starting.use(await startAlarmCentre({ now: bot.clock.now }));
  // It teaches that at the first event, and the pager remembers it.
  centre.clockOffsetMs = 90_000;
  const settings: Settings = {
    metricsToken,
    channels: { frontdesk: {}, "back-office": {} },
    people: people.map((person, index) => ({ ...person, phone: `+3160000000${index}` })),
    sources: toSources(network),
    buttons,
    policies,
    pagers: toPagers(bot, twilio, centre),
  };
  await bot.stop();
  await bot.start({ ...settings, ...(await bring(bot)) });
  const held = starting.move();
  return {
    bot,
    twilio,
    centre,
    network,
    async figure(name) {
      const shown = await fetch(`${bot.url}/metrics`, { headers: { authorization: `Bearer ${metricsToken}` } });
      const line = (await shown.text()).split("\n").find((each) => each.startsWith(`${name} `));
      return line === undefined ? null : Number(line.slice(name.length + 1));
    },
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  };
}
