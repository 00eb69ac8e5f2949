import { type ChildProcess, execFile, spawn } from "node:child_process";
import { createServer } from "node:net";

/** Starts the bot as a process of its own; resolves once it listens. */
export async function startBotProcess(config: string): Promise<ChildProcess> {
  const env = { ...process.env, RUGDEKKING_CONFIG: config };
  const started = spawn(process.execPath, ["bot/main.ts"], { env, stdio: ["ignore", "pipe", "inherit"] });
  await new Promise<void>((resolve, reject) => {
    let said = "";
    started.stdout.on("data", (chunk) => {
      said += chunk;
      if (said.includes('"listening"')) resolve();
    });
    started.once("exit", () => reject(new Error(`the bot ended: ${said}`)));
  });
  return started;
}

/** Ends it as a supervisor does. */
export async function endProcess(child: ChildProcess): Promise<void> {
  const ended = new Promise((resolve) => child.once("exit", resolve));
  if (child.exitCode !== null) return;
  child.kill("SIGTERM");
  await ended;
}

export interface Doctor {
  readonly ended: Promise<{ code: number; said: string }>;
  /** Waits until it has said that. */
  says(text: string): Promise<void>;
}

/** Runs the doctor as whoever types that command. */
export function runDoctor(config: string, ...words: string[]): Doctor {
  let said = "";
  const child = execFile(process.execPath, ["bot/cli/doctor.ts", ...words], {
    env: { ...process.env, RUGDEKKING_CONFIG: config },
  });
  const looks = new Set<() => void>();
  const collect = (chunk: string) => {
    said += chunk;
    for (const look of [...looks]) look();
  };
  child.stdout?.on("data", collect);
  child.stderr?.on("data", collect);
  const ended = new Promise<{ code: number; said: string }>((resolve) => {
    child.once("close", (code) => resolve({ code: code ?? -1, said }));
  });
  const says = (text: string) =>
    new Promise<void>((resolve, reject) => {
      const look = () => {
        if (said.includes(text)) resolve();
      };
      looks.add(look);
      look();
      void ended.then(() => reject(new Error(`it ended without ${text}: ${said}`)));
    });
  return { ended, says };
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === "object" && address !== null ? address.port : 0;
}
