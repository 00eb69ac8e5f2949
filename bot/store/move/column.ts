/** A column of a table, as both databases have it. */
export interface Column {
  readonly name: string;
  /** Whether it holds numbers that need not be whole. */
  readonly isReal: boolean;
}

/** A table, with its columns in the order in which their values stand in a row. */
export interface Table {
  readonly name: string;
  readonly columns: readonly Column[];
}
