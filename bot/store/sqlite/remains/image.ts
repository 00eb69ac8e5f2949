import { closeSync, fstatSync, openSync, readFileSync, readSync } from "node:fs";
import { isEmpty, requireFile, toRealPath } from "../database-path.ts";

/** Where the header of a database has what (sqlite.org/fileformat.html#the_database_header). */
const header = { length: 100, pageSize: 16, writeVersion: 18, changes: 24, pages: 28, changesWithPages: 92 } as const;
/** The same of a write-ahead log, and of each of its frames (sqlite.org/fileformat.html#the_write_ahead_log). */
const log = { length: 32, pageSize: 8, salts: 16, sums: 24, magic: 0x377f0682 } as const;
const frame = { length: 24, page: 0, pagesAtCommit: 4, salts: 8, sums: 16, summed: 8 } as const;

/**
 * Takes a database as it is into memory, without the companions that a disk may not let us make
 * (sqlite.org/wal.html#readonly). What its write-ahead log holds is put in; where the database itself is gone or cut
 * short, the pages that are in neither are empty. Throws when it can't be read, or is none.
 */
export function readImage(path: string): Buffer {
  requireFile(path);
  const real = toRealPath(path);
  return mendHeader(putIn(isEmpty(real) ? Buffer.alloc(0) : readFileSync(real), readLog(`${real}-wal`)));
}

/** Whether a file's header says that it has fewer pages than there are, so that SQLite would not see the rest. */
export function isCountedShort(path: string): boolean {
  const file = openSync(path, "r");
  try {
    const head = Buffer.alloc(header.length);
    const pageSize = readSync(file, head) < header.length ? null : toPageSize(head);
    if (pageSize === null || head.readUInt32BE(header.changes) !== head.readUInt32BE(header.changesWithPages))
      return false;
    const pages = head.readUInt32BE(header.pages);
    return pages > 0 && pages < Math.floor(fstatSync(file).size / pageSize);
  } finally {
    closeSync(file);
  }
}

/** An empty one where none can be read: the database alone is better than nothing. */
function readLog(path: string): Buffer {
  try {
    requireFile(path);
    return readFileSync(path);
  } catch {
    return Buffer.alloc(0);
  }
}

/** Puts into the database what was committed in its log, as SQLite does at its first look. */
function putIn(file: Buffer, bytes: Buffer): Buffer {
  const pageSize = bytes.length < log.length ? 0 : bytes.readUInt32BE(log.pageSize);
  const ownSize = toPageSize(file);
  if (!isPageSize(pageSize) || (ownSize !== null && ownSize !== pageSize)) return file;
  const { pages, count } = findCommitted(bytes, pageSize);
  const image = Buffer.alloc(Math.max(count * pageSize, file.length));
  file.copy(image);
  for (const [page, at] of pages) bytes.copy(image, (page - 1) * pageSize, at, at + pageSize);
  return image;
}

/** Where the newest committed state of each page stands in the log, and how many pages the database has by then. */
function findCommitted(bytes: Buffer, pageSize: number) {
  const pages = new Map<number, number>();
  const uncommitted = new Map<number, number>();
  const sums = new Checksum(bytes.readUInt32BE(0) === log.magic);
  sums.add(bytes, 0, log.sums);
  let count = 0;
  if ((bytes.readUInt32BE(0) | 1) !== (log.magic | 1) || !sums.isAt(bytes, log.sums)) return { pages, count };
  for (let at: number = log.length; at + frame.length + pageSize <= bytes.length; at += frame.length + pageSize) {
    // What is left of an earlier round of the log has other salts.
    if (bytes.compare(bytes, log.salts, log.sums, at + frame.salts, at + frame.sums) !== 0) break;
    sums.add(bytes, at, frame.summed);
    sums.add(bytes, at + frame.length, pageSize);
    if (!sums.isAt(bytes, at + frame.sums)) break;
    uncommitted.set(bytes.readUInt32BE(at + frame.page), at + frame.length);
    const pagesAtCommit = bytes.readUInt32BE(at + frame.pagesAtCommit);
    if (pagesAtCommit === 0) continue;
    for (const [page, of] of uncommitted) pages.set(page, of);
    uncommitted.clear();
    count = pagesAtCommit;
  }
  for (const page of pages.keys()) if (page < 1 || page > count) pages.delete(page);
  return { pages, count };
}

/** The running sum over the log (sqlite.org/fileformat.html#checksum_algorithm). */
class Checksum {
  readonly #read: "readUInt32LE" | "readUInt32BE";
  #first = 0;
  #second = 0;

  constructor(isLittleEndian: boolean) {
    this.#read = isLittleEndian ? "readUInt32LE" : "readUInt32BE";
  }

  add(bytes: Buffer, from: number, length: number): void {
    for (let at = from; at < from + length; at += 8) {
      this.#first = (this.#first + bytes[this.#read](at) + this.#second) >>> 0;
      this.#second = (this.#second + bytes[this.#read](at + 4) + this.#first) >>> 0;
    }
  }

  isAt(bytes: Buffer, at: number): boolean {
    return bytes.readUInt32BE(at) === this.#first && bytes.readUInt32BE(at + 4) === this.#second;
  }
}

/** Has the header say that there is no write-ahead log, and as many pages as there are. */
function mendHeader(file: Buffer): Buffer {
  const pageSize = toPageSize(file);
  if (pageSize === null) throw new Error("that is no database");
  const pages = Math.floor(file.length / pageSize);
  file.fill(1, header.writeVersion, header.writeVersion + 2);
  file.writeUInt32BE(pages, header.pages);
  // Only where these two agree does the number of pages count.
  file.copyWithin(header.changesWithPages, header.changes, header.changes + 4);
  return file.subarray(0, pages * pageSize);
}

/** Null where no header is. */
function toPageSize(file: Buffer): number | null {
  if (file.length < header.length) return null;
  const written = file.readUInt16BE(header.pageSize);
  const pageSize = written === 1 ? 65_536 : written;
  return isPageSize(pageSize) ? pageSize : null;
}

function isPageSize(size: number): boolean {
  return size >= 512 && size <= 65_536 && Number.isInteger(Math.log2(size));
}
