import { globSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { describe, expect, it } from "vitest";

/** Who may import whom (DESIGN §5): the first folder that matches a file says what it may import, besides itself. */
const rules: [files: RegExp, mayImport: RegExp][] = [
  [/^bot\/kit\//, /^node:.*$/],
  [/^bot\/domain\//, /^(zod|bot\/domain\/.*)$/],
  [/^bot\/errors\.ts$/, /^(zod|bot\/domain\/.*)$/],
  [/^bot\/(ports\/.*|contracts\.ts)$/, /^(zod|bot\/domain\/.*|bot\/errors\.ts|bot\/ports\/.*)$/],
  [
    /^bot\/config\//,
    /^(zod|yaml|node:(fs|net)|bot\/(config|domain|kit|words)\/.*|bot\/errors\.ts|bot\/ports\/directory\.ts)$/,
  ],
  [/^bot\/words\//, /^(bot\/(words|domain)\/.*|bot\/errors\.ts)$/],
  [/^bot\/log\.ts$/, /^(pino)$/],
  [
    /^bot\/engine\//,
    /^(node-cron|node:.*|bot\/(engine|domain|words|kit)\/.*|bot\/(contracts|errors|log)\.ts|bot\/ports\/.*)$/,
  ],
  [
    /^bot\/store\//,
    /^(zod|kysely(\/migration)?|better-sqlite3|node:.*|bot\/(store|domain|words|kit)\/.*|bot\/(contracts|errors|log)\.ts|bot\/ports\/.*)$/,
  ],
  [
    /^bot\/teams\//,
    /^(zod|express|botbuilder|botframework-connector|jose|@microsoft\/teams-ai|@microsoft\/teams\.cards|node:.*|bot\/(teams|domain|words|kit)\/.*|bot\/(contracts|errors|log)\.ts|bot\/ports\/.*)$/,
  ],
  [
    /^bot\/web\//,
    /^(zod|express|helmet|express-rate-limit|prom-client|node:.*|bot\/(web|domain|words|kit)\/.*|bot\/(contracts|errors|log)\.ts|bot\/ports\/.*)$/,
  ],
  // An adapter knows what adapters share, and the folder of its own protocol; no adapter knows another.
  [
    /^adapters\/pagers\//,
    /^(zod|nodemailer|node:.*|adapters\/kit\/.*|adapters\/protocols\/(sia-dc09|twilio)\/.*|bot\/(contracts|errors|kit\/[\w-]+)\.ts|bot\/ports\/.*|bot\/domain\/(alarm|language)\.ts|bot\/words\/.*)$/,
  ],
  [
    /^adapters\/(sources|listeners)\//,
    /^(zod|mqtt|node:.*|adapters\/kit\/.*|adapters\/protocols\/(lorawan|sia-dc09|mqtt)\/.*|bot\/(contracts|errors|kit\/[\w-]+)\.ts|bot\/ports\/.*|bot\/domain\/(alarm|language)\.ts)$/,
  ],
  [
    /^adapters\/protocols\/lorawan\//,
    /^(zod|pbf|node:.*|adapters\/kit\/.*|adapters\/protocols\/lorawan\/.*|bot\/(contracts|errors|kit\/[\w-]+)\.ts|bot\/domain\/(alarm|language)\.ts)$/,
  ],
  [
    /^adapters\/protocols\/sia-dc09\//,
    /^(zod|node:.*|adapters\/kit\/.*|adapters\/protocols\/sia-dc09\/.*|bot\/(contracts|errors|kit\/[\w-]+)\.ts|bot\/ports\/.*|bot\/domain\/(alarm|language)\.ts)$/,
  ],
  [
    /^adapters\/protocols\/twilio\//,
    /^(zod|node:.*|adapters\/kit\/.*|adapters\/protocols\/twilio\/.*|bot\/(contracts|errors|kit\/[\w-]+)\.ts|bot\/ports\/.*|bot\/domain\/(alarm|language)\.ts|bot\/words\/.*)$/,
  ],
  [
    /^adapters\/protocols\/mqtt\//,
    /^(zod|mqtt|node:.*|adapters\/kit\/.*|adapters\/protocols\/mqtt\/.*|bot\/(contracts|errors|kit\/[\w-]+)\.ts|bot\/ports\/.*|bot\/domain\/(alarm|language)\.ts)$/,
  ],
  [
    /^adapters\/index\.ts$/,
    /^(zod|adapters\/.*|bot\/(contracts|errors|kit\/[\w-]+)\.ts|bot\/ports\/.*|bot\/domain\/(alarm|language)\.ts)$/,
  ],
  [
    /^adapters\/kit\//,
    /^(zod|@marcbachmann\/cel-js|node:.*|adapters\/kit\/.*|bot\/(contracts|errors|kit\/[\w-]+)\.ts|bot\/domain\/(alarm|language)\.ts)$/,
  ],
  [/^bot\/(app|main)\.ts$/, /^(?!test\/)(?!botbuilder|@microsoft).*/],
  [/^bot\/cli\//, /^(?!test\/)(?!botbuilder|botframework|@microsoft).*/],
];

const files = globSync(["bot/**/*.ts", "adapters/**/*.ts"]);

describe("who may import whom", () => {
  it("knows every file", () => {
    expect(files.length).toBeGreaterThan(30);
    expect(files.filter((file) => !rules.some(([pattern]) => pattern.test(file)))).toEqual([]);
  });

  for (const file of files) {
    it(file, () => {
      const [, mayImport] = rules.find(([pattern]) => pattern.test(file)) ?? [];
      for (const target of importsOf(file)) expect(target, `${file} imports ${target}`).toMatch(mayImport ?? /^$/);
    });
  }

  it("only app.ts imports the adapters' list", () => {
    const importers = files.filter((file) => file.startsWith("bot/") && importsOf(file).includes("adapters/index.ts"));
    expect(importers).toEqual(["bot/app.ts"]);
  });
});

/** What a file imports: packages by name, our own files from the top. */
function importsOf(file: string): string[] {
  const text = readFileSync(file, "utf8");
  const found = text.matchAll(
    /(?:^|\n)\s*(?:import|export)\s[^;]*?from\s+"([^"]+)"|(?:^|\n)\s*import\s+"([^"]+)"|import\("([^"]+)"\)/g,
  );
  return [...found].map((match) => {
    const target = match[1] ?? match[2] ?? match[3] ?? "";
    return target.startsWith(".") ? normalize(join(dirname(file), target)) : target;
  });
}
