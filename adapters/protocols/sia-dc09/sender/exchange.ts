import { createSocket } from "node:dgram";
import { connect, type LookupFunction } from "node:net";
import { DeliveryError } from "../../../../bot/errors.ts";
import { checkTarget, forbiddenCode, forbiddenTarget, guardedLookup } from "../../../kit/network/target.ts";
import { cutDatagram, FrameCutter } from "../frame/frame-cutter.ts";

/** The network address of a receiver. */
export interface ReceiverAddress {
  readonly transport: "tcp" | "udp";
  readonly host: string;
  readonly port: number;
}

/** At most this much of an answer is read; no real answer is as long. */
const maxAnswerBytes = 8192;

/**
 * Sends one frame and resolves with what the receiver answers, from LF to CR, or all it sent before it closed the
 * connection. Sends once: trying again is up to the caller. Rejects with DeliveryError: `unreachable` when nothing
 * comes before `signal` aborts or the connection ends, `misconfigured` for a forbidden target. It names
 * the host and Node's code.
 */
export async function exchange(frame: Buffer, address: ReceiverAddress, signal: AbortSignal): Promise<Buffer> {
  if (signal.aborted) throw toFailure(signal.reason, address.host);
  checkTarget(address.host);
  return address.transport === "tcp" ? exchangeTcp(frame, address, signal) : exchangeUdp(frame, address, signal);
}

function exchangeTcp(frame: Buffer, { host, port }: ReceiverAddress, signal: AbortSignal): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, signal, noDelay: true, lookup: guardedLookup }, () => socket.write(frame));
    const cutter = new FrameCutter();
    let received = Buffer.alloc(0);
    socket.on("data", (chunk: Buffer) => {
      received = Buffer.concat([received, chunk]).subarray(0, maxAnswerBytes);
      const [answer] = cutter.push(chunk);
      if (answer === undefined) return;
      resolve(answer);
      socket.destroy();
    });
    socket.on("error", (error) => reject(toFailure(error, host)));
    // A receiver that leaves out LF and CR ends its answer by closing the connection.
    socket.on("end", () => (received.length > 0 ? resolve(received) : socket.destroy()));
    socket.on("close", () => reject(toFailure(undefined, host)));
  });
}

function exchangeUdp(frame: Buffer, { host, port }: ReceiverAddress, signal: AbortSignal): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const type = host.includes(":") ? "udp6" : "udp4";
    const socket = createSocket({ type, signal, lookup: lookUpOne });
    socket.on("message", (datagram) => {
      resolve(cutDatagram(datagram)[0] ?? datagram);
      socket.close();
    });
    socket.on("error", (error) => {
      reject(toFailure(error, host));
      socket.close();
    });
    socket.on("close", () => reject(toFailure(signal.reason, host)));
    socket.on("connect", () => socket.send(frame));
    // A connected socket takes answers from this address only.
    socket.connect(port, host);
  });
}

/** The guarded lookup for datagrams, which go to one address. */
function lookUpOne(
  name: string,
  options: Parameters<LookupFunction>[1],
  callback: (error: NodeJS.ErrnoException | null, address: string, family: number) => void,
): void {
  guardedLookup(name, options, (error, found, family = 0) => {
    callback(error, typeof found === "string" ? found : (found?.[0]?.address ?? ""), family);
  });
}

/** Keeps the error's code and the host alone. */
function toFailure(error: unknown, host: string): DeliveryError {
  const code = error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : null;
  const cause = new Error(code ?? "UNKNOWN");
  if (code === forbiddenCode) return new DeliveryError("misconfigured", forbiddenTarget, { cause });
  return new DeliveryError("unreachable", `The receiver ${host} gave no answer${code === null ? "" : ` (${code})`}.`, {
    cause,
  });
}
