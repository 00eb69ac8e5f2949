import { connect, createServer, type Server, type Socket } from "node:net";
import { createServer as createTlsServer } from "node:tls";

/**
 * What it does with whoever connects from now on. `hold-connected`: not a byte is read. `hold-answer`: the provider
 * gets it all and its answer goes nowhere. `swallow`: takes it and says nothing, and the provider gets nothing.
 * `reset`: the connection breaks where the answer would come. `garbage`: an answer of no protocol, and the provider
 * gets nothing.
 */
export type GateMode = "pass" | "hold-connected" | "hold-answer" | "swallow" | "reset" | "garbage";

/**
 * `connected`: somebody is there. `body`: the provider has a message whole. `answered`: its answer is on its way back.
 */
export type GatePoint = "connected" | "body" | "answered";

/** A door before a provider on loopback, with a port of its own. */
export interface Gate extends AsyncDisposable {
  readonly port: number;
  /** Connections that wait for an answer that will not come. */
  readonly hanging: number;
  readonly connections: number;
  behave(mode: GateMode): void;
  /** Hangs up on everybody who is there. */
  drop(): void;
  /** Nobody listens there any more, until `open`. */
  close(): Promise<void>;
  open(): Promise<void>;
  /** Called at each point that a connection passes or is held at. */
  onPoint: (point: GatePoint) => void;
}

export interface GateOptions {
  /** The provider's port. */
  readonly to: number;
  /**
   * What ends a message, where the provider speaks before it has one whole; without it, its first bytes are its answer.
   */
  readonly messageEnd?: string;
  /** Speaks TLS to whoever connects. */
  readonly tls?: { readonly key: string; readonly cert: string };
}

export async function startGate({ to, messageEnd, tls }: GateOptions): Promise<Gate> {
  let mode: GateMode = "pass";
  let connections = 0;
  let hanging = 0;
  let port = 0;
  const sockets = new Set<Socket>();

  function take(client: Socket): void {
    connections += 1;
    sockets.add(client);
    client.on("error", () => {}).on("close", () => sockets.delete(client));
    const taken = mode;
    gate.onPoint("connected");
    if (taken === "hold-connected" || taken === "swallow") {
      hanging += 1;
      client.on("close", () => {
        hanging -= 1;
      });
      if (taken === "swallow") client.on("end", () => client.end()).resume();
      return;
    }
    if (taken === "garbage") {
      client.resume().end("this is no answer of any protocol\r\n\r\n");
      return;
    }
    pass(client);
  }

  function pass(client: Socket): void {
    const provider = connect({ port: to, host: "127.0.0.1", noDelay: true });
    sockets.add(provider);
    let isWhole = messageEnd === undefined;
    let isHeld = false;
    let sent = "";
    client.on("data", (chunk: Buffer) => {
      provider.write(chunk);
      if (messageEnd === undefined || isWhole) return;
      sent = (sent + chunk.toString("latin1")).slice(-1_000);
      isWhole = sent.includes(messageEnd);
    });
    provider.on("data", (chunk: Buffer) => {
      if (!isWhole) {
        client.write(chunk);
        return;
      }
      if (messageEnd !== undefined) {
        isWhole = false;
        sent = "";
      }
      gate.onPoint("body");
      if (mode === "reset") {
        if (tls === undefined) client.resetAndDestroy();
        else client.destroy();
      } else if (mode !== "hold-answer") {
        client.write(chunk);
        gate.onPoint("answered");
      } else if (!isHeld) {
        isHeld = true;
        hanging += 1;
        client.on("close", () => {
          hanging -= 1;
        });
      }
    });
    client.on("end", () => provider.end()).on("close", () => provider.destroy());
    provider.on("error", () => client.destroy());
    provider.on("end", () => client.end());
    provider.on("close", () => sockets.delete(provider));
  }

  const server: Server =
    tls === undefined
      ? createServer({ allowHalfOpen: true, noDelay: true, highWaterMark: 1 << 16 }, take)
      : createTlsServer({ ...tls }, take).on("tlsClientError", () => {});
  const open = () => new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));

  function drop(): void {
    for (const socket of sockets) socket.destroy();
  }

  const gate: Gate = {
    get port() {
      return port;
    },
    get hanging() {
      return hanging;
    },
    get connections() {
      return connections;
    },
    behave: (next) => {
      mode = next;
    },
    drop,
    open,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      drop();
      await closed;
    },
    onPoint: () => {},
    async [Symbol.asyncDispose]() {
      if (server.listening) await gate.close();
    },
  };
  await open();
  const address = server.address();
  port = typeof address === "object" && address ? address.port : 0;
  return gate;
}
