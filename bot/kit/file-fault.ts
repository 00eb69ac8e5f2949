const faults: Readonly<Record<string, string>> = {
  EACCES: "this user may not do that there",
  EPERM: "this user may not do that there",
  ENOENT: "there is no such file or folder",
  ENOTDIR: "part of its path is a file and no folder",
  EEXIST: "part of its path is a file and no folder",
  EISDIR: "it is a folder",
  EROFS: "that disk can only be read",
  ENOSPC: "that disk is full",
  EDQUOT: "this user's part of that disk is full",
};

/** Describes why the system refused a file, for a sentence that names it; with its code, and never with a path. */
export function toFileFault(error: unknown): string {
  const code = error instanceof Error && "code" in error ? String(error.code) : "unknown";
  return `${Object.hasOwn(faults, code) ? faults[code] : "the system refuses it"} (${code})`;
}
