import { createSocket } from "node:dgram";
import { connect } from "node:net";
import { toFrameBytes } from "../../adapters/protocols/sia-dc09/frame/frame.ts";

/** Where the bot that is flooded listens. */
export interface Target {
  readonly http: number;
  readonly panels: number;
}

/** Floods until `signal` aborts; what it does costs this process time, not the bot's. */
export type Flood = (target: Target, signal: AbortSignal) => void;

const head = (path: string, ...headers: string[]) =>
  Buffer.from(`${[`POST ${path} HTTP/1.1`, "host: x", ...headers].join("\r\n")}\r\n\r\n`);
const chunked = "transfer-encoding: chunked";
const forged = `things-message-token: ${"0".repeat(64)}`;
const wrong = "authorization: Bearer a-wrong-secret-of-a-stranger";

/** Keeps so many connections open that say `begin` and then `more` again and again, as fast as it is taken. */
function keepConnections(count: number, toPort: (target: Target) => number, begin: Buffer, more: Buffer): Flood {
  return (target, signal) => {
    const open = () => {
      if (signal.aborted) return;
      const socket = connect({ port: toPort(target), host: "127.0.0.1" });
      const write = () => {
        if (more.length === 0 || signal.aborted || !socket.writable) return;
        // A turn of the loop between two writes, so that the presses beside them are timed well.
        if (socket.write(more)) setImmediate(write);
        else socket.once("drain", write);
      };
      const end = () => socket.destroy();
      signal.addEventListener("abort", end);
      socket.on("connect", () => socket.write(begin, write)).on("error", () => undefined);
      socket.resume().on("close", () => {
        signal.removeEventListener("abort", end);
        setTimeout(open, 5);
      });
    };
    for (let index = 0; index < count; index += 1) open();
  };
}

/** Sends the longest frame of an account that nobody has, from a new port each, as if from everywhere. */
function sendDatagrams(): Flood {
  const frame = toFrameBytes(`"SIA-DCS"0001L0#9999[#9999|N]${"[A".repeat(1_990)}`, "text");
  return ({ panels }, signal) => {
    const socket = createSocket("udp4");
    signal.addEventListener("abort", () => socket.close());
    const send = () => {
      if (signal.aborted) return;
      for (let count = 0; count < 20; count += 1) socket.send(frame, panels, "127.0.0.1");
      setTimeout(send, 2);
    };
    send();
  };
}

const http = ({ http: port }: Target) => port;
const nothing = Buffer.alloc(0);
const refused = Buffer.concat([head("/alarms/bench", wrong, "content-length: 2"), Buffer.from("{}")]);

/** What strangers may do, by what it is called. */
export const floods: Readonly<Record<string, Flood>> = {
  "bodies in tiny pieces": keepConnections(
    32,
    http,
    head("/alarms/kpn", chunked, forged),
    Buffer.from("1\r\nx\r\n".repeat(500)),
  ),
  "tiny pieces to Teams": keepConnections(
    32,
    http,
    head("/api/messages", chunked),
    Buffer.from("1\r\nx\r\n".repeat(500)),
  ),
  "unfinished bodies": keepConnections(
    500,
    http,
    Buffer.concat([head("/alarms/kpn", forged, "content-length: 65536"), Buffer.alloc(60_000, "x")]),
    nothing,
  ),
  "refused calls": keepConnections(16, http, refused, refused),
  "silent connections": keepConnections(4_000, http, nothing, nothing),
  "line ends to the panels' port": keepConnections(16, ({ panels }) => panels, nothing, Buffer.alloc(4_096, "\n")),
  "datagrams of no panel": sendDatagrams(),
};
