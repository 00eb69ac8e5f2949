import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import { benchSecret } from "./alarms.ts";

/** The configuration of a measured bot: two sources, whose first pages are an hour and half a day away. */
export function toSettings(folder: string, connector: string, desk: string): Record<string, unknown> {
  const policy = (after: string) => ({
    // Teams is slow on purpose in a flood; whether it is slow is not what is measured.
    teamsWithin: "30m",
    repeatEvery: "6h",
    steps: [
      { after: "0s", tell: "frontdesk" },
      { after, page: "desk" },
    ],
  });
  const source = (name: string) => ({ type: "webhook", secret: benchSecret, policy: name, channel: "frontdesk" });
  return {
    organisation: "Gemeente Voorbeeld",
    listen: { host: "127.0.0.1", port: 0 },
    publicUrl: "http://127.0.0.1:3978",
    database: `sqlite:${join(folder, "rugdekking.db")}`,
    teams: { local: true, serviceUrl: connector },
    channels: { frontdesk: { conversation: "19:bench@thread.tacv2" } },
    sources: { bench: source("hour"), night: source("night") },
    policies: { hour: policy("1h"), night: policy("12h") },
    pagers: { desk: { type: "webhook", url: desk, secret: "een-geheim-voor-de-desk" } },
  };
}

/** Writes that configuration; answers with its path. */
export function writeSettings(folder: string, settings: Record<string, unknown>): string {
  const path = join(folder, "rugdekking.yaml");
  writeFileSync(path, stringify(settings));
  return path;
}
