/** Reads the head of a DICOM file: all of it but the pixels (PS3.10 section 7, PS3.5 section 7). */

import { MEDIA_STORAGE_DIRECTORY, admissionRefusal, isDirectory } from './admission.ts';
import { Attributes } from './attributes.ts';
import { bodyOf } from './body.ts';
import type { Body } from './body.ts';
import { readMeta } from './file-meta.ts';
import type { Meta } from './file-meta.ts';
import { fileStart } from './file-start.ts';
import type { FileStart } from './file-start.ts';
import { gapBytes } from './gaps.ts';
import { Head, identityOf } from './head.ts';
import type { Identity } from './head.ts';
import { pixelDataLocation, pixelWarnings } from './pixel-location.ts';
import { more, refused, settled } from './reading.ts';
import type { HeadResult, ReadHeadOptions, Reading } from './reading.ts';
import type { RefusalReason } from './refusals.ts';
import type { ScanStop } from './scan-input.ts';
import { Scanner } from './scanner.ts';
import { Source } from './source.ts';
import type { HeadWarning } from './warnings.ts';

export type { HeadResult, ReadHeadOptions } from './reading.ts';

const LIMIT_REFUSALS: Partial<Record<ScanStop, [RefusalReason, string]>> = {
  'too-deep': ['too-deep', 'sequences nested beyond the limit'],
  'too-many': ['too-large-header', 'more elements than the limit'],
  'too-long': ['too-large-header', 'longer values than the limit'],
};

interface Found {
  start: FileStart;
  body: Body;
  scanner: Scanner;
  source: Source;
  attributes: Attributes;
  identity: Identity;
}

/** Puts together what a finished scan found; only its caller knows whether it may. */
function headOf({ options, warnings }: Reading, meta: Meta, found: Found): Head {
  const { start, body, scanner, source, attributes, identity } = found;
  const { dataSet, pixelData: element } = scanner;
  const { encoding, transferSyntaxUid, size } = body;
  for (const warning of pixelWarnings(element, attributes, size)) warnings.add(warning);
  return new Head({
    source,
    dataSet,
    attributes,
    identity,
    transferSyntaxUid,
    encoding,
    preamble: start.preamble,
    dataSetOffset: meta.end,
    pixelData: element && { ...pixelDataLocation(element, size), offset: source.offsetOf(element) },
    warnings,
    maxJsonLength: options.maxJsonLength,
  });
}

function readBody(reading: Reading, start: FileStart, meta: Meta): HeadResult {
  const body = bodyOf(reading, meta);
  if ('kind' in body) return body;
  const { size, start: from } = body;
  const { explicit, littleEndian } = body.encoding;
  const { options, warnings } = reading;
  const source = new Source(body.bytes, littleEndian, options.gaps);
  const sparing = options.gaps !== undefined;
  const input = { source, size, sparing, start: from, explicit, limits: options, warnings };
  const scanner = new Scanner(input).run();
  const { dataSet, stop } = scanner;
  if (isDirectory(dataSet)) return refused('dicomdir', 'directory records');
  if (stop === 'more') return more(reading, scanner.needed, scanner.gap);
  const limit = LIMIT_REFUSALS[stop!];
  if (limit !== undefined) return refused(...limit);
  source.textEnd = scanner.position;
  const attributes = new Attributes(source, dataSet);
  const identity = identityOf(attributes);
  const refusal = admissionRefusal(start, meta, { attributes, identity, stop });
  if (refusal !== null) return refusal;
  if (stop === 'cut-off') warnings.add('header-cut-off');
  const found = { start, body, scanner, source, attributes, identity };
  return { kind: 'head', head: headOf(reading, meta, found) };
}

/**
 * Understands a file from its beginning.
 * @param bytes any prefix of the file, 64 KiB being a good first try; later without the gaps that were asked for
 * @param fileSize length of the whole file in bytes
 * Never throws for what the bytes are; memory and time are bounded by the options.
 */
export function readHead(bytes: Uint8Array, fileSize: number, options: ReadHeadOptions = {}): HeadResult {
  const warnings = new Set<HeadWarning>();
  const size = fileSize - (options.gaps === undefined ? 0 : gapBytes(options.gaps));
  const held = bytes.length > size ? bytes.subarray(0, size) : bytes;
  const reading: Reading = { bytes: held, fileSize: size, options: settled(options), warnings };
  if (held.length < Math.min(size, 132)) return more(reading, Math.min(size, 132));
  const start = fileStart(held, size);
  if ('reason' in start) return refused(start.reason, start.detail);
  if (start.preamble === 'none') warnings.add('no-preamble');
  if (start.preamble === 'other') warnings.add('preamble-not-empty');
  const meta = readMeta(reading, start);
  if ('kind' in meta) return meta;
  if (meta.sopClassUid === MEDIA_STORAGE_DIRECTORY) return refused('dicomdir', 'SOP class');
  return readBody(reading, start, meta);
}
