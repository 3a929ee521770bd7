import { readHeadFrom } from '@filmpost/dicom/read-head-from.ts';
import type { HeadResult } from '@filmpost/dicom/read-head.ts';
import type { RefusalReason } from '@filmpost/dicom/refusals.ts';
import type { HeadWarning } from '@filmpost/dicom/warnings.ts';
import { describe } from '@filmpost/exchange/ingest/rules.ts';
import type { ByteSource } from '@filmpost/media/reading/byte-source.ts';
import { type ContainerKind, containerKind } from '@filmpost/media/reading/recognise.ts';
import type { ContainerRefusal, EntryRefusal } from '@filmpost/media/reading/refusals.ts';
import { NotAsPromised } from './disc/inflating.ts';

/** Why a file stays behind: what its bytes are, or that disc or archive do not give them up. */
export type LeftOutReason = RefusalReason | ContainerRefusal | EntryRefusal | 'unreadable';

/** The person an image names, as the disc has it. `birthDate` is `YYYY-MM-DD`. */
export interface PatientOnDisc {
  name: string;
  identifier: string;
  birthDate: string | null;
}

/** A file that is part of an exam. */
export interface FoundImage {
  kind: 'image';
  /** Its place in the list of chosen files. */
  at: number;
  /** In bytes. */
  size: number;
  studyInstanceUid: string;
  studyDate: string | null;
  description: string;
  modality: string;
  seriesInstanceUid: string;
  sopInstanceUid: string;
  instanceNumber: number | null;
  /** Whether there is something to look at: reports and the like have no pixels. */
  picture: boolean;
  patient: PatientOnDisc;
  /** Pixels are missing at its end; it is sent as it is. */
  incomplete: boolean;
}

/** A file that stays behind. */
export interface LeftOutFile {
  kind: 'left-out';
  at: number;
  reason: LeftOutReason;
}

/** A file that holds files. */
export interface FoundContainer {
  kind: 'container';
  at: number;
  container: ContainerKind;
}

export type FoundFile = FoundImage | LeftOutFile | FoundContainer;

/** Nearly every head ends within this; larger ones are fetched in more rounds. */
const FIRST_BYTES = 64 * 1024;
const INCOMPLETE: readonly HeadWarning[] = ['header-cut-off', 'pixel-data-cut-off', 'pixel-data-short'];

/** Tells by content what a file is, from as little of its beginning as that takes. Never throws. */
export async function understandFile(source: ByteSource, at: number): Promise<FoundFile> {
  try {
    const { result, beginning } = await headOf(source);
    if (result.kind === 'head') return { ...foundImage(result.head), at, size: source.size };
    if (result.kind === 'more') return { kind: 'left-out', at, reason: 'truncated' };
    const container = result.reason === 'not-dicom' ? containerKind(beginning) : null;
    return container ? { kind: 'container', at, container } : { kind: 'left-out', at, reason: result.reason };
  } catch (error) {
    // Only reading throws: a broken archive, a scratch, or the disc is gone.
    return {
      kind: 'left-out',
      at,
      reason: error instanceof NotAsPromised ? 'archive-damaged' : 'unreadable',
    };
  }
}

function foundImage(head: Extract<HeadResult, { kind: 'head' }>['head']): Omit<FoundImage, 'at' | 'size'> {
  const { patient, study, series, instanceNumber } = describe(head);
  return {
    kind: 'image',
    studyInstanceUid: study.studyInstanceUid,
    studyDate: study.studyDate,
    description: study.description,
    modality: series.modality,
    seriesInstanceUid: head.seriesInstanceUid,
    sopInstanceUid: head.sopInstanceUid,
    instanceNumber,
    picture: head.pixelData !== null,
    patient: { name: patient.name, identifier: patient.identifier, birthDate: patient.birthDate },
    incomplete: head.warnings.some((warning) => INCOMPLETE.includes(warning)),
  };
}

/** The head of a file, and the beginning it was read from. Rejects when that cannot be read. */
export async function headOf(source: ByteSource): Promise<{ result: HeadResult; beginning: Uint8Array }> {
  const beginning = await source.read(0, FIRST_BYTES);
  const read = (offset: number, length: number) => source.read(offset, length);
  const inflate = typeof DecompressionStream === 'undefined' ? {} : { inflate: inflateUpTo };
  return { result: await readHeadFrom({ size: source.size, read, beginning, ...inflate }), beginning };
}

/** Raw inflate (RFC 1951) of a whole data set (PS3.5 A.5). @throws RangeError beyond `limit` bytes */
async function inflateUpTo(deflated: Uint8Array, limit: number): Promise<Uint8Array> {
  const stream = new Blob([new Uint8Array(deflated)])
    .stream()
    .pipeThrough(new DecompressionStream('deflate-raw'));
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  let length = 0;
  for (const reader = stream.getReader(); ;) {
    const { done, value } = await reader.read();
    if (done) break;
    length += value.length;
    if (length > limit) {
      await reader.cancel();
      throw new RangeError('inflates to more than is taken');
    }
    pieces.push(value);
  }
  return new Uint8Array(await new Blob(pieces).arrayBuffer());
}
