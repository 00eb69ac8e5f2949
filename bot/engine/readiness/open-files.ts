import { isReadableByAll } from "../../kit/readable-by-all.ts";
import type { Log } from "../../log.ts";

/** Warns of files that everybody on this machine may read; returns how many there are. A database may be a url. */
export function noteOpenFiles(files: readonly string[], log: Log): number {
  const open = files.map((file) => file.replace(/^sqlite:/, "")).filter(isReadableByAll);
  for (const path of open) {
    const warning = `${path} can be read by everybody on this machine: chmod o-r ${path}`;
    log.warn({ warning }, "configuration-warning");
  }
  return open.length;
}
