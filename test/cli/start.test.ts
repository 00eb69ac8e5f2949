import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { expect, it, vi } from "vitest";
import { stringify } from "yaml";
import { link } from "../../bot/words/terminal/link.ts";
import { buildPager, buildSettings } from "../fixtures/configuration.ts";

const patienceMs = 60_000;

/** `npm start`, in a process group of its own: whatever it leaves behind is found there. */
class Start {
  readonly npm;
  /** The log, and whatever else stands there. */
  stdout = "";
  readonly stderr: string[] = [];
  readonly #events = new Map<string, PromiseWithResolvers<Record<string, unknown>>>();
  readonly #folder = mkdtempSync(join(tmpdir(), "start-"));

  constructor() {
    const path = join(this.#folder, "rugdekking.yaml");
    const settings = buildSettings({
      database: `sqlite:${join(this.#folder, "rugdekking.db")}`,
      teams: { local: true, serviceUrl: "http://127.0.0.1:1" },
      pagers: { desk: buildPager("http://127.0.0.1:1") },
    });
    writeFileSync(path, stringify(settings));
    chmodSync(path, 0o644);
    chmodSync(this.#folder, 0o755);
    this.npm = spawn("npm", ["start"], {
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, RUGDEKKING_CONFIG: path },
      detached: true,
    });
    createInterface(this.npm.stderr).on("line", (line) => this.stderr.push(line));
    createInterface(this.npm.stdout).on("line", (line) => {
      this.stdout += `${line}\n`;
      if (!line.startsWith("{")) return;
      const facts = JSON.parse(line);
      this.#eventOf(facts.event).resolve(facts);
    });
  }

  /** What the bot logs with that event, now or later. */
  logged(event: string): Promise<Record<string, unknown>> {
    return inTime(this.#eventOf(event).promise, `the bot to log "${event}"`);
  }

  isAnybodyLeft(): boolean {
    return this.#signalAll(0);
  }

  #eventOf(event: string): PromiseWithResolvers<Record<string, unknown>> {
    const known = this.#events.get(event) ?? Promise.withResolvers();
    this.#events.set(event, known);
    return known;
  }

  #signalAll(signal: NodeJS.Signals | 0): boolean {
    try {
      return process.kill(-(this.npm.pid ?? Number.NaN), signal);
    } catch {
      return false;
    }
  }

  [Symbol.dispose](): void {
    this.#signalAll("SIGKILL");
    rmSync(this.#folder, { recursive: true });
  }
}

async function inTime<T>(work: Promise<T>, what: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`waited ${patienceMs / 1000} s for ${what}`)), patienceMs);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

it("npm start: SIGTERM to npm alone stops the bot, and leaves nothing behind", async () => {
  using start = new Start();
  const { npm } = start;
  const { port } = await start.logged("listening");
  expect((await fetch(`http://127.0.0.1:${port}/health/live`)).status).toBe(200);
  expect(start.stdout).toContain("rugdekking.yaml can be read by everybody on this machine");
  // Nobody leads, and the channel is not linked: whoever starts it is told the code, and the log is not.
  const code = await vi.waitFor(() => {
    const found = /\d{4}-\d{4}/.exec(start.stderr.join())?.[0] ?? "";
    expect(start.stderr).toContain(link.nl.code(found, ["frontdesk"]));
    return found;
  });
  // The pipe is closed when the last process that writes to it has ended.
  const ended = inTime(once(npm, "close"), "npm and the bot to end");
  npm.kill("SIGTERM");
  const [, exit] = await Promise.all([start.logged("stopped"), ended]);
  expect(exit).toEqual([0, null]);
  expect(start.stdout).not.toContain(code);
  await expect(fetch(`http://127.0.0.1:${port}/health/live`)).rejects.toThrow();
  expect(start.isAnybodyLeft()).toBe(false);
});
