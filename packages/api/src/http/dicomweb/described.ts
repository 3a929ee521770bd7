import { type JsonDataSet, nativeModel } from '@filmpost/dicom/native-model.ts';
import type { Offer } from './accept.ts';
import { type Multipart, multipart } from './multipart-writer.ts';

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

/** Each document is written as it leaves. */
export function xmlParts(dataSets: readonly JsonDataSet[]): Multipart {
  return multipart(
    XML,
    dataSets.map((dataSet) => ({
      headers: { 'Content-Type': XML },
      size: null,
      async *bytes() {
        yield Buffer.from(nativeModel(dataSet));
      },
    })),
  );
}
