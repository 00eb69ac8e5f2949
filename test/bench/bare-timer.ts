/**
 * The least that pages when a moment comes: a timer in memory and one POST over keep-alive. Nothing is decided, kept or
 * signed.
 */
import { Agent, createServer, request } from "node:http";
import type { AddressInfo } from "node:net";

const [desk = "", afterMs = ""] = process.argv.slice(2);
const agent = new Agent({ keepAlive: true });
let last = 0;

function page(raisedAt: number): void {
  last += 1;
  const body = JSON.stringify({ page: String(last), incident: { raisedAt }, filling: "x".repeat(300) });
  const headers = {
    "content-type": "application/json",
    "content-length": Buffer.byteLength(body),
    "webhook-id": String(last),
  };
  request(desk, { method: "POST", agent, headers }, (response) => response.resume()).end(body);
}

const server = createServer((incoming, response) => {
  const raisedAt = Date.now();
  incoming.resume().on("end", () => {
    setTimeout(page, Number(afterMs), raisedAt);
    response.writeHead(202, { "content-type": "application/json", "content-length": 2 }).end("{}");
  });
});
server.listen({ port: 0, host: "127.0.0.1", backlog: 4096 }, () => {
  const { port } = server.address() as AddressInfo;
  process.stdout.write(`${JSON.stringify({ event: "listening", port })}\n`);
});
