/** Rows of one INSERT. PostgreSQL takes 65,535 parameters a statement, and a pack may hold more files than that. */
const ROWS_AT_ONCE = 5_000;

/** Rows in as many pieces as they have to be inserted in. */
export function* atOnce<Row>(rows: readonly Row[]): Generator<Row[]> {
  for (let from = 0; from < rows.length; from += ROWS_AT_ONCE) yield rows.slice(from, from + ROWS_AT_ONCE);
}
