import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parse, stringify } from "yaml";
import { listeners, sources } from "../../adapters/index.ts";
import { kinds } from "../../bot/app.ts";
import { parseConfiguration } from "../../bot/config/load-configuration.ts";

const page = readFileSync("adapters/README.md", "utf8");
const sections = page.split(/^## /m).slice(1);

/** The configurations that the page shows, each as the mapping it is. */
const examples = [...page.matchAll(/^```yaml\n(.*?)^```/gms)]
  .map(([, text = ""]) => ({ text, value: parse(text) }))
  .filter(({ value }) => typeof value?.sources === "object" && value.sources !== null);

describe("the page about sources", () => {
  it.each([...Object.keys(sources), ...Object.keys(listeners), "teams"])("says how to connect %s", (type) => {
    const section = sections.find((each) => each.startsWith(`\`${type}\`\n`)) ?? "";
    expect(section).toContain(`type: ${type}`);
    // The vendor's own page, where there is a vendor.
    if (type !== "teams") expect(section).toMatch(/https:\/\//);
  });

  it.each(examples.map(({ text, value }) => [Object.keys(value.sources).join(), text, value]))(
    "shows a configuration that can be used: %s",
    (_name, _text, { sources: shown, buttons = [], people }) => {
      const named = Object.entries(shown).map(([name, entry]) => [
        name,
        { ...(entry as object), policy: "building", channel: "frontdesk" },
      ]);
      const settings = {
        organisation: "Gemeente Voorbeeld",
        teams: { local: true },
        channels: { frontdesk: {} },
        ...(people === undefined ? {} : { people }),
        sources: Object.fromEntries(named),
        buttons,
        policies: {
          building: {
            repeatEvery: "3m",
            steps: [
              { after: "0s", tell: "frontdesk" },
              { after: "60s", page: "desk" },
            ],
          },
        },
        pagers: { desk: { type: "webhook", url: "https://desk.example.nl/alarms", secret: "0123456789abcdef" } },
      };
      const secrets = new Proxy({}, { get: () => "0123456789abcdef0123456789abcdef", has: () => true });
      const { sources: read } = parseConfiguration("example.yaml", stringify(settings), secrets, kinds);
      expect(Object.keys(read)).toEqual(Object.keys(shown));
    },
  );
});
