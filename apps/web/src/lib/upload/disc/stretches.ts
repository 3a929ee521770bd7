/**
 * Readers at work. Chromium 156 forgets a stream that nothing but its own next answer holds on to, and the answer never
 * comes: one reading of 32 MB in two hundred stood still for ever.
 */
const atWork = new Set<ReadableStreamBYOBReader>();

/**
 * A blob's bytes, end to end in stretches of these lengths, and shorter where it ends. Each is good until the next is
 * asked for: they lie in the same memory where the browser can read so, since fresh memory for all that is read costs
 * as much as the reading. Rejects with the browser's DOMException.
 */
export async function* stretchesOf(
  blob: Blob,
  lengths: readonly number[],
): AsyncGenerator<Uint8Array<ArrayBuffer>, void> {
  const reader = readerInto(blob);
  if (!reader) return yield* copiedStretchesOf(blob, lengths);
  let memory = new ArrayBuffer(Math.max(0, ...lengths));
  atWork.add(reader);
  try {
    for (const length of lengths) {
      let filled = 0;
      for (let ended = false; !ended && filled < length;) {
        const { value, done } = await reader.read(new Uint8Array(memory, filled, length - filled));
        if (value) ({ buffer: memory } = value);
        filled += value?.length ?? 0;
        ended = done;
      }
      yield new Uint8Array(memory, 0, filled);
    }
  } finally {
    atWork.delete(reader);
    void reader.cancel().catch(() => undefined);
  }
}

/** Null where the browser reads into no memory but its own. */
function readerInto(blob: Blob): ReadableStreamBYOBReader | null {
  const stream = blob.stream();
  try {
    return stream.getReader({ mode: 'byob' });
  } catch (error) {
    if (error instanceof TypeError) return null;
    throw error;
  }
}

async function* copiedStretchesOf(blob: Blob, lengths: readonly number[]) {
  let at = 0;
  for (const length of lengths) yield new Uint8Array(await blob.slice(at, (at += length)).arrayBuffer());
}
