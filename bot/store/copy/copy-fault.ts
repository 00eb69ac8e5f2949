import { toFileFault } from "../../words/shared/file-fault.ts";
import { DamagedFile, isDamage } from "../sqlite/disk-fault.ts";
import { NoDatabase } from "./write-copy.ts";

/**
 * Why there is no copy. `missing`: there is no database; `folder`: a folder has that name; `ended`: the process that
 * made it was ended; `refused`: something else, which `detail` says.
 */
export type CopyReason =
  | "missing"
  | "no-folder"
  | "folder"
  | "exists"
  | "no-space"
  | "read-only"
  | "not-allowed"
  | "no-database"
  | "damaged"
  | "ended"
  | "refused";

export interface CopyFault {
  readonly reason: CopyReason;
  readonly detail?: string;
}

/** There is no copy, and nothing is left of the attempt. */
export class CopyRefused extends Error {
  override readonly name = "CopyRefused";
  readonly fault: CopyFault;

  constructor(fault: CopyFault, options?: ErrorOptions) {
    super(`there is no copy: ${fault.detail ?? fault.reason}`, options);
    this.fault = fault;
  }
}

const reasons: Readonly<Record<string, CopyReason>> = {
  EEXIST: "exists",
  ENOENT: "no-folder",
  ENOTDIR: "no-folder",
  EISDIR: "folder",
  ENOSPC: "no-space",
  EDQUOT: "no-space",
  SQLITE_FULL: "no-space",
  EROFS: "read-only",
  SQLITE_READONLY: "read-only",
  EACCES: "not-allowed",
  EPERM: "not-allowed",
  SQLITE_CANTOPEN: "not-allowed",
};

/** Why the system or SQLite refused it. */
export function toCopyFault(error: unknown): CopyFault {
  if (error instanceof CopyRefused) return error.fault;
  if (error instanceof NoDatabase) return { reason: "no-database" };
  if (error instanceof DamagedFile) return { reason: "damaged" };
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  if (code.startsWith("SQLITE_NOTADB")) return { reason: "no-database" };
  if (isDamage(error)) return { reason: "damaged" };
  const reason = reasons[code];
  if (reason !== undefined) return { reason };
  const said = error instanceof Error ? error.message : "unknown";
  return { reason: "refused", detail: code === "" ? said : toFileFault(error, "en") };
}
