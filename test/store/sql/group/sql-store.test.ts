import { expect, it } from "vitest";
import { builderOn } from "../../../../bot/store/postgres/prepare-tables.ts";
import { Sequences } from "../../../../bot/store/sql/group/rows/sequences.ts";
import type { SqlDatabase } from "../../../../bot/store/sql/group/sql-database.ts";
import { SqlStore } from "../../../../bot/store/sql/group/sql-store.ts";
import type { Tables } from "../../../../bot/store/sql/tables.ts";

it("closes its database once nobody looks after that any more", async () => {
  const files = Promise.withResolvers<void>();
  const events: string[] = [];
  const nothing = async () => {};
  const session = { begin: nothing, commit: nothing, sync: nothing, rollback: nothing, isRefusal: () => false };
  const savepoints = { savepoint: nothing, release: nothing, undoSavepoint: nothing };
  const database: SqlDatabase = {
    db: builderOn<Tables>(null),
    writer: { ...session, ...savepoints, prepare: () => async () => ({ rows: [], changed: 0 }) },
    sequences: new Sequences({ load: async () => [], keep: nothing }),
    ...{ isFar: false, faults: [], hindrance: null, noteGroup() {}, readClock: async () => null },
    read: () => Promise.reject(new Error("nobody reads")),
    look: () => files.promise,
    tend: async () => void events.push("tended"),
    lastCopyAt: async () => null,
    [Symbol.asyncDispose]: async () => void events.push("closed"),
  };
  const log = { info: () => {}, warn: () => {}, error: () => {} };
  const store = new SqlStore(() => database, { log, onLost: () => {} });
  const looking = store.inspect();
  const closing = store[Symbol.asyncDispose]();
  await new Promise((resolve) => setImmediate(resolve));
  expect(events).toEqual([]);
  files.resolve();
  await Promise.all([looking, closing]);
  expect(events).toEqual(["tended", "closed"]);
});
