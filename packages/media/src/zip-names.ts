/**
 * A name that must not stand in an archive. The text says which entry and what to do about it, not the name
 * itself: names can be those of patients, and errors are logged.
 */
export class UnsafeZipName extends RangeError {
  override readonly name = 'UnsafeZipName';
}

const RULES: readonly { readonly broken: (name: string) => boolean; readonly advice: string }[] = [
  { broken: (name) => name === '', advice: 'has no name; give it one' },
  { broken: (name) => name.includes('\\'), advice: 'has a backslash in its name; separate folders with "/"' },
  { broken: (name) => name.includes(':'), advice: 'has a drive letter or colon in its name; leave it out' },
  { broken: (name) => name.startsWith('/'), advice: 'has an absolute name; remove the leading "/"' },
  { broken: (name) => /\p{Cc}/u.test(name), advice: 'has control characters in its name; remove them' },
  { broken: (name) => !name.isWellFormed(), advice: 'has half a surrogate pair in its name; replace it' },
  {
    broken: (name) => name.split('/').some((part) => part === '' || part === '.' || part === '..'),
    advice: 'has an empty, "." or ".." folder in its name; resolve the path before packing',
  },
];

const utf8 = new TextEncoder();

/**
 * The names as UTF-8, in their order, once all of them are safe to unpack anywhere: relative, forward slashes,
 * no way up and no two that differ in case only.
 *
 * @throws UnsafeZipName
 */
export function checkedNames(names: readonly string[]): Uint8Array[] {
  const seen = new Set<string>();
  return names.map((name, index) => {
    const rule = RULES.find(({ broken }) => broken(name));
    if (rule) throw new UnsafeZipName(`ZIP entry ${index} ${rule.advice}.`);
    const key = name.normalize('NFC').toLowerCase();
    if (seen.has(key))
      throw new UnsafeZipName(`ZIP entry ${index} repeats the name of another; number one of them.`);
    seen.add(key);
    const bytes = utf8.encode(name);
    if (bytes.length > 0xffff)
      throw new UnsafeZipName(`ZIP entry ${index} has a name over 65,535 bytes; shorten it.`);
    return bytes;
  });
}
