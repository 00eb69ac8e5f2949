import { late, type TimeLimit } from "../../kit/with-timeout.ts";
import type { Connection } from "./query.ts";

/** How long a database is waited for, in milliseconds. */
export interface Patience {
  /** Until a server has let us in. */
  readonly connectMs: number;
  /**
   * Until what was asked in one go is answered. A server ends a statement that takes longer by itself, and somewhat
   * earlier; where a disk hangs, only reads are given up.
   */
  readonly answerMs: number;
}

/** A press is waited for 5 s; what hangs for longer went out from memory. */
export const usualPatience: Patience = { connectMs: 3_000, answerMs: 10_000 };

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
