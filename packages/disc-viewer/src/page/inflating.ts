/**
 * Raw inflate (RFC 1951). A deflated data set of odd length ends with a pad byte (PS3.5 A.5) that browsers take for
 * damage, so a last zero is left out at a second try.
 *
 * @throws RangeError beyond `mostBytes`, TypeError where the bytes are damaged
 */
export async function inflateRaw(deflated: Uint8Array, mostBytes: number): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return await inflated(deflated, { format: 'deflate-raw', mostBytes });
  } catch (error) {
    if (error instanceof RangeError || deflated.at(-1) !== 0) throw error;
    return inflated(deflated.subarray(0, -1), { format: 'deflate-raw', mostBytes });
  }
}

export async function inflated(
  deflated: Uint8Array,
  { format, mostBytes }: { format: CompressionFormat; mostBytes: number },
): Promise<Uint8Array<ArrayBuffer>> {
  const stream = new Blob([new Uint8Array(deflated)]).stream().pipeThrough(new DecompressionStream(format));
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  let length = 0;
  for (const reader = stream.getReader(); ;) {
    const { done, value } = await reader.read();
    if (done) break;
    length += value.length;
    if (length > mostBytes) {
      await reader.cancel();
      throw new RangeError('inflates to more than is taken');
    }
    pieces.push(value);
  }
  return new Uint8Array(await new Blob(pieces).arrayBuffer());
}
