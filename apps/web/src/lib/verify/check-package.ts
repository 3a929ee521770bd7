import { sha256Of, wholeOf } from './digest.ts';
import { type ManifestLine, findManifest, isImage, placeKey, readManifest } from './manifest.ts';
import type { PackageFile } from './package-files.ts';
import { type PublishedKey, type SignatureVerdict, checkSignature } from './signature.ts';

/** What is wrong with a listed file: other bytes, not there, cannot be read, or two files at one place. */
export type Fault = 'changed' | 'missing' | 'unreadable' | 'twice';

/** What was found; paths as the list has them. */
export interface PackageCheck {
  images: { listed: number; verified: number };
  /** Everything listed, images too. */
  files: { listed: number; verified: number };
  bad: { path: string; fault: Fault }[];
  /** Files that the list does not know; those outside the package with their whole path. */
  extra: string[];
  signature: SignatureVerdict;
}

export interface Progress {
  files: number;
  filesTotal: number;
  bytes: number;
  bytesTotal: number;
}

/** There is no list of files in what was chosen, or more of it than any list is long. */
export class NoManifest extends Error {
  constructor() {
    super('No list of files was found.');
    this.name = 'NoManifest';
  }
}

const MOST_MANIFEST_BYTES = 64 * 1024 * 1024;
/** Files read at the same time: one waits for the disc while the other is hashed. */
const AT_ONCE = 2;

/** Compares every file with the list. @throws NoManifest, UnreadableManifest, NotAsLong, DOMException */
export async function checkPackage(
  chosen: readonly PackageFile[],
  { keys, onprogress }: { keys: readonly PublishedKey[] | null; onprogress: (progress: Progress) => void },
): Promise<PackageCheck> {
  const place = findManifest(chosen.map(({ path }) => path));
  const file = (path: string | null | undefined) => chosen.find((each) => each.path === path);
  const listFile = file(place?.manifest);
  if (!place || !listFile || listFile.size > MOST_MANIFEST_BYTES) throw new NoManifest();
  const list = await wholeOf(listFile);
  const lines = readManifest(new TextDecoder().decode(list));
  const signed = file(place.signature);
  const proof = signed && signed.size < MOST_MANIFEST_BYTES ? await wholeOf(signed).catch(() => null) : null;
  const within = chosen.filter(({ path }) => path.startsWith(place.root));
  const byPlace = Map.groupBy(within, ({ path }) => placeKey(path.slice(place.root.length)));
  const faults = await compare(lines, byPlace, onprogress);
  const known = new Set(lines.map(({ path }) => placeKey(path)));
  for (const path of [place.manifest, place.signature]) {
    if (path) known.add(placeKey(path.slice(place.root.length)));
  }
  const strange = [...byPlace].filter(([key]) => !known.has(key));
  // Whoever put a folder around a package may have put other images beside it.
  const outside = chosen.filter(({ path }) => !path.startsWith(place.root));
  return {
    ...counted(lines, faults),
    extra: [
      ...strange.map(([key, [first]]) => first?.path.slice(place.root.length) ?? key),
      ...outside.map(({ path }) => path),
    ],
    signature: await checkSignature(list, proof, keys),
  };
}

function counted(
  lines: readonly ManifestLine[],
  faults: ReadonlyMap<string, Fault>,
): Pick<PackageCheck, 'images' | 'files' | 'bad'> {
  const images = lines.filter(({ path }) => isImage(path));
  const verified = (some: readonly ManifestLine[]) => some.filter(({ path }) => !faults.has(path)).length;
  return {
    images: { listed: images.length, verified: verified(images) },
    files: { listed: lines.length, verified: verified(lines) },
    bad: lines.flatMap(({ path }) => {
      const fault = faults.get(path);
      return fault ? [{ path, fault }] : [];
    }),
  };
}

type ByPlace = ReadonlyMap<string, readonly PackageFile[]>;

async function compare(
  lines: readonly ManifestLine[],
  byPlace: ByPlace,
  onprogress: (progress: Progress) => void,
): Promise<Map<string, Fault>> {
  const faults = new Map<string, Fault>();
  const sizes = lines.map(({ path }) => byPlace.get(placeKey(path))?.[0]?.size ?? 0);
  const bytesTotal = sizes.reduce((sum, size) => sum + size, 0);
  const progress = { files: 0, filesTotal: lines.length, bytes: 0, bytesTotal };
  const waiting = lines.values();
  const lane = async () => {
    for (const line of waiting) {
      const fault = await faultOf(line, byPlace, (bytes) => {
        progress.bytes += bytes;
        onprogress({ ...progress });
      });
      if (fault) faults.set(line.path, fault);
      progress.files += 1;
      onprogress({ ...progress });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  return faults;
}

async function faultOf(
  { path, sha256 }: ManifestLine,
  byPlace: ByPlace,
  onbytes: (bytes: number) => void,
): Promise<Fault | null> {
  const [file, second] = byPlace.get(placeKey(path)) ?? [];
  if (!file) return 'missing';
  // Which of the two somebody unpacks is a matter of luck.
  if (second) return 'twice';
  if (!file.open) return 'unreadable';
  try {
    return (await sha256Of(file, onbytes)) === sha256 ? null : 'changed';
  } catch {
    return 'unreadable';
  }
}
