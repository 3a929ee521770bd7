/** How a secret is printed: groups of `size` characters, `count` of them, with `separator` between. */
export interface Grouping {
  size: number;
  count: number;
  separator: string;
}

/** `VTX - 5HN - 8DP`: nine letters or digits. */
export const CODE_GROUPS: Grouping = { size: 3, count: 3, separator: ' - ' };
/** `317 486`: six digits. */
export const PIN_GROUPS: Grouping = { size: 3, count: 2, separator: ' ' };

/** The letters and digits of a text: full-width forms folded, capitals, separators of any kind left out. */
function bare(text: string): string {
  return text
    .normalize('NFKC')
    .toUpperCase()
    .replace(/[^\p{L}\p{N}]/gu, '');
}

/** Writes a secret in its visible groups. What is too long stays in the last group, so that nothing typed is lost. */
export function group(text: string, { size, count, separator }: Grouping): string {
  const characters = bare(text);
  const groups: string[] = [];
  for (let at = 0; at < count - 1; at += 1) groups.push(characters.slice(at * size, (at + 1) * size));
  groups.push(characters.slice((count - 1) * size));
  return groups.filter(Boolean).join(separator);
}

/** The dots still to be typed, padded so that they lie behind the grouped text character by character. */
export function remainingSlots(text: string, grouping: Grouping): string {
  const full = group('0'.repeat(grouping.size * grouping.count), grouping).replaceAll('0', '·');
  return ' '.repeat(Math.min(text.length, full.length)) + full.slice(text.length);
}

/** A text field's content and where its caret stands, counted in UTF-16 units. */
export interface Typed {
  text: string;
  caret: number;
}

/**
 * Regroups a field after a keystroke or a paste and keeps the caret beside the same character.
 * @param direction `forward` after the Delete key: then the caret goes past a separator instead of before it,
 * or Delete would put back the separator it has just removed, for ever.
 */
export function regroup(typed: Typed, grouping: Grouping, direction: 'forward' | 'backward'): Typed {
  const text = group(typed.text, grouping);
  const before = bare(typed.text.slice(0, typed.caret)).length;
  let caret = 0;
  for (let seen = 0; caret < text.length && seen < before; caret += 1) {
    if (bare(text.charAt(caret)) !== '') seen += 1;
  }
  while (direction === 'forward' && caret < text.length && bare(text.charAt(caret)) === '') caret += 1;
  return { text, caret };
}
