import { createServer, type Socket } from "node:net";
import { Crowd } from "../../../../../bot/kit/crowd.ts";
import { toOneAddress } from "../../../../../bot/kit/network.ts";
import type { Strangers } from "../../../../../bot/kit/strangers.ts";
import { FrameCutter } from "../../frame/frame-cutter.ts";
import { type HandleFrame, type ListenAt, type QuietNote, whenOpen } from "./door.ts";

/** The limits of connections, so that none keeps us waiting. */
export interface TcpLimits {
  /**
   * Beyond this number of connections of known accounts the one is closed that was silent for longest, of the address
   * that has most; strangers have a number of their own, so that none of them closes a panel's.
   */
  readonly connections: number;
  /** How long a connection may be silent that has not yet sent a frame of a known account. */
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
  readonly #strangers: Strangers;
  /** Connections of known accounts. */
  readonly #known: Crowd;
  readonly #connections = new Set<Socket>();
  readonly #busy = new Set<Socket>();
  readonly #serving = new Set<Promise<void>>();
  #port = 0;
  #isClosing = false;

  private constructor(handle: HandleFrame, note: QuietNote, strangers: Strangers, limits: TcpLimits) {
    this.#handle = handle;
    this.#note = note;
    this.#strangers = strangers;
    this.#limits = limits;
    this.#known = new Crowd({ each: Number.POSITIVE_INFINITY, together: limits.connections }, () => true);
  }

  /** Opens the port. Rejects with a sentence when that fails. */
  static async open(
    at: ListenAt,
    handle: HandleFrame,
    note: QuietNote,
    strangers: Strangers,
    limits = usualLimits,
  ): Promise<TcpDoor> {
    const door = new TcpDoor(handle, note, strangers, limits);
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
    const giveWay = () => {
      this.#note("sia-too-many-connections", from);
      socket.destroy();
    };
    let member = this.#strangers.connect("sia", from, giveWay);
    let isKnown = false;
    socket.setTimeout(this.#limits.strangerMs, () => socket.destroy());
    socket.on("error", () => socket.destroy());
    try {
      for await (const chunk of socket) {
        member.hear();
        for (const frame of cutter.push(chunk)) {
          if (this.#isClosing) return;
          if (!(await this.#answer(socket, frame, from)) || isKnown) continue;
          isKnown = true;
          member[Symbol.dispose]();
          if (!socket.destroyed) member = this.#known.join(toOneAddress(from), 1, giveWay);
        }
        if (cutter.garbage > 0) this.#note("sia-no-frame", from, { bytes: cutter.garbage });
        if (cutter.garbage + cutter.filling > maxGarbage) return;
      }
    } catch (error) {
      // A connection that the other side or we have closed is not noted.
      if (socket.destroyed) return;
      this.#note("sia-connection-broke", from, { reason: error instanceof Error ? error.name : "" });
    } finally {
      member[Symbol.dispose]();
      // Nothing that was written is lost: `#answer` waits until the network has it.
      socket.destroy();
    }
  }

  /**
   * Resolves when the answer was sent, so that no more frames are taken from a connection that reads no answers: true
   * when an account of the configuration sent the frame.
   */
  async #answer(socket: Socket, frame: Buffer, from: string): Promise<boolean> {
    this.#busy.add(socket);
    try {
      const { answer, isKnown } = await this.#handle(frame, from);
      if (answer === null || !socket.writable) return isKnown;
      socket.setTimeout(this.#limits.writeMs);
      await new Promise<void>((resolve) => socket.write(answer, () => resolve()));
      socket.setTimeout(isKnown ? this.#limits.idleMs : this.#limits.strangerMs);
      return isKnown;
    } finally {
      this.#busy.delete(socket);
    }
  }
}
