import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import type { Behaviour } from "../contracts/pager-contract.ts";
import { createAnswering } from "../golden/recorder.ts";
import { toRecordedRequest } from "../golden/wire.ts";

/** A request as it came in whole. */
export interface HttpCall {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

/** What the vendor itself answers to a call when it does what it always does. */
export interface HttpReply {
  readonly status: number;
  readonly body: unknown;
}

export interface HttpProvider extends AsyncDisposable {
  readonly url: string;
  /** Every call in order, also those answered badly. */
  readonly calls: readonly HttpCall[];
  behave(behaviour: Behaviour): void;
  /** Resolves with the next call that comes in whole. */
  received(): Promise<HttpCall>;
}

/** A vendor's HTTP interface on loopback; `reply` is what the vendor's documentation says. */
export async function startHttpProvider(name: string, reply: (call: HttpCall) => HttpReply): Promise<HttpProvider> {
  const takeTurn = createAnswering(name);
  const calls: HttpCall[] = [];
  let behaviour: Behaviour = { kind: "ok" };
  let waiting: ((call: HttpCall) => void)[] = [];
  const server = createServer(async (request, response) => {
    const { method = "", url: path = "", headers } = request;
    const call = { method, path, headers, body: await text(request) };
    await takeTurn(toRecordedRequest(request, call.body));
    calls.push(call);
    answer(behaviour, reply(call), request, response);
    const resolvers = waiting;
    waiting = [];
    for (const resolve of resolvers) resolve(call);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === "object" && address ? address.port : 0}`,
    calls,
    behave: (next) => {
      behaviour = next;
    },
    received: () => new Promise((resolve) => waiting.push(resolve)),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function answer(behaviour: Behaviour, reply: HttpReply, request: IncomingMessage, response: ServerResponse): void {
  switch (behaviour.kind) {
    case "ok":
      response.writeHead(reply.status, { "content-type": "application/json" }).end(JSON.stringify(reply.body));
      return;
    case "status":
      response.writeHead(behaviour.status, behaviour.headers).end(behaviour.body ?? "");
      return;
    case "reset-after-body":
      request.socket.resetAndDestroy();
      return;
    case "garbage":
      request.socket.end("this is not HTTP\r\n\r\n");
      return;
    case "answer":
      throw new Error("this vendor keeps to HTTP: use a status");
    case "hang":
  }
}
