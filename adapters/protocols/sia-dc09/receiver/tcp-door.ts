import { createServer, type Socket } from "node:net";
import { FrameCutter } from "../frame/frame-cutter.ts";
import { type Door, type HandleFrame, type ListenAt, whenOpen } from "./door.ts";
import type { QuietNote } from "./quiet-notes.ts";

/** How much, and how long, who connects may keep us waiting. */
export interface TcpLimits {
  /** Beyond this the connection that was silent for longest makes room: whoever comes now may have a press. */
  readonly connections: number;
  /** For who has not yet sent a frame that was answered. */
  readonly strangerMs: number;
  /** Panels keep their connection and may only test once a day. */
  readonly idleMs: number;
  /** For who reads nothing of its answer. */
  readonly writeMs: number;
  /** How long the end waits for what is under way. Who hears no answer by then sends it again. */
  readonly drainMs: number;
}

const usualLimits: TcpLimits = {
  connections: 4096,
  strangerMs: 120_000,
  idleMs: 26 * 60 * 60_000,
  writeMs: 30_000,
  drainMs: 5000,
};
/** A panel that is gone without a word is found out by the network. */
const keepAliveMs = 60_000;
const garbageLimit = 16_384;

/**
 * Takes frames from any number of connections, from each one after the other, so that no sender can pile anything up:
 * what it sends meanwhile waits in its own socket. Rejects with a sentence when the port can't be had.
 */
export async function openTcpDoor(
  at: ListenAt,
  handle: HandleFrame,
  note: QuietNote,
  limits: TcpLimits = usualLimits,
): Promise<Door> {
  /** The one that was silent for longest comes first. */
  const connections = new Set<Socket>();
  const busy = new Set<Socket>();
  const serving = new Set<Promise<void>>();
  let isClosing = false;

  const options = { allowHalfOpen: true, noDelay: true, keepAlive: true, keepAliveInitialDelay: keepAliveMs };
  const server = createServer(options, (socket) => {
    const [oldest] = connections;
    if (oldest !== undefined && connections.size >= limits.connections) {
      note("too many SIA connections", socket.remoteAddress ?? "");
      connections.delete(oldest);
      oldest.destroy();
    }
    connections.add(socket);
    const served = serve(socket).finally(() => {
      connections.delete(socket);
      serving.delete(served);
    });
    serving.add(served);
  });
  await whenOpen(server, at, (opened) => server.listen({ ...at, backlog: 1024 }, opened));
  server.on("error", ({ name }) => note("a SIA connection was not taken", "", { reason: name }));

  async function serve(socket: Socket): Promise<void> {
    const from = socket.remoteAddress ?? "";
    const cutter = new FrameCutter();
    socket.setTimeout(limits.strangerMs, () => socket.destroy());
    socket.on("error", () => socket.destroy());
    try {
      for await (const chunk of socket) {
        connections.delete(socket);
        connections.add(socket);
        for (const frame of cutter.push(chunk)) {
          if (isClosing) return;
          await answer(socket, frame, from);
        }
        if (cutter.garbage === 0) continue;
        note("bytes that are no SIA frame", from, { bytes: cutter.garbage });
        if (cutter.garbage > garbageLimit) return;
      }
    } catch (error) {
      // That the other side hangs up, or is cut off by us, is no event.
      if (!socket.destroyed) note("a SIA connection broke", from, { reason: error instanceof Error ? error.name : "" });
    } finally {
      // What was written is with the network already: `answer` waits for it.
      socket.destroy();
    }
  }

  /** Waits until the answer is on its way: who reads no answers gets no further frame taken. */
  async function answer(socket: Socket, frame: Buffer, from: string): Promise<void> {
    busy.add(socket);
    try {
      const bytes = await handle(frame, from);
      if (bytes === null || !socket.writable) return;
      socket.setTimeout(limits.writeMs);
      await new Promise<void>((resolve) => socket.write(bytes, () => resolve()));
      socket.setTimeout(limits.idleMs);
    } finally {
      busy.delete(socket);
    }
  }

  const address = server.address();
  return {
    port: typeof address === "object" && address !== null ? address.port : at.port,
    async [Symbol.asyncDispose]() {
      isClosing = true;
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of connections) if (!busy.has(socket)) socket.destroy();
      const force = setTimeout(() => connections.forEach((socket) => void socket.destroy()), limits.drainMs);
      await Promise.all(serving);
      await closed;
      clearTimeout(force);
    },
  };
}
