import { readFileSync } from "node:fs";
import { join } from "node:path";
import { strToU8, type Zippable, zipSync } from "fflate";
import template from "../../manifests/teams/manifest.json" with { type: "json" };
import project from "../../package.json" with { type: "json" };
import type { AppIdentity } from "../config/app-identity.ts";

const folder = join(import.meta.dirname, "../../manifests/teams");
const companions = ["color.png", "outline.png", "nl-NL.json"];

/** Longest `developer.name` of the manifest's schema. */
const maxDeveloperLength = 32;

/** The Teams app manifest of this installation (schema 1.25). */
export function toManifest({ organisation, publicUrl, appId }: AppIdentity) {
  return {
    ...template,
    version: project.version,
    id: appId,
    developer: {
      name: [...organisation].slice(0, maxDeveloperLength).join("").trim(),
      websiteUrl: publicUrl,
      privacyUrl: publicUrl,
      termsOfUseUrl: publicUrl,
    },
    bots: template.bots.map((bot) => ({ ...bot, botId: appId })),
    validDomains: [new URL(publicUrl).host],
  };
}

/** The app package as Teams takes it: a zip with its files at the top. The same configuration gives the same bytes. */
export function buildTeamsPackage(identity: AppIdentity): Uint8Array {
  const files: Zippable = { "manifest.json": strToU8(`${JSON.stringify(toManifest(identity), null, 2)}\n`) };
  for (const name of companions) files[name] = readFileSync(join(folder, name));
  // A zip keeps the time of each file on a wall clock without a zone; this is the first it can hold.
  return zipSync(files, { level: 9, mtime: new Date(1980, 0, 1) });
}
