import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { BlobFolder } from '@filmpost/exchange/blobs.ts';

export interface SmallDisk {
  /** Takes this many bytes away from everybody else; none gives them back. */
  occupy(bytes: number): void;
  unmount(): void;
}

/** Why no disk can be made here; null when one can. */
export function whyNoDisk(): string | null {
  if (process.platform !== 'linux') return 'a small disk is a tmpfs, which only Linux has';
  const folder = mkdtempSync(path.join(os.tmpdir(), 'filmpost-disk-'));
  const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', folder]);
  if (status === 0) execFileSync('umount', [folder]);
  rmdirSync(folder);
  return status === 0 ? null : 'only root may mount a small disk';
}

/** Puts the (still empty) folder of blobs on a disk of its own, in memory. */
export function aSmallDisk(directory: string, bytes: number): SmallDisk {
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${bytes}`, 'tmpfs', directory]);
  // Its sub-folders are there again, now on the new disk.
  new BlobFolder(directory);
  const ballast = path.join(directory, 'ballast');
  return {
    occupy(size) {
      rmSync(ballast, { force: true });
      if (size > 0) writeFileSync(ballast, Buffer.alloc(size, 1));
    },
    unmount: () => void execFileSync('umount', ['--lazy', directory]),
  };
}
