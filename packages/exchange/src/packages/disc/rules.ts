import { indexPage } from '@filmpost/media/disc-index.ts';
import { type DiscAbout, type DiscExam, manifestText, readmeText } from '@filmpost/media/disc-text.ts';
import type { Exam } from '../planning/schema.ts';

/** A file that is made for a package. Paths are of ISO 9660 level 1. */
export interface MadeFile {
  path: string;
  /** Where names may be longer: in a ZIP, and on a disc for those who read Joliet. */
  longPath?: string;
  bytes: Uint8Array;
}

/** A file of a package as the manifests tell of it. */
export interface ListedFile {
  path: string;
  bytes: number;
  /** Lower case hexadecimal. */
  sha256: string;
  /** Of images and documents. */
  sopInstanceUid?: string;
  /** Where what leaves differs from what was handed in: the digest of that. */
  receivedSha256?: string;
}

/** Label of the disc and File-set ID in one (PS3.12 F.1.1). */
export const VOLUME_ID = 'IMAGES';
export const SOFTWARE = 'Filmpost';
export const SIGNING_KEY_PATH = '/.well-known/filmpost-signing-key';

/** `IMAGES/DICOMS/IM1…`: eight characters at most and no extension, as media want it (PS3.10 8.2). */
export function imageFileId(index: number): [string, string, string] {
  return ['IMAGES', 'DICOMS', `IM${index + 1}`];
}

export function reportPath(index: number): string {
  return `REPORTS/REP${index + 1}.PDF`;
}

/** The texts at the root of every package (IHE RAD TF-2 4.47). */
export function discTexts(about: DiscAbout): MadeFile[] {
  return [
    { path: 'README.TXT', bytes: Buffer.from(readmeText(about)) },
    { path: 'INDEX.HTM', bytes: Buffer.from(indexPage(about)) },
  ];
}

/** What `MANIFEST.JSN` says beside the files. */
export interface ManifestAbout {
  institution: string;
  created: Date;
  keyId: string;
  publicUrl: string;
}

/** `MANIFEST.JSN`, documented in decision 13. */
export function manifestJson(about: ManifestAbout, files: readonly ListedFile[]): MadeFile {
  const { institution, created, keyId, publicUrl } = about;
  const head = {
    format: 'filmpost-manifest-1',
    institution,
    software: SOFTWARE,
    created: created.toISOString(),
    signature: {
      algorithm: 'Ed25519',
      of: 'MANIFEST.SHA256',
      file: 'MANIFEST.SIG',
      keyId,
      publishedAt: `${publicUrl}${SIGNING_KEY_PATH}`,
    },
  };
  // A line for each file: people search in it, and a line is read without the rest.
  const lines = files.map((file) => JSON.stringify(file)).join(',\n');
  const text = `${JSON.stringify(head).slice(0, -1)},\n"files":[\n${lines}\n]}\n`;
  return { path: 'MANIFEST.JSN', bytes: Buffer.from(text) };
}

/** `MANIFEST.SHA256`, which `sha256sum -c` reads; on a disc its level 1 name is `MANIFEST.SHA`. */
export function manifestSha256(files: readonly ListedFile[]): MadeFile {
  return {
    path: 'MANIFEST.SHA',
    longPath: 'MANIFEST.SHA256',
    bytes: Buffer.from(manifestText(files)),
  };
}

/** An exam as README and INDEX tell of it. */
export function discExam(exam: Exam): DiscExam {
  const [family = '', given = ''] = (exam.patientName.split('=')[0] ?? '')
    .split('^')
    .map((part) => part.trim());
  return {
    patientName: [family, given].filter(Boolean).join(', '),
    patientId: exam.patientId,
    birthDate: exam.birthDate?.replaceAll('-', '/') ?? '',
    studyDate: exam.studyDate?.replaceAll('-', '/') ?? '',
    description: exam.description,
    modalities: exam.modalities,
    images: exam.images,
  };
}
