/** Whether bytes are well-formed UTF-8 (RFC 3629), without the cost of a decoder that throws when they are not. */

/** First byte → bytes that follow it; 255 for what can be none. */
const FOLLOWERS = new Uint8Array(256).fill(255);
FOLLOWERS.fill(0, 0, 0x80);
FOLLOWERS.fill(1, 0xc2, 0xe0);
FOLLOWERS.fill(2, 0xe0, 0xf0);
FOLLOWERS.fill(3, 0xf0, 0xf5);

/** Overlong forms, surrogates and what lies beyond U+10FFFF show in the second byte. */
function isSecondByte(first: number, second: number): boolean {
  if (first === 0xe0) return second >= 0xa0;
  if (first === 0xed) return second < 0xa0;
  if (first === 0xf0) return second >= 0x90;
  return first !== 0xf4 || second < 0x90;
}

export function isUtf8(bytes: Uint8Array): boolean {
  for (let at = 0; at < bytes.length;) {
    const first = bytes[at++]!;
    const followers = FOLLOWERS[first]!;
    if (followers === 255 || at + followers > bytes.length) return false;
    if (followers > 0 && !isSecondByte(first, bytes[at]!)) return false;
    for (const end = at + followers; at < end; at++) if (bytes[at]! >> 6 !== 2) return false;
  }
  return true;
}
