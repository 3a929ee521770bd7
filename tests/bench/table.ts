export function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

interface Row {
  what: string;
  filesPerSecond: number;
  mbPerSecond: number;
  cpuPerThousand: number;
  peak: string;
}

/** Medians of the rounds and, since machines are noisy, ratios to the floor of the same run. */
export function table(rows: readonly Row[], floor: string): void {
  const of = (what: string, key: 'filesPerSecond' | 'mbPerSecond' | 'cpuPerThousand') =>
    median(rows.filter((row) => row.what === what).map((row) => row[key]));
  for (const what of new Set(rows.map((row) => row.what))) {
    const line = [
      what.padEnd(38),
      `${of(what, 'filesPerSecond').toFixed(0).padStart(6)} files/s`,
      `${of(what, 'mbPerSecond').toFixed(0).padStart(5)} MB/s`,
      `${of(what, 'cpuPerThousand').toFixed(2).padStart(6)} CPU s per 1,000`,
      `rate ×${(of(what, 'filesPerSecond') / of(floor, 'filesPerSecond')).toFixed(2)} of floor`,
      `CPU ×${(of(what, 'cpuPerThousand') / of(floor, 'cpuPerThousand')).toFixed(2)}`,
      rows.findLast((row) => row.what === what)?.peak ?? '',
    ];
    console.log(line.join('  '));
  }
}
