/** The least that can say that it lives: it has no disk, and nothing else to do. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

const server = createServer((_incoming, response) => response.end("{}"));
server.listen({ port: 0, host: "127.0.0.1" }, () => {
  const { port } = server.address() as AddressInfo;
  process.stdout.write(`${JSON.stringify({ event: "listening", port })}\n`);
});
