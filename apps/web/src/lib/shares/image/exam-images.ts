/** A series of an exam, as the search tells of it. */
export interface ListedSeries {
  seriesInstanceUid: string;
  /** As the device numbered it; empty when it did not. */
  number: string;
  modality: string;
  description: string;
  instances: number;
}

/** The share has ended, or the line is broken. */
export class ExamUnreadable extends Error {
  constructor() {
    super('The exam could not be read.');
    this.name = 'ExamUnreadable';
  }
}

type Found = Record<string, { Value?: unknown[] } | undefined>;

/** Kinds of series that hold no picture: reports, plans, presentation states and the like (PS3.3 C.7.3.1.1.1). */
const WITHOUT_PICTURE = [
  'SR',
  'PR',
  'KO',
  'DOC',
  'RTSTRUCT',
  'RTPLAN',
  'RTRECORD',
  'SEG',
  'REG',
  'FID',
  'ECG',
  'AU',
];

/** Root of an exam's resources below a share (PS3.18 10.4, 10.6). */
export function examRoot(shareId: string, studyInstanceUid: string): string {
  return `/dicomweb/s/${encodeURIComponent(shareId)}/studies/${encodeURIComponent(studyInstanceUid)}`;
}

/** Series with pictures, in the exam's order. @throws ExamUnreadable, TypeError */
export async function seriesWithPictures(exam: string): Promise<ListedSeries[]> {
  const found = await search(`${exam}/series`);
  return found
    .map((each) => ({
      seriesInstanceUid: text(each, '0020000E'),
      number: text(each, '00200011'),
      modality: text(each, '00080060'),
      description: text(each, '0008103E'),
      instances: Number(text(each, '00201209')) || 0,
    }))
    .filter(({ modality }) => !WITHOUT_PICTURE.includes(modality))
    .sort((a, b) => Number(a.number) - Number(b.number));
}

/** SOP Instance UIDs of a series, in the order in which they are numbered. @throws ExamUnreadable, TypeError */
export async function imagesOfSeries(exam: string, seriesInstanceUid: string): Promise<string[]> {
  const found = await search(`${exam}/series/${encodeURIComponent(seriesInstanceUid)}/instances?limit=5000`);
  return found
    .map((each) => ({ uid: text(each, '00080018'), number: Number(text(each, '00200013')) }))
    .sort((a, b) => a.number - b.number)
    .map(({ uid }) => uid);
}

async function search(address: string): Promise<Found[]> {
  const answer = await fetch(address, { headers: { accept: 'application/dicom+json' } });
  if (answer.status === 204) return [];
  if (!answer.ok) throw new ExamUnreadable();
  return answer.json();
}

function text(found: Found, tag: string): string {
  return String(found[tag]?.Value?.[0] ?? '');
}
