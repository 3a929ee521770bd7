import { type JsonDataSet, nativeModel } from '@filmpost/dicom/native-model.ts';
import type { Offer } from './accept.ts';
import { type Multipart, type Part, multipart } from './multipart-writer.ts';

/** The Native DICOM Model (PS3.19 A.1), one document a data set (PS3.18 8.7.3.1 and F.1). */
export const XML = 'application/dicom+xml';

/** Forms of data sets that are described: DICOM JSON, also under the name that everybody knows, or XML in parts. */
export const DESCRIBED: readonly Offer[] = [
  ...['application/dicom+json', 'application/json'].map((type) => ({
    type,
    multipart: false,
    transferSyntaxUid: null,
  })),
  { type: XML, multipart: true, transferSyntaxUid: null },
];

/** One data set may stand alone. */
export const DESCRIBED_ALONE: readonly Offer[] = [
  ...DESCRIBED,
  { type: XML, multipart: false, transferSyntaxUid: null },
];

export const ONLY_DESCRIBED = `This is given as application/dicom+json, or in parts as ${XML}.`;

/** Forms as an Accept header names them. */
export function typesOf(offers: readonly Offer[]): string[] {
  return offers.map(({ type, multipart }) => (multipart ? `multipart/related; type="${type}"` : type));
}

/** The data sets of a JSON array, each read and written as it leaves: an exam may have thousands. */
export function xmlParts(json: Buffer): Multipart {
  return multipart(XML, partsOf(json));
}

/** The only data set of a JSON array. */
export function xmlAlone(json: Buffer): Buffer {
  const [dataSet] = elementsOf(json);
  return dataSet ? xmlOf(dataSet) : Buffer.alloc(0);
}

function* partsOf(json: Buffer): Generator<Part> {
  for (const dataSet of elementsOf(json)) {
    yield {
      headers: { 'Content-Type': XML },
      size: null,
      async *bytes() {
        yield xmlOf(dataSet);
      },
    };
  }
}

function xmlOf(json: Buffer): Buffer {
  const dataSet: JsonDataSet = JSON.parse(json.toString('utf8'));
  return Buffer.from(nativeModel(dataSet));
}

const [QUOTE, BACKSLASH] = [0x22, 0x5c];
const OPENING = [0x5b, 0x7b];
const CLOSING = [0x5d, 0x7d];

/** The objects in a well-formed JSON array, as they stand in its bytes. */
function* elementsOf(array: Buffer): Generator<Buffer> {
  let [depth, start, quoted] = [0, 0, false];
  for (let at = 0; at < array.length; at++) {
    const byte = array[at] ?? 0;
    if (byte === QUOTE) quoted = !quoted;
    else if (quoted) at += byte === BACKSLASH ? 1 : 0;
    else if (OPENING.includes(byte) && ++depth === 2) start = at;
    else if (CLOSING.includes(byte) && --depth === 1) yield array.subarray(start, at + 1);
  }
}
