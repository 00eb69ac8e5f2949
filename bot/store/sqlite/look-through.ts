import { constants, setPriority } from "node:os";
import { performance } from "node:perf_hooks";
import { setTimeout as wait } from "node:timers/promises";
import Database from "better-sqlite3";
import { isDamage } from "./disk-fault.ts";

/**
 * What one look through all pages of a file found. `failure`: it could not be looked through, and why; whoever uses the
 * file meets that too.
 */
export type Look = { readonly damage: string | null; readonly failure: null } | { readonly failure: string };

/** A short look comes this often, so that a damaged page is known within 10 s. */
const everyMs = 5_000;
/** A long one takes no more than this share of the time of a processor. */
const share = 1 / 20;

/** The process of `PageWatch`: looks through the file that it is told, until whoever started it is gone. */
const [, , path] = process.argv;
if (path !== undefined && process.send !== undefined) {
  process.once("disconnect", () => process.exit());
  // What is pressed meanwhile comes first.
  setPriority(constants.priority.PRIORITY_LOW);
  for (let pauseMs = everyMs; ; ) {
    await wait(pauseMs);
    const begunAt = performance.now();
    const look = lookThrough(path);
    pauseMs = Math.max(everyMs, (performance.now() - begunAt) / share);
    process.send(look);
  }
}

/** Looks twice where something was found, because it ends the process that works on this file. */
function lookThrough(file: string): Look {
  const first = lookOnce(file);
  return first.failure === null && first.damage !== null ? lookOnce(file) : first;
}

/** Looks over a connection of its own, which has none of the pages in memory yet. */
function lookOnce(file: string): Look {
  try {
    using stack = new DisposableStack();
    const open = new Database(file, { readonly: true, fileMustExist: true, timeout: everyMs });
    const database = stack.adopt(open, (each) => each.close());
    const found = database.pragma("integrity_check(1)", { simple: true });
    return { damage: found === "ok" ? null : String(found), failure: null };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return isDamage(error) ? { damage: why, failure: null } : { failure: why };
  }
}
