import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** Programs that write disc images, as Debian has them. */
export type ImageProgram = 'xorriso' | 'genisoimage' | 'mkudffs';

/** Whether the program is on this machine. */
export function hasProgram(program: string): boolean {
  try {
    execFileSync('which', [program], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

const WRITERS = {
  /** ISO 9660 with Joliet and Rock Ridge. */
  joliet: ['xorriso', '-as', 'mkisofs', '-quiet', '-J', '-joliet-long', '-R'],
  /** ISO 9660 alone: names in 8.3. */
  plain: ['xorriso', '-as', 'mkisofs', '-quiet', '-iso-level', '1'],
  /** ISO 9660, Joliet and UDF 1.02 over the same files. */
  bridge: ['genisoimage', '-quiet', '-J', '-R', '-udf', '-allow-limited-size'],
} as const;
export type ImageKind = keyof typeof WRITERS;

/** The program that writes images of this kind. */
export function writerOf(kind: ImageKind): string {
  return WRITERS[kind][0];
}

/** An image of a folder, written by a program of others. */
export function discImageOf(directory: string, kind: ImageKind): Buffer {
  const [program, ...options] = WRITERS[kind];
  // Without a locale these programs take names that are not ASCII for broken ones.
  const env = { ...process.env, LC_ALL: 'C.UTF-8' };
  return inFolder((file) =>
    execFileSync(program, [...options, '-o', file, directory], { stdio: 'pipe', env }),
  );
}

/** The bridge without its ISO half, as discs come that were written as UDF only. */
export function udfImageOf(directory: string): Buffer {
  const image = discImageOf(directory, 'bridge');
  for (let at = 16 * 2048; image.toString('latin1', at + 1, at + 6) === 'CD001'; at += 2048)
    image.fill(0, at, at + 2048);
  return image;
}

/** A formatted and empty medium, such as `cdr` or `cdrw`, as far as it is written. */
export function emptyUdf(medium: string, revision: string): Buffer {
  const image = inFolder((file) => {
    execFileSync('truncate', ['-s', '8M', file]);
    const options = [`--media-type=${medium}`, `--udfrev=${revision}`, '-b', '2048'];
    execFileSync('mkudffs', [...options, file], { stdio: 'pipe' });
  });
  let end = image.length;
  while (end > 0 && image.subarray(end - 2048, end).every((byte) => byte === 0)) end -= 2048;
  return image.subarray(0, end);
}

function inFolder(write: (file: string) => void): Buffer {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'filmpost-image-'));
  try {
    const file = path.join(folder, 'disc.iso');
    write(file);
    return readFileSync(file);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
