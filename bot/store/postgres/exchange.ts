import { once } from "node:events";
import type { Connection, Submittable } from "pg";
import type { Result } from "../sql/connection.ts";
import { PostgresFault, toBreach } from "./fault.ts";

/** A statement; `$1` and so on are its values. */
export interface Asked {
  readonly text: string;
  readonly values?: readonly unknown[];
}

/** What a statement did, and what the server calls that. Whoever asked knows what its rows are. */
export interface Done extends Result<never> {
  readonly command: string;
}

/** What came of what was asked for in one go: what was done, in that order, and how the next of it failed. */
export interface Answered {
  readonly done: readonly Done[];
  /** null: none failed. */
  readonly error: unknown;
}

/** What is sent to a server in one go, and its answers, which the driver hands on. */
export class Exchange implements Submittable {
  readonly #send: (connection: Connection) => void;
  /** How many statements are answered at least. */
  readonly #count: number;
  /** What is to be copied still; null: nothing is. */
  #copied: Iterable<string> | null;
  readonly #answered = Promise.withResolvers<Answered>();
  readonly #done: Done[] = [];
  #columns: readonly Column[] = [];
  #rows: Record<string, unknown>[] = [];
  #error: unknown = null;
  /** Ends what is copied; null: nothing is. */
  #copying: AbortController | null = null;

  /**
   * Statements, each with its values. The server does them without waiting for us, and once one has failed it does none
   * of those behind it. Nothing that is made for them outlives them.
   */
  static ofStatements(statements: readonly Asked[]): Exchange {
    const send = (connection: Connection) => {
      // One write, because each is a call of the system.
      connection.stream.cork();
      for (const { text, values = [] } of statements) {
        connection.parse({ name: "", text, types: [] }, true);
        connection.bind({ values: values.map(toText) }, true);
        connection.describe({ type: "P" }, true);
        connection.execute(null, true);
      }
      connection.sync();
      connection.stream.uncork();
    };
    return new Exchange(send, statements.length);
  }

  /** Statements without values, as one text; `copied` is what a `copy … from stdin` among them is sent. */
  static ofScript(text: string, copied: Iterable<string> | null = null): Exchange {
    return new Exchange((connection) => connection.query(text), 1, copied);
  }

  private constructor(send: (connection: Connection) => void, count: number, copied: Iterable<string> | null = null) {
    this.#send = send;
    this.#count = count;
    this.#copied = copied;
  }

  /** Never rejects. */
  get answered(): Promise<Answered> {
    return this.#answered.promise;
  }

  submit(connection: Connection): void {
    this.#send(connection);
  }

  handleRowDescription({ fields }: { readonly fields: readonly Field[] }): void {
    this.#columns = fields.map(({ name, dataTypeID }) => ({ name, parse: parsers.get(dataTypeID) }));
  }

  handleDataRow({ fields }: { readonly fields: readonly (string | null)[] }): void {
    if (fields.length !== this.#columns.length) throw toBreach();
    const row: Record<string, unknown> = {};
    try {
      for (const [index, { name, parse }] of this.#columns.entries()) {
        const text = fields[index] ?? null;
        row[name] = text === null || parse === undefined ? text : parse(text);
      }
    } catch (error) {
      this.#error ??= error;
    }
    this.#rows.push(row);
  }

  handleCommandComplete({ text }: { readonly text: string }): void {
    const [, command = text, count] = /^(.*?)[ \d]*?(?: (\d+))?$/.exec(text) ?? [];
    // What stands behind an answer that can't be read is not told either.
    if (this.#error === null) {
      this.#done.push({ rows: this.#rows as never[], changed: Number(count ?? 0), command });
    }
    this.#columns = [];
    this.#rows = [];
  }

  handleEmptyQuery(): void {}

  handlePortalSuspended(): void {}

  handleReadyForQuery(): void {
    if (this.#done.length < this.#count) this.#error ??= toBreach();
    this.#answered.resolve({ done: this.#done, error: this.#error });
  }

  /** Of the server, or of the way to it. */
  handleError(error: unknown): void {
    this.#error ??= error;
    this.#copying?.abort();
    this.#answered.resolve({ done: this.#done, error: this.#error });
  }

  handleCopyData(): void {
    throw toBreach();
  }

  handleCopyInResponse(connection: Connection): void {
    const copied = this.#copied;
    this.#copied = null;
    if (copied === null) throw toBreach();
    void this.#copy(copied, connection as CopyingConnection);
  }

  /** Never rejects. */
  async #copy(copied: Iterable<string>, copying: CopyingConnection): Promise<void> {
    this.#copying = new AbortController();
    const { signal } = this.#copying;
    try {
      for (const chunk of copied) {
        // A stream that broke takes no more, and is never drained.
        if (this.#error !== null || !copying.stream.writable) return;
        copying.sendCopyFromChunk(Buffer.from(chunk));
        if (copying.stream.writableNeedDrain) await once(copying.stream, "drain", { signal });
      }
      copying.endCopyFrom();
    } catch (error) {
      this.#error ??= error;
      copying.sendCopyFail("it could not be read");
    }
  }
}

/** What the driver's types leave out. */
interface CopyingConnection extends Connection {
  sendCopyFromChunk(chunk: Buffer): void;
  endCopyFrom(): void;
  sendCopyFail(why: string): void;
}

interface Field {
  readonly name: string;
  readonly dataTypeID: number;
}

interface Column {
  readonly name: string;
  /** Left out: it stays a text. */
  readonly parse: ((text: string) => unknown) | undefined;
}

/** By the numbers of their types (pg_type.dat): boolean, int8, int2, int4, oid, float4 and float8. */
const parsers: ReadonlyMap<number, (text: string) => unknown> = new Map<number, (text: string) => unknown>([
  [16, (text) => text === "t"],
  [20, toSafeNumber],
  ...[21, 23, 26, 700, 701].map((type) => [type, Number] as const),
]);

/** A number that JavaScript can't hold exactly would come back as another one. */
function toSafeNumber(text: string): number {
  const number = Number(text);
  if (!Number.isSafeInteger(number)) throw new PostgresFault("22003", "a number is too large to be read", false);
  return number;
}

function toText(value: unknown): string | null {
  return value === null || value === undefined ? null : String(value);
}
