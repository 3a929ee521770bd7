/** What is known of one DICOM file once its head has been read. */

import type { Attributes } from './attributes.ts';
import type { DataSet } from './data-set.ts';
import type { Encoding } from './encoding.ts';
import type { PreambleKind } from './file-start.ts';
import { dataSetJson } from './json.ts';
import type { BulkDataLocation, JsonResult } from './json.ts';
import type { Source } from './source.ts';
import { Tag } from './tags.ts';
import type { HeadWarning } from './warnings.ts';

/** Where the pixel data lies, counted as `BulkDataLocation` counts. */
export interface PixelDataLocation {
  /** (7FE0,0010), or (7FE0,0008) and (7FE0,0009) for float and double pixels. */
  tag: number;
  vr: string;
  /** First byte of the value: of the first fragment's item header when encapsulated. */
  offset: number;
  /** Bytes of the value that the file really holds; up to its end when encapsulated. */
  length: number;
  encapsulated: boolean;
}

/** What an instance calls itself and what it belongs to; empty where it does not say. */
export interface Identity {
  sopClassUid: string;
  sopInstanceUid: string;
  studyInstanceUid: string;
  seriesInstanceUid: string;
}

export function identityOf(attributes: Attributes): Identity {
  return {
    sopClassUid: attributes.text(Tag.sopClassUid),
    sopInstanceUid: attributes.text(Tag.sopInstanceUid),
    studyInstanceUid: attributes.text(Tag.studyInstanceUid),
    seriesInstanceUid: attributes.text(Tag.seriesInstanceUid),
  };
}

/** The parts a head is made of; `readHead` puts them together. */
export interface HeadParts {
  source: Source;
  dataSet: DataSet;
  attributes: Attributes;
  identity: Identity;
  transferSyntaxUid: string;
  encoding: Encoding;
  preamble: PreambleKind;
  dataSetOffset: number;
  pixelData: PixelDataLocation | null;
  warnings: Set<HeadWarning>;
  maxJsonLength: number;
}

/** One readable DICOM instance. Holds on to the bytes it was read from: take what is needed and let it go. */
export class Head {
  /** As declared in the file; where it declares none or lies, what the bytes show. */
  readonly transferSyntaxUid: string;
  readonly encoding: Encoding;
  readonly preamble: PreambleKind;
  /** Where the data set (or its deflated stream) begins in the file. */
  readonly dataSetOffset: number;
  readonly attributes: Attributes;
  readonly sopClassUid: string;
  readonly sopInstanceUid: string;
  readonly studyInstanceUid: string;
  readonly seriesInstanceUid: string;
  readonly pixelData: PixelDataLocation | null;
  readonly warnings: HeadWarning[];
  private readonly parts: HeadParts;
  private written: JsonResult | null = null;

  constructor(parts: HeadParts) {
    this.parts = parts;
    this.transferSyntaxUid = parts.transferSyntaxUid;
    this.encoding = parts.encoding;
    this.preamble = parts.preamble;
    this.dataSetOffset = parts.dataSetOffset;
    this.pixelData = parts.pixelData;
    this.attributes = parts.attributes;
    this.sopClassUid = parts.identity.sopClassUid;
    this.sopInstanceUid = parts.identity.sopInstanceUid;
    this.studyInstanceUid = parts.identity.studyInstanceUid;
    this.seriesInstanceUid = parts.identity.seriesInstanceUid;
    if (!this.attributes.charactersKnown) parts.warnings.add('unknown-character-set');
    this.warnings = [...parts.warnings];
  }

  /** The data set by position, for those who write it anew. */
  get scanned(): Pick<HeadParts, 'source' | 'dataSet'> {
    return this.parts;
  }

  /**
   * The DICOM JSON model of the data set (PS3.18 Annex F), written when first asked for.
   * @throws JsonTooLong beyond `maxJsonLength`
   */
  get json(): string {
    return this.result().json;
  }

  /** What the `BulkDataURI`s of `json` stand for. */
  get bulkData(): BulkDataLocation[] {
    return this.result().bulkData;
  }

  private result(): JsonResult {
    const { sopInstanceUid, transferSyntaxUid } = this;
    this.written ??= dataSetJson({ ...this.parts, sopInstanceUid, transferSyntaxUid });
    return this.written;
  }
}
