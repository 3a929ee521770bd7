const UNITS: Record<string, number> = { '': 1, KB: 1e3, MB: 1e6, GB: 1e9, TB: 1e12 };

/** `500 GB`, `1.5TB` or plain bytes; null when it is no size. */
export function parseBytes(typed: string): number | null {
  const [, number, unit = ''] = /^(\d+(?:\.\d+)?)\s*([KMGT]B)?$/.exec(typed.trim().toUpperCase()) ?? [];
  return number === undefined ? null : Math.round(Number(number) * (UNITS[unit] ?? 1));
}

/** `St. Antony Memorial` → `st-antony-memorial`: the facility's part of its Request Page address. */
export function slugOf(name: string): string {
  return name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 40)
    .replace(/-+$/, '');
}
