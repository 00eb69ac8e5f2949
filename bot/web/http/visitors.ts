import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { Member } from "../../kit/crowd.ts";
import type { Strangers } from "../../kit/strangers.ts";
import type { LogEvent } from "../../log-events/log-events.ts";
import type { Body, Caller, RefusalFacts } from "../../ports/caller.ts";
import { decodeBody, GrowingBody } from "./body.ts";
import { Connection } from "./connection.ts";
import { Line } from "./line.ts";
import type { Refusals } from "./refusals.ts";

/** What a stranger may send beyond what is read of it, so that whoever meant well gets to read the answer. */
const maxDroppedBytes = 4 * 1024 * 1024;

/**
 * A request holds its caller itself, and a socket its connection, because the keys of a weak map would live until a
 * full collection.
 */
const callerKey = Symbol("caller");
const connectionKey = Symbol("connection");

declare module "node:http" {
  interface IncomingMessage {
    [callerKey]?: Caller;
  }
}

declare module "node:net" {
  interface Socket {
    [connectionKey]?: Connection;
  }
}

/** Who sent that request, which came in by `Visitors`. */
export function callerOf(request: IncomingMessage): Caller {
  const caller = request[callerKey];
  if (caller === undefined) throw new Error("the request came in by another way");
  return caller;
}

/** Keeps an eye on all who call by HTTP for as long as they have proved nothing. */
export class Visitors {
  readonly strangers: Strangers;
  readonly refusals: Refusals;
  readonly #line: Line;

  constructor(strangers: Strangers, refusals: Refusals) {
    this.strangers = strangers;
    this.refusals = refusals;
    this.#line = new Line(strangers);
  }

  /** Adds a connection; it is closed when it has to make room for another before anybody proved themselves on it. */
  addConnection(socket: Socket): void {
    socket[connectionKey] = new Connection(socket, this.strangers, this.#line);
  }

  /**
   * Adds a request; from now on its body flows, whether or not a door wants it. False when no door may have it, because
   * the answer to one before it is the last of its connection.
   */
  addRequest(request: IncomingMessage, response: ServerResponse): boolean {
    const { socket, headers } = request;
    const forwarded = headers["x-forwarded-for"];
    const address = this.strangers.toCaller(
      socket.remoteAddress ?? "",
      Array.isArray(forwarded) ? forwarded.join(",") : forwarded,
    );
    const connection = socket[connectionKey];
    if (connection === undefined) throw new Error("the request came by a connection that nobody added");
    if (connection.isOver) return false;
    connection.addCall(request, response);
    request[callerKey] = new Visit(request, response, address, this, connection);
    return true;
  }
}

/** One request, and what it has of what strangers share. */
class Visit implements Caller {
  readonly address: string;
  readonly #request: IncomingMessage;
  readonly #response: ServerResponse;
  readonly #visitors: Visitors;
  readonly #connection: Connection;
  readonly #received = Promise.withResolvers<Body["end"]>();
  #body: GrowingBody | null = null;
  #held: Member | null = null;
  #isProven = false;
  #isCut = false;
  #chunks = 0;
  #droppedBytes = 0;

  constructor(
    request: IncomingMessage,
    response: ServerResponse,
    address: string,
    visitors: Visitors,
    connection: Connection,
  ) {
    this.address = address;
    this.#request = request;
    this.#response = response;
    this.#visitors = visitors;
    this.#connection = connection;
    request.on("data", (chunk: Buffer) => this.#take(chunk));
    request.on("end", () => this.#received.resolve("whole"));
    request.on("error", () => this.#received.resolve("broken-off"));
    request.on("close", () => this.#received.resolve("broken-off"));
    response.on("close", () => this.#held?.[Symbol.dispose]());
  }

  prove(): void {
    this.#isProven = true;
    this.#held?.[Symbol.dispose]();
    this.#connection.prove();
  }

  async receive(maxBytes: number, door: string): Promise<Body> {
    const body = new GrowingBody(maxBytes);
    this.#body = body;
    // Nobody who is proven is held: a drop would lose what they send.
    if (!this.#isProven) {
      this.#held = this.#visitors.strangers.hold(door, this.address, () => this.#request.destroy());
    }
    const end = await this.#received.promise;
    return decodeBody({ bytes: body.bytes, end }, this.#request.headers["content-encoding"], maxBytes);
  }

  countRefusal(): boolean {
    const isPatient = this.#visitors.strangers.countRefusal(this.address);
    // Whoever calls on without waiting for answers would keep the process busy with the rest of what they sent.
    if (!isPatient) {
      this.#connection.end();
      this.#response.shouldKeepAlive = false;
    }
    return isPatient;
  }

  noteRefusal(event: LogEvent<"warn">, facts: RefusalFacts, details?: RefusalFacts): void {
    this.#visitors.refusals.note(event, facts, this.address, details);
  }

  #take(chunk: Buffer): void {
    if (this.#isCut) return;
    this.#chunks += 1;
    const before = this.#body?.capacity ?? 0;
    const taken = this.#body?.add(chunk) ?? 0;
    this.#droppedBytes += chunk.length - taken;
    if (this.#body !== null && taken < chunk.length) this.#received.resolve("too-long");
    if (this.#isProven) return;
    this.#held?.grow((this.#body?.capacity ?? 0) - before);
    if (this.#chunks > this.#visitors.strangers.limits.chunks || this.#droppedBytes > maxDroppedBytes) this.#cutOff();
  }

  /** Takes no more of a stranger's body, and closes the connection once it is answered. */
  #cutOff(): void {
    this.#received.resolve("too-long");
    this.#isCut = true;
    const close = () => this.#request.socket.destroy();
    if (this.#response.writableFinished) close();
    else this.#response.once("finish", close);
  }
}
