/** What a spreadsheet would take for a formula; names come from discs of strangers. */
const FORMULA = /^[=+\-@\t\r]/;

type Cell = string | number | null;

/**
 * A table as RFC 4180 has it, marked as UTF-8, without which spreadsheets read names in the code page of their country. A
 * text that a spreadsheet would compute gets an apostrophe before it.
 */
export function csvOf(rows: readonly (readonly Cell[])[]): Blob {
  const lines = rows.map((row) => `${row.map(written).join(',')}\r\n`);
  return new Blob(['\u{feff}', ...lines], { type: 'text/csv' });
}

function written(cell: Cell): string {
  if (cell === null) return '';
  if (typeof cell === 'number') return String(cell);
  const text = FORMULA.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
