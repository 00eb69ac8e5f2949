import { type BigIntStats, statSync } from "node:fs";
import { stat } from "node:fs/promises";

/** The files that were opened, as the system knows them. */
export type FileIdentities = ReadonlyMap<string, string>;

/** Notes which files stand at those paths now. */
export function identify(paths: readonly string[]): FileIdentities {
  return new Map(paths.map((path) => [path, toIdentity(statSync(path, { bigint: true }))]));
}

/**
 * The paths at which those files do not stand any more, because they were removed or replaced. A path that can't be
 * looked at does not count. Takes as long as the disk does.
 */
export async function findGone(identities: FileIdentities): Promise<readonly string[]> {
  const gone: string[] = [];
  for (const [path, identity] of identities) if (await isGone(path, identity)) gone.push(path);
  return gone;
}

async function isGone(path: string, identity: string): Promise<boolean> {
  try {
    return toIdentity(await stat(path, { bigint: true })) !== identity;
  } catch (error) {
    return error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR");
  }
}

/** A number that no other file of this machine has, as long as somebody has the file open. */
function toIdentity({ dev, ino }: BigIntStats): string {
  return `${dev} ${ino}`;
}
