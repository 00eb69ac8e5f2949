import type Database from "better-sqlite3";

/** Sets up a connection that writes; the file keeps a write-ahead log already. */
export function prepareToWrite(writer: Database.Database): void {
  // FULL is NORMAL and a sync of the log after each commit (sqlite.org/pragma.html#pragma_synchronous). We do that sync
  // ourselves, once for all that shared the commit, and know of one that failed.
  writer.pragma("synchronous = NORMAL");
  writer.pragma("foreign_keys = ON");
  // A savepoint keeps the old pages it may have to put back; in memory that costs nothing, on disk a file.
  writer.pragma("temp_store = MEMORY");
  writer.pragma("cache_size = -16000");
  writer.pragma("wal_autocheckpoint = 0");
  writer.pragma("journal_size_limit = 67108864");
}
