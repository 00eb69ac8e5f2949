import { createServer, type RequestListener, type Server, type ServerResponse } from "node:http";
import { promisify } from "node:util";

/** Doors that are open on `port`. Closing lets running requests end, for at most `drainMs`. */
export interface OpenDoors extends AsyncDisposable {
  readonly port: number;
  close(): Promise<void>;
}

/** Above Node's 511: a thousand buttons may press at the same moment, each on its own connection. */
const backlog = 4096;
const drainMs = 5000;

const explanations: Readonly<Record<string, string>> = {
  EADDRINUSE: "another program listens there already. Stop it, or choose another listen.port",
  EACCES: "this user may not listen there. Choose a listen.port above 1023",
  EADDRNOTAVAIL: "this machine does not have that address. Change listen.host",
  ENOTFOUND: "no such host is known. Change listen.host",
};

/** Opens the doors; port 0 takes any free one. Rejects with a sentence that says what to do when the port can't be had. */
export async function listen(app: RequestListener, at: { host: string; port: number }): Promise<OpenDoors> {
  const server = createServer(
    {
      // A sender that drips its request must not hold a socket for long; an alarm is small and arrives at once.
      headersTimeout: 5000,
      requestTimeout: 15_000,
      connectionsCheckingInterval: 2000,
      // Longer than proxies keep a connection, so that it is never we who close it under a request.
      keepAliveTimeout: 75_000,
      maxHeaderSize: 16 * 1024,
    },
    app,
  );
  const answering = new Set<ServerResponse>();
  server.prependListener("request", (_request, response) => {
    answering.add(response);
    response.once("close", () => answering.delete(response));
  });
  const port = await bind(server, at);
  const close = once(() => drain(server, answering));
  return { port, close, [Symbol.asyncDispose]: close };
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

/** A connection that is kept alive would be waited for until its time-out, so from now on each answer is its last. */
async function drain(server: Server, answering: ReadonlySet<ServerResponse>): Promise<void> {
  const force = setTimeout(() => server.closeAllConnections(), drainMs);
  const endAfter = (response: ServerResponse) => {
    response.shouldKeepAlive = false;
  };
  server.prependListener("request", (_request, response) => endAfter(response));
  answering.forEach(endAfter);
  await promisify(server.close.bind(server))();
  clearTimeout(force);
}

function once<T>(work: () => T): () => T {
  let result: { readonly value: T } | null = null;
  return () => {
    result ??= { value: work() };
    return result.value;
  };
}
