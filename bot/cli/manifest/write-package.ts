import { readFileSync, statSync, writeFileSync } from "node:fs";
import { type AppIdentity, loadAppIdentity } from "../../config/app-identity.ts";
import { toFileFault } from "../../kit/file-fault.ts";
import { loadEnvironment } from "../environment.ts";
import { buildTeamsPackage } from "./teams-package.ts";

/** Writes the app package of that configuration. Throws with a sentence where it can't. */
export function writePackage(config: string, out: string): void {
  loadEnvironment(config);
  const identity = loadAppIdentity(config, process.env);
  const bytes = follow(identity, out, readBefore(out));
  try {
    writeFileSync(out, bytes);
  } catch (cause) {
    throw new Error(`${out} can't be written: ${toFileFault(cause)}. Choose another place with --out.`, { cause });
  }
  process.stdout.write(
    `${out} is written. Upload it in the Teams admin centre (Teams apps, Manage apps, Upload new app) and add the app\n` +
      "to the team of the responders. Keep it: written there again, a package that differs gets a higher version, and\n" +
      "Teams takes no other.\n",
  );
}

/** What stands there; null: nothing that is a file. */
function readBefore(out: string): Uint8Array | null {
  if (!statSync(out, { throwIfNoEntry: false })?.isFile()) return null;
  try {
    return readFileSync(out);
  } catch (cause) {
    throw new Error(`${out} can't be read: ${toFileFault(cause)}. Choose another place with --out.`, { cause });
  }
}

function follow(identity: AppIdentity, out: string, before: Uint8Array | null): Uint8Array {
  try {
    return buildTeamsPackage(identity, before);
  } catch (cause) {
    throw new Error(`${out} is there already and is no Teams app package. Choose another place with --out.`, { cause });
  }
}
