import { readdirSync, readFileSync } from "node:fs";
import tls from "node:tls";
import { comesFrom } from "../fakes/proxy.ts";
import { ca, hostname, type RunningProxy } from "./proxies.ts";

/** One kind of call that proves nothing. */
interface StrangeCall {
  /** How many connections make it, at the same time. */
  readonly count: number;
  readonly path: string;
  readonly headers: readonly string[];
  /** What is sent of the body at once. */
  readonly begin: string;
  /** What is sent after that, again and again, each time by itself; "" for nothing. */
  readonly more: string;
  /** What comes of how many; the others stay open. */
  readonly fates: Readonly<Partial<Record<Fate, number>>>;
}

/**
 * What comes of a call: its status, or "cut" where the bot hung up without one. Who still sends when it is refused is
 * "stopped": the answer may get lost with the connection.
 */
type Fate = "401" | "429" | "cut" | "stopped";

const forged = `things-message-token: ${"0".repeat(64)}`;
const inChunks = "transfer-encoding: chunked";
/** `buttons` is proven by a header, `kpn` by its body. */
const [buttons, kpn] = ["/alarms/buttons", "/alarms/kpn"];

/** What strangers send, by the address from which each kind comes. */
export const floods: Readonly<Record<string, StrangeCall>> = {
  "192.0.2.61": {
    ...{ count: 40, path: buttons, headers: ["content-length: 0"], begin: "", more: "" },
    fates: { "401": 20, "429": 20 },
  },
  "192.0.2.62": {
    ...{ count: 60, path: buttons, headers: ["authorization: Bearer guess", "content-length: 2"] },
    ...{ begin: "{}", more: "", fates: { "401": 20, "429": 40 } },
  },
  // Of more than eight bodies of 64 KiB those give way that came before.
  "192.0.2.63": {
    ...{ count: 10, path: kpn, headers: [forged, "content-length: 1000000"], begin: "", more: "x".repeat(10_000) },
    fates: { stopped: 10 },
  },
  "192.0.2.64": {
    ...{ count: 60, path: kpn, headers: [forged, "content-length: 65000"], begin: "x".repeat(64_000), more: "" },
    fates: { cut: 52 },
  },
  "192.0.2.65": {
    ...{ count: 8, path: kpn, headers: [forged, inChunks], begin: "", more: "1\r\nx\r\n" },
    fates: { stopped: 8 },
  },
  "192.0.2.66": {
    ...{ count: 200, path: kpn, headers: [forged, "content-length: 65000"], begin: "", more: "" },
    fates: {},
  },
};

/** All those floods at the same time, by HTTP/1.1; disposing hangs up. */
export class Strangers implements Disposable {
  /** How many calls had which fate, by the address from which they come. */
  readonly fates: Record<string, Partial<Record<string, number>>> = {};
  readonly #sockets: tls.TLSSocket[] = [];

  constructor(proxy: RunningProxy) {
    for (const [address, each] of Object.entries(floods)) {
      this.fates[address] = {};
      for (let index = 0; index < each.count; index += 1) this.#call(proxy, address, each);
    }
  }

  [Symbol.dispose](): void {
    for (const socket of this.#sockets) socket.removeAllListeners("close").destroy();
  }

  #call(proxy: RunningProxy, from: string, { path, headers, begin, more }: StrangeCall): void {
    const socket = tls.connect({ host: "127.0.0.1", port: proxy.port, servername: hostname, ca });
    this.#sockets.push(socket);
    const write = () => {
      if (more === "" || !socket.writable) return;
      // A turn of the loop between two writes, so that nginx passes them on as pieces.
      if (socket.write(more)) setImmediate(write);
      else socket.once("drain", write);
    };
    let status = "cut";
    socket.setNoDelay();
    socket.once("secureConnect", () => {
      const head = [`POST ${path} HTTP/1.1`, `host: ${hostname}`, `${comesFrom}: ${from}`, ...headers];
      socket.write(`${head.join("\r\n")}\r\n\r\n${begin}`, write);
    });
    socket.once("data", (bytes: Buffer) => {
      const said = bytes.toString("latin1", 9, 12);
      // 502 is what nginx says where the bot hung up.
      if (said !== "502") status = said;
      socket.destroy();
    });
    // Its close tells that too.
    socket.on("error", () => undefined);
    socket.once("close", () => {
      // Who said nothing for as long as a request may take is no part of the flood any more.
      if (status === "408") return;
      const fate = more !== "" && ["413", "cut"].includes(status) ? "stopped" : status;
      const fates = this.fates[from] ?? {};
      fates[fate] = (fates[fate] ?? 0) + 1;
    });
  }
}

/** How many files and connections this process has open. */
export function countHandles(): number {
  return readdirSync("/proc/self/fd").length;
}

const established = "01";
const halfClosed = "08";

/** How many connections to a port of 127.0.0.1 this side has not closed. */
export function countConnections(port: number): number {
  const local = `0100007F:${port.toString(16).toUpperCase().padStart(4, "0")}`;
  const lines = readFileSync("/proc/self/net/tcp", "utf8").split("\n");
  return lines
    .map((line) => line.trim().split(/\s+/))
    .filter(([, at, , state]) => at === local && (state === established || state === halfClosed)).length;
}
