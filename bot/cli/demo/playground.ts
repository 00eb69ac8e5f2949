import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

export interface PlaygroundOptions {
  readonly port: number;
  /** The bot's URL for activities. */
  readonly botUrl: string;
  /** Its YAML: team, channel and people. */
  readonly configuration: string;
  /** Where it may write its own log. */
  readonly folder: string;
}

const startMs = 20_000;
const stopMs = 2_000;

/** The service URL that a Playground on that port gives the bot, and the only one a local bot should trust. */
export function toServiceUrl(port: number): string {
  return `http://127.0.0.1:${port}/_connector`;
}

/** A running Agents Playground: Teams as far as a bot and a colleague can see, on this machine only. */
export class Playground implements AsyncDisposable {
  /** Its web page: the Teams client. */
  readonly url: string;
  /** Resolves when the process has ended, whoever ended it. */
  readonly ended: Promise<void>;
  readonly #child: ChildProcess;

  private constructor({ port, botUrl, configuration, folder }: PlaygroundOptions) {
    this.url = `http://127.0.0.1:${port}`;
    this.#child = spawn(process.execPath, toArguments(port, botUrl), {
      stdio: ["ignore", "pipe", "pipe", "ipc"],
      // Ctrl-C is for us alone, because we stop the Playground in our own order.
      detached: true,
      env: {
        ...process.env,
        TEAMSAPPTESTER_BROWSER: "none",
        M365_AGENTS_PLAYGROUND_CONFIG_PATH: configuration,
        M365_AGENTS_PLAYGROUND_LOGFILE: join(folder, "playground.log"),
      },
    });
    this.ended = once(this.#child, "close").then(() => {});
  }

  /** Resolves once its page answers. Rejects with the last lines that it printed when it does not start in 20 s. */
  static async start(options: PlaygroundOptions): Promise<Playground> {
    const playground = new Playground(options);
    await using starting = new AsyncDisposableStack();
    starting.use(playground);
    await untilListening(playground.#child, playground.ended);
    starting.move();
    return playground;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const child = this.#child;
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill("SIGTERM");
    const timer = setTimeout(() => child.kill("SIGKILL"), stopMs);
    await this.ended;
    clearTimeout(timer);
  }
}

function toArguments(port: number, botUrl: string): string[] {
  const preload = import.meta.resolve("./preload.ts");
  const program = fileURLToPath(import.meta.resolve("@microsoft/m365agentsplayground/cli.js"));
  const teams = ["-c", "msteams", "-p", String(port), "--su", toServiceUrl(port), "-e", botUrl];
  return ["--import", preload, program, ...teams, "--dt"];
}

/**
 * Resolves when the Playground prints "Listening on", because its page can be had then. Both pipes are read on, or it
 * would stand still once they are full.
 */
async function untilListening(child: ChildProcess, ended: Promise<void>): Promise<void> {
  const lastLines: string[] = [];
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  for (const stream of [child.stdout, child.stderr]) {
    if (stream === null) continue;
    createInterface(stream).on("line", (line) => {
      lastLines.splice(0, lastLines.length - 4, line);
      if (line.startsWith("Listening on")) resolve();
    });
  }
  const fail = (why: string) => reject(new Error(`The Agents Playground ${why}. ${lastLines.join("\n")}`.trim()));
  const timer = setTimeout(() => fail(`did not start within ${startMs / 1000} seconds`), startMs);
  child.once("error", () => fail("could not be started"));
  ended.then(() => fail("ended while it started"), reject);
  await promise.finally(() => clearTimeout(timer));
}
