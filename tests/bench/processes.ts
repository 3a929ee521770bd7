import { readFileSync, readdirSync } from 'node:fs';

const TICKS_PER_SECOND = 100;

export interface Usage {
  cpuSeconds: number;
  /** Resident memory now, in MB. */
  memoryMb: number;
}

function statOf(pid: number): { parent: number; cpuSeconds: number } | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number);
    // utime, stime, cutime, cstime: ended children count with their parent.
    const ticks = [11, 12, 13, 14].reduce((sum, at) => sum + (fields[at] ?? 0), 0);
    return { parent: fields[1] ?? 0, cpuSeconds: ticks / TICKS_PER_SECOND };
  } catch {
    return null;
  }
}

function residentMb(pid: number): number {
  try {
    const line = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
    return Number(line?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}

/** Memory of a process in MB, with its part of what it shares with others: many share PostgreSQL's buffers. */
export function proportionalMb(pid: number): number {
  try {
    const line = /^Pss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'));
    return Number(line?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}

/** Everybody's children by their parent (Linux). */
function families(): Map<number | undefined, number[]> {
  const everybody = readdirSync('/proc')
    .map(Number)
    .filter((pid) => pid > 0);
  return Map.groupBy(everybody, (pid) => statOf(pid)?.parent);
}

/** A process and all that descend from it. */
export function treeOf(root: number, children = families()): number[] {
  const tree = [root];
  for (const pid of tree) tree.push(...(children.get(pid) ?? []));
  return tree;
}

/** Looking costs the very processors that are measured: some 2 ms a time. */
const LOOK_EVERY_MS = 500;

export function usageOf(pids: readonly number[]): Usage {
  return {
    cpuSeconds: pids.reduce((sum, pid) => sum + (statOf(pid)?.cpuSeconds ?? 0), 0),
    memoryMb: pids.reduce((sum, pid) => sum + residentMb(pid), 0),
  };
}

/** Measures processes from now until `stop`: their CPU, and the most memory each held. */
export function meter(roots: Record<string, number>) {
  const names = Object.keys(roots);
  const trees = () => {
    const children = families();
    return Object.fromEntries(names.map((name) => [name, treeOf(roots[name] ?? 0, children)]));
  };
  const before = Object.fromEntries(
    Object.entries(trees()).map(([name, pids]) => [name, usageOf(pids).cpuSeconds]),
  );
  const peak: Record<string, number> = {};
  const look = () => {
    for (const [name, pids] of Object.entries(trees())) {
      peak[name] = Math.max(peak[name] ?? 0, usageOf(pids).memoryMb);
    }
  };
  const timer = setInterval(look, LOOK_EVERY_MS);
  const started = performance.now();
  return {
    stop() {
      clearInterval(timer);
      look();
      const seconds = (performance.now() - started) / 1000;
      const cpu = Object.fromEntries(
        Object.entries(trees()).map(([name, pids]) => [name, usageOf(pids).cpuSeconds - (before[name] ?? 0)]),
      );
      return { seconds, cpu, peakMb: peak, cpuSeconds: Object.values(cpu).reduce((a, b) => a + b, 0) };
    },
  };
}
export type Measured = ReturnType<ReturnType<typeof meter>['stop']>;
