import { createHash, hash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { FileSet, UnlistableInstance } from '@filmpost/dicom/directory/file-set.ts';
import { type ViewerFile, viewerFiles } from '@filmpost/disc-viewer/files.ts';
import { DiscListing, type ManifestOptions } from '@filmpost/disc-viewer/manifest.ts';
import type { DiscAbout } from '@filmpost/media/disc-text.ts';
import { type Layout, segments } from '@filmpost/media/layout.ts';
import {
  type ListedFile,
  type MadeFile,
  SOFTWARE,
  VOLUME_ID,
  discExam,
  discTexts,
  imageFileId,
  manifestJson,
  manifestSha256,
  reportPath,
} from '../disc/rules.ts';
import type { Exchange } from '../../exchange.ts';
import { type PackagePart, type PlannedSource, partsOf } from '../parts/rules.ts';
import { embeddedReport } from '../planning/documents/queries.ts';
import { described, examsOf, plannableInstances, type plannedPackage } from '../planning/queries.ts';
import { isGeneralPurpose, isLossy } from '../planning/rules.ts';
import { drawnCopies } from '../copies/queries.ts';
import type { DescribedInstance, PlannableInstance } from '../planning/schema.ts';
import { entriesOf, viewerThere } from '../viewer/queries.ts';
import { type PlannedFile, layoutOf } from './rules.ts';

export type Wanted = NonNullable<Awaited<ReturnType<typeof plannedPackage>>>;

/** A plan as it is kept. */
export interface LaidOut {
  size: number;
  instanceIds: number[];
  parts: Iterable<PackagePart>;
}

interface Laying {
  created: Date;
  /** Told now and then how many instances have been looked at. */
  onProgress: (planned: number) => Promise<void>;
}

/** A file with what the manifests say of it. */
interface Entry {
  file: PlannedFile;
  listed: ListedFile;
}

/** What was found out while going through the instances. */
interface Gathered {
  images: Entry[];
  reports: Entry[];
  fileSet: FileSet;
  /** The same for the viewer. */
  listing: DiscListing;
  lossyImages: number;
  unlisted: number;
}

/** Lays a package out: reads the catalogue, and of the archive only documents, whose digests are not known yet. */
export async function laidOut(exchange: Exchange, wanted: Wanted, laying: Laying): Promise<LaidOut> {
  const instances = await plannableInstances(exchange, wanted.studyIds);
  const gathered = await gather(exchange, instances, laying.onProgress);
  const made = [
    ...directories(wanted, gathered.fileSet),
    ...(await texts(exchange, { wanted, instances, gathered, laying })),
  ];
  const entries = [...made.map(madeEntry), ...gathered.reports, ...gathered.images];
  const files = [
    ...proofs(exchange, wanted, { entries, created: laying.created }),
    ...entries.map(({ file }) => file),
  ];
  const layout: Layout = layoutOf(wanted.kind, files, {
    created: laying.created,
    institution: wanted.institution,
  });
  const sources: PlannedSource[] = files.map(({ source }) => source);
  return {
    size: layout.size,
    instanceIds: instances.map(({ id }) => id),
    parts: partsOf(segments(layout), sources),
  };
}

async function gather(
  exchange: Exchange,
  instances: readonly PlannableInstance[],
  onProgress: Laying['onProgress'],
): Promise<Gathered> {
  const gathered: Gathered = {
    images: [],
    reports: [],
    fileSet: new FileSet(),
    listing: new DiscListing(),
    lossyImages: 0,
    unlisted: 0,
  };
  for await (const each of described(exchange, instances)) {
    const { instance, dataSet } = each;
    const fileId = imageFileId(gathered.images.length);
    gathered.images.push(imageEntry(instance, fileId.join('/')));
    if (!list(gathered.fileSet, each, fileId)) gathered.unlisted++;
    gathered.listing.add({ fileId, sopInstanceUid: instance.sopInstanceUid, dataSet });
    if (isLossy(instance, dataSet)) gathered.lossyImages++;
    const report = await embeddedReport(exchange, each);
    if (report) gathered.reports.push(reportEntry(instance, report, reportPath(gathered.reports.length)));
    await onProgress(gathered.images.length);
  }
  return gathered;
}

function list(
  fileSet: FileSet,
  { instance, dataSet }: DescribedInstance,
  fileId: readonly string[],
): boolean {
  const { sopClassUid, sopInstanceUid, transferSyntaxUid } = instance;
  try {
    fileSet.add({ fileId, dataSet, sopClassUid, sopInstanceUid, transferSyntaxUid });
    return true;
  } catch (error) {
    // Software that scans folders takes it all the same; README.TXT counts it.
    if (error instanceof UnlistableInstance) return false;
    throw error;
  }
}

/** The DICOMDIR of the root, and one for those who load the folder IMAGES (features X7). */
function directories(wanted: Wanted, fileSet: FileSet): MadeFile[] {
  return [[], ['IMAGES']].map((folder) => {
    const path = [...folder, 'DICOMDIR'].join('/');
    const sopInstanceUid = derivedUid(wanted.contentKey, path);
    return { path, bytes: fileSet.dicomdir({ fileSetId: VOLUME_ID, sopInstanceUid, folder }) };
  });
}

/** A UUID's UID (PS3.5 B.2) from what the package holds, so that the same package names itself the same. */
function derivedUid(contentKey: Buffer, label: string): string {
  const digits = createHash('sha256').update(contentKey).update(label).digest('hex').slice(0, 32);
  return `2.25.${BigInt(`0x${digits}`)}`;
}

interface Telling {
  wanted: Wanted;
  instances: readonly PlannableInstance[];
  gathered: Gathered;
  laying: Laying;
}

async function texts(
  exchange: Exchange,
  { wanted, instances, gathered, laying }: Telling,
): Promise<MadeFile[]> {
  const { institution } = wanted;
  const there = wanted.viewer && (await viewerThere()).length > 0;
  const viewer = there ? await viewerOnDisc(exchange, { institution, gathered, instances }) : [];
  const exams = await examsOf(exchange, wanted.studyIds);
  const about: DiscAbout = {
    institution: wanted.institution,
    contact: [wanted.contactPhone, wanted.contactEmail].filter((each) => each !== null),
    created: laying.created,
    software: SOFTWARE,
    exams: exams.map(discExam),
    invented: gathered.fileSet.invented,
    generalPurpose: instances.every(isGeneralPurpose),
    mendedStarts: instances.filter(({ mended }) => mended).length,
    lossyImages: gathered.lossyImages,
    unlisted: gathered.unlisted,
    reports: gathered.reports.map(({ file }) => file.path),
    ...entriesOf(viewer),
  };
  return [...discTexts(about), ...viewer];
}

/** The viewer, with what is on this disc and copies of some of it. */
async function viewerOnDisc(
  exchange: Exchange,
  { institution, gathered, instances }: Pick<Telling, 'gathered' | 'instances'> & { institution: string },
): Promise<ViewerFile[]> {
  const { listing, images } = gathered;
  const idOf = new Map(instances.map(({ id }, index) => [images[index]?.file.path, id]));
  const made = await drawnCopies(exchange, listing.manifest({ institution }), (image) =>
    idOf.get(image.fileId.join('/')),
  );
  const copies: ManifestOptions['copies'] = (_series, those) =>
    those.flatMap((each, image) => {
      const jpeg = made.get(each);
      return jpeg ? [{ image, jpeg }] : [];
    });
  return viewerFiles(listing.manifest({ institution, copies }));
}

/** The manifests and their signature; they stand first, so that whoever checks a stream has them at once. */
function proofs(
  exchange: Exchange,
  wanted: Wanted,
  { entries, created }: { entries: readonly Entry[]; created: Date },
): PlannedFile[] {
  const { signingKey, publicUrl } = exchange;
  const listed = entries.map((entry) => entry.listed);
  const about = { institution: wanted.institution, created, keyId: signingKey.keyId, publicUrl };
  const json = manifestJson(about, listed);
  const sums = manifestSha256([madeEntry(json).listed, ...listed]);
  const signature = { path: 'MANIFEST.SIG', bytes: signingKey.sign(sums.bytes) };
  return [sums, signature, json].map((made) => madeEntry(made).file);
}

function madeEntry({ path, longPath, bytes }: MadeFile): Entry {
  const size = bytes.length;
  return {
    file: { path, longPath, size, crc32: crc32(bytes), source: { kind: 'bytes', bytes } },
    listed: { path, bytes: size, sha256: hash('sha256', bytes) },
  };
}

function imageEntry(instance: PlannableInstance, path: string): Entry {
  const { id, size, crc32, sopInstanceUid, mended } = instance;
  const sha256 = instance.sha256.toString('hex');
  const received = mended ? { receivedSha256: instance.receivedSha256.toString('hex') } : {};
  return {
    file: { path, size, crc32, source: { kind: 'instance', instanceId: id, offset: 0 } },
    listed: { path, bytes: size, sha256, sopInstanceUid, ...received },
  };
}

function reportEntry(
  { id, sopInstanceUid }: PlannableInstance,
  { offset, size, crc32, sha256 }: { offset: number; size: number; crc32: number; sha256: string },
  path: string,
): Entry {
  return {
    file: { path, size, crc32, source: { kind: 'instance', instanceId: id, offset } },
    listed: { path, bytes: size, sha256, sopInstanceUid },
  };
}
