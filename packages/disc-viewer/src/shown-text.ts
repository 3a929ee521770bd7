/** Texts of strangers, made fit for a screen. */

const MOST_CHARACTERS = 160;

/** One line without control characters and without those that turn the direction of what stands beside. */
export function clean(text: string): string {
  const plain = text
    .toWellFormed()
    .replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')
    .replace(/[\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '')
    .trim();
  const letters = [...plain];
  return letters.length > MOST_CHARACTERS ? `${letters.slice(0, MOST_CHARACTERS).join('')}…` : plain;
}

/**
 * A person name of DICOM JSON (PS3.18 F.2.2) as it is filed: `Lovelace^Ada` becomes `Lovelace, Ada`. The alphabetic
 * group is taken, else the ideographic, else the phonetic one; prefix and suffix are left out.
 */
export function shownName(value: unknown): string {
  const groups = isNameGroups(value) ? [value.Alphabetic, value.Ideographic, value.Phonetic] : [];
  const texts = groups.filter((group) => typeof group === 'string');
  const group = texts.find((text) => text.replaceAll('^', '').trim() !== '') ?? '';
  const [family = '', given = '', middle = ''] = group.split('^').map(clean);
  const first = [given, middle].filter(Boolean).join(' ');
  return clean([family, first].filter(Boolean).join(', '));
}

/** `YYYYMMDD` with strokes; anything else as it is. */
export function shownDate(date: string): string {
  return date.replace(/^(\d{4})(\d\d)(\d\d)$/, '$1/$2/$3');
}

/** Where a number of DICOM stands among others; what is none stands last. */
export function sortable(number: string): number {
  const value = Number.parseInt(number, 10);
  return Number.isFinite(value) ? value : Number.MAX_SAFE_INTEGER;
}

function isNameGroups(value: unknown): value is { [group: string]: unknown } {
  return typeof value === 'object' && value !== null;
}
