/** A multipart/related body as a STOW-RS client sends it (PS3.18 10.5.1, RFC 2387). */
export interface MultipartRequest {
  headers: { 'content-type': string };
  body: Buffer<ArrayBuffer>;
}

export function multipartOf(
  parts: readonly Uint8Array[],
  { boundary = 'a boundary of films', type = 'application/dicom' } = {},
): MultipartRequest {
  const pieces = parts.flatMap((part) => [
    Buffer.from(`--${boundary}\r\nContent-Type: ${type}\r\n\r\n`),
    part,
    Buffer.from('\r\n'),
  ]);
  return {
    headers: { 'content-type': `multipart/related; type="${type}"; boundary="${boundary}"` },
    body: Buffer.concat([...pieces, Buffer.from(`--${boundary}--\r\n`)]),
  };
}
