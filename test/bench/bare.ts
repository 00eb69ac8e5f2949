/**
 * The least that can be called durable: appends the alarm to a file with one fdatasync for all that wait, answers 202
 * and posts a fixed card over keep-alive. No incident, no deadline, no answer to a click; what we cost is measured
 * beside it.
 */
import { open } from "node:fs/promises";
import { Agent, createServer, request, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

const [path = "", serviceUrl = ""] = process.argv.slice(2);
const file = await open(path, "a");
const agent = new Agent({ keepAlive: true, maxSockets: 64 });
const filling = "x".repeat(3_300);
const waiting: { body: Buffer; response: ServerResponse }[] = [];
let isWriting = false;

function post(body: Buffer): void {
  const { place } = JSON.parse(body.toString());
  const content = { type: "AdaptiveCard", version: "1.5", body: [{ type: "TextBlock", text: place }], filling };
  const card = JSON.stringify({
    type: "message",
    attachments: [{ contentType: "application/vnd.microsoft.card.adaptive", content }],
  });
  const headers = { "content-type": "application/json", "content-length": Buffer.byteLength(card) };
  const url = `${serviceUrl}/v3/conversations/19%3Abench%40thread.tacv2/activities`;
  request(url, { method: "POST", agent, headers }, (response) => response.resume()).end(card);
}

async function write(): Promise<void> {
  isWriting = true;
  while (waiting.length > 0) {
    const group = waiting.splice(0);
    await file.appendFile(Buffer.concat(group.map(({ body }) => Buffer.concat([body, Buffer.from("\n")]))));
    await file.datasync();
    for (const { body, response } of group) {
      response.writeHead(202, { "content-type": "application/json", "content-length": 2 }).end("{}");
      post(body);
    }
  }
  isWriting = false;
}

const server = createServer((incoming, response) => {
  const chunks: Buffer[] = [];
  incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
  incoming.on("end", () => {
    waiting.push({ body: Buffer.concat(chunks), response });
    if (!isWriting) void write();
  });
});
server.listen({ port: 0, host: "127.0.0.1", backlog: 4096 }, () => {
  const { port } = server.address() as AddressInfo;
  process.stdout.write(`${JSON.stringify({ event: "listening", port })}\n`);
});
