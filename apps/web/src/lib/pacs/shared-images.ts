/** An image of a share, by its identifiers. */
export interface SharedImage {
  studyInstanceUid: string;
  seriesInstanceUid: string;
  sopInstanceUid: string;
}

/** Images of one answer; the search gives no more at once. */
const PAGE = 1000;

/** The share could not be read: it ended, or the line is broken. */
export class ShareUnreadable extends Error {
  readonly status: number;

  constructor(status: number) {
    super('The images could not be read from the exchange.');
    this.name = 'ShareUnreadable';
    this.status = status;
  }
}

type Found = Record<string, { Value?: unknown[] } | undefined>;

/** Every image of an exam (QIDO-RS, PS3.18 10.6). @throws ShareUnreadable, TypeError, AbortError */
export async function imagesOf(
  root: string,
  studyInstanceUid: string,
  signal: AbortSignal,
): Promise<SharedImage[]> {
  const images: SharedImage[] = [];
  for (;;) {
    const address = `${root}/studies/${studyInstanceUid}/instances?limit=${PAGE}&offset=${images.length}`;
    const answer = await fetch(address, { headers: { accept: 'application/dicom+json' }, signal });
    if (!answer.ok) throw new ShareUnreadable(answer.status);
    const found: Found[] = answer.status === 204 ? [] : await answer.json();
    for (const each of found) {
      images.push({
        studyInstanceUid,
        seriesInstanceUid: String(each['0020000E']?.Value?.[0] ?? ''),
        sopInstanceUid: String(each['00080018']?.Value?.[0] ?? ''),
      });
    }
    if (found.length < PAGE) return images;
  }
}

/** One image as it was sent, in its own transfer syntax. @throws ShareUnreadable, TypeError, AbortError */
export async function imageBytes(
  root: string,
  { studyInstanceUid, seriesInstanceUid, sopInstanceUid }: SharedImage,
  signal: AbortSignal,
): Promise<Blob> {
  const address = `${root}/studies/${studyInstanceUid}/series/${seriesInstanceUid}/instances/${sopInstanceUid}`;
  const headers = { accept: 'application/dicom; transfer-syntax=*' };
  const answer = await fetch(address, { headers, signal });
  if (!answer.ok) throw new ShareUnreadable(answer.status);
  return answer.blob();
}
