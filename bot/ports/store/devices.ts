import type { Sign } from "../../domain/device/sign.ts";

/** When each button was last heard, and saying what. */
export interface DeviceReader {
  /** All that is known of one button, or with button "" of the source itself. */
  loadSigns(source: string, button: string): Promise<readonly Sign[]>;
  listSigns(): Promise<readonly Sign[]>;
}

/** Changes of them. */
export interface DeviceTx extends DeviceReader {
  /** Keeps the last sign of each kind of a button. */
  saveSigns(signs: readonly Sign[]): Promise<void>;
  /** Forgets signs of a source from before that moment, of buttons of which `isKept` says no; answers how many. */
  forgetSigns(source: string, before: number, isKept: (button: string) => boolean): Promise<number>;
}
