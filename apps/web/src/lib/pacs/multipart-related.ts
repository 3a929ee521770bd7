/** A request body of images end to end, as STOW-RS takes them (PS3.18 8.6.1.2, RFC 2387). */
export interface RelatedBody {
  body: Blob;
  contentType: string;
}

/** @param boundary stands in none of the images; 128 random bits make sure of it */
export function relatedBody(images: readonly Blob[], boundary: string): RelatedBody {
  const parts: BlobPart[] = images.flatMap((image) => [
    `--${boundary}\r\nContent-Type: application/dicom\r\n\r\n`,
    image,
    '\r\n',
  ]);
  return {
    body: new Blob([...parts, `--${boundary}--\r\n`]),
    contentType: `multipart/related; type="application/dicom"; boundary=${boundary}`,
  };
}
