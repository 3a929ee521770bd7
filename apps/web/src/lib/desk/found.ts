import { foldName } from '@filmpost/exchange/archive/rules.ts';

/** Whether every word somebody typed begins a word of the row, in any order, whatever the case and accents. */
export function found(typed: string, texts: readonly string[]): boolean {
  const words = texts.flatMap((text) => foldName(text).split(' '));
  return foldName(typed)
    .split(' ')
    .every((part) => words.some((word) => word.startsWith(part)));
}
