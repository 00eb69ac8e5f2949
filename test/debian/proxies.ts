import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import net from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect } from "vitest";
import { comesFrom } from "../fakes/proxy.ts";
import { findPort } from "./find-port.ts";

const certificate = resolve("test/fixtures/mail-server/certificate.pem");
const key = resolve("test/fixtures/mail-server/key.pem");
/** The name that stands in that certificate. */
export const hostname = "mail.example.nl";
/** Who trusts this trusts the certificate. */
export const ca = readFileSync(certificate);

/** A proxy of Debian's before the bot, with the example's own file; `path`: below which path, as "/alarm", or "". */
export interface RunningProxy extends AsyncDisposable {
  readonly port: number;
  /** All that it wrote to any log until now. */
  readLogs(): string;
}

interface Example {
  readonly path: string;
  readonly upstreamPort: number;
}

/** Replaces what an example has once; throws where it has it no more, or more than once. */
function put(text: string, wrong: string | RegExp, right: string): string {
  const parts = text.split(wrong);
  if (parts.length !== 2) throw new Error(`the example has ${parts.length - 1} of ${wrong}, expected one`);
  return parts.join(right);
}

async function isOpen(port: number): Promise<boolean> {
  const socket = net.connect(port, "127.0.0.1");
  try {
    await once(socket, "connect");
    return true;
  } catch {
    // Not yet.
    return false;
  } finally {
    socket.destroy();
  }
}

async function run(folder: string, port: number, program: string, ...words: string[]): Promise<RunningProxy> {
  const logs = join(folder, "logs");
  const said: Buffer[] = [];
  const child: ChildProcess = spawn(program, words, {
    env: { ...process.env, HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder },
    stdio: ["ignore", "pipe", "pipe"],
  });
  child.stdout?.on("data", (bytes: Buffer) => said.push(bytes));
  child.stderr?.on("data", (bytes: Buffer) => said.push(bytes));
  const isGone = once(child, "exit");
  const readLogs = () =>
    [Buffer.concat(said).toString(), ...readdirSync(logs).map((name) => readFileSync(join(logs, name), "utf8"))].join(
      "\n",
    );
  await expect
    .poll(() => {
      if (child.exitCode !== null) throw new Error(`${program} ended with ${child.exitCode}: ${readLogs()}`);
      return isOpen(port);
    })
    .toBe(true);
  return {
    port,
    readLogs,
    async [Symbol.asyncDispose]() {
      child.kill("SIGTERM");
      await isGone;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "proxy-"));
  mkdirSync(join(folder, "logs"));
  return folder;
}

export async function startNginx({ path, upstreamPort }: Example): Promise<RunningProxy> {
  const folder = makeFolder();
  const port = await findPort();
  let site = readFileSync("manifests/proxy/nginx.conf", "utf8");
  site = put(site, "server 127.0.0.1:3978;", `server 127.0.0.1:${upstreamPort};`);
  site = put(site, "listen 443 ssl http2;", `listen 127.0.0.1:${port} ssl http2;`);
  site = put(site, "  server_name alarm.example.nl;", `  server_name ${hostname};`);
  site = put(site, "/etc/letsencrypt/live/alarm.example.nl/fullchain.pem", certificate);
  site = put(site, "/etc/letsencrypt/live/alarm.example.nl/privkey.pem", key);
  site = site.replaceAll("/var/log/nginx/", `${folder}/logs/`);
  if (path !== "") {
    site = put(site, "  location / {", `  location ${path}/ {`);
    site = put(site, "proxy_pass http://rugdekking;", "proxy_pass http://rugdekking/;");
  }
  const lines = [
    "daemon off;",
    ...(process.getuid?.() === 0 ? ["user root;"] : []),
    `pid ${folder}/pid;`,
    "events { worker_connections 4096; }",
    "http {",
    // All clients of a test are on this machine: nginx takes what they say in a header for where they come from.
    "set_real_ip_from 127.0.0.1;",
    `real_ip_header ${comesFrom};`,
    ...["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map((kind) => `${kind}_temp_path ${folder}/${kind};`),
    site,
    "}",
  ];
  const file = join(folder, "nginx.conf");
  writeFileSync(file, lines.join("\n"));
  return await run(folder, port, "/usr/sbin/nginx", "-c", file, "-e", `${folder}/logs/start.log`);
}

export async function startCaddy({ path, upstreamPort }: Example): Promise<RunningProxy> {
  const folder = makeFolder();
  const port = await findPort();
  let site = readFileSync("manifests/proxy/Caddyfile", "utf8");
  site = put(site, /^\{$/m, "{\n\tadmin off");
  site = put(
    site,
    /^alarm\.example\.nl \{$/m,
    `https://${hostname}:${port} {\n\tbind 127.0.0.1\n\ttls ${certificate} ${key}`,
  );
  site = put(site, "reverse_proxy 127.0.0.1:3978 {", `reverse_proxy 127.0.0.1:${upstreamPort} {`);
  site = put(site, "/var/log/caddy/", `${folder}/logs/`);
  if (path !== "") {
    site = put(site, /^\trequest_body \{$/m, `\thandle_path ${path}/* {\n\trequest_body {`);
    site = put(site, /^\}\n$(?![\s\S])/m, "}\n}\n");
  }
  const file = join(folder, "Caddyfile");
  writeFileSync(file, site);
  return await run(folder, port, "/usr/bin/caddy", "run", "--config", file, "--adapter", "caddyfile");
}
