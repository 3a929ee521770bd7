import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Disc } from './disc.ts';

export interface DiscFolder extends AsyncDisposable {
  directory: string;
}

/** A disc as a folder on this machine, as a browser is given one to choose; gone when disposed of. */
export async function discFolder({ files }: Pick<Disc, 'files'>): Promise<DiscFolder> {
  const directory = await mkdtemp(path.join(os.tmpdir(), 'filmpost-disc-'));
  for (const file of files) {
    const place = path.join(directory, ...file.pathOnDisk.split('/'));
    await mkdir(path.dirname(place), { recursive: true });
    await writeFile(place, file.bytes);
  }
  return {
    directory,
    [Symbol.asyncDispose]: () => rm(directory, { recursive: true, force: true }),
  };
}
