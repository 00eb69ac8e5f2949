import { type ChildProcess, fork } from "node:child_process";
import { randomBytes } from "node:crypto";
import { closeSync, existsSync, openSync, rmSync, statfsSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { isEmpty, requireFile, toRealPath } from "../sqlite/database-path.ts";
import { type CopyFault, CopyRefused, toCopyFault } from "./copy-fault.ts";
import type { CopyOutcome } from "./copy-process.ts";
import { giveName, isOnSameDisk } from "./put-in-place.ts";
import { type CopyFacts, writeCopy } from "./write-copy.ts";

const script = fileURLToPath(new URL("copy-process.ts", import.meta.url));
const progressEveryMs = 200;
/** The log of the running bot grows by up to so much while it is copied, and needs room too. */
const reservedBytes = 128 * 1024 ** 2;

export interface CopyOptions {
  /** The database, or a copy of one. */
  readonly from: string;
  /** The name of the copy; nothing may have it yet. */
  readonly to: string;
  /** Called now and then with how much of it is written, from 0 to 1. */
  readonly onProgress?: (share: number) => void;
  /** Ends it, and leaves nothing behind. */
  readonly signal?: AbortSignal;
}

/** A copy that is done. */
export interface Copy extends CopyFacts {
  /** In bytes. */
  readonly size: number;
  /** Whether it is on the disk of what it is a copy of, and so is lost with that. */
  readonly isOnSameDisk: boolean;
}

/**
 * Copies a database, also beside the bot that has it open, by a process of its own that gives way to others: presses
 * wait for the disk alone. Resolves once the copy was looked through and has its name; before, no file has it. Readable
 * for its owner only. Rejects with CopyRefused, and leaves nothing behind.
 */
export async function makeCopy({ from, to, onProgress = () => {}, signal }: CopyOptions): Promise<Copy> {
  requireFree(to);
  const size = requireRoom(from, to);
  const unfinished = makeUnfinished(to);
  try {
    const child = startProcess(from, unfinished);
    const timer = setInterval(() => onProgress(Math.min(1, sizeOf(unfinished) / size)), progressEveryMs);
    const onAbort = () => child.kill("SIGKILL");
    signal?.addEventListener("abort", onAbort);
    try {
      const facts = await endOf(child);
      giveNameTo(unfinished, to);
      return { ...facts, size: sizeOf(to), isOnSameDisk: isOnSameDisk(from, to) };
    } finally {
      clearInterval(timer);
      signal?.removeEventListener("abort", onAbort);
    }
  } finally {
    rmSync(unfinished, { force: true });
    rmSync(`${unfinished}-journal`, { force: true });
  }
}

/** As `makeCopy`, by this process, which does nothing else meanwhile. Throws CopyRefused. */
export function copyInOneGo(from: string, to: string): void {
  using prepared = prepareCopy(from, to, Date.now());
  giveNameTo(prepared.path, to);
}

/** A copy that is done and has no name of its own yet; disposing removes it, unless it was given one. */
export interface PreparedCopy extends Disposable {
  readonly path: string;
  readonly facts: CopyFacts;
}

/** Copies `from` to a file beside `to`. `at`: as for `writeCopy`. Throws CopyRefused. */
export function prepareCopy(from: string, to: string, at: number | null): PreparedCopy {
  requireRoom(from, to);
  using stack = new DisposableStack();
  const path = stack.adopt(makeUnfinished(to), (each) => rmSync(each, { force: true }));
  const facts = attempt(() => writeCopy(from, path, at));
  const prepared = stack.move();
  return { path, facts, [Symbol.dispose]: () => prepared.dispose() };
}

/** Throws when something has that name. */
function requireFree(to: string): void {
  const found = statSync(to, { throwIfNoEntry: false });
  if (found !== undefined) throw new CopyRefused({ reason: found.isDirectory() ? "folder" : "exists" });
}

/** Checks what can be checked before anything is written; returns about how many bytes it will be. */
function requireRoom(from: string, to: string): number {
  const folder = dirname(resolve(to));
  return attempt(() => {
    requireFile(from);
    if (isEmpty(from)) throw new CopyRefused({ reason: "missing" });
    if (!existsSync(folder)) throw new CopyRefused({ reason: "no-folder" });
    const size = sizeOf(from) + sizeOf(`${toRealPath(from)}-wal`);
    const { bavail, bsize } = statfsSync(folder);
    const needed = size + (isOnSameDisk(from, to) ? reservedBytes : 0);
    if (bavail * bsize < needed) throw new CopyRefused({ reason: "no-space" });
    return size;
  });
}

/** Makes a file without a byte for it, which says by its name that it is not done. */
function makeUnfinished(to: string): string {
  const path = `${to}.${randomBytes(4).toString("hex")}.unfinished`;
  attempt(() => closeSync(openSync(path, "wx", 0o600)));
  return path;
}

function giveNameTo(unfinished: string, to: string): void {
  attempt(() => giveName(unfinished, to));
}

function startProcess(from: string, to: string): ChildProcess {
  // It needs nothing of our surroundings, which hold secrets.
  return fork(script, [from, to], { env: {}, execArgv: [], stdio: ["ignore", "ignore", "ignore", "ipc"] });
}

/** Resolves with what the process found; rejects with CopyRefused, also when it was ended. */
async function endOf(child: ChildProcess): Promise<CopyFacts> {
  const outcome = await new Promise<CopyOutcome>((resolve) => {
    let told: CopyOutcome | null = null;
    child.on("message", (message: CopyOutcome) => {
      told = message;
    });
    child.once("error", (error) => resolve({ fault: { reason: "refused", detail: error.message } }));
    child.once("close", (code, by) => {
      resolve(told ?? { fault: { reason: "ended", detail: String(by ?? code) } });
    });
  });
  if ("fault" in outcome) throw new CopyRefused(outcome.fault);
  return outcome.facts;
}

function attempt<T>(run: () => T): T {
  try {
    return run();
  } catch (error) {
    const fault: CopyFault = toCopyFault(error);
    throw new CopyRefused(fault, { cause: error });
  }
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}
