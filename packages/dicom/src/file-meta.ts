/** The file meta information, group 0002 (PS3.10 section 7.1). */

import { Attributes } from './attributes.ts';
import type { FileStart } from './file-start.ts';
import { more } from './reading.ts';
import type { HeadResult, Reading } from './reading.ts';
import { Scanner } from './scanner.ts';
import { Source } from './source.ts';
import { Tag } from './tags.ts';

const LAST_META_TAG = 0x0002ffff;

/** The file meta information, as far as it matters here, and where it ends. */
export interface Meta {
  end: number;
  transferSyntaxUid: string;
  sopClassUid: string;
  found: boolean;
}

/** Reads group 0002 by its tags alone: its group length is wrong too often. */
export function readMeta(reading: Reading, start: FileStart): Meta | HeadResult {
  const { bytes, fileSize: size, options: limits, warnings } = reading;
  const source = new Source(bytes, true);
  const input = {
    source,
    size,
    start: start.offset,
    explicit: true,
    limits,
    lastTag: LAST_META_TAG,
    warnings,
  };
  const scanner = new Scanner(input).run();
  if (scanner.stop === 'more') return more(reading, scanner.needed);
  const meta = new Attributes(source, scanner.dataSet);
  const found = scanner.dataSet.elements.length > 0;
  if (!found) warnings.add('no-file-meta');
  const transferSyntaxUid = meta.text(Tag.transferSyntaxUid);
  if (found && transferSyntaxUid === '') warnings.add('transfer-syntax-missing');
  const sopClassUid = meta.text(Tag.mediaStorageSopClassUid);
  return { end: scanner.position, transferSyntaxUid, sopClassUid, found };
}
