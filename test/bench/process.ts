import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync, readFileSync } from "node:fs";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../", import.meta.url));
const patienceMs = 30_000;

/** A process with its door open. Disposing asks it to end, and waits. */
export interface Running extends AsyncDisposable {
  readonly port: number;
  readonly child: ChildProcess;
  /** What it has logged so far. */
  log(): string;
  /** The most memory it ever held, in MiB; NaN where the system does not tell. */
  peakMemory(): number;
  /** The time that processors have spent on it so far, in milliseconds; NaN where the system does not tell. */
  processorMs(): number;
  /** SIGKILL, and gone when this resolves. */
  kill(): Promise<void>;
}

/**
 * Starts a script of this repository and waits for its line `listening`. Its log goes to a file: reading along would
 * cost it time.
 */
export async function startProcess(
  script: string,
  args: readonly string[],
  logPath: string,
  env: Readonly<Record<string, string>> = {},
  onSpawn: (child: ChildProcess) => void = () => undefined,
): Promise<Running> {
  const output = openSync(logPath, "w");
  const child = spawn(process.execPath, [script, ...args], {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ["ignore", output, output],
  });
  closeSync(output);
  onSpawn(child);
  // Whoever breaks off a measurement must not be left with its processes.
  const orphan = () => child.kill("SIGKILL");
  process.once("exit", orphan);
  child.once("exit", () => process.off("exit", orphan));
  const log = () => readFileSync(logPath, "utf8");
  const hasEnded = () => child.exitCode !== null || child.signalCode !== null;
  const end = async (signal: NodeJS.Signals) => {
    if (hasEnded()) return;
    child.kill(signal);
    await once(child, "exit");
  };
  for (let waited = 0; ; waited += 20) {
    const line = /^\{.*"event":"listening".*$/m.exec(log())?.[0];
    if (line !== undefined) {
      const { port } = JSON.parse(line);
      return {
        port,
        child,
        log,
        peakMemory: () => peakMemory(child.pid),
        processorMs: () => processorMs(child.pid),
        kill: () => end("SIGKILL"),
        [Symbol.asyncDispose]: () => end("SIGTERM"),
      };
    }
    if (hasEnded() || waited > patienceMs) {
      await end("SIGKILL");
      throw new Error(`${script} did not start:\n${log()}`);
    }
    await setTimeout(20);
  }
}

/** The bot as it runs in production, with this configuration file. */
export function startBot(
  configuration: string,
  logPath: string,
  env: Readonly<Record<string, string>> = {},
  onSpawn?: (child: ChildProcess) => void,
): Promise<Running> {
  return startProcess("bot/main.ts", [], logPath, { ...env, RUGDEKKING_CONFIG: configuration }, onSpawn);
}

function peakMemory(pid: number | undefined): number {
  if (process.platform !== "linux") return Number.NaN;
  const kilobytes = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
  return Number(kilobytes) / 1024;
}

/** Linux counts in hundredths of a second, at user level and for the system (proc_pid_stat(5), fields 14 and 15). */
function processorMs(pid: number | undefined): number {
  if (process.platform !== "linux") return Number.NaN;
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  // The name of the program stands in brackets before it, and may have spaces in it.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) * 10;
}
