import { readFileSync, statSync, writeFileSync } from "node:fs";
import { type AppIdentity, loadAppIdentity } from "../../config/app-identity.ts";
import type { Language } from "../../domain/language.ts";
import { manifest } from "../../words/operator/manifest.ts";
import { toFileFault } from "../../words/shared/file-fault.ts";
import { loadEnvironment } from "../environment.ts";
import { buildTeamsPackage, parseVersion } from "./teams-package.ts";

/** Writes the app package of that configuration, and says its version. Throws with a sentence where it can't. */
export function writePackage(config: string, out: string): void {
  const identity = loadAppIdentity(config, loadEnvironment(config));
  const words = manifest[identity.language];
  const bytes = follow(identity, out, readBefore(out, identity.language), words);
  try {
    writeFileSync(out, bytes);
  } catch (cause) {
    throw new Error(words.unwritten(out, toFileFault(cause, identity.language)), { cause });
  }
  process.stdout.write(`${words.written(out, parseVersion(bytes))}\n`);
}

type Words = (typeof manifest)["nl"];

/** What stands there; null: nothing that is a file. */
function readBefore(out: string, language: Language): Uint8Array | null {
  if (!statSync(out, { throwIfNoEntry: false })?.isFile()) return null;
  try {
    return readFileSync(out);
  } catch (cause) {
    throw new Error(manifest[language].unread(out, toFileFault(cause, language)), { cause });
  }
}

function follow(identity: AppIdentity, out: string, before: Uint8Array | null, words: Words): Uint8Array {
  try {
    return buildTeamsPackage(identity, before);
  } catch (cause) {
    throw new Error(words.noPackage(out), { cause });
  }
}
