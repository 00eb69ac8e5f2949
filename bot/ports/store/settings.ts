/** Whose a setting is, and what its name is there. As stored: none is called otherwise without a migration. */
export type SettingSubject =
  /**
   * What a pager has to know after a restart, by the pager's name, which holds no space, a space, and the name it
   * chose.
   */
  | "pager-memory"
  /** When a human last answered through a pager, by its name: the only proof that the route works. */
  | "route-proven"
  /** When a pager was first seen in the configuration, by its name. */
  | "route-known"
  /** On which day a channel last got its line about troubles, by its name. */
  | "troubles-reported"
  /** When the bot introduced itself in a conversation, by its id. */
  | "greeted"
  /** Keys that nobody else may know. */
  | "secret"
  /** What the storage is tried with. */
  | "probe";

/** Small things by subject and name that must survive a restart; nothing that a colleague said of themselves. */
export interface SettingReader {
  loadSetting(subject: SettingSubject, name: string): Promise<string | null>;
}

/** Changes of them. */
export interface SettingTx extends SettingReader {
  saveSetting(subject: SettingSubject, name: string, value: string): Promise<void>;
}
