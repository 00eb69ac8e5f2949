import Database from "better-sqlite3";

/**
 * Loaded before the bot: more waits in the write-ahead log than may, and the disk takes none of it into the database,
 * as where a sync of that file fails; from SIGUSR2 on all is well.
 */
let isBroken = true;
process.on("SIGUSR2", () => {
  isBroken = false;
});

const { prepare } = Database.prototype;
Database.prototype.prepare = function prepareToFail(this: Database.Database, text: string) {
  const statement = prepare.call(this, text);
  if (!text.startsWith("pragma wal_checkpoint")) return statement;
  const { get } = statement;
  statement.get = () => {
    if (!isBroken) return Reflect.apply(get, statement, []);
    if (text.includes("NOOP")) return { busy: 0, log: 30_001, checkpointed: 0 };
    throw new Database.SqliteError("disk I/O error", "SQLITE_IOERR_FSYNC");
  };
  return statement;
} as typeof prepare;
