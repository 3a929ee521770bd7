import { watch } from 'node:fs';
import path from 'node:path';
import { repository } from './places.ts';

/** Editors write a file in several steps; milliseconds of quiet that make one change of them. */
const QUIET = 150;

/** Calls `changed` once per burst of changes to TypeScript sources below one of the folders (of the repository). */
export function watchSources(folders: string[], changed: () => void): void {
  let timer: NodeJS.Timeout | undefined;
  for (const folder of folders) {
    watch(path.join(repository, folder), { recursive: true }, (_event, file) => {
      if (!file?.endsWith('.ts') || file.endsWith('.test.ts') || file.includes('node_modules')) return;
      clearTimeout(timer);
      timer = setTimeout(changed, QUIET);
    }).unref();
  }
}
