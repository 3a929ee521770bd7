/** A result for people: a list as aligned columns, a single thing as one line a field. */
export function asText(result: unknown): string {
  if (Array.isArray(result)) return result.length === 0 ? 'Nothing yet.\n' : columns(result.map(flat));
  const fields = Object.entries(flat(result));
  const width = Math.max(0, ...fields.map(([name]) => name.length));
  return fields.map(([name, value]) => `${name.padEnd(width)}  ${value}\n`).join('');
}

function flat(row: unknown): Record<string, string> {
  if (row === null || typeof row !== 'object') return { value: String(row) };
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, cell(value)]));
}

function cell(value: unknown): string {
  if (value === null || value === undefined || value === '') return '-';
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value.join(' ') || '-';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function columns(rows: Record<string, string>[]): string {
  const names = Object.keys(rows[0] ?? {});
  const widths = names.map((name) => Math.max(name.length, ...rows.map((row) => row[name]?.length ?? 0)));
  const line = (cells: string[]) =>
    `${cells
      .map((text, i) => text.padEnd(widths[i] ?? 0))
      .join('  ')
      .trimEnd()}\n`;
  return [line(names), ...rows.map((row) => line(names.map((name) => row[name] ?? '')))].join('');
}
