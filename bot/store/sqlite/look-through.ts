import { constants, setPriority } from "node:os";
import { performance } from "node:perf_hooks";
import { setTimeout as wait } from "node:timers/promises";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import Database from "better-sqlite3";
import { isDamage } from "./disk-fault.ts";

/**
 * What one look through all pages of a file found. `failure`: it could not be looked through, and why; whoever uses the
 * file meets that too.
 */
export type Look =
  | { readonly check: Depth["check"]; readonly damage: string | null; readonly failure: null }
  | { readonly failure: string };

/** How thoroughly all pages are looked through, and for which share of the time of a processor at most. */
interface Depth {
  readonly check: "quick_check" | "integrity_check";
  readonly share: number;
}

/** How each page is built. In half a GB it takes a second, so that a damaged page is known within 10 s. */
const shallow: Depth = { check: "quick_check", share: 1 / 5 };
/** Also whether each index says what its table does, which takes twenty times as long in a large file. */
const deep: Depth = { check: "integrity_check", share: 1 / 20 };
/** A look comes this often, unless that would be more than its share. */
const everyMs = 5_000;
/** After this long a thread that ended is started anew. */
const threadAgainMs = 60_000;

const [, , path] = process.argv;
if (!isMainThread) {
  await lookOn(String(workerData), deep, (look) => parentPort?.postMessage(look));
} else if (path !== undefined && process.send !== undefined) {
  // The process of `PageWatch`: looks through the file that it is told, until whoever started it is gone. Nobody waits
  // for a look that is under way.
  process.once("disconnect", () => process.kill(process.pid, "SIGKILL"));
  // What is pressed meanwhile comes first; a thread has the priority of that which starts it.
  setPriority(constants.priority.PRIORITY_LOW);
  const send = (look: Look) => process.send?.(look);
  startDeep(path, send);
  await lookOn(path, shallow, send);
}

/** Looks deeply in a thread of its own, and in another one where that ends: the shallow looks go on meanwhile. */
function startDeep(file: string, tell: (look: Look) => void): void {
  const worker = new Worker(new URL(import.meta.url), { workerData: file });
  worker.on("message", tell);
  worker.on("error", (error) => tell({ failure: error.message }));
  worker.once("exit", () => setTimeout(() => startDeep(file, tell), threadAgainMs));
}

async function lookOn(file: string, depth: Depth, tell: (look: Look) => void): Promise<never> {
  for (let pauseMs = everyMs; ; ) {
    await wait(pauseMs);
    const begunAt = performance.now();
    tell(lookThrough(file, depth));
    pauseMs = Math.max(everyMs, (performance.now() - begunAt) / depth.share);
  }
}

/** Looks twice where something was found, because it ends the process that works on this file. */
function lookThrough(file: string, depth: Depth): Look {
  const first = lookOnce(file, depth);
  return first.failure === null && first.damage !== null ? lookOnce(file, depth) : first;
}

/** Looks over a connection of its own, which has none of the pages in memory yet. */
function lookOnce(file: string, { check }: Depth): Look {
  try {
    using stack = new DisposableStack();
    const open = new Database(file, { readonly: true, fileMustExist: true, timeout: everyMs });
    const database = stack.adopt(open, (each) => each.close());
    const found = database.pragma(`${check}(1)`, { simple: true });
    return { check, damage: found === "ok" ? null : String(found), failure: null };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return isDamage(error) ? { check, damage: why, failure: null } : { failure: why };
  }
}
