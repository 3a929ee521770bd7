import { type HeadResult, readHead } from '@filmpost/dicom/read-head.ts';
import type { RefusalReason } from '@filmpost/dicom/refusals.ts';
import type { HeadWarning } from '@filmpost/dicom/warnings.ts';
import { describe } from '@filmpost/exchange/ingest/rules.ts';

/** Why a file stays behind: what its bytes are, or that the disc does not give them up. */
export type LeftOutReason = RefusalReason | 'unreadable';

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
  studyInstanceUid: string;
  studyDate: string | null;
  description: string;
  modality: string;
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

export type FoundFile = FoundImage | LeftOutFile;

/** Nearly every head ends within this; larger ones ask for more. */
const FIRST_BYTES = 64 * 1024;
const INCOMPLETE: readonly HeadWarning[] = ['header-cut-off', 'pixel-data-cut-off', 'pixel-data-short'];

/** Tells by content what a file is, from as little of its beginning as that takes. Never throws. */
export async function understandFile(file: Blob, at: number): Promise<FoundFile> {
  let result: HeadResult;
  try {
    result = await headOf(file);
  } catch {
    // Only reading throws: a scratch, or the disc is gone.
    return { kind: 'left-out', at, reason: 'unreadable' };
  }
  if (result.kind === 'head') return foundImage(result.head, at);
  return { kind: 'left-out', at, reason: result.kind === 'refused' ? result.reason : 'truncated' };
}

function foundImage(head: Extract<HeadResult, { kind: 'head' }>['head'], at: number): FoundImage {
  const { patient, study, series } = describe(head);
  return {
    kind: 'image',
    at,
    studyInstanceUid: study.studyInstanceUid,
    studyDate: study.studyDate,
    description: study.description,
    modality: series.modality,
    patient: { name: patient.name, identifier: patient.identifier, birthDate: patient.birthDate },
    incomplete: head.warnings.some((warning) => INCOMPLETE.includes(warning)),
  };
}

async function headOf(file: Blob): Promise<HeadResult> {
  for (let wanted = FIRST_BYTES; ;) {
    const bytes = new Uint8Array(await file.slice(0, wanted).arrayBuffer());
    const result = await readInflating(bytes, file.size);
    if (result.kind !== 'more' || result.needed <= bytes.length) return result;
    wanted = result.needed;
  }
}

/** Browsers inflate only asynchronously: the first reading says what to inflate, the second is given it. */
async function readInflating(bytes: Uint8Array, fileSize: number): Promise<HeadResult> {
  const asked: { deflated: Uint8Array<ArrayBuffer>; limit: number }[] = [];
  const inflate = (deflated: Uint8Array, limit: number) => {
    asked.push({ deflated: new Uint8Array(deflated), limit });
    return new Uint8Array();
  };
  const result = readHead(bytes, fileSize, { inflate });
  const [ask] = asked;
  if (!ask) return result;
  if (typeof DecompressionStream === 'undefined') return readHead(bytes, fileSize);
  try {
    const inflated = await inflateUpTo(ask.deflated, ask.limit);
    return readHead(bytes, fileSize, { inflate: () => inflated });
  } catch (error) {
    return readHead(bytes, fileSize, {
      inflate: () => {
        throw error;
      },
    });
  }
}

/** Raw inflate (RFC 1951) of a whole data set (PS3.5 A.5). @throws RangeError beyond `limit` bytes */
async function inflateUpTo(deflated: Uint8Array<ArrayBuffer>, limit: number): Promise<Uint8Array> {
  const stream = new Blob([deflated]).stream().pipeThrough(new DecompressionStream('deflate-raw'));
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
