import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";

/** The simple query by which a transaction is committed, as it goes over the wire. */
const commit = Buffer.from("commit\0");

/** Stands between the bot and PostgreSQL, and does what networks do. */
export class PostgresProxy implements AsyncDisposable {
  /** Of the database, through here. */
  readonly url: string;
  readonly #door: Server;
  readonly #sockets = new Set<Socket>();
  #isRefusing = false;
  #isHanging = false;
  #commitsToCut = 0;
  /** How many commits were cut off from their answer. */
  cut = 0;

  private constructor(door: Server, url: string) {
    this.#door = door;
    this.url = url;
  }

  static async start(target: string): Promise<PostgresProxy> {
    const door = createServer({ noDelay: true }).listen(0, "127.0.0.1");
    await once(door, "listening");
    const address = door.address();
    if (typeof address !== "object" || address === null) throw new Error("no port is free");
    const [host = "", port = ""] = new URL(target).host.split(":");
    const proxy = new PostgresProxy(door, target.replace(`${host}:${port}`, `127.0.0.1:${address.port}`));
    door.on("connection", (socket) => proxy.#join(socket, connect({ host, port: Number(port), noDelay: true })));
    return proxy;
  }

  /** Cuts all connections, and hangs up on who connects anew, until it is disposed of. */
  refuse(): Disposable {
    this.#isRefusing = true;
    this.#cutAll();
    return {
      [Symbol.dispose]: () => {
        this.#isRefusing = false;
      },
    };
  }

  /** Lets nothing through any more, and says nothing either, until it is disposed of; then all connections are cut. */
  hang(): Disposable {
    this.#isHanging = true;
    for (const socket of this.#sockets) socket.pause();
    return {
      [Symbol.dispose]: () => {
        this.#isHanging = false;
        this.#cutAll();
      },
    };
  }

  /** The next so many commits are done, and whoever asked for them never hears it. */
  cutNextCommits(count: number): void {
    this.#commitsToCut += count;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#door.close();
    this.#cutAll();
    await once(this.#door, "close");
  }

  #join(client: Socket, server: Socket): void {
    let isCommitting = false;
    for (const [from, to] of [
      [client, server],
      [server, client],
    ] as const) {
      this.#sockets.add(from);
      from.on("error", () => {});
      from.on("close", () => {
        this.#sockets.delete(from);
        to.destroy();
      });
      if (this.#isHanging) from.pause();
    }
    if (this.#isRefusing) client.destroy();
    client.on("data", (bytes) => {
      if (this.#commitsToCut > 0 && bytes.includes(commit)) {
        this.#commitsToCut -= 1;
        isCommitting = true;
      }
      server.write(bytes);
    });
    server.on("data", (bytes) => {
      if (!isCommitting) return client.write(bytes);
      this.cut += 1;
      client.destroy();
      return true;
    });
  }

  #cutAll(): void {
    for (const socket of this.#sockets) socket.destroy();
  }
}
