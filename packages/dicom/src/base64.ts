/** Base64 (RFC 4648 section 4) for short values, without Node's Buffer so that the browser can do it too. */

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const CODES = Uint8Array.from(ALPHABET, (character) => character.charCodeAt(0));
const PAD = 0x3d;
const ascii = new TextDecoder('latin1');

/** The bytes from `start` up to `end` in base64, padded. */
export function base64(bytes: Uint8Array, start: number, end: number): string {
  const out = new Uint8Array(Math.ceil((end - start) / 3) * 4);
  let to = 0;
  for (let at = start; at < end; at += 3) {
    const second = at + 1 < end ? bytes[at + 1]! : 0;
    const third = at + 2 < end ? bytes[at + 2]! : 0;
    const bits = (bytes[at]! << 16) | (second << 8) | third;
    out[to++] = CODES[bits >> 18]!;
    out[to++] = CODES[(bits >> 12) & 63]!;
    out[to++] = at + 1 < end ? CODES[(bits >> 6) & 63]! : PAD;
    out[to++] = at + 2 < end ? CODES[bits & 63]! : PAD;
  }
  return ascii.decode(out);
}
