import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { DeviceOptions } from "../../adapters/protocols/lorawan/uplink.ts";
import { kinds } from "../../bot/app.ts";
import {
  Buttons,
  LocationEntry,
  People,
  Root,
  Settings,
  SourceEntry,
  TeamsEntry,
  TroublesEntry,
} from "../../bot/config/document/file-format.ts";
import { PolicyEntry } from "../../bot/config/document/policy-format.ts";
import { parseTypedCommand } from "../../bot/teams/wire/personal-command.ts";
import { codesIn, rowsUnder } from "./markdown.ts";

const readme = readFileSync("README.md", "utf8");

describe("every button", () => {
  const rows = rowsUnder(readme, "Every button");

  it("is listed by its type, once", () => {
    const listed = rows.flatMap(([, types = ""]) => codesIn(types));
    expect(listed.sort()).toEqual(Object.keys(kinds.sources).sort());
  });

  it("what can be typed to the bot is understood", () => {
    const [typed = ""] = rows.find(([, types]) => types === "`teams`") ?? [];
    expect(codesIn(typed).length).toBeGreaterThan(0);
    for (const text of codesIn(typed)) expect(parseTypedCommand(text), text).not.toBeNull();
  });

  it("that speaks LoRaWAN has its model on the page about sources", () => {
    const page = readFileSync("adapters/README.md", "utf8");
    const models = rowsUnder(page, "LoRaWAN devices: `model`, `mapping` and `downlink`");
    const listed = models.flatMap(([names = ""]) => codesIn(names));
    expect(listed.sort()).toEqual([...DeviceOptions.shape.model.unwrap().options].sort());
  });
});

describe("every way to external security", () => {
  const rows = rowsUnder(readme, "Reaching external security");

  it("is listed by its type, once", () => {
    const listed = rows.flatMap(([, types = ""]) => codesIn(types));
    expect(listed.sort()).toEqual(Object.keys(kinds.pagers).sort());
  });

  it("that can call colleagues says so, and no other does", () => {
    const calling = rows.filter(([how = ""]) => codesIn(how).includes("call: on-duty"));
    const canCall = Object.entries(kinds.pagers).filter(([, pager]) => pager.canCall);
    expect(calling.flatMap(([, types = ""]) => codesIn(types))).toEqual(canCall.map(([type]) => type));
  });
});

describe("the example of the configuration", () => {
  const example = readFileSync("manifests/rugdekking.example.yaml", "utf8");
  const settings = {
    sections: Root,
    values: Settings,
    teams: TeamsEntry.unwrap(),
    people: People.in.unwrap().element,
    sources: SourceEntry,
    buttons: Buttons.unwrap().element,
    locations: LocationEntry,
    policies: PolicyEntry,
    troubles: TroublesEntry.unwrap(),
  };

  it.each(Object.entries(settings))("shows every setting there is: %s", (_section, { shape }) => {
    const isShown = (name: string) => new RegExp(`(?:^|[{,#] *| {2,})${name}:`, "m").test(example);
    expect(Object.keys(shape).filter((name) => !isShown(name))).toEqual([]);
  });
});
