/** What an event in the log tells whoever keeps the bot running. */
export interface EventText {
  readonly means: string;
  /** What to do about it; left out: nothing. */
  readonly todo?: string;
}
