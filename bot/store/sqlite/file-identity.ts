import { statSync } from "node:fs";

/** The files that were opened, as the system knows them. */
export type FileIdentities = ReadonlyMap<string, string>;

/** Notes which files stand at those paths now. */
export function identify(paths: readonly string[]): FileIdentities {
  return new Map(paths.map((path) => [path, toIdentity(path)]));
}

/**
 * The paths at which those files do not stand any more, because they were removed or replaced. A path that can't be
 * looked at does not count.
 */
export function findGone(identities: FileIdentities): readonly string[] {
  return [...identities].filter(([path, identity]) => isGone(path, identity)).map(([path]) => path);
}

function isGone(path: string, identity: string): boolean {
  try {
    return toIdentity(path) !== identity;
  } catch (error) {
    return error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR");
  }
}

/** A number that no other file of this machine has, as long as somebody has the file open. */
function toIdentity(path: string): string {
  const { dev, ino } = statSync(path, { bigint: true });
  return `${dev} ${ino}`;
}
