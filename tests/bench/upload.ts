import { buildEverything } from '../../scripts/building.ts';
import { Steps } from '../../scripts/steps.ts';
import { uploadThroughBrowser } from './upload-browser.ts';
import { uploadForLong } from './upload-long.ts';
import { uploadByNode } from './upload-node.ts';

interface Options {
  count?: number;
  rounds?: number;
  /** `node`, `browser` or `long`; the first two without it. */
  part?: string;
}

/** Sending a CT in packs: by a Node client, through Chromium, and for long. */
export async function upload({ count: asked, rounds = 3, part }: Options): Promise<void> {
  const count = asked ?? 2000;
  if (!part || part === 'node') await uploadByNode({ count, rounds });
  if (part === 'node') return;
  await buildEverything({ steps: new Steps() });
  if (!part || part === 'browser') await uploadThroughBrowser({ count, rounds });
  if (part === 'long') await uploadForLong({ count: asked ?? 20_000 });
}
