import { foldName } from '../rules.ts';

/**
 * A PN match key as a LIKE pattern over folded names: case-insensitive, `*` any run, `?` one character
 * (PS3.4 C.2.2.2.4). Without a wildcard the key must be the whole name.
 */
export function namePattern(key: string): string {
  const STAR = '\u0001';
  const MARK = '\u0002';
  const folded = foldName(key.replaceAll('*', STAR).replaceAll('?', MARK));
  return folded
    .replace(/[\\%_]/g, '\\$&')
    .replaceAll(STAR, '%')
    .replaceAll(MARK, '_');
}
