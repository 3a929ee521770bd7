/** The plain texts on a disc: what it is, and proof of what it holds (IHE RAD TF-2 4.47, PS3.10 section 8). */

/** What the texts on a disc say of it. */
export interface DiscAbout {
  /** Who gives the disc out. */
  readonly institution: string;
  /** How to reach them: telephone, e-mail, address; a line each. */
  readonly contact: readonly string[];
  readonly created: Date;
  /** Name and version of what made the disc. */
  readonly software: string;
  readonly exams: readonly DiscExam[];
  /** Keys made up for DICOMDIR, as the DICOMDIR's writer tells them. */
  readonly invented: readonly DiscInvention[];
  /** Every image is uncompressed Explicit VR Little Endian, which the profile of a general purpose CD asks for. */
  readonly generalPurpose: boolean;
  /** Files that came without the beginning every DICOM file has, or with foreign bytes in it (PS3.10 7.1, 7.5). */
  readonly mendedStarts: number;
  /** Images that had lost something to compression before they were handed in. */
  readonly lossyImages: number;
  /** Files with identifiers so wrong that no DICOMDIR can list them. */
  readonly unlisted: number;
  /** Path of the page that shows the images, if there is one. */
  readonly viewer: string | null;
  /** Path of the page that tells how to go about it, if there is one. */
  readonly guide: string | null;
  /** Path of the page of copies in web format, if there are any. */
  readonly copies: string | null;
  /** Paths of documents that also lie on the disc as files of their own. */
  readonly reports: readonly string[];
}

/** One exam on the disc; texts as they shall be read. */
export interface DiscExam {
  readonly patientName: string;
  readonly patientId: string;
  /** `YYYY/MM/DD`, or empty. */
  readonly birthDate: string;
  /** `YYYY/MM/DD`, or empty. */
  readonly studyDate: string;
  readonly description: string;
  readonly modalities: readonly string[];
  readonly images: number;
}

export interface DiscInvention {
  /** `IMAGE`, `STUDY`, … */
  readonly recordType: string;
  /** Name of the attribute. */
  readonly name: string;
  readonly reason: 'missing' | 'not-allowed';
  readonly records: number;
}

/** A file as a manifest proves it. */
export interface ManifestFile {
  readonly path: string;
  /** SHA-256, 64 hexadecimal digits. */
  readonly sha256: string;
}

export const NOT_FOR_DIAGNOSIS =
  'The viewer on this disc is a convenience and not for primary diagnosis unless your site has validated it.';
export const PRIVACY =
  'This disc holds medical information about identifiable people. It is meant for those it was given to. If you are ' +
  'not one of them, do not copy it, and return it to the institution named here.';

const WIDTH = 76;

/** `README.TXT`: CR LF at the end of each line, with a byte order mark if it is not ASCII. */
export function readmeText(about: DiscAbout): string {
  const sections: [heading: string, paragraphs: readonly string[]][] = [
    ['Medical images', [contentsOf(about), howToOpen(about), ...besides(about)]],
    ['From', [about.institution, ...about.contact]],
    ['Made', [`${day(about.created)} (UTC) with ${about.software}`]],
    ['Originals', originals(about)],
    ...(about.invented.length > 0 ? [invented(about.invented)] : []),
    ...(about.viewer === null ? [] : [viewerOf(about.viewer)]),
    ['Please note', [PRIVACY, ...(about.viewer === null ? [] : [NOT_FOR_DIAGNOSIS])]],
  ];
  const lines = sections.flatMap(([heading, paragraphs]) => [
    heading.toUpperCase(),
    ...paragraphs.flatMap((paragraph) => wrapped(oneLine(paragraph))),
    '',
  ]);
  const text = lines.map((line) => `${line}\r\n`).join('');
  return /^[\0-\x7f]*$/.test(text) ? text : `\ufeff${text}`;
}

/** `MANIFEST.SHA256` as `sha256sum -c` reads it. */
export function manifestText(files: readonly ManifestFile[]): string {
  return files.map(({ path, sha256 }) => `${sha256.toLowerCase()}  ${path}\n`).join('');
}

/** `2026/04/12` in UTC. */
export function day(date: Date): string {
  return date.toISOString().slice(0, 10).replaceAll('-', '/');
}

function contentsOf({ exams }: DiscAbout): string {
  const images = exams.reduce((sum, exam) => sum + exam.images, 0);
  return `${counted(exams.length, 'exam')} with ${counted(images, 'image or document', 'images and documents')} in DICOM format.`;
}

function howToOpen({ viewer }: DiscAbout): string {
  const look = viewer === null ? '' : ` To look at them in a browser, open ${viewer}.`;
  return `To import them, give the disc, or the folder IMAGES, to your imaging software; DICOMDIR lists them.${look}`;
}

/** What lies beside the images. */
function besides({ guide, copies, reports }: DiscAbout): string[] {
  return [
    ...(reports.length > 0 ? [`The folder REPORTS holds ${counted(reports.length, 'report')} as PDF.`] : []),
    ...(copies === null ? [] : [`${copies} shows copies of single images (JPEG) without any script.`]),
    ...(guide === null ? [] : [`${guide} is a Quick Start Guide.`]),
  ];
}

function originals({ generalPurpose, mendedStarts, lossyImages, unlisted }: DiscAbout): string[] {
  const as =
    'The images are the files that were handed in, byte for byte; nothing was compressed or changed.';
  const but = `${counted(mendedStarts, 'file')} had no proper DICOM beginning and got one in front of the unchanged data.`;
  const lost = `${counted(unlisted, 'file')} with identifiers that are none could not be listed in DICOMDIR.`;
  const check =
    'MANIFEST.SHA256 holds the SHA-256 digest of every file: check it with "sha256sum -c MANIFEST.SHA256".';
  const profile = generalPurpose
    ? 'All of them are uncompressed, as the DICOM profile STD-GEN-CD and IHE Portable Data for Imaging ask.'
    : 'Some of them were compressed, or written otherwise than the DICOM profile STD-GEN-CD asks, before they were handed in.';
  const notes = [...(mendedStarts > 0 ? [but] : []), ...(unlisted > 0 ? [lost] : [])];
  return [compressionLine(lossyImages), as, ...notes, profile, check];
}

/** What is said of compression wherever it is said; computed, never promised (features X17). */
export function compressionLine(lossyImages: number): string {
  if (lossyImages === 0) return 'Compression: None';
  const were = lossyImages === 1 ? 'image was' : 'images were';
  return `Compression: none added (${lossyImages} ${were} already lossy at source)`;
}

function invented(keys: readonly DiscInvention[]): [string, string[]] {
  const lines = keys.map(({ recordType, name, reason, records }) => {
    const why = reason === 'missing' ? 'missing in the images' : 'not as DICOM wants it in the images';
    return `- ${name}: ${counted(records, `${recordType} record`)}, ${why}`;
  });
  return [
    'Made up in DICOMDIR',
    ['DICOMDIR must have these; the images themselves are as they were.', ...lines],
  ];
}

/** What IHE asks to be said of a viewer that comes along: what it runs on. */
function viewerOf(viewer: string): [string, string[]] {
  return [
    'The viewer',
    [
      `${viewer} is a page for any Chrome, Edge, Firefox or Safari since 2023, on Windows, macOS or Linux. Nothing is installed, and no network is used.`,
    ],
  ];
}

function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** What somebody typed cannot begin a line of its own. */
function oneLine(text: string): string {
  return text
    .toWellFormed()
    .replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')
    .trim();
}

function wrapped(text: string): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > WIDTH) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}
