import Database from "better-sqlite3";
import { Kysely, SqliteDialect } from "kysely";
import { describe, expect, it } from "vitest";
import { openLog } from "../../../bot/logging/open-log.ts";
import type { Connection } from "../../../bot/store/sql/connection.ts";
import type { Savepoints } from "../../../bot/store/sql/group/work.ts";
import type { Tables } from "../../../bot/store/sql/tables.ts";
import { transactionOn } from "../../../bot/store/sql/transaction.ts";
import { openStore } from "../../../bot/store/store.ts";
import { newDatabase } from "../new-database.ts";

/**
 * What is walked through as a whole: the list of lanes, as long as there are lanes; and, when somebody asks how things
 * stand, when buttons were last seen, what waits to go out, and which routes to people are proven.
 */
const whole = ["SCAN lanes", "SCAN buttons", "SCAN outbox USING COVERING INDEX", "SCAN proven_routes"];

describe("query plans", () => {
  it("find every row by an index: no statement walks through a table, however many incidents are open", async () => {
    const path = newDatabase();
    await using _store = await openStore({ url: `sqlite:${path}`, log: openLog("silent") });
    using database = new DisposableStack();
    const raw = database.adopt(new Database(path), (each) => each.close());
    const texts: string[] = [];
    transactionOn(new Kysely<Tables>({ dialect: new SqliteDialect({ database: raw }) }), noting(texts));
    expect(texts.length).toBeGreaterThan(30);
    for (const text of texts) {
      for (const step of explain(raw, text)) {
        if (!whole.some((allowed) => step.startsWith(allowed))) expect(step, text).not.toMatch(/^SCAN/);
      }
    }
    const deadlines = texts.filter((text) => text.includes('"next_at" <='));
    expect(deadlines.flatMap((text) => explain(raw, text))).toEqual([
      "SEARCH incidents USING INDEX incidents_next (next_at<?)",
      "SEARCH visits USING INDEX visits_next (next_at<?)",
    ]);
  });
});

/** A connection that runs nothing, and notes what it would have to run. */
function noting(texts: string[]): Connection & Savepoints {
  const nothing = async () => {};
  return {
    ...{ savepoint: nothing, release: nothing, undoSavepoint: nothing },
    prepare(text) {
      texts.push(text);
      return async () => ({ rows: [], changed: 0 });
    },
  };
}

function explain(database: Database.Database, text: string): string[] {
  const values = Array.from(text.matchAll(/\?/g), () => null);
  const steps = database.prepare<unknown[], { detail: string }>(`explain query plan ${text}`).all(...values);
  return steps.map(({ detail }) => detail);
}
