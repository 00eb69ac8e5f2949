import type { LastSeen } from "../../domain/device/last-seen.ts";

/** Reads when each button was last seen, by the kind of its message. */
export interface DeviceReader {
  /** All that is known of buttons, and with button "" of the sources themselves. */
  listLastSeen(): Promise<readonly LastSeen[]>;
}

/** Reads and changes when buttons were last seen. */
export interface DeviceTx extends DeviceReader {
  /** Saves these as the last of their kind and button. */
  saveLastSeen(lastSeen: readonly LastSeen[]): Promise<void>;
  /**
   * Forgets what was last seen of a source before that moment, of buttons for which `isKept` is false; resolves with
   * their number.
   */
  forgetLastSeen(source: string, before: number, isKept: (button: string) => boolean): Promise<number>;
}
