import { readFileSync } from "node:fs";
import { join } from "node:path";
import { strFromU8, strToU8, unzipSync, type Zippable, zipSync } from "fflate";
import { z } from "zod";
import template from "../../../manifests/teams/manifest.json" with { type: "json" };
import project from "../../../package.json" with { type: "json" };
import type { AppIdentity } from "../../config/app-identity.ts";

const folder = join(import.meta.dirname, "../../../manifests/teams");
const companions = ["color.png", "outline.png", "nl-NL.json"];

/** Longest `developer.name` of the manifest's schema. */
const maxDeveloperLength = 32;

/** What a package says of an installation. */
type Installation = Omit<AppIdentity, "language">;

/** The Teams app manifest of this installation (schema 1.25). */
export function toManifest({ organisation, publicUrl, appId }: Installation, version: string = project.version) {
  return {
    ...template,
    version,
    id: appId,
    developer: {
      name: [...organisation].slice(0, maxDeveloperLength).join("").trim(),
      websiteUrl: `${publicUrl}/`,
      privacyUrl: `${publicUrl}/#privacy`,
      termsOfUseUrl: `${publicUrl}/`,
    },
    bots: template.bots.map((bot) => ({ ...bot, botId: appId })),
    validDomains: [new URL(publicUrl).host],
  };
}

/**
 * The app package as Teams takes it: a zip with its files at the top. The same configuration gives the same bytes.
 * `previous`: the package that was made before, whose version this one follows if it holds anything else, because Teams
 * takes a changed package with a higher version only; null: there is none. Throws where `previous` is no package.
 */
export function buildTeamsPackage(identity: Installation, previous: Uint8Array | null = null): Uint8Array {
  if (previous === null) return pack(identity, project.version);
  const before = parseVersion(previous);
  const isSame = Buffer.from(pack(identity, before)).equals(previous);
  return isSame ? previous : pack(identity, toLater(before, project.version));
}

function pack(identity: Installation, version: string): Uint8Array {
  const manifest = toManifest(identity, version);
  const files: Zippable = { "manifest.json": strToU8(`${JSON.stringify(manifest, null, 2)}\n`) };
  for (const name of companions) files[name] = readFileSync(join(folder, name));
  // A zip keeps the time of each file on a wall clock without a zone; this is the first it can hold.
  return zipSync(files, { level: 9, mtime: new Date(1980, 0, 1) });
}

const Version = z.object({ version: z.string().regex(/^\d{1,9}\.\d{1,9}\.\d{1,9}$/) });

/** The version of a package. Throws where it is none. */
export function parseVersion(bytes: Uint8Array): string {
  const { "manifest.json": manifest } = unzipSync(bytes, { filter: ({ name }) => name === "manifest.json" });
  return Version.parse(JSON.parse(strFromU8(manifest ?? new Uint8Array()))).version;
}

/** The version of this project where that is later than the one before, else the one that follows that. */
function toLater(before: string, ours: string): string {
  const [major = 0, minor = 0, patch = 0] = before.split(".").map(Number);
  const order = before.localeCompare(ours, "en", { numeric: true });
  return order < 0 ? ours : `${major}.${minor}.${patch + 1}`;
}
