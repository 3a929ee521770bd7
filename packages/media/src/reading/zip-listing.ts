import { type ByteSource, holds, paged, viewOf } from './byte-source.ts';
import { type ContainedFile, LIMITS } from './contained-file.ts';
import { pointsOutside } from './outward-names.ts';
import { type EntryRefusal, UnreadableContainer } from './refusals.ts';
import { type ZipEntryRecord, directoryEntries } from './zip-directory.ts';
import { findZipEnd, type ZipEnd } from './zip-end.ts';

const LOCAL_BYTES = 30;
const LOCAL = 'PK\x03\x04';
const STORED = 0;
const DEFLATED = 8;
/** More than 200,000 entries with long names take. */
const MOST_DIRECTORY_BYTES = 128 * 1024 * 1024;

/**
 * The files of a ZIP (APPNOTE.TXT 6.3.10), of which only the table of contents and the small headers before each file
 * are read. What can be seen to be a bomb, locked, or beyond the archive's end is refused file by file.
 *
 * @throws UnreadableContainer
 */
export async function listZip(source: ByteSource): Promise<ContainedFile[]> {
  const small = paged(source);
  const end = await findZipEnd(small);
  if (end.entries > LIMITS.files) throw new UnreadableContainer('archive-too-many');
  const records = await directoryOf(source, end);
  if (records.reduce((sum, { size }) => sum + size, 0) > LIMITS.total)
    throw new UnreadableContainer('archive-too-large');
  const files: ContainedFile[] = [];
  const taken: Taken[] = [];
  // In the order in which they lie, so that headers close together are read together.
  for (const record of records.toSorted((a, b) => a.offset - b.offset)) {
    if (record.folder) continue;
    const place = await placeOf(record, small, end);
    if (place) taken.push(place);
    files.push(contained(record, place));
  }
  refuseOverlaps(taken);
  return files;
}

async function directoryOf(source: ByteSource, end: ZipEnd): Promise<ZipEntryRecord[]> {
  if (end.offset + end.size > source.size || end.size > MOST_DIRECTORY_BYTES)
    throw new UnreadableContainer('zip-broken');
  const records = [...directoryEntries(await source.read(end.offset, end.size))];
  if (records.length > LIMITS.files) throw new UnreadableContainer('archive-too-many');
  // The old field counts to 65,535 and begins anew.
  if ((records.length - end.entries) % 0x10000 !== 0) throw new UnreadableContainer('zip-broken');
  return records;
}

/** What an entry occupies: from its local header to the end of its data. */
interface Taken {
  from: number;
  data: number;
  to: number;
}

/** Null when its local header is not where, or what, the directory says. */
async function placeOf(record: ZipEntryRecord, source: ByteSource, end: ZipEnd): Promise<Taken | null> {
  const from = record.offset + end.shift;
  if (from + LOCAL_BYTES > end.offset) return null;
  const header = await source.read(from, LOCAL_BYTES);
  if (header.length < LOCAL_BYTES || !holds(header, 0, LOCAL)) return null;
  const view = viewOf(header);
  if (view.getUint16(8, true) !== record.method) return null;
  const data = from + LOCAL_BYTES + view.getUint16(26, true) + view.getUint16(28, true);
  const to = data + record.packedSize;
  return to <= end.offset ? { from, data, to } : null;
}

function contained(record: ZipEntryRecord, place: Taken | null): ContainedFile {
  const { path, size, packedSize } = record;
  return {
    path,
    size,
    extents: place && packedSize > 0 ? [{ offset: place.data, length: packedSize }] : [],
    deflated: record.method === DEFLATED,
    crc32: record.crc32,
    refusal: refusalOf(record, place),
  };
}

function refusalOf(record: ZipEntryRecord, place: Taken | null): EntryRefusal | null {
  const { method, size, packedSize } = record;
  if (record.encrypted) return 'archive-encrypted';
  if (record.link) return 'archive-link';
  if (pointsOutside(record.path)) return 'archive-name';
  if (method !== STORED && method !== DEFLATED) return 'archive-method';
  if (!place || (method === STORED && size !== packedSize)) return 'archive-damaged';
  if (size > LIMITS.ratioFrom && size > packedSize * LIMITS.ratio) return 'archive-bomb';
  return null;
}

/** Files that share bytes make a small archive unpack to a huge one, whatever each one's ratio. */
function refuseOverlaps(taken: readonly Taken[]): void {
  let end = 0;
  for (const { from, to } of taken.toSorted((a, b) => a.from - b.from)) {
    if (from < end) throw new UnreadableContainer('zip-overlap');
    end = to;
  }
}
