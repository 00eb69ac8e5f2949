import { once } from "node:events";
import { readFileSync } from "node:fs";
import { connect, createServer, type Server, type Socket } from "node:net";
import { TLSSocket } from "node:tls";

/** By which it says to the bot who it is, which the bot has to be told not to look at. */
const [cert, key] = ["certificate", "key"].map((name) => readFileSync(`test/fixtures/mail-server/${name}.pem`));

/** The simple query by which a transaction is committed, as it goes over the wire. */
const commit = Buffer.from("commit\0");
/** A transaction that writes begins with that; those that only read have nothing to lose. */
const writing = Buffer.from("update owner");

/** Stands between the bot and PostgreSQL, and does what networks do. */
export class PostgresProxy implements AsyncDisposable {
  /** Of the database, through here. */
  readonly url: string;
  readonly #door: Server;
  readonly #sockets = new Set<Socket>();
  /** Those of them that lead to the bot. */
  readonly #clients = new Set<Socket>();
  #isRefusing = false;
  #isHanging = false;
  #commitsToCut = 0;
  #commitsToDrop = 0;
  #isRefusingOnceCut = false;
  /** What is told instead of the next answer; null: that. */
  #instead: Buffer | null = null;
  /** How many commits were cut off from their answer, or never came to the server. */
  cut = 0;

  private constructor(door: Server, url: string) {
    this.#door = door;
    this.url = url;
  }

  get isHanging(): boolean {
    return this.#isHanging;
  }

  /** `isEncrypted`: on the way between the bot and here. */
  static async start(target: string, isEncrypted = false): Promise<PostgresProxy> {
    const door = createServer({ noDelay: true }).listen(0, "127.0.0.1");
    await once(door, "listening");
    const address = door.address();
    if (typeof address !== "object" || address === null) throw new Error("no port is free");
    const [host = "", port = ""] = new URL(target).host.split(":");
    const url = target.replace(`${host}:${port}`, `127.0.0.1:${address.port}`);
    const proxy = new PostgresProxy(door, isEncrypted ? `${url}?sslmode=require` : url);
    door.on("connection", (socket) => {
      socket.on("error", () => {});
      const join = (client: Socket) => proxy.#join(client, connect({ host, port: Number(port), noDelay: true }));
      if (isEncrypted) socket.once("data", () => join(encrypt(socket)));
      else join(socket);
    });
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

  /** The next so many commits that write are done, and whoever asked for them never hears it. */
  cutNextCommits(count: number): void {
    this.#commitsToCut += count;
  }

  /** The same of the next one, and who connects from then on is hung up on, until it is disposed of. */
  refuseAfterCommit(): Disposable {
    this.#commitsToCut += 1;
    this.#isRefusingOnceCut = true;
    return {
      [Symbol.dispose]: () => {
        this.#isRefusing = false;
      },
    };
  }

  /** The next so many commits that write are cut off before the server has them. */
  dropNextCommits(count: number): void {
    this.#commitsToDrop += count;
  }

  /** Whoever gets the next answer gets these bytes instead. */
  garble(bytes: readonly number[]): void {
    this.#instead = Buffer.from(bytes);
  }

  /** Whoever is connected gets these bytes, asked or not. */
  tell(bytes: readonly number[]): void {
    for (const client of this.#clients) client.write(Buffer.from(bytes));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#door.close();
    this.#cutAll();
    await once(this.#door, "close");
  }

  #join(client: Socket, server: Socket): void {
    let isWriting = false;
    let isCommitting = false;
    this.#clients.add(client);
    client.on("close", () => this.#clients.delete(client));
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
      isWriting ||= bytes.includes(writing);
      const isCommit = isWriting && bytes.includes(commit);
      if (isCommit && this.#commitsToDrop > 0) {
        this.#commitsToDrop -= 1;
        this.cut += 1;
        client.destroy();
        return;
      }
      if (isCommit && this.#commitsToCut > 0) {
        this.#commitsToCut -= 1;
        isCommitting = true;
      }
      server.write(bytes);
    });
    server.on("data", (answer) => {
      const bytes = this.#instead ?? answer;
      this.#instead = null;
      if (!isCommitting) return client.write(bytes);
      this.cut += 1;
      this.#isRefusing = this.#isRefusingOnceCut;
      client.destroy();
      return true;
    });
  }

  #cutAll(): void {
    for (const socket of this.#sockets) socket.destroy();
  }
}

/** Says yes to who asked for TLS (postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-SSL). */
function encrypt(socket: Socket): Socket {
  const encrypted = new TLSSocket(socket, { isServer: true, cert, key });
  socket.write("S");
  return encrypted;
}
