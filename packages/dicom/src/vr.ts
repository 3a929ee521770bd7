/**
 * Value representations (PS3.5 section 6.2) as numbers: the two letters as they stand in the file,
 * first letter in the high byte. Comparing numbers instead of strings keeps the scanner fast.
 */

/** The number for two letters: `vrCode('SQ') === 0x5351`. */
export function vrCode(letters: string): number {
  return (letters.charCodeAt(0) << 8) | letters.charCodeAt(1);
}

/** The two letters of a VR number. */
export function vrLetters(code: number): string {
  return String.fromCharCode(code >> 8, code & 0xff);
}

export const VR_CS = vrCode('CS');
export const VR_FD = vrCode('FD');
export const VR_FL = vrCode('FL');
export const VR_LO = vrCode('LO');
export const VR_OB = vrCode('OB');
export const VR_OW = vrCode('OW');
export const VR_SL = vrCode('SL');
export const VR_SQ = vrCode('SQ');
export const VR_SS = vrCode('SS');
export const VR_SV = vrCode('SV');
export const VR_UL = vrCode('UL');
export const VR_UN = vrCode('UN');
export const VR_US = vrCode('US');
export const VR_UV = vrCode('UV');

/** Dictionary entries whose VR depends on other elements: US or SS, by Pixel Representation. */
export const VR_US_OR_SS = vrCode('XS');

/** How the value of a VR is laid out and how the DICOM JSON model shows it. */
export const ValueKind = {
  unknown: 0,
  /** Several values between backslashes. */
  strings: 1,
  /** One text in which a backslash is only a character. */
  text: 2,
  personName: 3,
  /** DS and IS: numbers written as text. */
  decimal: 4,
  numbers: 5,
  tags: 6,
  binary: 7,
  sequence: 8,
} as const;

const KINDS: [kind: number, vrs: string][] = [
  [ValueKind.strings, 'AE AS CS DA DT LO SH TM UC UI'],
  [ValueKind.text, 'LT ST UR UT'],
  [ValueKind.personName, 'PN'],
  [ValueKind.decimal, 'DS IS'],
  [ValueKind.numbers, 'FD FL SL SS SV UL US UV'],
  [ValueKind.tags, 'AT'],
  [ValueKind.binary, 'OB OD OF OL OV OW UN'],
  [ValueKind.sequence, 'SQ'],
];

/** VR number → `ValueKind`; 0 for what is no VR. */
export const VALUE_KIND = new Uint8Array(0x10000);
for (const [kind, vrs] of KINDS) for (const vr of vrs.split(' ')) VALUE_KIND[vrCode(vr)] = kind;

/** VR number → 1 when the explicit header has two reserved bytes and a 32-bit length (PS3.5 7.1.2). */
export const LONG_HEADER = new Uint8Array(0x10000);
for (const vr of 'OB OD OF OL OV OW SQ SV UC UN UR UT UV'.split(' ')) LONG_HEADER[vrCode(vr)] = 1;

/** VR number → bytes of one number; 0 for what is not made of numbers. */
export const NUMBER_SIZE = new Uint8Array(0x10000);
for (const vr of 'SS US OW AT'.split(' ')) NUMBER_SIZE[vrCode(vr)] = 2;
for (const vr of 'FL SL UL OF OL'.split(' ')) NUMBER_SIZE[vrCode(vr)] = 4;
for (const vr of 'FD SV UV OD OV'.split(' ')) NUMBER_SIZE[vrCode(vr)] = 8;
