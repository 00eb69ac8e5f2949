import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import { buildPager, buildSettings, buildSource, toPolicy } from "../fixtures/configuration.ts";
import { benchSecret } from "./alarms.ts";

/** The configuration of a measured bot: two sources, whose first pages are an hour and half a day away. */
export function toSettings(folder: string, connector: string, desk: string) {
  // Teams is slow on purpose in a flood; whether it is slow is not what is measured.
  const policy = (after: string) => toPolicy([{ after, page: "desk" }], { teamsWithin: "30m", repeatEvery: "6h" });
  return buildSettings({
    publicUrl: "http://127.0.0.1:3978",
    database: `sqlite:${join(folder, "rugdekking.db")}`,
    teams: { local: true, serviceUrl: connector },
    channels: { frontdesk: { conversation: "19:bench@thread.tacv2" } },
    sources: { bench: buildSource(benchSecret, "hour"), night: buildSource(benchSecret, "night") },
    policies: { hour: policy("1h"), night: policy("12h") },
    pagers: { desk: buildPager(desk) },
  });
}

/** Writes that configuration; answers with its path. */
export function writeSettings(folder: string, settings: Record<string, unknown>): string {
  const path = join(folder, "rugdekking.yaml");
  writeFileSync(path, stringify(settings));
  return path;
}
