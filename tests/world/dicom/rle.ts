/**
 * One frame in RLE Lossless (PS3.5 annex G): a header of 64 bytes, then one PackBits segment per byte plane,
 * most significant byte first.
 */
export function rleFrame(pixels: Uint8Array, bytesPerPixel: 1 | 2, columns: number): Uint8Array {
  const segments = Array.from({ length: bytesPerPixel }, (_, plane) =>
    packBits(planeOf(pixels, bytesPerPixel - 1 - plane, bytesPerPixel), columns),
  );
  const header = new DataView(new ArrayBuffer(64));
  header.setUint32(0, segments.length, true);
  segments.reduce((at, segment, index) => {
    header.setUint32(4 + index * 4, at, true);
    return at + segment.length;
  }, 64);
  return Buffer.concat([new Uint8Array(header.buffer), ...segments]);
}

function planeOf(pixels: Uint8Array, offset: number, stride: number): Uint8Array {
  return Uint8Array.from(
    { length: pixels.length / stride },
    (_, index) => pixels[index * stride + offset] ?? 0,
  );
}

/** Rows are packed one by one, as G.3.1 asks; a segment is padded to even length. */
function packBits(plane: Uint8Array, columns: number): Uint8Array {
  const out: number[] = [];
  for (let start = 0; start < plane.length; start += columns)
    packRow(plane.subarray(start, start + columns), out);
  if (out.length % 2) out.push(0);
  return Uint8Array.from(out);
}

function packRow(row: Uint8Array, out: number[]): void {
  let at = 0;
  while (at < row.length) {
    const run = runLength(row, at);
    if (run > 1) {
      out.push(257 - run, row[at] ?? 0);
      at += run;
      continue;
    }
    let end = at + 1;
    while (end < row.length && end - at < 128 && runLength(row, end) === 1) end++;
    out.push(end - at - 1, ...row.subarray(at, end));
    at = end;
  }
}

function runLength(row: Uint8Array, from: number): number {
  let to = from + 1;
  while (to < row.length && to - from < 128 && row[to] === row[from]) to++;
  return to - from;
}
