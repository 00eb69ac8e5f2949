import { late, type TimeLimit } from "../../kit/with-timeout.ts";

/** What a statement answered: its rows, and how many rows it changed or found. */
export interface Result<Row> {
  readonly rows: readonly Row[];
  readonly changed: number;
}

/** One connection to a database. */
export interface Connection {
  /** Makes a statement that runs again and again. */
  prepare<Row>(text: string): Statement<Row>;
}

/**
 * Runs a statement with those values, in the order of its parameters. Rejects where it does not change, or find, as
 * many rows as it must; left out: any number is right.
 */
export type Statement<Row> = (values: readonly unknown[], mustBe?: number) => Promise<Result<Row>>;

/** Nothing more is done in a transaction in which something failed. */
export class FailedBefore extends Error {
  constructor() {
    super("something in the transaction failed");
  }
}

/** Throws where a statement did not change, or find, as many rows as it must: something is not as it was thought. */
export function requireCount(mustBe: number | undefined, { changed }: Result<unknown>): void {
  if (mustBe !== undefined && changed !== mustBe) throw new Error(`${changed} rows changed or found, not ${mustBe}`);
}

/** How long a database is waited for, in milliseconds. */
export interface Timeouts {
  /** Until a server has let us in. */
  readonly connectMs: number;
  /**
   * Until what was asked in one go is answered. A server ends a statement that takes longer by itself, and somewhat
   * earlier; where a disk hangs, only reads are given up.
   */
  readonly answerMs: number;
}

/** A press is waited for 5 s; what hangs for longer went out from memory. */
export const usualTimeouts: Timeouts = { connectMs: 3_000, answerMs: 10_000 };

/** A connection whose statements are given up where they take too long. */
export function inTime(on: Connection, limit: TimeLimit): Connection {
  return {
    prepare<Row>(text: string) {
      const statement = on.prepare<Row>(text);
      return async (values: readonly unknown[], mustBe?: number) => {
        const result = await limit.wait(() => statement(values, mustBe));
        if (result === late) throw Object.assign(new Error("the disk did not answer in time"), { code: "ETIMEDOUT" });
        return result;
      };
    },
  };
}
