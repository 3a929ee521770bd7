/** One column of a Table. With `text` the cell is that text; without it the table's `cell` snippet draws it. */
export interface Column<Row> {
  key: string;
  label: string;
  text?: (row: Row) => string;
  align?: 'start' | 'end';
  /** A width class, such as `w-40`. */
  width?: string;
}
