/** Reads the head of a DICOM file: all of it but the pixels (PS3.10 section 7, PS3.5 section 7). */

import type { DataSet } from './data-set.ts';
import { declaredEncoding, nativeTransferSyntaxUid, observedEncoding } from './encoding.ts';
import type { Encoding } from './encoding.ts';
import { fileStart } from './file-start.ts';
import type { FileStart } from './file-start.ts';
import { Head } from './head.ts';
import type { HeadParts } from './head.ts';
import { pixelDataLocation, pixelWarnings } from './pixel-location.ts';
import type { RefusalReason } from './refusals.ts';
import { Scanner } from './scanner.ts';
import type { ScanInput, ScanStop } from './scanner.ts';
import { Source } from './source.ts';
import { Attributes } from './attributes.ts';
import { Tag } from './tags.ts';
import type { HeadWarning } from './warnings.ts';

export interface ReadHeadOptions {
  /**
   * Raw inflate (RFC 1951) of a whole deflated data set. It must stop at `maxOutput` bytes and may throw;
   * a `RangeError` or more output than `maxOutput` means that the limit was passed.
   */
  inflate?: (bytes: Uint8Array, maxOutput: number) => Uint8Array;
  /** Longest inflated data set, in bytes; 64 MiB unless told. */
  maxInflatedBytes?: number;
  /** Longest beginning of a file that is asked for, in bytes; 64 MiB unless told. */
  maxHeadBytes?: number;
  /** Sequences within sequences; 64 unless told. */
  maxDepth?: number;
  /** Elements in all; one million unless told. */
  maxElements?: number;
}

/**
 * `more`: call again with at least `needed` bytes from the beginning of the file. `needed` always exceeds
 * what was given and never the file, so the loop ends.
 */
export type HeadResult =
  | { kind: 'head'; head: Head }
  | { kind: 'more'; needed: number }
  | { kind: 'refused'; reason: RefusalReason; detail: string };

const MEBIBYTE = 1024 * 1024;
const SMALLEST_STEP = 64 * 1024;
const DEFAULTS = {
  maxInflatedBytes: 64 * MEBIBYTE,
  maxHeadBytes: 64 * MEBIBYTE,
  maxDepth: 64,
  maxElements: 1_000_000,
};

const MEDIA_STORAGE_DIRECTORY = '1.2.840.10008.1.3.10';
const LAST_META_TAG = 0x0002ffff;

interface Reading {
  bytes: Uint8Array;
  fileSize: number;
  options: ReadHeadOptions & typeof DEFAULTS;
  warnings: Set<HeadWarning>;
}

/** The file meta information, as far as it matters here, and where it ends. */
interface Meta {
  end: number;
  transferSyntaxUid: string;
  sopClassUid: string;
  found: boolean;
}

/** The data set's bytes once they can be scanned: the file's own, or inflated. */
interface Body {
  bytes: Uint8Array;
  size: number;
  start: number;
  encoding: Encoding;
  transferSyntaxUid: string;
}

function refused(reason: RefusalReason, detail: string): HeadResult {
  return { kind: 'refused', reason, detail };
}

/** Asks for more bytes in growing steps, so that few rounds lead to any head. */
function more({ bytes, fileSize, options }: Reading, needed: number): HeadResult {
  if (needed > options.maxHeadBytes)
    return refused('too-large-header', `${needed} bytes before the pixel data`);
  const step = Math.max(needed, bytes.length * 2, SMALLEST_STEP);
  return { kind: 'more', needed: Math.min(step, options.maxHeadBytes, fileSize) };
}

function scan(reading: Reading, input: Omit<ScanInput, 'limits'>): Scanner {
  const { maxDepth: depth, maxElements: elements } = reading.options;
  const scanner = new Scanner({ ...input, limits: { depth, elements } }).run();
  for (const warning of scanner.warnings) reading.warnings.add(warning);
  return scanner;
}

/** Reads group 0002 by its tags alone: its group length is wrong too often. */
function readMeta(reading: Reading, start: FileStart): Meta | HeadResult {
  const { bytes, fileSize, warnings } = reading;
  const input = { bytes, size: fileSize, start: start.offset, explicit: true, littleEndian: true };
  const scanner = scan(reading, { ...input, lastTag: LAST_META_TAG });
  if (scanner.stop === 'more') return more(reading, scanner.needed);
  const meta = new Attributes(new Source(bytes, true), scanner.dataSet);
  const found = scanner.dataSet.elements.length > 0;
  if (!found) warnings.add('no-file-meta');
  const transferSyntaxUid = meta.text(Tag.transferSyntaxUid);
  if (found && transferSyntaxUid === '') warnings.add('transfer-syntax-missing');
  const sopClassUid = meta.text(Tag.mediaStorageSopClassUid);
  return { end: scanner.position, transferSyntaxUid, sopClassUid, found };
}

function inflated(reading: Reading, meta: Meta): Body | HeadResult {
  const { bytes, fileSize, options } = reading;
  if (options.inflate === undefined) return refused('inflate-unavailable', 'no inflater');
  if (bytes.length < fileSize) return more(reading, fileSize);
  const limit = options.maxInflatedBytes;
  try {
    const data = options.inflate(bytes.subarray(meta.end), limit);
    if (data.length > limit) return refused('inflate-limit', `more than ${limit} bytes`);
    const encoding = { explicit: true, littleEndian: true, deflated: true };
    return { bytes: data, size: data.length, start: 0, encoding, transferSyntaxUid: meta.transferSyntaxUid };
  } catch (error) {
    if (error instanceof RangeError) return refused('inflate-limit', `more than ${limit} bytes`);
    return refused('inflate-failed', 'not a deflated data set');
  }
}

/** Settles the encoding: what the first element shows overrules what the header declares. */
function bodyOf(reading: Reading, meta: Meta): Body | HeadResult {
  const { bytes, fileSize: size, warnings } = reading;
  const start = meta.end;
  const declared = declaredEncoding(meta.transferSyntaxUid);
  const observed = observedEncoding(bytes, start);
  if (declared?.deflated && !observed?.explicit) return inflated(reading, meta);
  const encoding = observed ?? declared ?? { explicit: true, littleEndian: true, deflated: false };
  if (declared === null) {
    return { bytes, size, start, encoding, transferSyntaxUid: nativeTransferSyntaxUid(encoding) };
  }
  const honest =
    !declared.deflated &&
    encoding.explicit === declared.explicit &&
    encoding.littleEndian === declared.littleEndian;
  if (!honest) warnings.add('transfer-syntax-lies');
  const transferSyntaxUid = honest ? meta.transferSyntaxUid : nativeTransferSyntaxUid(encoding);
  return { bytes, size, start, encoding, transferSyntaxUid };
}

const LIMIT_REFUSALS: Partial<Record<ScanStop, [RefusalReason, string]>> = {
  'too-deep': ['too-deep', 'sequences nested beyond the limit'],
  'too-many': ['too-large-header', 'more elements than the limit'],
};

function isDirectory(dataSet: DataSet): boolean {
  return dataSet.elements.some(({ tag }) => tag === Tag.directoryRecordSequence || tag === Tag.fileSetId);
}

const IDENTITY: [tag: number, name: string][] = [
  [Tag.sopClassUid, 'SOP Class UID'],
  [Tag.sopInstanceUid, 'SOP Instance UID'],
  [Tag.studyInstanceUid, 'Study Instance UID'],
  [Tag.seriesInstanceUid, 'Series Instance UID'],
];

/** Why a scanned data set cannot be an instance; null when it can. */
function refusalOf(start: FileStart, meta: Meta, scanned: { attributes: Attributes; stop: ScanStop | null }) {
  const { attributes, stop } = scanned;
  const missing = IDENTITY.filter(([tag]) => attributes.text(tag) === '').map(([, name]) => name);
  if (attributes.text(Tag.sopClassUid) === MEDIA_STORAGE_DIRECTORY) return refused('dicomdir', 'SOP class');
  const cutOff = stop === 'cut-off';
  if (cutOff && (missing.length > 0 ? start.marked : attributes.has(Tag.rows)))
    return refused('truncated', 'ends within the header');
  if (missing.length === 0) return null;
  if (!start.marked && !meta.found && missing.includes('SOP Class UID'))
    return refused('not-dicom', 'begins like a data set but has no SOP Class UID');
  return refused('no-identity', `without ${missing.join(', ')}`);
}

function readBody(reading: Reading, start: FileStart, meta: Meta): HeadResult {
  const body = bodyOf(reading, meta);
  if ('kind' in body) return body;
  const { bytes, size, encoding } = body;
  const { explicit, littleEndian } = encoding;
  const scanner = scan(reading, { bytes, size, start: body.start, explicit, littleEndian });
  if (isDirectory(scanner.dataSet)) return refused('dicomdir', 'directory records');
  if (scanner.stop === 'more') return more(reading, scanner.needed);
  const limit = LIMIT_REFUSALS[scanner.stop!];
  if (limit !== undefined) return refused(...limit);
  const source = new Source(bytes, littleEndian);
  const attributes = new Attributes(source, scanner.dataSet);
  const refusal = refusalOf(start, meta, { attributes, stop: scanner.stop });
  if (refusal !== null) return refusal;
  if (scanner.stop === 'cut-off') reading.warnings.add('header-cut-off');
  const pixelData = pixelDataLocation(scanner.pixelData, size);
  pixelWarnings(scanner.pixelData, attributes, size).forEach((warning) => reading.warnings.add(warning));
  const { dataSet } = scanner;
  const parts: Omit<HeadParts, 'encoding' | 'transferSyntaxUid'> = {
    ...{
      source,
      dataSet,
      pixelData,
      preamble: start.preamble,
      dataSetOffset: meta.end,
      warnings: reading.warnings,
    },
  };
  return { kind: 'head', head: new Head({ ...parts, encoding, transferSyntaxUid: body.transferSyntaxUid }) };
}

/**
 * Understands a file from its beginning.
 * @param bytes any prefix of the file, 64 KiB being a good first try
 * @param fileSize length of the whole file in bytes
 * Never throws for what the bytes are; memory and time are bounded by the options.
 */
export function readHead(bytes: Uint8Array, fileSize: number, options: ReadHeadOptions = {}): HeadResult {
  const warnings = new Set<HeadWarning>();
  const held = bytes.length > fileSize ? bytes.subarray(0, fileSize) : bytes;
  const reading: Reading = { bytes: held, fileSize, options: { ...DEFAULTS, ...options }, warnings };
  if (held.length < Math.min(fileSize, 132)) return more(reading, Math.min(fileSize, 132));
  const start = fileStart(held, fileSize);
  if ('reason' in start) return refused(start.reason, start.detail);
  if (start.preamble === 'none') warnings.add('no-preamble');
  if (start.preamble === 'other') warnings.add('preamble-not-empty');
  const meta = readMeta(reading, start);
  if ('kind' in meta) return meta;
  if (meta.sopClassUid === MEDIA_STORAGE_DIRECTORY) return refused('dicomdir', 'SOP class');
  return readBody(reading, start, meta);
}
