import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { errors } from "../../bot/log-events/errors.ts";
import { infos } from "../../bot/log-events/infos.ts";
import { logEvents } from "../../bot/log-events/log-events.ts";
import { machineWarnings } from "../../bot/log-events/machine-warnings.ts";
import { teamsWarnings } from "../../bot/log-events/teams-warnings.ts";
import { warnings } from "../../bot/log-events/warnings.ts";
import { listFiles } from "../rooms/imports.ts";
import { toAuditSchema, toPage } from "./page.ts";

const names = Object.values(logEvents).flatMap((events) => Object.keys(events));

it("every event has a name in kebab-case, and one level", () => {
  expect(names.filter((name) => !/^[a-z]+(-[a-z]+)*$/.test(name))).toEqual([]);
  expect(names).toHaveLength(new Set(names).size);
});

it("events of a list stand in the order of the alphabet", () => {
  for (const events of [errors, infos, machineWarnings, teamsWarnings, warnings])
    expect(Object.keys(events)).toEqual(Object.keys(events).toSorted());
});

it("every event is written somewhere", () => {
  const files = listFiles(["bot", "adapters"]).filter((file) => !file.startsWith("bot/log-events/"));
  const code = files.map((file) => readFileSync(file, "utf8")).join("\n");
  expect(names.filter((name) => !code.includes(`"${name}"`))).toEqual([]);
});

it("the page is made of the list", () => {
  expect(readFileSync("bot/log-events/README.md", "utf8")).toBe(toPage());
  expect(readFileSync("bot/log-events/audit.schema.json", "utf8")).toBe(toAuditSchema());
});
