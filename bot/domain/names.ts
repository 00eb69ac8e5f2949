/**
 * What people call a source or a pager: its label, or its key in the configuration where it has none. What is stored,
 * logged, counted or typed is the key.
 */
export interface Names {
  source(key: string): string;
  pager(key: string): string;
  /** The places of that source's buttons, each once, and first those where a button hangs. */
  places(source: string): readonly string[];
}
