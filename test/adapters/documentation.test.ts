import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parse, stringify } from "yaml";
import { listeners, pagers, sources } from "../../adapters/index.ts";
import { kinds } from "../../bot/app.ts";
import { parseConfiguration } from "../../bot/config/load-configuration.ts";
import { buildSettings, toPolicy } from "../fixtures/configuration.ts";

/** A page, its sections, and the configurations in it that have this part, each as the mapping it is. */
function open(path: string, part: string) {
  const page = readFileSync(path, "utf8");
  const examples = [...page.matchAll(/^```yaml\n(.*?)^```/gms)]
    .map(([, text = ""]) => ({ text, value: parse(text) }))
    .filter(({ value }) => typeof value?.[part] === "object" && value[part] !== null);
  return { sections: page.split(/^## /m).slice(1), examples };
}

const { sections, examples } = open("adapters/README.md", "sources");
const ofPagers = open("adapters/pagers/README.md", "pagers");
/** Whatever both pages take from the environment. */
const secrets = Object.fromEntries(
  [...examples, ...ofPagers.examples].flatMap(({ text }) =>
    [...text.matchAll(/\$\{(\w+)\}/g)].map(([, name = ""]) => [name, "0123456789abcdef0123456789abcdef"]),
  ),
);

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
      const settings = buildSettings({
        ...(people === undefined ? {} : { people }),
        sources: Object.fromEntries(named),
        buttons,
      });
      const { sources: read } = parseConfiguration("example.yaml", stringify(settings), secrets, kinds);
      expect(Object.keys(read)).toEqual(Object.keys(shown));
    },
  );
});

describe("the page about pagers", () => {
  it.each(Object.keys(pagers))("says how to connect %s", (type) => {
    const section = ofPagers.sections.find((each) => each.startsWith(`\`${type}\`\n`)) ?? "";
    expect(section).toContain(`type: ${type}`);
    expect(section).toMatch(/https:\/\//);
  });

  it.each(ofPagers.examples.map(({ text, value }) => [Object.keys(value.pagers).join(), text, value]))(
    "shows a configuration that can be used: %s",
    (_name, _text, { pagers: shown, people }) => {
      const steps = Object.keys(shown).map((page) => ({ after: "60s", page }));
      const settings = buildSettings({
        ...(people === undefined ? {} : { people }),
        policies: { building: toPolicy(steps) },
        pagers: shown,
      });
      const { pagers: read } = parseConfiguration("example.yaml", stringify(settings), secrets, kinds);
      expect(Object.keys(read)).toEqual(Object.keys(shown));
    },
  );
});
