import { Buffer } from 'node:buffer';
import type { Attributes } from './dictionary.ts';
import type { Instance } from './modules.ts';
import { type ObjectOptions, anObject, code } from './object.ts';

export const BASIC_TEXT_SR = '1.2.840.10008.5.1.4.1.1.88.11';
export const COMPREHENSIVE_SR = '1.2.840.10008.5.1.4.1.1.88.33';
export const ENCAPSULATED_PDF = '1.2.840.10008.5.1.4.1.1.104.1';

type ReportOptions = Omit<ObjectOptions, 'modality' | 'sopClassUid'> & {
  readonly sopClassUid?: string;
  /** What the report says. */
  readonly text: string;
  /** Content items beside the text. */
  readonly items?: readonly Attributes[];
};

/** A structured report with one sentence (PS3.3 A.35.1, TID 2000). */
export function aReport({
  text,
  items = [],
  sopClassUid = BASIC_TEXT_SR,
  ...options
}: ReportOptions): Instance {
  return anObject({
    seriesDescription: 'Report',
    ...options,
    modality: 'SR',
    sopClassUid,
    attributes: {
      CompletionFlag: 'COMPLETE',
      VerificationFlag: 'UNVERIFIED',
      ValueType: 'CONTAINER',
      ContinuityOfContent: 'SEPARATE',
      ConceptNameCodeSequence: code('18748-4', 'LN', 'Diagnostic Imaging Report'),
      ContentSequence: [
        {
          RelationshipType: 'CONTAINS',
          ValueType: 'TEXT',
          ConceptNameCodeSequence: code('121071', 'DCM', 'Finding'),
          TextValue: text,
        },
        ...items,
      ],
      ...options.attributes,
    },
  });
}

/** A page of A5 in PDF 1.4 with one line of Latin letters in 40 points, and nothing else. */
export function onePagePdf(line: string): Uint8Array {
  const content = `BT /F1 40 Tf 30 400 Td (${line.replace(/[\\()]/g, '\\$&')}) Tj ET`;
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 420 595] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>',
    `<< /Length ${content.length} >>\nstream\n${content}\nendstream`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
  ];
  let file = '%PDF-1.4\n';
  const offsets = objects.map((object, index) => {
    const at = file.length;
    file += `${index + 1} 0 obj\n${object}\nendobj\n`;
    return `${String(at).padStart(10, '0')} 00000 n \n`;
  });
  const table = `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${offsets.join('')}`;
  const trailer = `trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${file.length}\n%%EOF\n`;
  return Buffer.from(file + table + trailer, 'latin1');
}

/** A document in DICOM (PS3.3 A.45.1). */
export function aPdf({
  document,
  ...options
}: Omit<ObjectOptions, 'modality' | 'sopClassUid'> & { readonly document: Uint8Array }): Instance {
  return anObject({
    seriesDescription: 'Document',
    ...options,
    modality: 'DOC',
    sopClassUid: ENCAPSULATED_PDF,
    attributes: {
      BurnedInAnnotation: 'YES',
      ConceptNameCodeSequence: code('18748-4', 'LN', 'Diagnostic Imaging Report'),
      DocumentTitle: 'Report',
      MIMETypeOfEncapsulatedDocument: 'application/pdf',
      EncapsulatedDocument: document,
      EncapsulatedDocumentLength: document.length,
      ...options.attributes,
    },
  });
}
