import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { languages } from "../../bot/domain/language.ts";

/** A key of the standard, with its longest text; a block in YAML may end with a line break. */
const text = (longest: number, shortest = 1) => z.string().trim().min(shortest).max(longest);

const Dependency = z.strictObject({ name: text(100), versionMin: text(20).optional() });

const Description = z.strictObject({
  shortDescription: text(150),
  longDescription: text(10_000, 150),
  features: z.array(text(200)).min(5).max(20),
  screenshots: z.array(text(200).regex(/\.(png|jpg)$/)),
});

/**
 * The keys that we use, as version 0.5 of the standard has them: https://yml.publiccode.tools/schema.core.html. Its
 * lists:
 * https://yml.publiccode.tools/categories-list.html and https://yml.publiccode.tools/scope-list.html. Of what the
 * standard demands, only `url` and `maintenance.contacts` may be absent, because they are known to whoever publishes.
 */
const PublicCode = z.strictObject({
  publiccodeYmlVersion: z.literal("0.5"),
  name: z.literal("Rugdekking"),
  url: z.url({ protocol: /^https?$/ }).optional(),
  platforms: z.array(text(50)).min(1),
  categories: z.array(z.enum(["communications", "collaboration", "instant-messaging", "workflow-management"])).min(1),
  developmentStatus: z.enum(["concept", "development", "beta", "stable", "obsolete"]),
  softwareType: z.enum([
    "standalone/mobile",
    "standalone/iot",
    "standalone/desktop",
    "standalone/web",
    "standalone/backend",
    "standalone/other",
    "addon",
    "library",
    "configurationFiles",
  ]),
  intendedAudience: z.strictObject({
    countries: z.array(z.string().regex(/^[A-Z]{2}$/)),
    scope: z.array(z.enum(["emergency-services", "government", "local-authorities", "security", "society", "welfare"])),
  }),
  description: z.strictObject({ nl: Description, en: Description }),
  legal: z.strictObject({ license: z.string() }),
  maintenance: z.strictObject({
    type: z.enum(["internal", "community", "none"]),
    contacts: z
      .array(z.strictObject({ name: text(100), email: z.email().optional(), affiliation: text(100).optional() }))
      .min(1)
      .optional(),
  }),
  localisation: z.strictObject({ localisationReady: z.boolean(), availableLanguages: z.array(z.string()).min(1) }),
  dependsOn: z.strictObject({ open: z.array(Dependency), proprietary: z.array(Dependency) }),
});

const file = parse(readFileSync("publiccode.yml", "utf8"));

describe("publiccode.yml", () => {
  it("keeps to the standard", () => {
    expect(PublicCode.safeParse(file).error?.issues ?? []).toEqual([]);
  });

  it("says the same as the project", () => {
    const { legal, localisation, dependsOn, description } = PublicCode.parse(file);
    const { license } = JSON.parse(readFileSync("package.json", "utf8"));
    expect(legal.license).toBe(license);
    expect([...localisation.availableLanguages].sort()).toEqual([...languages].sort());
    expect(description.nl.features).toHaveLength(description.en.features.length);
    const screenshots = Object.values(description).flatMap((each) => each.screenshots);
    expect(screenshots.filter((path) => !existsSync(path))).toEqual([]);
    // The oldest Node that the scripts let through.
    const node = dependsOn.open.find(({ name }) => name === "Node.js");
    expect(readFileSync("bot/cli/node-version.js", "utf8")).toContain(`Node ${node?.versionMin} `);
  });
});
