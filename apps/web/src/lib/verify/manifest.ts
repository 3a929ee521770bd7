/** A line of `MANIFEST.SHA256`: where a file lies in the package, and its SHA-256 in lower case hexadecimal. */
export interface ManifestLine {
  path: string;
  sha256: string;
}

/** The list holds a line that `sha256sum` would not read either. */
export class UnreadableManifest extends Error {
  readonly line: number;

  constructor(line: number) {
    super(`Line ${line} of the package's list of files cannot be read.`);
    this.name = 'UnreadableManifest';
    this.line = line;
  }
}

/** Names of the list: whole, and as a disc without long names has it (ISO 9660 level 1). */
const NAMES = ['manifest.sha256', 'manifest.sha'];
const SIGNATURE = 'manifest.sig';
const LINE = /^([0-9a-f]{64}) [ *](.+)$/i;

/** @throws UnreadableManifest */
export function readManifest(text: string): ManifestLine[] {
  return text.split('\n').flatMap((raw, at) => {
    const line = raw.replace(/\r$/, '');
    if (line === '') return [];
    const [, sha256, path] = LINE.exec(line) ?? [];
    if (!sha256 || !path) throw new UnreadableManifest(at + 1);
    return [{ path, sha256: sha256.toLowerCase() }];
  });
}

/** Where the package begins within what was chosen, and the files that prove it. Paths as they were given. */
export interface ManifestPlace {
  /** Empty, or a folder with its slash. */
  root: string;
  manifest: string;
  /** Null when it is missing. */
  signature: string | null;
}

/** The outermost list of files; null when there is none. Whoever unpacks may put folders around the package. */
export function findManifest(paths: readonly string[]): ManifestPlace | null {
  const found = paths
    .map((path) => ({ path, depth: path.split('/').length, name: nameOf(path) }))
    .filter(({ name }) => NAMES.includes(name))
    .sort((a, b) => a.depth - b.depth || NAMES.indexOf(a.name) - NAMES.indexOf(b.name));
  const manifest = found[0]?.path;
  if (manifest === undefined) return null;
  const root = manifest.slice(0, manifest.lastIndexOf('/') + 1);
  const beside = (path: string) => path.slice(0, path.lastIndexOf('/') + 1) === root;
  const signature = paths.find((path) => nameOf(path) === SIGNATURE && beside(path));
  return { root, manifest, signature: signature ?? null };
}

/** Systems show the same disc in capitals or in small letters; for finding a file they are the same. */
export function placeKey(path: string): string {
  return path.toLowerCase();
}

/** Whether a path of the list is an image or a document of an exam, and no text about them. */
export function isImage(path: string): boolean {
  return /^images\/dicoms\//i.test(path);
}

function nameOf(path: string): string {
  return placeKey(path.slice(path.lastIndexOf('/') + 1));
}
