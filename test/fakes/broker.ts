import { once } from "node:events";
import net from "node:net";
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

/** A broker from npm. */
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
