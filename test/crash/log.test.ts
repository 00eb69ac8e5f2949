import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { stringify } from "yaml";
import { type Desk, startDesk } from "../fakes/desk.ts";
import { buildPager, buildSettings, buildSource, toPolicy } from "../fixtures/configuration.ts";
import { deafOutputs, keepOpen, type OpenOutput } from "./deaf-output.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const deskSecret = "een-lang-geheim-voor-de-desk";
const sourceSecret = "een-lang-geheim-voor-knoppen";

/** The real process, whose log nobody reads: its port is chosen for it. */
class DeafBot implements AsyncDisposable {
  readonly child: ChildProcess;
  readonly #url: string;
  readonly #ended: Promise<unknown[]>;

  constructor(folder: string, port: number, desk: Desk, output: number, env: NodeJS.ProcessEnv = {}) {
    const path = join(folder, "rugdekking.yaml");
    if (existsSync(folder)) writeFileSync(path, stringify(toSettings(folder, port, desk)));
    this.#url = `http://127.0.0.1:${port}`;
    this.child = spawn(process.execPath, ["--import", "./test/crash/throw-at-signal.ts", "bot/main.ts"], {
      cwd: root,
      env: { ...process.env, ...env, RUGDEKKING_CONFIG: path },
      stdio: ["ignore", output, output],
    });
    this.#ended = once(this.child, "exit");
  }

  /** Presses, again and again until the process is up and has taken it. */
  async press(): Promise<void> {
    for (;;) {
      const isTaken = await fetch(`${this.#url}/alarms/buttons`, {
        method: "POST",
        headers: { authorization: `Bearer ${sourceSecret}`, "content-type": "application/json" },
        body: JSON.stringify({ id: "druk-1", button: "0042" }),
      }).then(
        ({ ok }) => ok,
        () => false,
      );
      if (isTaken) return;
      await setTimeout(50);
    }
  }

  /** Sends that signal; resolves with the code with which the process ended. */
  async end(signal: NodeJS.Signals) {
    this.child.kill(signal);
    return this.ended();
  }

  /** Resolves with the code with which the process ended; null when a signal ended it. */
  async ended() {
    const [code] = await this.#ended;
    return code;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.child.kill("SIGKILL");
    await this.#ended;
  }
}

function toSettings(folder: string, port: number, desk: Desk) {
  return buildSettings({
    listen: { host: "127.0.0.1", port },
    publicUrl: "http://127.0.0.1:1",
    database: `sqlite:${join(folder, "rugdekking.db")}`,
    teams: { local: true, serviceUrl: "http://127.0.0.1:1" },
    sources: { buttons: buildSource(sourceSecret, "short") },
    policies: { short: toPolicy([{ after: "1s", page: "desk" }], { teamsWithin: "2s" }) },
    pagers: { desk: buildPager(desk.url, deskSecret) },
  });
}

async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === "object" && address !== null ? address.port : 0;
}

/** Runs the bot and a guard's desk, in a folder of their own; `openOutput` opens what the log goes to. */
async function runDeaf(
  openOutput: OpenOutput,
  run: (bot: DeafBot, desk: Desk, folder: string) => Promise<void>,
  { at = "", env = {} }: { readonly at?: string; readonly env?: NodeJS.ProcessEnv } = {},
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "log-"));
  try {
    await using desk = await startDesk({ secret: deskSecret });
    using output = openOutput(folder);
    await using bot = new DeafBot(join(folder, at), await findFreePort(), desk, output.fd, env);
    await run(bot, desk, folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const hangs = deafOutputs["a reader that hangs"];

it.each(Object.entries(deafOutputs))("a log that goes to %s holds up no page and no end", (_, openOutput) =>
  runDeaf(openOutput, async (bot, desk) => {
    await bot.press();
    await desk.expectPage();
    expect(await bot.end("SIGTERM")).toBe(0);
  }),
);

it("an exception that nothing catches ends the process with a code, after its last words, also when nobody reads the log", () =>
  runDeaf(hangs, async (bot, desk) => {
    await bot.press();
    expect(await bot.end("SIGUSR2")).toBe(1);
    // What was in memory still went out.
    await desk.expectPage();
  }));

it("a process that ends its threads says nothing of them in the log", () =>
  runDeaf(
    (folder) => keepOpen(openSync(join(folder, "log"), "w")),
    async (bot, _desk, folder) => {
      await bot.press();
      expect(await bot.end("SIGUSR2")).toBe(1);
      const log = readFileSync(join(folder, "log"), "utf8");
      expect(log).toContain("ending-after-fault");
      expect(log).not.toContain("storage-lost");
    },
  ));

it("what a library tells the console holds up no page and no end when nobody reads it", () =>
  runDeaf(hangs, async (bot, desk) => {
    await bot.press();
    bot.child.kill("SIGHUP");
    await desk.expectPage();
    expect(await bot.end("SIGTERM")).toBe(0);
  }));

it("what a library tells the console is a line of the log as any other", () =>
  runDeaf(
    (folder) => keepOpen(openSync(join(folder, "log"), "w")),
    async (bot, desk, folder) => {
      await bot.press();
      bot.child.kill("SIGHUP");
      await desk.expectPage();
      expect(await bot.end("SIGTERM")).toBe(0);
      // Beside the log's lines stands the code for who starts the bot.
      const lines = readFileSync(join(folder, "log"), "utf8")
        .split("\n")
        .filter((line) => line.startsWith("{"));
      expect(lines.map((line) => JSON.parse(line))).toContainEqual(
        expect.objectContaining({ level: "warn", event: "console-line", text: "[NODE-CRON] missed execution" }),
      );
    },
  ));

it.each(["SIGUSR2", "SIGTERM"] as const)(
  "a disk that hangs does not keep the process alive after %s",
  async (signal) => {
    const folder = mkdtempSync(join(tmpdir(), "disk-"));
    try {
      const pipe = join(folder, "disk-that-hangs");
      execFileSync("mkfifo", [pipe]);
      await runDeaf(
        deafOutputs["a full disk"],
        async (bot, desk) => {
          await bot.press();
          await desk.expectPage();
          // No code: it had to kill itself.
          expect(await bot.end(signal)).toBeNull();
        },
        { env: { DISK_THAT_HANGS: pipe } },
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
);

it("a mistake in the configuration ends the process with a code, also when nobody reads what it says", () =>
  runDeaf(hangs, async (bot) => expect(await bot.ended()).toBe(1), { at: "nowhere" }));
