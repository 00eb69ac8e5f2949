import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync, watch, writeFileSync } from "node:fs";
import net from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import tls from "node:tls";
import { Aedes, type AedesOptions } from "aedes";
import { createRecord } from "../golden/recorder.ts";

/** A broker on loopback, with the sessions of its clients kept over a kill. */
export interface Broker extends AsyncDisposable {
  readonly port: number;
  /** Ends at once, as by a power cut: nobody is told, no connection is closed properly. */
  kill(): Promise<void>;
  /** Starts again on the same port, with what it kept. */
  restart(): Promise<void>;
}

export interface AedesSettings extends Pick<AedesOptions, "authenticate" | "authorizeSubscribe"> {
  readonly tls?: tls.TlsOptions;
}

/** The brokers that are at hand here: one from npm, and Debian's where it is installed. */
export const brokers: Readonly<Record<string, () => Promise<Broker>>> = {
  aedes: startAedes,
  ...(findMosquitto() === undefined ? {} : { mosquitto: startMosquitto }),
};

export async function startAedes({ tls: secure, ...options }: AedesSettings = {}): Promise<Broker> {
  const record = createRecord("broker");
  const sockets = new Set<net.Socket>();
  let persistence: ReturnType<typeof markRedelivered> | undefined;
  let aedes: Aedes;
  let server: net.Server;
  let port = 0;

  async function start(): Promise<void> {
    aedes = await Aedes.createBroker({ ...options, persistence });
    recordClients(aedes, record);
    persistence ??= markRedelivered((aedes as unknown as { persistence: Persistence }).persistence);
    const handle = (socket: net.Socket) => {
      sockets.add(socket.on("close", () => sockets.delete(socket)));
      aedes.handle(socket);
    };
    server = secure ? tls.createServer(secure, handle) : net.createServer(handle);
    await once(server.listen(port, "127.0.0.1"), "listening");
    port = (server.address() as net.AddressInfo).port;
  }

  async function kill(): Promise<void> {
    if (!server.listening) return;
    const isClosed = once(server, "close");
    server.close();
    for (const socket of sockets) socket.destroy();
    await isClosed;
    await new Promise<void>((resolve) => aedes.close(resolve));
  }

  await start();
  return {
    get port() {
      return port;
    },
    kill,
    restart: start,
    [Symbol.asyncDispose]: kill,
  };
}

/** What a client with a session that lasts says; one that a story sends something with has none. */
function recordClients(aedes: Aedes, record: (message: unknown) => void): void {
  aedes.on("clientReady", ({ id, clean }) => clean || record({ client: id, says: "connect" }));
  aedes.on("subscribe", (subscriptions, { id, clean }) => clean || record({ client: id, subscribe: subscriptions }));
  aedes.on("publish", ({ topic, payload, qos, retain }, client) => {
    if (client === null || client.clean) return;
    record({ client: client.id, publish: topic, payload: payload.toString(), qos, retain });
  });
}

interface Persistence {
  outgoingStream(client: unknown): Readable;
}

/**
 * Two things that Aedes leaves out of what waits for a client: what it has had before is marked as a duplicate, and
 * nothing is marked as retained, since it waited for a subscription that was there (MQTT 3.1.1, 3.3.1).
 */
function markRedelivered(persistence: Persistence): Persistence {
  const outgoingStream = persistence.outgoingStream.bind(persistence);
  persistence.outgoingStream = (client) =>
    Readable.from(outgoingStream(client)).map((packet: { messageId?: number; dup: boolean; retain: boolean }) => {
      packet.dup = packet.messageId !== undefined;
      packet.retain = false;
      return packet;
    });
  return persistence;
}

function findMosquitto(): string | undefined {
  const folders = ["/usr/sbin", ...(process.env.PATH ?? "").split(delimiter)];
  return folders.map((folder) => join(folder, "mosquitto")).find((path) => existsSync(path));
}

/** Its sessions survive SIGKILL as far as they are on the disk, so they are put there first. */
export async function startMosquitto(): Promise<Broker> {
  const folder = mkdtempSync(join(tmpdir(), "mosquitto-"));
  const port = await findPort();
  const lines = [
    `listener ${port} 127.0.0.1`,
    "allow_anonymous true",
    "persistence true",
    `persistence_location ${folder}/`,
    "max_queued_messages 0",
    "max_inflight_messages 0",
    ...(process.getuid?.() === 0 ? ["user root"] : []),
  ];
  const file = join(folder, "mosquitto.conf");
  writeFileSync(file, `${lines.join("\n")}\n`);
  let stop = async (): Promise<void> => {};

  async function restart(): Promise<void> {
    const child = spawn(findMosquitto() ?? "mosquitto", ["-v", "-c", file], { stdio: ["ignore", "ignore", "pipe"] });
    const isGone = once(child, "exit");
    stop = async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      await save(child, folder);
      child.kill("SIGKILL");
      await isGone;
    };
    await new Promise<void>((resolve, reject) => {
      createInterface(child.stderr).on("line", (line) => line.endsWith(" running") && resolve());
      child.on("exit", (code) => reject(new Error(`mosquitto ended with ${code}`)));
    });
  }

  await restart();
  return {
    port,
    kill: () => stop(),
    restart,
    async [Symbol.asyncDispose]() {
      await stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Waits until it has put a new file in the place of the old one. https://mosquitto.org/man/mosquitto-8.html, SIGUSR1 */
async function save(mosquitto: ChildProcess, folder: string): Promise<void> {
  const watcher = watch(folder);
  const isSaved = new Promise<void>((resolve) => {
    watcher.on("change", (kind, name) => kind === "rename" && name === "mosquitto.db" && resolve());
  });
  mosquitto.kill("SIGUSR1");
  await isSaved;
  watcher.close();
}

async function findPort(): Promise<number> {
  const server = net.createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as net.AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}
