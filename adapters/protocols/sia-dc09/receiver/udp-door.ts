import { createSocket, type RemoteInfo } from "node:dgram";
import { isIPv6 } from "node:net";
import { cutDatagram } from "../frame/frame-cutter.ts";
import { type Door, type HandleFrame, type ListenAt, whenOpen } from "./door.ts";
import type { QuietNote } from "./quiet-notes.ts";

/** More frames than this are not held while the storage is slow. Their senders hear nothing and send again. */
const underWayLimit = 2000;
/** A thousand panels may speak in the same moment. */
const receiveBytes = 1 << 20;

/** Takes frames from datagrams and answers each to where it came from. Rejects with a sentence when the port can't be had. */
export async function openUdpDoor(at: ListenAt, handle: HandleFrame, note: QuietNote): Promise<Door> {
  const underWay = new Set<Promise<void>>();
  let isClosing = false;
  const socket = createSocket({ type: isIPv6(at.host) ? "udp6" : "udp4", recvBufferSize: receiveBytes });
  await whenOpen(socket, at, (opened) => socket.bind(at.port, at.host, opened));
  socket.on("error", ({ name }) => note("a SIA datagram failed", "", { reason: name }));

  socket.on("message", (datagram, remote) => {
    if (isClosing) return;
    const frames = cutDatagram(datagram);
    if (frames.length === 0) note("bytes that are no SIA frame", remote.address, { bytes: datagram.length });
    for (const frame of frames) {
      if (underWay.size >= underWayLimit) {
        note("too many SIA datagrams", remote.address);
        return;
      }
      const answered = answer(frame, remote).finally(() => underWay.delete(answered));
      underWay.add(answered);
    }
  });

  async function answer(frame: Buffer, { address, port }: RemoteInfo): Promise<void> {
    const bytes = await handle(frame, address);
    if (bytes === null) return;
    await new Promise<void>((resolve) => {
      socket.send(bytes, port, address, (error) => {
        if (error) note("a SIA answer was not sent", address, { reason: error.name });
        resolve();
      });
    });
  }

  return {
    port: socket.address().port,
    async [Symbol.asyncDispose]() {
      isClosing = true;
      await Promise.all(underWay);
      await new Promise<void>((resolve) => socket.close(() => resolve()));
    },
  };
}
