/** Which of the files of a chosen folder are those of the list: people choose the disc, or a folder on it. */

/** A file somebody gave the page, and its path from the folder they chose. */
export interface GivenFile<Content> {
  readonly path: string;
  readonly file: Content;
}

/**
 * The files by their path in the list. A path is recognised by its end, the longest that fits: `DISC/IMAGES/DICOMS/IM1`
 * and `DICOMS/IM1` both are `IMAGES/DICOMS/IM1`. Systems that do not know longer names show `im1.;1`.
 */
export function foundFiles<Content>(
  listed: Iterable<string>,
  given: Iterable<GivenFile<Content>>,
): Map<string, Content> {
  const byEnd = pathsByEnd(listed);
  const found = new Map<string, { file: Content; fits: number }>();
  for (const { path, file } of given) {
    const end = endsOf(plain(path)).find((each) => byEnd.get(each));
    const known = end === undefined ? null : byEnd.get(end);
    if (!end || !known || (found.get(known)?.fits ?? 0) >= end.length) continue;
    found.set(known, { file, fits: end.length });
  }
  return new Map([...found].map(([path, { file }]) => [path, file]));
}

/** Null for an end that several paths have. */
function pathsByEnd(listed: Iterable<string>): Map<string, string | null> {
  const byEnd = new Map<string, string | null>();
  for (const path of listed)
    for (const end of endsOf(path)) byEnd.set(end, byEnd.has(end) && byEnd.get(end) !== path ? null : path);
  return byEnd;
}

/** `A/B/C`, `B/C`, `C` */
function endsOf(path: string): string[] {
  const names = path.split('/');
  return names.map((_, index) => names.slice(index).join('/'));
}

function plain(path: string): string {
  return path
    .toUpperCase()
    .split('/')
    .map((name) => name.replace(/\.?(?:;\d+)?$/, ''))
    .join('/');
}
