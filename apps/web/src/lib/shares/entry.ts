import { CODE_LENGTH, normaliseCode, parseBirthDate } from '@filmpost/exchange/access/codes/rules.ts';

/** What a person typed, letter by letter, and what is wrong with it before anybody is asked. */
export interface EntryErrors {
  code?: string;
  birthDate?: string;
}

/** Finds what cannot be right whatever the share: says nothing about any code or patient. */
export function entryErrors(code: string, birthDate: string): EntryErrors {
  return {
    ...(!normaliseCode(code) && { code: codeError(code) }),
    ...(!parseBirthDate(birthDate) && {
      birthDate: birthDate.trim()
        ? 'Write the date as year, month and day: 1981/08/29.'
        : 'Enter the patient’s date of birth.',
    }),
  };
}

function codeError(typed: string): string {
  const count = typed.replace(/[^\p{L}\p{N}]/gu, '').length;
  if (count === 0) return 'Enter the security code.';
  return `A security code has ${CODE_LENGTH} letters and digits; this one has ${count}. Check the page you were given.`;
}

/** Whether a refused code holds a symbol that no code holds, so that a misread letter can be pointed out (features X13). */
export function holdsConfusable(code: string): boolean {
  return /[ILOU01]/i.test(code.normalize('NFKC'));
}

/** The code in the address of a scanned QR picture, `#c=VTX5HN8DP`; the part behind `#` never reaches a server. */
export function codeInFragment(hash: string): string {
  return new URLSearchParams(hash.replace(/^#/, '')).get('c') ?? '';
}
