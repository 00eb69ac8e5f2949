/** The subject of a setting, with what its name stands for. Subjects are stored, so renaming one needs a migration. */
export type SettingSubject =
  /**
   * What a pager has to know after a restart. The name is the pager's, which holds no space, a space, and the name that
   * the pager chose.
   */
  | "pager-memory"
  /** When a human last answered through a pager, by its name; only that proves the route. */
  | "route-proven"
  /** When a pager was first seen in the configuration, by its name. */
  | "route-known"
  /** On which day a channel last got its line about troubles, by its name. */
  | "troubles-reported"
  /**
   * Until when the alarms of a channel went to a conversation, in epoch milliseconds. The name is the channel's, which
   * holds no space, a space, and the conversation's id.
   */
  | "linked-until"
  /** When the bot introduced itself in a conversation, by its id. */
  | "greeted"
  /** The newest moment at which the bot was seen to run while something waited for a moment, in epoch milliseconds. */
  | "clock"
  /** What is known of a channel in which nothing can be posted, by its name; "" for one that is well. */
  | "channel-health"
  /** Since when somebody of the configuration can't be messaged in Teams, by their id; "" once they can. */
  | "not-ready"
  /** Where the message stands that shows in a channel that the bot works, by the channel's name. */
  | "sign-of-life"
  /** On which day a channel was last shown that the bot works, by its name. */
  | "sign-of-life-shown"
  /** What was last told of troubles through a pager, by its name. */
  | "troubles-told"
  /** The newest test of whether people hear that they are rung; an older one is forgotten. */
  | "ring-test"
  /** What a copy says of itself, under "database"; see `Copied`. */
  | "copied"
  /** Which copy the log has told of that it was put back, under "database": when it was made, in epoch milliseconds. */
  | "copied-told"
  /** Where a database of PostgreSQL stood at the last start, under "database"; elsewhere it was put back. */
  | "home"
  /** By what the configuration of the last start or reload is known again; see `KnownConfiguration`. */
  | "configuration"
  /** How far the job has come that writes stored bodies anew, by their table: the last number; "" once it is done. */
  | "backfill"
  /** Keys that nobody else may know. */
  | "secret"
  /** The value with which the storage is probed. */
  | "probe";

/**
 * Reads small values by subject and name that must survive a restart; nothing that a colleague entered about
 * themselves is among them.
 */
export interface SettingReader {
  loadSetting(subject: SettingSubject, name: string): Promise<string | null>;
}

/** Reads and changes settings. */
export interface SettingTx extends SettingReader {
  saveSetting(subject: SettingSubject, name: string, value: string): Promise<void>;
}
