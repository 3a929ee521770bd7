/** The Native DICOM Model (PS3.19 A.1): a data set as XML, as PS3.18 F.1 has it for web services. */

import { isPrivate } from './dictionary.ts';
import { KEYWORDS, REPEATING_KEYWORDS } from './keywords.generated.ts';

/** A data set in DICOM JSON (PS3.18 F.2): attributes by tag. */
export interface JsonDataSet {
  readonly [tag: string]: JsonAttribute | undefined;
}

export interface JsonAttribute {
  readonly vr: string;
  readonly Value?: readonly unknown[];
  readonly InlineBinary?: string;
  readonly BulkDataURI?: string;
}

/** The groups of a person's name and its components (PS3.19 A.1.6; PS3.5 6.2.1). */
const GROUPS = ['Alphabetic', 'Ideographic', 'Phonetic'] as const;
const COMPONENTS = ['FamilyName', 'GivenName', 'MiddleName', 'NamePrefix', 'NameSuffix'];

type PersonName = { readonly [group in (typeof GROUPS)[number]]?: string };

const NAMESPACE = 'http://dicom.nema.org/PS3.19/models/NativeDICOM';

/** One XML document, in the order of the data set. Characters that XML 1.0 cannot hold become U+FFFD. */
export function nativeModel(dataSet: JsonDataSet): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n<NativeDicomModel xmlns="${NAMESPACE}" xml:space="preserve">${attributes(dataSet)}</NativeDicomModel>\n`;
}

function attributes(dataSet: JsonDataSet): string {
  return Object.keys(dataSet)
    .sort()
    .map((tag) => attribute(tag, dataSet))
    .join('');
}

function attribute(tag: string, dataSet: JsonDataSet): string {
  const { vr = 'UN', ...content } = dataSet[tag] ?? {};
  const keyword = keywordOf(tag);
  const creator = creatorOf(tag, dataSet);
  // Which block its creator reserved is not said, as it differs from one instance to the next.
  const name = creator ? `${tag.slice(0, 4)}00${tag.slice(6)}` : tag;
  const names = [
    `tag="${name}" vr="${vr}"`,
    ...(keyword ? [`keyword="${keyword}"`] : []),
    ...(creator ? [`privateCreator="${escaped(creator)}"`] : []),
  ];
  return `<DicomAttribute ${names.join(' ')}>${contentOf(vr, content)}</DicomAttribute>`;
}

function contentOf(
  vr: string,
  { Value: values = [], InlineBinary, BulkDataURI }: Partial<JsonAttribute>,
): string {
  if (BulkDataURI !== undefined) return `<BulkData uri="${escaped(BulkDataURI)}"/>`;
  if (InlineBinary !== undefined) return `<InlineBinary>${InlineBinary}</InlineBinary>`;
  return values.map((value, at) => valueOf(vr, value, at + 1)).join('');
}

/** Values are numbered from 1; one that is empty among others is left out (PS3.19 A.1.6). */
function valueOf(vr: string, value: unknown, number: number): string {
  // DICOM JSON holds a data set for each item, and groups of text for each name (PS3.18 F.2.2).
  if (vr === 'SQ') return `<Item number="${number}">${attributes((value ?? {}) as JsonDataSet)}</Item>`;
  if (value === null) return '';
  if (vr === 'PN') return `<PersonName number="${number}">${nameOf(value as PersonName)}</PersonName>`;
  return `<Value number="${number}">${escaped(String(value))}</Value>`;
}

function nameOf(name: PersonName): string {
  return GROUPS.map((group) => {
    const components = (name[group] ?? '')
      .split('^')
      .map((component, at) => element(COMPONENTS[at], component));
    const inner = components.join('');
    return inner && `<${group}>${inner}</${group}>`;
  }).join('');
}

function element(name: string | undefined, text: string): string {
  return name && text ? `<${name}>${escaped(text)}</${name}>` : '';
}

let keywords: Map<string, string> | undefined;

/** Where tags that stand for many (PS3.5 7.6) have any digit, e.g. `..xx....`. */
const SHAPES = [
  ...new Set([...namesIn(REPEATING_KEYWORDS).keys()].map((mask) => mask.replace(/[^x]/g, '.'))),
];

/** Keywords by what stands before them. */
function namesIn(text: string): Map<string, string> {
  return new Map(Array.from(text.matchAll(/(\S+) (\S+)/g), ([, tag = '', keyword = '']) => [tag, keyword]));
}

/** The keyword of PS3.6; undefined for what it does not know, private elements among that. */
function keywordOf(tag: string): string | undefined {
  if (isPrivate(parseInt(tag, 16))) return undefined;
  keywords ??= namesIn(`${KEYWORDS} ${REPEATING_KEYWORDS}`);
  const known = keywords.get(tag);
  if (known !== undefined) return known;
  for (const shape of SHAPES) {
    const repeating = keywords.get(maskOf(tag, shape));
    if (repeating !== undefined) return repeating;
  }
  return undefined;
}

function maskOf(tag: string, shape: string): string {
  let mask = '';
  for (let at = 0; at < shape.length; at++) mask += shape[at] === 'x' ? 'x' : tag.charAt(at);
  return mask;
}

/** Who reserved the block that a private element lies in (PS3.5 7.8.1). */
function creatorOf(tag: string, dataSet: JsonDataSet): string | undefined {
  if (!isPrivate(parseInt(tag, 16)) || tag.slice(4, 6) === '00') return undefined;
  const creator = dataSet[`${tag.slice(0, 4)}00${tag.slice(4, 6)}`]?.Value?.[0];
  return typeof creator === 'string' ? creator : undefined;
}

const ESCAPES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  // Readers make one line break of both, and blanks of breaks and tabs within XML attributes.
  '\r': '&#13;',
  '\n': '&#10;',
  '\t': '&#9;',
};

function escaped(text: string): string {
  return text
    .toWellFormed()
    .replace(/[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g, '\ufffd')
    .replace(/[&<>"\r\n\t]/g, (character) => ESCAPES[character] ?? character);
}
