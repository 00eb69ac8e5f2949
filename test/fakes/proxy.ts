import { request as call, createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** A reverse proxy in front of the bot, as nginx is with `proxy_add_x_forwarded_for`. */
export interface Proxy extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
}

/** The header by which a test says from which address a client of the proxy comes, since all come from this machine. */
export const comesFrom = "x-test-comes-from";

/** Passes on what comes to `port`, piece by piece, and adds the client's address to what it says of it itself. */
export async function startProxy(port: number): Promise<Proxy> {
  const server = createServer((request, response) => {
    const { [comesFrom]: client = "192.0.2.1", "x-forwarded-for": said, ...headers } = request.headers;
    const hops = said === undefined ? String(client) : `${said}, ${client}`;
    const onward = call({
      ...{ host: "127.0.0.1", port, method: request.method, path: request.url, agent: false },
      headers: { ...headers, "x-forwarded-for": hops },
    });
    onward.on("response", (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response).on("error", () => undefined);
    });
    onward.on("error", () => (response.headersSent ? response.destroy() : response.writeHead(502).end()));
    request.on("error", () => onward.destroy());
    response.on("close", () => onward.destroy());
    request.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen({ port: 0, host: "127.0.0.1", backlog: 4096 }, resolve));
  const own = (server.address() as AddressInfo).port;
  return {
    url: `http://127.0.0.1:${own}`,
    port: own,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
