import { closeSync, mkdirSync, openSync, rmdirSync, statSync, truncateSync, writeSync } from "node:fs";
import Database from "better-sqlite3";

/** Changes a database as a disk does that loses parts of what it holds; nobody may have the file open. */
export function changeDatabase(path: string, statement: string): void {
  using raw = new DisposableStack();
  raw.adopt(new Database(path), (each) => each.close()).exec(statement);
}

/** Half of the text of an incident, as when its last page was not written. */
export function cutIncident(path: string, id: string): void {
  changeDatabase(path, `update incidents set body = substr(body, 1, 200) where id = '${id}'`);
}

/** The pages of a table or an index, from the first of its tree on. */
export function pagesOf(path: string, name: string): readonly number[] {
  using raw = new DisposableStack();
  const database = raw.adopt(new Database(path, { readonly: true }), (each) => each.close());
  return database.prepare<[string], number>("select pageno from dbstat where name = ?").pluck().all(name);
}

export function countPages(path: string): number {
  return statSync(path).size / pageSize;
}

const pageSize = 4_096;

/** Zeros over one page, as a disk leaves it that lost a sector. `page`: from 1. */
export function zeroPage(path: string, page: number): void {
  const file = openSync(path, "r+");
  writeSync(file, Buffer.alloc(pageSize), 0, pageSize, (page - 1) * pageSize);
  closeSync(file);
}

/** A folder where the lock should be, so that nobody can hold it: as on a disk that can only be read. */
export function blockLock(database: string): Disposable {
  mkdirSync(`${database}.lock`);
  return { [Symbol.dispose]: () => rmdirSync(`${database}.lock`) };
}

/** Leaves so many bytes of a file, as a copy that did not come whole. */
export function cutFile(path: string, bytes: number): void {
  truncateSync(path, bytes);
}

/** One wrong byte. `at`: from 0. */
export function changeByte(path: string, at: number, byte: number): void {
  const file = openSync(path, "r+");
  writeSync(file, Buffer.of(byte), 0, 1, at);
  closeSync(file);
}
