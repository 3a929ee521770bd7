/** A CT-like file made from nothing: 120 elements, some nested, some private, 512 × 512 pixels of zeros. */

import { EXPLICIT_LITTLE, ROOT_UID, fileMeta, joined, writer } from '../fixtures/part10.ts';

const { element, sequence } = writer(EXPLICIT_LITTLE);

function reference(n: number): Uint8Array {
  return joined([
    element(0x00081150, 'UI', '1.2.840.10008.5.1.4.1.1.2'),
    element(0x00081155, 'UI', `${ROOT_UID}.7.${n}`),
  ]);
}

function identity(n: number): Uint8Array[] {
  return [
    element(0x00080005, 'CS', 'ISO_IR 100'),
    element(0x00080008, 'CS', 'ORIGINAL\\PRIMARY\\AXIAL\\CT_SOM5 SPI'),
    element(0x00080016, 'UI', '1.2.840.10008.5.1.4.1.1.2'),
    element(0x00080018, 'UI', `${ROOT_UID}.1.${n}`),
    ...[0x20, 0x21, 0x22, 0x23].map((tag) => element(0x00080000 + tag, 'DA', '20260102')),
    ...[0x30, 0x31, 0x32, 0x33].map((tag) => element(0x00080000 + tag, 'TM', '101530.120000')),
    element(0x00080050, 'SH', `A${n}`),
    element(0x00080060, 'CS', 'CT'),
    element(0x00080070, 'LO', 'Synthetic Medical Systems'),
    element(0x00080080, 'LO', 'General Hospital'),
    element(0x00080090, 'PN', 'Referring^Doctor'),
    element(0x00081030, 'LO', 'Thorax^Routine (Adult)'),
    element(0x0008103e, 'LO', 'Thorax 5.0 B31f'),
    element(0x00081090, 'LO', 'Somewhere 64'),
    sequence(0x00081140, [reference(1), reference(2), reference(3)]),
    element(0x00100010, 'PN', 'Mueller^Anna'),
    element(0x00100020, 'LO', `P${n % 7}`),
    element(0x00100030, 'DA', '19700101'),
    element(0x00100040, 'CS', 'F'),
  ];
}

function acquisition(): Uint8Array[] {
  const decimals = Array.from({ length: 40 }, (_, at) => element(0x00181200 + at, 'DS', `${at}.${at}25`));
  const privates = Array.from({ length: 14 }, (_, at) => element(0x00191010 + at, 'LO', `private ${at}`));
  return [
    element(0x00180015, 'CS', 'CHEST'),
    element(0x00180050, 'DS', '5'),
    element(0x00180060, 'DS', '120'),
    ...decimals,
    element(0x00190010, 'LO', 'SYNTHETIC CT HEADER'),
    ...privates,
    element(0x00191080, 'OB', new Uint8Array(600)),
    element(0x00191090, 'UN', new Uint8Array(2048)),
  ];
}

function image(n: number): Uint8Array[] {
  return [
    element(0x0020000d, 'UI', `${ROOT_UID}.2`),
    element(0x0020000e, 'UI', `${ROOT_UID}.3`),
    element(0x00200010, 'SH', '1'),
    element(0x00200011, 'IS', '2'),
    element(0x00200013, 'IS', String(n)),
    element(0x00200032, 'DS', `-161.2109375\\-324.7109375\\${n * 5}.5`),
    element(0x00200037, 'DS', '1\\0\\0\\0\\1\\0'),
    element(0x00200052, 'UI', `${ROOT_UID}.4`),
    element(0x00280002, 'US', [1]),
    element(0x00280004, 'CS', 'MONOCHROME2'),
    element(0x00280010, 'US', [512]),
    element(0x00280011, 'US', [512]),
    element(0x00280030, 'DS', '0.578125\\0.578125'),
    ...[16, 12, 11, 0].map((bits, at) => element(0x00280100 + at, 'US', [bits])),
    element(0x00281050, 'DS', '50\\-600'),
    element(0x00281051, 'DS', '350\\1200'),
    element(0x00281052, 'DS', '-1024'),
    element(0x00281053, 'DS', '1'),
    element(0x7fe00010, 'OW', new Uint8Array(512 * 512 * 2)),
  ];
}

/** The bytes of slice `n`: a whole Part 10 file. */
export function syntheticCt(n: number): Uint8Array {
  return joined([fileMeta('1.2.840.10008.1.2.1'), ...identity(n), ...acquisition(), ...image(n)]);
}
