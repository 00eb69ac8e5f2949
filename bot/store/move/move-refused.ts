/**
 * Why a database was not moved. `no-database`: the file holds none of ours; `other-version`: another version of the
 * program was the last to bring it up to date; `not-empty`: the server's has rows already; `differs`: what arrived is
 * not what was sent.
 */
export type MoveReason = "no-database" | "other-version" | "not-empty" | "differs";

/** Nothing was moved, and both databases are as they were. */
export class MoveRefused extends Error {
  override readonly name = "MoveRefused";
  readonly reason: MoveReason;

  constructor(reason: MoveReason) {
    super(`the database was not moved: ${reason}`);
    this.reason = reason;
  }
}
