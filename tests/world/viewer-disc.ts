import { inflateRawSync } from 'node:zlib';
import { readHead } from '@filmpost/dicom/read-head.ts';
import { buildPage } from '@filmpost/disc-viewer/build-page.ts';
import { builtPage, viewerFiles } from '@filmpost/disc-viewer/files.ts';
import { type ManifestOptions, manifestOf } from '@filmpost/disc-viewer/manifest.ts';
import { indexPage } from '@filmpost/media/disc-index.ts';
import { type DiscFolder, discFolder } from './dicom/disc-folder.ts';

export interface ViewerDisc extends DiscFolder {
  /** Bytes of what the viewer adds. */
  viewerBytes: number;
}

export interface ViewerDiscOptions {
  /** Whole instances, in reading order. */
  readonly instances: readonly Uint8Array[];
  readonly copies?: ManifestOptions['copies'];
  /** What lies on the disc instead of an instance, by its index: scratches. */
  readonly instead?: ReadonlyMap<number, Uint8Array>;
}

/** As the sources are now; it takes half a second. */
let built: Promise<void> | null = null;

/** A disc with its viewer as a folder: INDEX.HTM, VIEWER.HTM and all it needs, IMAGES/DICOMS/IM1… */
export async function aViewerDisc(options: ViewerDiscOptions): Promise<ViewerDisc> {
  await (built ??= buildPage(builtPage));
  const listed = options.instances.map((bytes, index) => listedInstance(bytes, index));
  const manifest = manifestOf(listed, { institution: 'Saint Antony Hospital', copies: options.copies });
  const viewer = await viewerFiles(manifest);
  const files = [
    { path: 'INDEX.HTM', bytes: Buffer.from(indexPage(aboutDisc)) },
    ...viewer,
    ...options.instances.map((bytes, index) => ({
      path: `IMAGES/DICOMS/IM${index + 1}`,
      bytes: options.instead?.get(index) ?? bytes,
    })),
  ];
  const folder = await discFolder({ files: files.map((file) => ({ ...file, pathOnDisk: file.path })) });
  return { ...folder, viewerBytes: viewer.reduce((sum, { bytes }) => sum + bytes.length, 0) };
}

const aboutDisc: Parameters<typeof indexPage>[0] = {
  institution: 'Saint Antony Hospital',
  contact: ['Film Library'],
  created: new Date('2026-04-12T10:15:31Z'),
  software: 'Filmpost',
  exams: [],
  invented: [],
  generalPurpose: true,
  mendedStarts: 0,
  lossyImages: 0,
  unlisted: 0,
  viewer: 'VIEWER.HTM',
  guide: 'GUIDE.PDF',
  copies: null,
  reports: [],
};

function listedInstance(bytes: Uint8Array, index: number) {
  const inflate = (deflated: Uint8Array, maxOutputLength: number) =>
    inflateRawSync(deflated, { maxOutputLength });
  const read = readHead(bytes, bytes.length, { inflate });
  if (read.kind !== 'head') throw new Error(`instance ${index} cannot be read: ${read.kind}`);
  const { sopInstanceUid, json } = read.head;
  return { fileId: ['IMAGES', 'DICOMS', `IM${index + 1}`], sopInstanceUid, dataSet: JSON.parse(json) };
}
