import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";

const script = fileURLToPath(new URL("./process.ts", import.meta.url));

/** A second process on the same database, with the lines it has said. */
export interface OtherProcess {
  readonly lines: readonly string[];
  /** Resolves with the first line for which `isIt` holds; rejects when the process ends without it. */
  expectLine(isIt: (line: string) => boolean): Promise<string>;
  /** Resolves once the process is gone and all it said has been read. */
  readonly ended: Promise<void>;
  /** SIGKILL: nothing of its own runs any more. */
  kill(): Promise<void>;
}

/** Starts `process.ts`. `fileLimit`: no file of it may grow over so many blocks of 512 bytes, as on a full disk. */
export function startProcess(what: "hold" | "fill", path: string, fileLimit: number | "unlimited"): OtherProcess {
  const command = `ulimit -f ${fileLimit}; exec "$0" "$@"`;
  const child: ChildProcess = spawn("sh", ["-c", command, process.execPath, script, what, path], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  if (child.stdout === null) throw new Error("no standard output");
  onTestFinished(() => {
    child.kill("SIGKILL");
  });
  const lines: string[] = [];
  const reading = createInterface({ input: child.stdout });
  reading.on("line", (line) => lines.push(line));
  const ended = once(reading, "close").then(() => {});

  async function expectLine(isIt: (line: string) => boolean): Promise<string> {
    for (;;) {
      const line = lines.find(isIt);
      if (line !== undefined) return line;
      const more = await Promise.race([once(reading, "line").then(() => true), ended.then(() => false)]);
      if (!more && !lines.some(isIt)) throw new Error(`the process ended, and said: ${lines.join(", ")}`);
    }
  }

  return {
    lines,
    expectLine,
    ended,
    async kill() {
      child.kill("SIGKILL");
      await ended;
    },
  };
}
