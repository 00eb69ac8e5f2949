/** Small things by name that must survive a restart. */
export interface SettingReader {
  loadSetting(name: string): Promise<string | null>;
}

/** Changes of them. */
export interface SettingTx extends SettingReader {
  saveSetting(name: string, value: string): Promise<void>;
}
