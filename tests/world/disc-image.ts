import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { FileSet } from '@filmpost/dicom/directory/file-set.ts';
import type { InventedKey } from '@filmpost/dicom/directory/file-set.ts';
import { readHead } from '@filmpost/dicom/read-head.ts';
import { indexPage } from '@filmpost/media/disc-index.ts';
import { manifestText, readmeText } from '@filmpost/media/disc-text.ts';
import type { DiscAbout } from '@filmpost/media/disc-text.ts';
import { planIso } from '@filmpost/media/iso/iso.ts';
import { segments } from '@filmpost/media/layout.ts';
import type { Layout } from '@filmpost/media/layout.ts';
import { planZip } from '@filmpost/media/zip.ts';

/** A file on its way onto a disc. */
interface Packed {
  readonly path: string;
  readonly longName?: string;
  readonly bytes: Uint8Array;
}

/** One disc, as image and as archive. */
export interface DiscImage {
  readonly files: readonly Packed[];
  readonly iso: Uint8Array;
  readonly zip: Uint8Array;
  readonly invented: readonly InventedKey[];
}

const created = new Date('2026-04-12T10:15:31Z');
const fileSetId = 'IMAGES';

/** Whole instances as a disc to take away: IMAGES/DICOMS/IM1…, a DICOMDIR above and in IMAGES, texts, a manifest. */
export function aDiscImage(instances: readonly Uint8Array[]): DiscImage {
  const fileSet = new FileSet();
  const images = instances.map((bytes, index): Packed => {
    const fileId = ['IMAGES', 'DICOMS', `IM${index + 1}`];
    const read = readHead(bytes, bytes.length);
    if (read.kind !== 'head') throw new Error(`instance ${index} cannot be read: ${read.kind}`);
    const { sopClassUid, sopInstanceUid, transferSyntaxUid, json } = read.head;
    fileSet.add({ fileId, dataSet: JSON.parse(json), sopClassUid, sopInstanceUid, transferSyntaxUid });
    return { path: fileId.join('/'), bytes };
  });
  const listed: Packed[] = [
    { path: 'DICOMDIR', bytes: fileSet.dicomdir({ fileSetId, sopInstanceUid: '2.25.1' }) },
    {
      path: 'IMAGES/DICOMDIR',
      bytes: fileSet.dicomdir({ fileSetId, sopInstanceUid: '2.25.2', folder: ['IMAGES'] }),
    },
    ...texts(instances.length, fileSet.invented),
    ...images,
  ];
  const files = [...listed, manifest(listed)];
  const iso = planIso(
    files.map((file) => ({ ...file, size: file.bytes.length })),
    { volumeId: fileSetId, created, publisher: 'Saint Antony Hospital', application: 'Filmpost' },
  );
  const zip = planZip(files.map(zipEntry));
  return { files, iso: bytesOf(iso, files), zip: bytesOf(zip, files), invented: fileSet.invented };
}

function texts(images: number, invented: readonly InventedKey[]): Packed[] {
  const about: DiscAbout = {
    institution: 'Saint Antony Hospital',
    contact: ['Film Library'],
    created,
    software: 'Filmpost',
    exams: [
      {
        patientName: 'Lovelace, Ada',
        patientId: '',
        birthDate: '',
        studyDate: '',
        description: '',
        modalities: [],
        images,
      },
    ],
    invented,
    generalPurpose: true,
    mendedStarts: 0,
    lossyImages: 0,
    unlisted: 0,
    viewer: null,
    guide: null,
    copies: null,
    reports: [],
  };
  return [
    { path: 'README.TXT', bytes: Buffer.from(readmeText(about)) },
    { path: 'INDEX.HTM', bytes: Buffer.from(indexPage(about)) },
  ];
}

/** Eight and three characters for who knows no more. */
function manifest(files: readonly Packed[]): Packed {
  const digests = files.map(({ path, bytes }) => ({
    path,
    sha256: createHash('sha256').update(bytes).digest('hex'),
  }));
  return {
    path: 'MANIFEST.SHA',
    longName: 'MANIFEST.SHA256',
    bytes: Buffer.from(manifestText(digests)),
  };
}

function zipEntry({ path, longName, bytes }: Packed) {
  return { name: longName ?? path, size: bytes.length, crc32: crc32(bytes), modified: created };
}

function bytesOf(layout: Layout, files: readonly Packed[]): Buffer {
  const parts = [...segments(layout)].map((segment) => {
    if (segment.kind === 'bytes') return segment.bytes;
    const { offset, length } = segment;
    return files[segment.index]?.bytes.subarray(offset, offset + length) ?? Buffer.of();
  });
  return Buffer.concat(parts);
}
