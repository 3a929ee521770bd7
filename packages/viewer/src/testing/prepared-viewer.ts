import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { prepareViewer } from '../prepare.ts';

/** One prepared folder for all tests of this machine; it is made again when the recipe changes. */
export async function preparedViewer(): Promise<string> {
  const outputDirectory = join(tmpdir(), 'filmpost-viewer-for-tests', 'viewer');
  await prepareViewer({ outputDirectory });
  return outputDirectory;
}
