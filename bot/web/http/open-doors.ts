import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
  STATUS_CODES,
} from "node:http";
import { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { setImmediate } from "node:timers/promises";
import { promisify } from "node:util";
import type { Visitors } from "./visitors.ts";

/** Above Node's 511: a thousand buttons may press at the same moment, each on its own connection. */
const backlog = 4096;
const drainMs = 5000;
/** How long connections may take, in milliseconds; only tests set others. */
const waits = {
  // A sender that drips its request must not hold a socket for long; an alarm is small and arrives at once.
  headersTimeout: 5000,
  requestTimeout: 15_000,
  connectionsCheckingInterval: 2000,
  // Longer than proxies keep a connection, so that a request never meets a connection that we close.
  keepAliveTimeout: 75_000,
};

const explanations: Readonly<Record<string, string>> = {
  EADDRINUSE: "another program listens there already. Stop it, or choose another listen.port",
  EACCES: "this user may not listen there. Choose a listen.port above 1023",
  EADDRNOTAVAIL: "this machine does not have that address. Change listen.host",
  ENOTFOUND: "no such host is known. Change listen.host",
};

/** The code for who asks to be put through to another machine; all others are Node's own. */
const tunnel = "CONNECT";
/** What is answered to a request that can't be read, by the code that says why; 400 to all others. */
const statuses: Readonly<Record<string, number>> = {
  [tunnel]: 501,
  HPE_HEADER_OVERFLOW: 431,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 413,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
};

/** A server that listens on `port`. */
export class OpenDoors implements AsyncDisposable {
  readonly #server: Server;
  readonly #answering = new Set<ServerResponse>();
  /** Connections on which a late request is read after all, with what ends that. */
  readonly #late = new Map<Socket, NodeJS.Timeout>();
  #port = 0;
  #closing: Promise<void> | null = null;

  private constructor(server: Server, visitors: Visitors | null) {
    // Node alone would answer nobody who says by closing their half that this was all they had to say.
    this.#server = Object.assign(server, { httpAllowHalfOpen: true });
    server.on("clientError", (error, socket) => void this.#handleUnread(error, socket, visitors));
    // Node alone would hang up at once, also when a request came while this process stood still.
    server.on("timeout", (socket) => void this.#closeIdle(socket));
    // Node alone would hang up without a word.
    server.on("connect", (_request, socket) => this.#answerUnread(tunnel, socket, visitors));
    // Node alone would answer 417 to an expectation that it does not know, and a press must never get that (rule 5).
    server.on("checkExpectation", (request, response) => server.emit("request", request, response));
    server.on("connection", (socket) => visitors?.addConnection(socket));
    server.prependListener("request", (request, response) => {
      if (this.#late.has(request.socket)) this.#forgetLate(request);
      this.#answering.add(response);
      response.once("close", () => this.#answering.delete(response));
    });
  }

  /**
   * Starts to listen; port 0 takes any free one. Rejects with a sentence that says what to do when the port can't be
   * had. `visitors` see whoever comes before `app` does; null: `app` asks nobody who calls.
   */
  static async open(
    app: RequestListener,
    at: { host: string; port: number },
    visitors: Visitors | null = null,
    times: Partial<typeof waits> = {},
  ): Promise<OpenDoors> {
    const server = createServer(
      {
        ...waits,
        ...times,
        maxHeaderSize: 16 * 1024,
        // A device that speaks HTTP by hand may leave it out, and no door asks for it.
        requireHostHeader: false,
      },
      (request, response) => {
        if (visitors === null || visitors.addRequest(request, response)) app(request, response);
      },
    );
    const doors = new OpenDoors(server, visitors);
    doors.#port = await bind(server, at);
    return doors;
  }

  get port(): number {
    return this.#port;
  }

  /** Lets running requests end, for at most `drainMs`. */
  close(): Promise<void> {
    this.#closing ??= this.#drain();
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** Closes a connection on which nothing was said for long, unless something lies there that was not read yet. */
  async #closeIdle(socket: Socket): Promise<void> {
    if (!(await hasUnread(socket))) socket.destroy();
  }

  /**
   * A request that seems late may have come in time, while this process stood still; then it is read after all, once
   * and within the same time.
   */
  async #handleUnread(error: Error, socket: Duplex, visitors: Visitors | null): Promise<void> {
    const code = "code" in error && typeof error.code === "string" ? error.code : "unknown";
    const isLate = code === "ERR_HTTP_REQUEST_TIMEOUT";
    if (!isLate || !(socket instanceof Socket) || this.#late.has(socket) || !(await hasUnread(socket))) {
      return this.#answerUnread(code, socket, visitors);
    }
    // Node counts for this request no more, and whoever sends a byte now and then would never end.
    const end = () => this.#answerUnread(code, socket, visitors);
    this.#late.set(socket, setTimeout(end, this.#server.requestTimeout));
    socket.once("close", () => this.#onTime(socket));
    for (const { req } of this.#answering) if (req.socket === socket && !req.complete) this.#forgetLate(req);
  }

  /** A late request is whole in the end; from then on its connection is one like others. */
  #forgetLate(request: IncomingMessage): void {
    request.once("end", () => this.#onTime(request.socket));
  }

  #onTime(socket: Socket): void {
    clearTimeout(this.#late.get(socket));
    this.#late.delete(socket);
  }

  /**
   * Answers a request that could not be read, and closes its connection, as Node does when nobody listens. A connection
   * on which nothing was said has no request on it.
   */
  #answerUnread(code: string, socket: Duplex, visitors: Visitors | null): void {
    if (socket instanceof Socket && socket.bytesRead > 0)
      visitors?.refusals.noteUnread(code, socket.remoteAddress ?? "");
    const isAnswered = [...this.#answering].some((response) => response.socket === socket && response.headersSent);
    const status = statuses[code] ?? 400;
    if (socket.writable && !isAnswered) {
      socket.write(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\n\r\n`);
    }
    socket.destroy();
  }

  /**
   * Closes the server. From now on each answer is the last of its connection, because one that is kept alive would be
   * waited for until its time-out.
   */
  async #drain(): Promise<void> {
    const force = setTimeout(() => this.#server.closeAllConnections(), drainMs);
    const endAfter = (response: ServerResponse) => {
      response.shouldKeepAlive = false;
    };
    this.#server.prependListener("request", (_request, response) => endAfter(response));
    this.#answering.forEach(endAfter);
    await promisify(this.#server.close.bind(this.#server))();
    clearTimeout(force);
  }
}

/**
 * Whether something came that was not read when timers went off: they go first after a stand-still, and what strangers
 * send waits for its turn.
 */
async function hasUnread(socket: Socket): Promise<boolean> {
  const before = socket.bytesRead;
  await setImmediate();
  return socket.bytesRead > before || socket.readableLength > 0;
}

function bind(server: Server, { host, port }: { host: string; port: number }): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      const why = explanations[error.code ?? ""] ?? "the system refuses it";
      reject(new Error(`Can't listen on ${host} port ${port}: ${why}.`, { cause: error }));
    });
    server.listen({ host, port, backlog }, () => {
      const address = server.address();
      resolve(typeof address === "object" && address ? address.port : port);
    });
  });
}
