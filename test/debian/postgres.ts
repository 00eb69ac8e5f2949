import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { chownSync, copyFileSync, globSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import type { Reader } from "../../bot/ports/store/store.ts";
import { builderOn } from "../../bot/store/postgres/prepare-tables.ts";
import { ReadPool } from "../../bot/store/postgres/read-pool.ts";
import type { Tables } from "../../bot/store/sql/tables.ts";
import { connectTo } from "../storage/postgres/new-postgres.ts";
import { PostgresProxy } from "../storage/postgres/proxy.ts";
import type { Storage } from "../storage/storage.ts";
import { findPort } from "./find-port.ts";

const certificate = resolve("test/fixtures/mail-server/certificate.pem");
const key = resolve("test/fixtures/mail-server/key.pem");
/** Neither program lets itself be run by root; Debian has this user on every machine. */
const nobody = 65_534;
const asNobody = process.getuid?.() === 0 ? { uid: nobody, gid: nobody } : {};
const settings = { listen_addresses: "127.0.0.1", unix_socket_directories: "", ssl: "on", jit: "off" };

interface Program extends AsyncDisposable {
  readonly port: number;
}

/** The folder of Debian's newest PostgreSQL; throws where it is not installed. */
function findPrograms(): string {
  const found = globSync("/usr/lib/postgresql/*/bin").sort().at(-1);
  if (found === undefined) throw new Error("PostgreSQL is not installed: apt-get install postgresql.");
  return found;
}

/** A folder of that user, with a certificate and its key, which nobody else may read. */
function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "postgres-"));
  copyFileSync(certificate, join(folder, "server.crt"));
  copyFileSync(key, join(folder, "server.key"));
  for (const path of [folder, join(folder, "server.crt"), join(folder, "server.key")]) own(path);
  execFileSync("chmod", ["600", join(folder, "server.key")]);
  return folder;
}

function own(path: string): void {
  if (asNobody.uid !== undefined) chownSync(path, nobody, nobody);
}

/** Starts a program that says on standard error, in a line with those words, that it can be called. */
async function run(port: number, folder: string, ready: string, program: string, words: readonly string[]) {
  const child: ChildProcess = spawn(program, words, { ...asNobody, env: {}, stdio: ["ignore", "ignore", "pipe"] });
  const isGone = once(child, "exit");
  const lines: string[] = [];
  if (child.stderr === null) throw new Error("its output is not heard");
  await new Promise<void>((started, fail) => {
    createInterface(child.stderr as NodeJS.ReadableStream).on("line", (line) => {
      lines.push(line);
      if (line.includes(ready)) started();
    });
    child.on("exit", (code) => fail(new Error(`${program} ended with ${code}: ${lines.join("\n")}`)));
  });
  return {
    port,
    async [Symbol.asyncDispose]() {
      child.kill("SIGINT");
      await isGone;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Debian's server, which also listens by TLS; its user `postgres` needs no password. */
export async function startPostgres(): Promise<Program> {
  const programs = findPrograms();
  const folder = makeFolder();
  const data = join(folder, "data");
  const words = ["-D", data, "-U", "postgres", "-E", "UTF8", "--locale=C", "--auth=trust"];
  execFileSync(join(programs, "initdb"), words, { ...asNobody, env: {}, stdio: "ignore" });
  const port = await findPort();
  const set = Object.entries({ ...settings, ssl_cert_file: join(folder, "server.crt") }).concat([
    ["ssl_key_file", join(folder, "server.key")],
  ]);
  const flags = set.flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  return run(port, folder, "ready to accept connections", join(programs, "postgres"), [
    ...["-D", data, "-p", String(port)],
    ...flags,
  ]);
}

/**
 * Debian's PgBouncer before that server, in transaction mode: each transaction gets another one of few connections. It
 * talks TLS to us, and to the server.
 */
export async function startPgBouncer(server: Program): Promise<Program> {
  const folder = makeFolder();
  const port = await findPort();
  const file = join(folder, "pgbouncer.ini");
  const users = join(folder, "users.txt");
  writeFileSync(users, '"postgres" ""\n');
  const lines = [
    "[databases]",
    `* = host=127.0.0.1 port=${server.port}`,
    "[pgbouncer]",
    ...["listen_addr = 127.0.0.1", `listen_port = ${port}`, "unix_socket_dir =", "pool_mode = transaction"],
    ...["auth_type = trust", `auth_file = ${users}`, "default_pool_size = 3", "server_round_robin = 1"],
    ...["client_tls_sslmode = require", `client_tls_cert_file = ${join(folder, "server.crt")}`],
    ...[`client_tls_key_file = ${join(folder, "server.key")}`, "server_tls_sslmode = require"],
  ];
  writeFileSync(file, `${lines.join("\n")}\n`);
  return run(port, folder, "process up", "/usr/sbin/pgbouncer", [file]);
}

let made = 0;

/** Makes an empty database, as the guide says, and answers with its name. */
export async function makeDatabase(server: Program): Promise<string> {
  made += 1;
  const name = `rugdekking_${made}`;
  const client = connectTo(toUrl(server, "postgres"));
  await client.script(`create database ${name} encoding 'UTF8' template template0`);
  await client.close();
  return name;
}

/** The certificate is known and has to name the host. */
export function toUrl({ port }: Program, database: string): string {
  return `postgres://postgres@127.0.0.1:${port}/${database}?sslmode=verify-full&sslrootcert=${certificate}`;
}

/** A dump of a database, which is put back also where something stands. */
export function dumpDatabase(server: Program, from: string): Buffer {
  const words = [...toWords(server), "--clean", "--if-exists", from];
  return execFileSync(join(findPrograms(), "pg_dump"), words, { env: {}, maxBuffer: 2 ** 26 });
}

/** Puts a dump back with psql, as its manual says. */
export function putBack(server: Program, dump: Buffer, to: string): void {
  const words = [...toWords(server), "-v", "ON_ERROR_STOP=1", "-q", "-o", "/dev/null", to];
  execFileSync(join(findPrograms(), "psql"), words, { env: {}, input: dump });
}

function toWords({ port }: Program): readonly string[] {
  return ["-h", "127.0.0.1", "-p", String(port), "-U", "postgres"];
}

/** A database as a story has it: the bot goes through `door`, which may be a pooler, and the story past that. */
export class DebianStorage implements Storage {
  readonly url: string;
  readonly #direct: string;
  readonly #proxy: PostgresProxy;
  readonly #reads: ReadPool;

  private constructor(direct: string, proxy: PostgresProxy) {
    this.#direct = direct;
    this.#proxy = proxy;
    this.url = proxy.url;
    this.#reads = new ReadPool(builderOn<Tables>(null), {
      open: async () => connectTo(direct),
      begin: ["begin read only"],
    });
  }

  get isHanging(): boolean {
    return this.#proxy.isHanging;
  }

  static async start(server: Program, database: string, door = server): Promise<DebianStorage> {
    return new DebianStorage(toUrl(server, database), await PostgresProxy.start(toUrl(door, database)));
  }

  read<T>(work: (reader: Reader) => Promise<T>): Promise<T> {
    return this.#reads.read(work);
  }

  async run(statement: string): Promise<void> {
    const client = connectTo(this.#direct);
    await client.script(statement);
    await client.close();
  }

  hold(): Disposable {
    return this.#proxy.refuse();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#proxy[Symbol.asyncDispose]();
    await this.#reads[Symbol.asyncDispose]();
  }
}
