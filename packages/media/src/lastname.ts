import { toAscii } from './transliteration.ts';

/** A file name for every client: `ascii` for old ones, `utf8` for those that read `filename*`. */
export interface DownloadName {
  readonly ascii: string;
  readonly utf8: string;
}

const LONGEST = 40;
const NAMELESS = 'Patient';
const SHAPES = {
  zip: { prefix: 'IMAGES_', extension: '.zip' },
  iso: { prefix: 'ISO_', extension: '.iso' },
} as const;

/**
 * What a download of somebody's images is called: `IMAGES_Lovelace.zip`, `ISO_Lovelace.iso`. The name is the family
 * name component, at most 40 characters; where nothing of it can be written, `Patient`.
 *
 * @param personName as in DICOM (PS3.5 section 6.2.1), `Family^Given=…`; empty when several patients share a package
 */
export function downloadName(personName: string, kind: keyof typeof SHAPES): DownloadName {
  const { prefix, extension } = SHAPES[kind];
  const families = personName.split('=').map(familyName);
  const named = (lastname: string) => `${prefix}${lastname || NAMELESS}${extension}`;
  return {
    ascii: named(shortened(firstFilled(families.map(toAscii)))),
    utf8: named(shortened(firstFilled(families.map(writable)))),
  };
}

/**
 * A Content-Disposition header (RFC 6266) whose `filename*` carries the UTF-8 name (RFC 8187).
 *
 * @param disposition `inline` lets a browser show what it can, under the same name when saved
 */
export function contentDisposition(
  { ascii, utf8 }: DownloadName,
  disposition: 'attachment' | 'inline' = 'attachment',
): string {
  const quoted = ascii.replace(/[^\x20-\x7e]/g, '_').replace(/["\\]/g, '\\$&');
  return `${disposition}; filename="${quoted}"; filename*=UTF-8''${extendedValue(utf8)}`;
}

/** Names that were never split into components are often written `Family, Given`. */
function familyName(componentGroup: string): string {
  return (componentGroup.split('^')[0] ?? '').split(',')[0]?.trim() ?? '';
}

/** What every file system takes: no separators, reserved or invisible characters, no dots at the ends. */
function writable(name: string): string {
  return name
    .toWellFormed()
    .normalize('NFC')
    .replace(/[\p{C}\uFFFD/\\:*?"<>|]/gu, '')
    .replace(/\s+/gu, ' ')
    .replace(/^[. ]+|[. ]+$/g, '');
}

function firstFilled(names: readonly string[]): string {
  return names.find((name) => name !== '') ?? '';
}

/** Cut between whole characters, not within one and its marks. */
function shortened(name: string): string {
  const characters = [...new Intl.Segmenter('en').segment(name)].map(({ segment }) => segment);
  while (characters.join('').length > LONGEST) characters.pop();
  return characters.join('').replace(/[-. ]+$/, '');
}

/** RFC 8187 section 3.2.1: percent-encoded but for its `attr-char`. */
function extendedValue(text: string): string {
  return encodeURIComponent(text.toWellFormed()).replace(
    /['()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
