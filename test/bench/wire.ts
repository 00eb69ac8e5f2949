import { once } from "node:events";
import { connect } from "node:net";

/**
 * One connection that is kept alive, one request at a time. Node's own client costs more than what is measured here.
 */
export interface Wire extends Disposable {
  /** Sends these bytes and answers with the status and the body; rejects when the connection breaks. */
  send(request: Buffer): Promise<{ readonly status: number; readonly body: string }>;
}

export async function openWire(port: number): Promise<Wire> {
  const socket = connect({ port, host: "127.0.0.1", noDelay: true });
  let waiting: PromiseWithResolvers<{ status: number; body: string }> | null = null;
  let text = "";
  socket.setEncoding("latin1").on("data", (chunk: string) => {
    text += chunk;
    const end = text.indexOf("\r\n\r\n");
    if (end < 0) return;
    const length = Number(/content-length: *(\d+)/i.exec(text)?.[1] ?? 0);
    if (text.length < end + 4 + length) return;
    const answer = { status: Number(text.slice(9, 12)), body: text.slice(end + 4) };
    text = "";
    const { resolve } = waiting ?? {};
    waiting = null;
    resolve?.(answer);
  });
  const broken = (error?: Error) => {
    waiting?.reject(error ?? new Error("the connection was closed"));
    waiting = null;
  };
  await once(socket, "connect");
  socket.on("error", broken).on("close", () => broken());
  return {
    send(request) {
      waiting = Promise.withResolvers();
      socket.write(request);
      return waiting.promise;
    },
    [Symbol.dispose]: () => socket.destroy(),
  };
}
