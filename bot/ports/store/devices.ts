import type { LastSeen } from "../../domain/device/last-seen.ts";

/** When each button was last heard, and saying what. */
export interface DeviceReader {
  /** All that is known of one button, or with button "" of the source itself. */
  loadLastSeen(source: string, button: string): Promise<readonly LastSeen[]>;
  listLastSeen(): Promise<readonly LastSeen[]>;
}

/** Changes of them. */
export interface DeviceTx extends DeviceReader {
  /** Keeps the last sign of each kind of a button. */
  saveLastSeen(lastSeen: readonly LastSeen[]): Promise<void>;
  /** Forgets signs of a source from before that moment, of buttons of which `isKept` says no; answers how many. */
  forgetLastSeen(source: string, before: number, isKept: (button: string) => boolean): Promise<number>;
}
