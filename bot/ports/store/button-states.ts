import type { ButtonState } from "../../domain/device/button-state.ts";

/** What sources last said of states that last until they end. */
export interface ButtonStateTx {
  loadButtonState(source: string, name: string): Promise<ButtonState | null>;
  saveButtonState(state: ButtonState): Promise<void>;
  /** Forgets states last heard of before that moment; resolves with their number. */
  forgetButtonStates(before: number): Promise<number>;
}
