/** Fields of ISO 9660 structures (ECMA-119 section 7 and 8.4.26) written into a view. */

/** Numbers stand twice, least significant byte first and then last (ECMA-119 7.3.3). */
export function both32(view: DataView, at: number, value: number): void {
  view.setUint32(at, value, true);
  view.setUint32(at + 4, value, false);
}

export function both16(view: DataView, at: number, value: number): void {
  view.setUint16(at, value, true);
  view.setUint16(at + 2, value, false);
}

/** Text at one byte or, in Joliet, two bytes a character. */
export function putText(view: DataView, at: number, { text, wide }: { text: string; wide: boolean }): void {
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (wide) view.setUint16(at + index * 2, code, false);
    else view.setUint8(at + index, code);
  }
}

/** Text that fills `length` bytes with spaces; what does not fit is left out. */
export function putPadded(
  view: DataView,
  at: number,
  { text, length, wide }: { text: string; length: number; wide: boolean },
): void {
  const characters = wide ? Math.floor(length / 2) : length;
  putText(view, at, { text: text.slice(0, characters).padEnd(characters), wide });
}

/** Seven bytes (ECMA-119 9.1.5), in UTC. */
export function putShortDate(view: DataView, at: number, date: Date): void {
  const fields = [
    Math.min(Math.max(date.getUTCFullYear() - 1900, 0), 255),
    date.getUTCMonth() + 1,
    date.getUTCDate(),
    date.getUTCHours(),
    date.getUTCMinutes(),
    date.getUTCSeconds(),
    0,
  ];
  fields.forEach((value, index) => view.setUint8(at + index, value));
}

/** Seventeen bytes, sixteen of them digits (ECMA-119 8.4.26.1), in UTC; zeros stand for no date. */
export function putLongDate(view: DataView, at: number, date: Date | null): void {
  const digits = date === null ? '' : date.toISOString().replace(/\D/g, '').slice(0, 16);
  putText(view, at, { text: digits.padEnd(16, '0'), wide: false });
}

/** Text in a-characters (ECMA-119 7.4.1): capitals without marks; what remains foreign becomes `_`. */
export function aCharacters(text: string): string {
  const plain = text.normalize('NFKD').replace(/\p{M}/gu, '').toUpperCase();
  return plain.replace(/[^A-Z0-9_ !"%&'()*+,\-./:;<=>?]/gu, '_');
}
