import { createSocket, type RemoteInfo, type Socket } from "node:dgram";
import { isIPv6 } from "node:net";
import { cutDatagram } from "../../frame/frame-cutter.ts";
import { type DoWork, type HandleFrame, type ListenAt, type QuietNote, whenOpen } from "./door.ts";

/** How many frames may wait while the storage is slow. Others get no answer, and their senders send them again. */
const maxUnderWay = 2000;
/** The socket's receive buffer: a thousand panels may send at the same moment. */
const receiveBytes = 1 << 20;

/**
 * Takes frames from UDP datagrams and sends each answer to where its frame came from. Disposing first waits for what is
 * under way.
 */
export class UdpDoor implements AsyncDisposable {
  readonly #socket: Socket;
  readonly #handle: HandleFrame;
  readonly #note: QuietNote;
  readonly #doWork: DoWork;
  readonly #underWay = new Set<Promise<void>>();
  readonly port: number;
  #isClosing = false;

  private constructor(socket: Socket, handle: HandleFrame, note: QuietNote, doWork: DoWork) {
    this.#socket = socket;
    this.#handle = handle;
    this.#note = note;
    this.#doWork = doWork;
    this.port = socket.address().port;
    socket.on("error", ({ name }) => note("sia-datagram-failed", "", { reason: name }));
    socket.on("message", (datagram, remote) => {
      if (!this.#isClosing) this.#doWork(datagram, remote.address, () => this.#take(datagram, remote));
    });
  }

  /**
   * Opens the port. Rejects with a sentence when that fails. All that a datagram costs is done by `doWork`, also to
   * find that there is no frame in it.
   */
  static async open(at: ListenAt, handle: HandleFrame, note: QuietNote, doWork: DoWork): Promise<UdpDoor> {
    const socket = createSocket({ type: isIPv6(at.host) ? "udp6" : "udp4", recvBufferSize: receiveBytes });
    await whenOpen(socket, at, (opened) => socket.bind(at.port, at.host, opened));
    return new UdpDoor(socket, handle, note, doWork);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosing = true;
    await Promise.all(this.#underWay);
    await new Promise<void>((resolve) => this.#socket.close(() => resolve()));
  }

  #take(datagram: Buffer, remote: RemoteInfo): void {
    const frames = cutDatagram(datagram);
    if (frames.length === 0) this.#note("sia-no-frame", remote.address, { bytes: datagram.length });
    for (const frame of frames) {
      if (this.#underWay.size >= maxUnderWay) {
        this.#note("sia-too-many-datagrams", remote.address);
        return;
      }
      const answered = this.#answer(frame, remote).finally(() => this.#underWay.delete(answered));
      this.#underWay.add(answered);
    }
  }

  async #answer(frame: Buffer, { address, port }: RemoteInfo): Promise<void> {
    const { answer } = await this.#handle(frame, address);
    if (answer === null) return;
    await new Promise<void>((resolve) => {
      this.#socket.send(answer, port, address, (error) => {
        if (error) this.#note("sia-answer-not-sent", address, { reason: error.name });
        resolve();
      });
    });
  }
}
