import { catalogue } from '../archive/catalogue/commands.ts';
import type { Catalogued, RecognisedInstance } from '../archive/catalogue/schema.ts';
import { tellExams } from '../archive/exams/commands.ts';
import type { Exchange } from '../exchange.ts';
import { SETTLE_UPLOAD, tellUpload } from '../intake/commands.ts';
import { disownBytes, verifyFiles } from '../intake/manifest/commands.ts';
import type { VerifiedFile } from '../intake/manifest/schema.ts';
import { countInstances, noteExams } from '../intake/monitor/commands.ts';
import { followCatalogued } from '../shares/following/commands.ts';
import { type Ledger, type Trx, atOnce, transact } from '../transaction.ts';
import { type WaitingBlob, filesOfBlob, waitingBlobs } from './queries.ts';
import { type Recogniser, withRecogniser } from './recognise/queries.ts';
import type { SetAsideReason } from './rules.ts';
import type { ReceivedFile, Recognition, SetAsideFile } from './schema.ts';

/** What came of the files of some blobs. */
export interface Ingested extends Catalogued {
  setAside: SetAsideFile[];
}

const nothing = (): Ingested => ({
  added: [],
  duplicates: [],
  conflicts: [],
  studyInstanceUids: [],
  setAside: [],
});

/** Instances per transaction: enough to share its cost, few enough to keep memory and locks small. */
const BATCH_INSTANCES = 256;
/** Characters of metadata per transaction: those of 256 ordinary instances are a few million. */
const BATCH_METADATA = 32 * 1024 * 1024;

/**
 * Turns received blobs into catalogue rows. Blobs of one upload are done together; doing one again, after a worker
 * died between commit and acknowledgement, adds nothing. What fails (a disk, the database) holds up nothing else.
 *
 * @throws the first failure, after everything else is done
 */
export async function ingestBlobs(
  exchange: Exchange,
  blobIds: readonly string[],
): Promise<Map<string, Ingested>> {
  const waiting = await waitingBlobs(exchange, blobIds);
  const results = new Map<string, Ingested>();
  const failures: unknown[] = [];
  for (const [uploadId, blobs] of Map.groupBy(waiting, (blob) => blob.uploadId)) {
    results.set(
      uploadId,
      await withRecogniser((recogniser) => ingestUpload(exchange, blobs, { recogniser, failures })),
    );
  }
  if (failures.length > 0) throw failures[0];
  return results;
}

async function ingestUpload(
  exchange: Exchange,
  blobs: readonly WaitingBlob[],
  { recogniser, failures }: { recogniser: Recogniser; failures: unknown[] },
): Promise<Ingested> {
  const result = nothing();
  let group: Understood[] = [];
  const flush = async () => {
    const full = group;
    group = [];
    if (full.length > 0) merge(result, await catalogueBlobs(exchange, full));
  };
  for (const blob of blobs) {
    try {
      group.push(await understand(exchange, recogniser, blob));
      if (isFull(group.flatMap(({ instances }) => instances))) await flush();
    } catch (error) {
      failures.push(error);
    }
  }
  await flush().catch((error: unknown) => failures.push(error));
  return result;
}

function isFull(instances: readonly RecognisedInstance[]): boolean {
  const characters = instances.reduce((sum, { metadata }) => sum + metadata.length, 0);
  return instances.length >= BATCH_INSTANCES || characters >= BATCH_METADATA;
}

interface Understood {
  blob: WaitingBlob;
  instances: RecognisedInstance[];
  setAside: SetAsideFile[];
  /** Files that lie on the disk as their sender read them. */
  verified: VerifiedFile[];
}

async function understand(
  exchange: Exchange,
  recogniser: Recogniser,
  blob: WaitingBlob,
): Promise<Understood> {
  await using handle = await exchange.blobs.open(blob.id);
  const files = await filesOfBlob(handle, blob);
  const understood: Understood = { blob, instances: [], setAside: [], verified: [] };
  if (!files) {
    const { size } = await handle.stat();
    understood.setAside.push(aside({ blobId: blob.id, name: 'pack', offset: 0, size }, 'malformed-pack'));
    return understood;
  }
  for (const file of files) sort(understood, file, await recogniser.recognise(handle, file));
  return understood;
}

/** Where a recognised file goes. What is not as its sender read it is no part of an exam, whatever it looks like. */
function sort(understood: Understood, file: ReceivedFile, recognition: Recognition): void {
  const { promised = null } = file;
  if (promised !== null) {
    const sha256 = Buffer.from(promised, 'hex');
    if (!recognition.sha256.equals(sha256)) {
      understood.setAside.push(aside(file, 'damaged-on-the-way'));
      return;
    }
    understood.verified.push({ sha256, size: file.size });
  }
  if (recognition.kind === 'set-aside') {
    understood.setAside.push(recognition.file);
    return;
  }
  const { instance } = recognition;
  const { study } = understood.blob.metadata;
  if (!study || study === instance.study.studyInstanceUid) understood.instances.push(instance);
  else understood.setAside.push({ ...aside(file, 'other-study'), identity: instance });
}

/** Catalogues understood blobs of one upload in one transaction: rows, what was set aside, events, next job. */
async function catalogueBlobs(exchange: Exchange, understood: readonly Understood[]): Promise<Ingested> {
  const [first] = understood;
  if (!first) throw new RangeError('nothing to catalogue');
  const { uploadId, facilityId, uploadKind } = first.blob;
  const heldByUploadId = uploadKind === 'request' ? uploadId : null;
  const actor = { kind: 'operator', id: 'ingest', address: 'local' } as const;
  return transact(exchange, actor, async (trx, ledger) => {
    if (await wasTakenBack(trx, uploadId)) return nothing();
    const group = await stillThere(trx, understood);
    if (group.length === 0) return nothing();
    const instances = group.flatMap((each) => each.instances);
    const catalogued = await catalogue(trx, { facilityId, uploadId, heldByUploadId }, instances);
    const setAside = [
      ...group.flatMap((each) => each.setAside),
      ...catalogued.duplicates.map((item) => aside(fileOf(item), 'duplicate')),
      ...catalogued.conflicts.map((item) => aside(fileOf(item), 'conflict')),
    ];
    await writeSetAside(trx, uploadId, setAside);
    await countInstances(trx, uploadId, catalogued.added.length);
    await verifyFiles(
      trx,
      uploadId,
      group.flatMap((each) => each.verified),
    );
    await disownBytes(
      trx,
      group.filter(isDamaged).map((each) => each.blob.id),
    );
    await noteExams(trx, uploadId, [...catalogued.added, ...catalogued.duplicates].map(examOf));
    await trx
      .updateTable('blob')
      .set({ state: 'ingested', ingestedAt: exchange.now() })
      .where(
        'id',
        'in',
        group.map((each) => each.blob.id),
      )
      .execute();
    const { studyInstanceUids } = catalogued;
    if (studyInstanceUids.length > 0) await followCatalogued(trx, { uploadId, studyInstanceUids });
    await tellExams(trx, ledger, { facilityId, studyInstanceUids, heldByUploadId });
    await settleIfSent(trx, ledger, uploadId);
    return { ...catalogued, setAside };
  });
}

function isDamaged({ setAside }: Understood): boolean {
  return setAside.some(({ reason }) => reason === 'damaged-on-the-way' || reason === 'malformed-pack');
}

/** Without blobs that their sender took back while they were read; that waits for the upload's row, as `wasTakenBack`. */
async function stillThere(trx: Trx, group: readonly Understood[]): Promise<Understood[]> {
  const ids = group.map(({ blob }) => blob.id);
  const rows = await trx
    .selectFrom('blob')
    .select('id')
    .where('id', 'in', ids)
    .where('state', '<>', 'removed')
    .execute();
  const there = new Set(rows.map(({ id }) => id));
  return group.filter(({ blob }) => there.has(blob.id));
}

/** Held until commit: an upload withdrawn meanwhile waits, and then removes what has come of it. */
async function wasTakenBack(trx: Trx, uploadId: string): Promise<boolean> {
  const { state } = await trx
    .selectFrom('upload')
    .select('state')
    .where('id', '=', uploadId)
    .forKeyShare()
    .executeTakeFirstOrThrow();
  return state === 'withdrawn' || state === 'abandoned';
}

async function settleIfSent(trx: Trx, ledger: Ledger, uploadId: string): Promise<void> {
  const upload = await tellUpload(trx, ledger, uploadId);
  if (upload.state === 'sent') ledger.job(SETTLE_UPLOAD, { uploadId });
}

async function writeSetAside(trx: Trx, uploadId: string, files: readonly SetAsideFile[]): Promise<void> {
  const rows = files.map((file) => ({
    uploadId,
    blobId: file.blobId,
    name: file.name.replaceAll('\0', '').toWellFormed(),
    byteOffset: file.offset,
    byteLength: file.size,
    reason: file.reason,
    detail: file.detail,
  }));
  for (const some of atOnce(rows)) {
    await trx
      .insertInto('setAside')
      .values(some)
      // Written down before by a worker that died.
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  }
}

function examOf({ study, patient, series }: RecognisedInstance) {
  return {
    studyInstanceUid: study.studyInstanceUid,
    patientName: patient.name,
    modalities: series.modality ? [series.modality] : [],
  };
}

function fileOf(item: RecognisedInstance): ReceivedFile {
  return { blobId: item.blobId, name: item.name, offset: item.byteOffset, size: item.byteLength };
}

function aside(file: ReceivedFile, reason: SetAsideReason): SetAsideFile {
  return { ...file, reason, detail: '' };
}

function merge(into: Ingested, from: Ingested): void {
  into.added.push(...from.added.map(withoutText));
  into.duplicates.push(...from.duplicates.map(withoutText));
  into.conflicts.push(...from.conflicts.map(withoutText));
  into.setAside.push(...from.setAside);
  into.studyInstanceUids = [...new Set([...into.studyInstanceUids, ...from.studyInstanceUids])];
}

/** The caller wants to know what was stored; thousands of metadata texts would only fill memory. */
function withoutText(item: RecognisedInstance): RecognisedInstance {
  return { ...item, metadata: '' };
}
