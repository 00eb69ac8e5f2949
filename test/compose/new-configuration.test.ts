import { describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { kinds } from "../../bot/app.ts";
import { findNewParts, mergeConfiguration } from "../../bot/compose/new-configuration.ts";
import type { Configuration } from "../../bot/config/configuration.ts";
import { parseConfiguration } from "../../bot/config/load-configuration.ts";
import type { ReadyPager } from "../../bot/contracts.ts";
import { buildPager, buildSettings, buildSource } from "../fixtures/configuration.ts";

type Settings = Readonly<Record<string, unknown>>;

const panels = {
  type: "sia-dc09",
  listen: { port: 0 },
  accounts: { "1234": {} },
  policy: "building",
  channel: "frontdesk",
};
const chat = { type: "teams", policy: "building", channel: "frontdesk" };
const sources = { buttons: buildSource(), panels, chat };
const centre = { type: "sia-dc09", account: "1234", primary: { host: "10.0.0.9", port: 12_000 } };
const pagers = { desk: buildPager(), centre };
const publicUrl = "http://127.0.0.1:3978";
const channels = { frontdesk: {}, "back-office": {} };
const before = load();

function load(changes: Settings = {}): Configuration {
  return parseConfiguration(
    "x.yaml",
    stringify(buildSettings({ publicUrl, sources, pagers, channels, ...changes })),
    {},
    kinds,
  );
}

/** As they are while the bot runs: the centre's receivers are polled. */
const opened = { desk: {}, centre: { supervise: async () => {} } } as unknown as Record<string, ReadyPager>;

function merge(changes: Settings) {
  const after = load(changes);
  expect(findNewParts(before, after)).toEqual([]);
  return mergeConfiguration(before, after, opened);
}

describe("what of a new configuration counts while the bot runs", () => {
  it("is all of it where nothing is fixed", () => {
    const changes = {
      people: [{ name: "A. Jansen", id: "00000000-0000-0000-0000-00000000000a" }],
      buttons: [{ source: "buttons", id: "1", place: "Balie" }],
      sources: { ...sources, buttons: buildSource("een-ander-geheim-voor-knoppen") },
      pagers: { ...pagers, desk: buildPager("https://elsewhere.example.nl/") },
    };
    expect(merge(changes)).toEqual({ configuration: load(changes), needsRestart: [] });
  });

  it.each<[string, Settings]>([
    ["organisation", { organisation: "Elders" }],
    ["timezone", { timezone: "America/New_York" }],
    ["listen", { listen: { host: "127.0.0.1", port: 1 } }],
    ["database", { database: "sqlite:elsewhere.db" }],
    ["doctorToken", { doctorToken: "k7Qv2Rm9Xd4Tz8Lw" }],
    ["troubles", { troubles: { tell: "desk" }, policies: toPaged("centre") }],
    ["channels.frontdesk", { channels: { ...channels, frontdesk: { conversation: "19:other@thread.tacv2" } } }],
    ["sources.panels", { sources: { ...sources, panels: { ...panels, accounts: { "5678": {} } } } }],
    ["sources.chat", { sources: { ...sources, chat: { ...chat, channel: "back-office" } }, policies: toOwn() }],
    ["pagers.centre", { pagers: { ...pagers, centre: { ...centre, account: "5678" } } }],
  ])("leaves %s as it was, and says so", (path, changes) => {
    const { configuration, needsRestart } = merge(changes);
    expect(needsRestart).toEqual([path]);
    const [section = "", name = ""] = path.split(".");
    const valueIn = (whole: Configuration) => {
      const found: unknown = Reflect.get(whole, section);
      return name === "" ? found : Reflect.get(found as object, name);
    };
    expect(valueIn(configuration)).toEqual(valueIn(before));
  });

  it("takes the label of what is fixed otherwise", () => {
    const label = "de meldkamer";
    const { configuration, needsRestart } = merge({ pagers: { ...pagers, centre: { ...centre, label } } });
    expect([configuration.pagers.centre?.label, needsRestart]).toEqual([label, []]);
  });
});

describe("what is new, gone or of another type", () => {
  it.each<[readonly string[], Settings]>([
    [["channels.hall"], { channels: { ...channels, hall: {} } }],
    [["sources.panels"], { sources: { buttons: buildSource(), chat } }],
    [["sources.buttons"], { sources: { ...sources, buttons: { ...buildSource(), type: "cloudevents" } } }],
    [["pagers.third"], { pagers: { ...pagers, third: buildPager() } }],
  ])("is named: %j", (parts, changes) => {
    expect(findNewParts(before, load(changes))).toEqual(parts);
  });
});

/** A policy that pages the alarm centre alone. */
function toPaged(page: string): Settings {
  return {
    building: {
      repeatEvery: "3m",
      steps: [
        { after: "0s", tell: "own" },
        { after: "60s", page },
      ],
    },
  };
}

function toOwn(): Settings {
  return toPaged("desk");
}
