/** A row of a table, or why one cannot be read. */
export type TableRow =
  | {
      /** The first row after the header is 1. */
      readonly row: number;
      /** Last line of the row in the file; the first line is 1. */
      readonly line: number;
      readonly cells: ReadonlyMap<string, string>;
    }
  | { readonly row: number; readonly line: number; readonly fault: string };
