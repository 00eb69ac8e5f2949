import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { demo } from "../../bot/words/terminal/demo.ts";

/** The command as a person starts it, with all that it has said so far. */
class Run {
  readonly child: ChildProcess;
  readonly ended: Promise<unknown>;
  /** Where it may leave something, if it is killed. */
  readonly folder = mkdtempSync(join(tmpdir(), "demo-test-"));
  output = "";

  constructor(options: readonly string[] = [], program = process.execPath, args = ["bot/cli/demo.ts"]) {
    this.child = spawn(program, [...args, ...options], {
      stdio: "pipe",
      env: { ...process.env, TMPDIR: this.folder },
      // A process group of its own, as a terminal gives every command.
      detached: true,
    });
    this.ended = once(this.child, "close");
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream?.on("data", (part: Buffer) => {
        this.output += part.toString("utf8");
      });
    }
  }

  async untilSaid(text: string): Promise<void> {
    await until(() => this.output.includes(text), `"${text}" in:\n${this.output}`);
  }

  /** The Playground, by its process id. */
  async untilPlayground(): Promise<number> {
    let found: number | undefined;
    await until(() => {
      found = childrenOf(this.child.pid)[0];
      return found !== undefined;
    }, "the Playground's process");
    return found as number;
  }

  /** To everybody in its process group, as a terminal sends Ctrl-C. False when nobody is left there. */
  signalAll(signal: NodeJS.Signals | 0): boolean {
    try {
      return process.kill(-(this.child.pid ?? Number.NaN), signal);
    } catch {
      return false;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.signalAll("SIGKILL");
    await this.ended;
    rmSync(this.folder, { recursive: true });
  }
}

async function until(isSo: () => boolean, what: string): Promise<void> {
  for (const startedAt = performance.now(); !isSo(); ) {
    if (performance.now() - startedAt > 60_000) throw new Error(`waited 60 s for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function childrenOf(parent: number | undefined): number[] {
  const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return pids.filter((pid) => parentOf(pid) === parent).map(Number);
}

/** Of a process that ended meanwhile, or only waits to be buried: undefined. */
function parentOf(pid: string): number | undefined {
  try {
    const [state, parent] = readFileSync(`/proc/${pid}/stat`, "utf8")
      .replace(/^.*\) /s, "")
      .split(" ");
    return state === "Z" ? undefined : Number(parent);
  } catch {
    return undefined;
  }
}

/** The addresses that are listened on at that port: local_address of the sockets in state 0A (proc(5), net/tcp). */
function listenersAt(port: number): string[] {
  const sockets = ["tcp", "tcp6"].flatMap((table) => readFileSync(`/proc/net/${table}`, "utf8").trim().split("\n"));
  const fields = sockets.map((socket) => socket.trim().split(/\s+/));
  const listening = fields.filter(([, , , state]) => state === "0A");
  const wanted = port.toString(16).toUpperCase().padStart(4, "0");
  return listening.flatMap(([, address = ""]) => (address.endsWith(`:${wanted}`) ? [address.split(":")[0] ?? ""] : []));
}

const isAlive = (pid: number) => parentOf(String(pid)) !== undefined;

describe("npm run demo", () => {
  it("-- --unattended: press, card, page, a guard who accepts; 0 within 60 s", async () => {
    const startedAt = performance.now();
    await using run = new Run(["--unattended"]);
    const playground = await run.untilPlayground();
    await run.ended;
    expect(run.child.exitCode, run.output).toBe(0);
    const story = [
      "Alarm van knop 0042",
      "De kaart staat in Teams.",
      "We roepen externe beveiliging op via de meldkamer",
      "Een beveiliger komt",
      "Gelukt",
    ];
    const places = story.map((sentence) => run.output.indexOf(sentence));
    expect(places, run.output).not.toContain(-1);
    expect(places).toEqual(places.toSorted((one, next) => one - next));
    expect(run.output).not.toMatch(/ gaat\./);
    expect(run.output.match(/^ {2}\d\d:\d\d:\d\d .+$/gm)?.length).toBeGreaterThan(5);
    expect(performance.now() - startedAt).toBeLessThan(60_000);
    expect(isAlive(playground)).toBe(false);
  });

  it("-- --unattended --language en tells all of it in English", async () => {
    await using run = new Run(["--unattended", "--language", "en"]);
    await run.ended;
    expect(run.child.exitCode, run.output).toBe(0);
    expect(run.output).toContain(demo.en.pressed("0042", demo.en.names.room));
    expect(run.output).toContain(demo.en.accepting);
    expect(run.output).not.toMatch(/alarmknoppen|meldkamer|beveiliger|Spreekkamer/);
  });

  it("-- --unattended ends with 1 and the reason when something of it does not happen", async () => {
    await using run = new Run(["--unattended"]);
    const playground = await run.untilPlayground();
    await run.untilSaid("Er is gedrukt");
    process.kill(playground, "SIGKILL");
    await run.ended;
    expect(run.child.exitCode, run.output).toBe(1);
    expect(run.output).toContain("De Agents Playground is gestopt");
  });

  it("is seen by this machine alone, presses at Enter, says when nobody looks, and Ctrl-C stops everything it started", async () => {
    await using run = new Run();
    await run.untilSaid("Ctrl-C stopt alles");
    const playground = await run.untilPlayground();
    const ports = [...run.output.matchAll(/http:\/\/127\.0\.0\.1:(\d+)/g)].map(([, port]) => Number(port));
    expect(ports).toHaveLength(2);
    // 127.0.0.1, and nothing that somebody else could reach.
    for (const port of ports) expect(listenersAt(port)).toEqual(["0100007F"]);
    run.child.stdin?.write("\n");
    await run.untilSaid("Er kijkt nog niemand mee in Teams");
    await run.untilSaid("Er is gedrukt op knop 0042 (Spreekkamer 3)");
    await run.untilSaid("De kaart staat in Teams.");
    run.child.kill("SIGINT");
    await run.ended;
    expect(run.child.exitCode, run.output).toBe(0);
    expect(isAlive(playground)).toBe(false);
    expect(readdirSync(run.folder)).toEqual([]);
  });

  it.each([
    ["Ctrl-C, which npm hears too and passes on", (run: Run) => run.signalAll("SIGINT")],
    ["SIGTERM to npm alone", (run: Run) => run.child.kill("SIGTERM")],
  ])("under npm: %s stops everything it started", async (_what, end) => {
    await using run = new Run([], "npm", ["run", "demo"]);
    await run.untilSaid("Ctrl-C stopt alles");
    end(run);
    await run.ended;
    expect(run.child.exitCode, run.output).toBe(0);
    expect(run.output).toContain(demo.nl.stopping);
    expect(run.signalAll(0)).toBe(false);
    expect(readdirSync(run.folder).filter((name) => name.startsWith("rugdekking"))).toEqual([]);
  });

  it("leaves no Playground behind when it is killed", async () => {
    await using run = new Run();
    await run.untilSaid("Ctrl-C stopt alles");
    const playground = await run.untilPlayground();
    run.child.stdin?.write("\n");
    await run.untilSaid("De kaart staat in Teams.");
    expect(isAlive(playground)).toBe(true);
    run.child.kill("SIGKILL");
    await run.ended;
    await until(() => !isAlive(playground), "the Playground to end");
  });
});
