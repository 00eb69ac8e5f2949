import { createSocket } from "node:dgram";
import { connect } from "node:net";
import { DeliveryError } from "../../bot/errors.ts";
import { cutDatagram, FrameCutter } from "./frame-cutter.ts";

/** Where a receiver is called. */
export interface ReceiverAddress {
  readonly transport: "tcp" | "udp";
  readonly host: string;
  readonly port: number;
}

/** No answer is this long. */
const answerLimit = 8192;

/**
 * Sends one frame and resolves with what the receiver answers, from LF to CR or as far as it sent before it hung up.
 * Sends once: trying again is up to the caller. Rejects with DeliveryError `unreachable` when nothing comes before
 * `signal` aborts or the connection ends.
 */
export function exchange(frame: Buffer, address: ReceiverAddress, signal: AbortSignal): Promise<Buffer> {
  if (signal.aborted) return Promise.reject(toUnreachable(signal.reason));
  return address.transport === "tcp" ? exchangeTcp(frame, address, signal) : exchangeUdp(frame, address, signal);
}

function exchangeTcp(frame: Buffer, { host, port }: ReceiverAddress, signal: AbortSignal): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, signal, noDelay: true }, () => socket.write(frame));
    const cutter = new FrameCutter();
    let received = Buffer.alloc(0);
    socket.on("data", (chunk: Buffer) => {
      received = Buffer.concat([received, chunk]).subarray(0, answerLimit);
      const [answer] = cutter.push(chunk);
      if (answer === undefined) return;
      resolve(answer);
      socket.destroy();
    });
    socket.on("error", (error) => reject(toUnreachable(error)));
    // Who leaves out LF and CR shows the end of an answer by hanging up.
    socket.on("end", () => (received.length > 0 ? resolve(received) : socket.destroy()));
    socket.on("close", () => reject(toUnreachable(undefined)));
  });
}

function exchangeUdp(frame: Buffer, { host, port }: ReceiverAddress, signal: AbortSignal): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const socket = createSocket({ type: host.includes(":") ? "udp6" : "udp4", signal });
    socket.on("message", (datagram) => {
      resolve(cutDatagram(datagram)[0] ?? datagram);
      socket.close();
    });
    socket.on("error", (error) => {
      reject(toUnreachable(error));
      socket.close();
    });
    socket.on("close", () => reject(toUnreachable(signal.reason)));
    socket.on("connect", () => socket.send(frame));
    // Connected, it takes an answer from nobody else.
    socket.connect(port, host);
  });
}

function toUnreachable(cause: unknown): DeliveryError {
  return new DeliveryError("unreachable", "The receiver gave no answer.", { cause });
}
