import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { Member } from "../../kit/crowd.ts";
import type { Strangers } from "../../kit/strangers.ts";
import type { Line, Waiting } from "./line.ts";

/** What is read of a stranger at a time, in bytes; the shortest call takes 18 of them, a piece of a body 6. */
const sliceBytes = 1024;
/** What is read at a time of a proven sender's body whose length nobody said. */
const bodySliceBytes = 16 * 1024;
/** Calls that wait for their answers; while there are so many no more is read, whoever sends them. */
const maxUnanswered = 32;

/**
 * A connection to the HTTP server, which takes what is read here. By itself it would read 64 KiB at a time, which are
 * thousands of calls or pieces of a body, and everybody would wait for them. The head of a call is read at once,
 * because it may prove its sender; then all of its body is. What strangers send behind it waits in the line, and so do
 * calls that nobody waited with for the answers before them.
 */
export class Connection implements Waiting {
  readonly address: string;
  readonly #socket: Socket;
  readonly #strangers: Strangers;
  readonly #line: Line;
  /** Among the connections of strangers, until a call is proven. */
  readonly #member: Member;
  /** Among those of whom bytes wait. */
  readonly #waiting: Member;
  #waitingBytes = 0;
  #unanswered = 0;
  #isOver = false;
  /** Whether the next bytes begin a call, as far as is known. */
  #isAtHead = true;
  /** The call that came last, and whether its sender is proven. */
  #call: IncomingMessage | null = null;
  #isProven = false;
  #isInLine = false;
  #isReading = false;
  /** Whether the server takes nothing now, because its answers are not taken. */
  #isHeld = false;

  constructor(socket: Socket, strangers: Strangers, line: Line) {
    this.address = socket.remoteAddress ?? "";
    this.#socket = socket;
    this.#strangers = strangers;
    this.#line = line;
    const close = () => socket.destroy();
    this.#member = strangers.connect("http", this.address, close);
    this.#waiting = strangers.wait("http", this.address, close);
    socket.once("close", () => {
      this.#member[Symbol.dispose]();
      this.#waiting[Symbol.dispose]();
    });
    this.#followServer();
    // From now on the server gets no more than what is read here.
    socket.on("readable", () => this.#read()).on("resume", () => this.#read());
  }

  /** Whether it ends with the answer that is under way. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** A call has begun. */
  addCall(request: IncomingMessage, response: ServerResponse): void {
    this.#member.hear();
    this.#isAtHead = false;
    this.#call = request;
    this.#isProven = false;
    this.#unanswered += 1;
    response.once("close", () => {
      this.#unanswered -= 1;
      if (this.#unanswered === 0 && request.complete) {
        this.#isAtHead = true;
        this.#isProven = false;
        this.#call = null;
      }
      // Not read at once: whoever sends calls without end would have one lead to the next, and nobody else a turn.
      this.#leaveRest();
    });
  }

  /** The sender of the call that came last is proven. */
  prove(): void {
    this.#isProven = true;
    this.#member[Symbol.dispose]();
    this.#read();
  }

  /** Nothing is read any more. */
  end(): void {
    this.#isOver = true;
  }

  takeTurn(): void {
    this.#isInLine = false;
    this.#read(true);
  }

  /**
   * Notes when the server pauses and resumes its connection: it fails when it gets something meanwhile. Nothing else
   * tells, because a stream that is read by hand `isPaused` always, and says no "pause".
   */
  #followServer(): void {
    const socket = this.#socket;
    const { pause, resume } = socket;
    socket.pause = () => {
      this.#isHeld = true;
      return pause.call(socket);
    };
    socket.resume = () => {
      this.#isHeld = false;
      return resume.call(socket);
    };
  }

  /** Reads what may be read at once, and one slice more when it has its turn. */
  #read(hasTurn = false): void {
    if (this.#isReading) return;
    this.#isReading = true;
    if (hasTurn && this.#canRead()) this.#readSlice();
    while (this.#canRead() && this.#isUrgent()) this.#readSlice();
    this.#isReading = false;
    this.#leaveRest();
  }

  /** Lets what can't be read yet wait. */
  #leaveRest(): void {
    if (this.#isReading) return;
    const { readableLength } = this.#socket;
    // The end of the stream is told to whoever reads on.
    if (readableLength === 0) this.#socket.read(0);
    this.#countWaiting(this.#isInProvenBody() ? 0 : readableLength);
    if (!this.#canRead() || this.#isInLine) return;
    this.#isInLine = true;
    this.#line.join(this);
  }

  /** So many bytes wait, in the line or, of who takes no answers, for that: they take the same memory. */
  #countWaiting(bytes: number): void {
    const more = bytes - this.#waitingBytes;
    this.#waitingBytes = bytes;
    this.#waiting.grow(more);
  }

  #readSlice(): void {
    const length = this.#socket.readableLength;
    if (this.#isInProvenBody()) {
      this.#socket.read(Math.min(toBodyBytes(this.#call) ?? bodySliceBytes, length));
      return;
    }
    const begunAt = performance.now();
    this.#socket.read(Math.min(sliceBytes, length));
    if (!this.#isProven) this.#strangers.countWork(this.address, performance.now() - begunAt);
  }

  #canRead(): boolean {
    const { destroyed, readableLength } = this.#socket;
    if (destroyed || readableLength === 0 || this.#isHeld) return false;
    return this.#isInProvenBody() || (!this.#isOver && this.#unanswered < maxUnanswered);
  }

  /** Whether what comes next is read at once: it is of a proven sender's body, or the head of a call. */
  #isUrgent(): boolean {
    return this.#isInProvenBody() || (this.#isAtHead && !this.#isInLine);
  }

  #isInProvenBody(): boolean {
    return this.#isProven && this.#call?.complete === false;
  }
}

/** How long the body of a call is, as its head says; null when that says nothing. */
function toBodyBytes(call: IncomingMessage | null): number | null {
  const length = Number(call?.headers["content-length"]);
  return length > 0 ? length : null;
}
