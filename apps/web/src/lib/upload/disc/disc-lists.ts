import { listedFiles } from '@filmpost/dicom/directory/listed-files.ts';
import type { ByteSources } from './byte-sources.ts';
import type { DiscBytes } from './disc-file.ts';

/**
 * A disc's own lists (DICOMDIR files), and what was found beside them. Paths and UIDs one a line: as one text they are
 * handed to a worker in no time, however many they are.
 */
export interface BesideLists {
  /** `folder` is where the list lies, without a slash at its end; empty for the root of what was chosen. */
  lists: readonly { bytes: DiscBytes; folder: string }[];
  /** Paths of the files that are images, or of which the page says already that they are damaged. */
  told: string;
  /** SOP Instance UIDs of the images. */
  instances: string;
  /** Paths of all other files. */
  others: string;
}

/** Files that a list names: how many, and the paths of the first of them. */
export interface NamedFiles {
  files: number;
  paths: string[];
}

/** What lists name and nobody found: it is not among the files, or is there and could not be read as an image. */
export interface ListFindings {
  missing: NamedFiles;
  unreadable: NamedFiles;
}

/** Read of all lists together, in bytes; that of a disc with 20,000 images has about ten million. */
export const MOST_LIST_BYTES = 48 * 1024 * 1024;
/** More than anybody reads. */
export const MOST_PATHS = 50;

/**
 * Holds a disc's lists against what was found, by place and by the instances themselves: discs are copied and files are
 * renamed. Lists that cannot be read say nothing. Never throws.
 */
export async function compareWithLists(
  { lists, told, instances, others }: BesideLists,
  sources: ByteSources,
): Promise<ListFindings> {
  const found = new Set(lines(told).map(spelled));
  const known = new Set(lines(instances));
  const rest = new Set(lines(others).map(spelled));
  const findings: ListFindings = { missing: { files: 0, paths: [] }, unreadable: { files: 0, paths: [] } };
  const named = new Set<string>();
  let left = MOST_LIST_BYTES;
  for (const { bytes, folder } of lists) {
    if (left <= 0) break;
    const beginning = await beginningOf(bytes, left, sources);
    left -= beginning.length;
    for (const { path, sopInstanceUid } of listedFiles(beginning)) {
      const place = folder ? `${folder}/${path}` : path;
      const spelling = spelled(place);
      // Consoles write a list in every folder, and each names the same images by other paths.
      const name = sopInstanceUid || spelling;
      if (known.has(sopInstanceUid) || found.has(spelling) || named.has(name)) continue;
      named.add(name);
      note(rest.has(spelling) ? findings.unreadable : findings.missing, place);
    }
  }
  return findings;
}

async function beginningOf(bytes: DiscBytes, most: number, sources: ByteSources): Promise<Uint8Array> {
  try {
    const source = sources.open(bytes);
    return await source.read(0, Math.min(source.size, most));
  } catch {
    return new Uint8Array();
  }
}

function note(named: NamedFiles, path: string): void {
  named.files++;
  if (named.paths.length < MOST_PATHS) named.paths.push(path);
}

function lines(text: string): string[] {
  return text === '' ? [] : text.split('\n');
}

/** As every drive and system that has the file spells it: `im1.;1` on one is `IM1` on another (ISO 9660, 7.5). */
function spelled(path: string): string {
  return path.toUpperCase().replace(/\.?(;\d+)?(?=\/|$)/g, '');
}
