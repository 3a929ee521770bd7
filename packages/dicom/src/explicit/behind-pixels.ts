import type { DataSet, Element } from '../data-set.ts';
import type { Head } from '../head.ts';
import { DEFAULTS } from '../reading.ts';
import { Scanner } from '../scanner.ts';
import { Source } from '../source.ts';
import { DataSetPieces, Unwritable } from './data-set-pieces.ts';
import type { Piece } from './pieces.ts';

/** What stands behind pixel data is some padding, or a digital signature. */
const MOST_BYTES = 16 * 1024 * 1024;
const LAST_PIXEL_TAG = 0x7fe00010;

interface Readable {
  /** Bytes of the file, or of its inflated data set; fewer at its end. */
  read(offset: number, length: number): Uint8Array;
}

/**
 * The elements behind the pixel data of an instance, in Explicit VR Little Endian: those that are whole and in order,
 * since what follows is often no DICOM.
 * @param from where they begin, as locations are counted; null for nowhere
 * @throws Unwritable where there is far more than ever belongs there
 */
export function elementsBehind(head: Head, from: number | null, file: Readable): Piece[] {
  if (from === null) return [];
  const bytes = file.read(from, MOST_BYTES + 1);
  if (bytes.length > MOST_BYTES) throw new Unwritable('too much behind the pixel data');
  if (bytes.length < 8) return [];
  const { explicit, littleEndian } = head.encoding;
  const source = new Source(bytes, littleEndian);
  const input = { source, size: bytes.length, start: 0, explicit, limits: DEFAULTS };
  const scanner = new Scanner(input).run();
  const written = new DataSetPieces();
  written.dataSet(source, inOrder(scanner.dataSet, bytes.length));
  return written.pieces();
}

function inOrder({ elements, ascending }: DataSet, size: number): DataSet {
  const isWhole = ({ start, length, items }: Element) => items !== null || start + length <= size;
  const whole = elements.filter((element) => element.tag > LAST_PIXEL_TAG && isWhole(element));
  return { elements: whole, ascending };
}
