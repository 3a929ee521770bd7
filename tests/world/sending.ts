import { randomBytes } from 'node:crypto';
import { open } from 'node:fs/promises';
import { admit } from '@filmpost/exchange/access/gate/commands.ts';
import type { Granted } from '@filmpost/exchange/access/gate/schema.ts';
import type { Exchange } from '@filmpost/exchange/exchange.ts';
import { blobReceived, expectBlob } from '@filmpost/exchange/intake/blobs/commands.ts';
import { openRequestUpload } from '@filmpost/exchange/intake/commands.ts';
import type { Manifest } from '@filmpost/exchange/intake/schema.ts';
import { packHead } from '@filmpost/media/pack.ts';
import type { Study } from './dicom/study.ts';
import type { FileToStore } from './stored.ts';
import { type SentRequest, visitorWith } from './visitors.ts';

type Writer = Granted<'upload:write'>;

/** The upload of a request as its outside clinic opens or continues it, and the right to fill it. */
export async function aWriter(exchange: Exchange, request: SentRequest): Promise<Writer> {
  const { uploadId } = await openRequestUpload(exchange, request.fulfil);
  const visitor = await visitorWith(exchange, request.uploader);
  return admit(exchange, visitor, { capability: 'upload:write', subject: { uploadId } });
}

/** One pack, received to its last byte; ingest is a job for later. Returns the blob's id. */
export async function sendPack(
  exchange: Exchange,
  writer: Writer,
  files: readonly FileToStore[],
): Promise<string> {
  const head = packHead(files.map(({ path, bytes }) => ({ name: path, size: bytes.length })));
  return sendBytes(exchange, writer, Buffer.concat([head, ...files.map(({ bytes }) => bytes)]));
}

/** Bytes as they are: a single file, or what is none. */
export async function sendBytes(
  exchange: Exchange,
  writer: Writer,
  bytes: Uint8Array,
  metadata: Record<string, string> = {},
): Promise<string> {
  const id = randomBytes(16).toString('hex');
  await expectBlob(exchange, writer, { id, size: bytes.length, contentKey: null, metadata });
  await using blob = await open(exchange.blobs.path(id), 'wx');
  await blob.writeFile(bytes);
  await blobReceived(exchange, id, bytes.length);
  return id;
}

/** What a browser would say of these studies before it sends them. */
export function manifestOf(...studies: readonly Study[]): Manifest {
  const files = studies.flatMap((study) => study.files);
  return {
    filesChosen: files.length,
    filesToSend: files.length,
    bytesToSend: files.reduce((sum, { bytes }) => sum + bytes.length, 0),
    leftOut: [],
    exams: studies.map(({ studyInstanceUid, patient, context, files: own }) => ({
      studyInstanceUid,
      patientName: patient.name,
      patientBirthDate: dashed(patient.birthDate),
      studyDate: dashed(context.studyDate),
      description: context.studyDescription ?? '',
      modalities: [...new Set(own.map(({ modality }) => modality))],
      instances: own.length,
    })),
  };
}

/** DICOM's `YYYYMMDD` as `YYYY-MM-DD`. */
function dashed(day: string): string {
  return day.replace(/^(\d{4})(\d{2})(\d{2})$/, '$1-$2-$3');
}
