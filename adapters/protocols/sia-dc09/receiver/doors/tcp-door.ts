import { createServer, type Socket } from "node:net";
import { FrameCutter } from "../../frame/frame-cutter.ts";
import { type HandleFrame, type ListenAt, type QuietNote, whenOpen } from "./door.ts";

/** The limits of connections, so that none keeps us waiting. */
export interface TcpLimits {
  /** Beyond this number the connection that was silent for longest is closed, because the new one may bring a press. */
  readonly connections: number;
  /** How long a connection may be silent that has not yet sent a frame that was answered. */
  readonly strangerMs: number;
  /** How long any other may be silent: panels keep their connection and may send only one test a day. */
  readonly idleMs: number;
  /** How long the other side may leave its answer unread. */
  readonly writeMs: number;
  /** How long disposing waits for what is under way. A panel that gets no answer sends its frame again. */
  readonly drainMs: number;
}

const usualLimits: TcpLimits = {
  connections: 4096,
  strangerMs: 120_000,
  idleMs: 26 * 60 * 60_000,
  writeMs: 30_000,
  drainMs: 5000,
};
/** The network finds out when a panel is gone without closing its connection. */
const keepAliveMs = 60_000;
const maxGarbage = 16_384;

const socketOptions = { allowHalfOpen: true, noDelay: true, keepAlive: true, keepAliveInitialDelay: keepAliveMs };

/**
 * Takes frames over TCP from any number of connections. Handles those of one connection one after the other; what it
 * sends meanwhile waits in its own socket, so that no sender fills our memory. Disposing first waits for what is under
 * way.
 */
export class TcpDoor implements AsyncDisposable {
  readonly #handle: HandleFrame;
  readonly #note: QuietNote;
  readonly #limits: TcpLimits;
  readonly #server = createServer(socketOptions, (socket) => this.#addConnection(socket));
  /** The connection that was silent for longest comes first. */
  readonly #connections = new Set<Socket>();
  readonly #busy = new Set<Socket>();
  readonly #serving = new Set<Promise<void>>();
  #port = 0;
  #isClosing = false;

  private constructor(handle: HandleFrame, note: QuietNote, limits: TcpLimits) {
    this.#handle = handle;
    this.#note = note;
    this.#limits = limits;
  }

  /** Opens the port. Rejects with a sentence when that fails. */
  static async open(at: ListenAt, handle: HandleFrame, note: QuietNote, limits = usualLimits): Promise<TcpDoor> {
    const door = new TcpDoor(handle, note, limits);
    const server = door.#server;
    await whenOpen(server, at, (opened) => server.listen({ ...at, backlog: 1024 }, opened));
    server.on("error", ({ name }) => note("sia-connection-not-taken", "", { reason: name }));
    const address = server.address();
    door.#port = typeof address === "object" && address !== null ? address.port : at.port;
    return door;
  }

  get port(): number {
    return this.#port;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosing = true;
    const closed = new Promise((resolve) => this.#server.close(resolve));
    for (const socket of this.#connections) if (!this.#busy.has(socket)) socket.destroy();
    const force = setTimeout(() => {
      for (const socket of this.#connections) socket.destroy();
    }, this.#limits.drainMs);
    await Promise.all(this.#serving);
    await closed;
    clearTimeout(force);
  }

  #addConnection(socket: Socket): void {
    const [oldest] = this.#connections;
    if (oldest !== undefined && this.#connections.size >= this.#limits.connections) {
      this.#note("sia-too-many-connections", socket.remoteAddress ?? "");
      this.#connections.delete(oldest);
      oldest.destroy();
    }
    this.#connections.add(socket);
    const served = this.#serve(socket).finally(() => {
      this.#connections.delete(socket);
      this.#serving.delete(served);
    });
    this.#serving.add(served);
  }

  async #serve(socket: Socket): Promise<void> {
    const from = socket.remoteAddress ?? "";
    const cutter = new FrameCutter();
    socket.setTimeout(this.#limits.strangerMs, () => socket.destroy());
    socket.on("error", () => socket.destroy());
    try {
      for await (const chunk of socket) {
        this.#connections.delete(socket);
        this.#connections.add(socket);
        for (const frame of cutter.push(chunk)) {
          if (this.#isClosing) return;
          await this.#answer(socket, frame, from);
        }
        if (cutter.garbage === 0) continue;
        this.#note("sia-no-frame", from, { bytes: cutter.garbage });
        if (cutter.garbage > maxGarbage) return;
      }
    } catch (error) {
      // A connection that the other side or we have closed is not noted.
      if (socket.destroyed) return;
      this.#note("sia-connection-broke", from, { reason: error instanceof Error ? error.name : "" });
    } finally {
      // Nothing that was written is lost: `#answer` waits until the network has it.
      socket.destroy();
    }
  }

  /** Resolves when the answer was sent, so that no more frames are taken from a connection that reads no answers. */
  async #answer(socket: Socket, frame: Buffer, from: string): Promise<void> {
    this.#busy.add(socket);
    try {
      const bytes = await this.#handle(frame, from);
      if (bytes === null || !socket.writable) return;
      socket.setTimeout(this.#limits.writeMs);
      await new Promise<void>((resolve) => socket.write(bytes, () => resolve()));
      socket.setTimeout(this.#limits.idleMs);
    } finally {
      this.#busy.delete(socket);
    }
  }
}
