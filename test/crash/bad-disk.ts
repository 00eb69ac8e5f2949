import { existsSync, rmSync, writeFileSync, writeSync } from "node:fs";
import { createRequire, syncBuiltinESMExports } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isMainThread, type WorkerOptions } from "node:worker_threads";
import Database from "better-sqlite3";

/**
 * Loaded before the bot, and by it before its threads: from each SIGUSR2 to the next no `BAD_DISK` of the database
 * ends, as on a disk that hangs (`sync`, `begin`, `read`, `write`, `commit` or `checkpoint`); from SIGWINCH to the next
 * each fails. `BAD_DISK_AT_ONCE`: it fails from the start. A line of the output says that it begins, because a signal
 * comes when it comes.
 */
const what = process.env.BAD_DISK ?? "";
const [hanging, failing] = ["hangs", "fails"].map((how) => join(tmpdir(), `bad-disk-${process.pid}-${how}`));
const require = createRequire(import.meta.url);
const threads = require("node:worker_threads");
const files = require("node:fs");

/** What texts of statements belong to. */
const texts: Readonly<Record<string, RegExp>> = {
  begin: /^begin/,
  read: /^select/,
  write: /^(insert|update|delete)/,
  commit: /^commit/,
  checkpoint: /^pragma wal_checkpoint\(PASSIVE\)/,
};

function toggle(path = ""): void {
  if (existsSync(path)) rmSync(path);
  else {
    writeFileSync(path, "");
    writeSync(1, `${what} ${path === hanging ? "hangs" : "fails"}\n`);
  }
}

/** Hangs or fails as it should now. */
function suffer(error: () => Error): void {
  while (existsSync(hanging ?? "")) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
  if (existsSync(failing ?? "")) throw error();
}

if (isMainThread) {
  for (const path of [hanging, failing]) rmSync(path ?? "", { force: true });
  if (process.env.BAD_DISK_AT_ONCE) toggle(failing);
  process.on("SIGUSR2", () => toggle(hanging));
  process.on("SIGWINCH", () => toggle(failing));
  const { Worker } = threads;
  threads.Worker = class extends Worker {
    constructor(script: URL, options: WorkerOptions) {
      super(script, { ...options, env: { BAD_DISK: what }, execArgv: ["--import", import.meta.filename] });
    }
  };
} else {
  const { fdatasyncSync } = files;
  files.fdatasyncSync = (file: number) => {
    if (what === "sync") suffer(() => Object.assign(new Error("i/o error, fdatasync"), { code: "EIO" }));
    return fdatasyncSync(file);
  };
  const { prepare } = Database.prototype;
  Database.prototype.prepare = function prepareToSuffer(this: Database.Database, text: string) {
    const statement = prepare.call(this, text);
    const isIt = texts[what]?.test(text) ?? false;
    // More waits than may.
    const isLog = what === "checkpoint" && text.startsWith("pragma wal_checkpoint(NOOP)");
    for (const name of ["get", "all", "run"] as const) {
      const does = statement[name];
      statement[name] = (...values: readonly unknown[]) => {
        if (isLog && (existsSync(failing ?? "") || existsSync(hanging ?? "")))
          return { busy: 0, log: 30_001, checkpointed: 0 };
        if (isIt) suffer(() => new Database.SqliteError("disk I/O error", "SQLITE_IOERR"));
        return Reflect.apply(does, statement, values);
      };
    }
    return statement;
  } as typeof prepare;
}
syncBuiltinESMExports();
