import type { BesideLists } from './disc/disc-lists.ts';
import type { DiscFile } from './disc/disc-file.ts';
import { isDamage } from './reasons.ts';
import type { DiscContents, Survey } from './survey.ts';

/** A disc's list has this name; consoles keep others, in folders, for themselves (PS3.10 8.6). */
const LIST_NAME = /^DICOMDIR[^/]*$/i;
/** More lists than any disc has, with one in each of its folders. */
const MOST_LISTS = 500;

/** The lists that a disc brings, and all that was found beside them. */
export function besideLists({
  contents,
  files,
  instances,
}: Pick<Survey, 'contents' | 'files' | 'instances'>): BesideLists {
  const pathsOf = (places: readonly number[]) => places.map((place) => files[place]?.path ?? '').join('\n');
  const damaged = contents.leftOut.filter(({ reason }) => isDamage(reason));
  const litter = contents.leftOut.filter(({ reason }) => !isDamage(reason));
  const places = contents.leftOut.find(({ reason }) => reason === 'dicomdir')?.files ?? [];
  return {
    lists: places.flatMap((place) => listAt(files[place]) ?? []).slice(0, MOST_LISTS),
    told: pathsOf([...imagesOf(contents), ...damaged.flatMap(({ files: left }) => left)]),
    instances: instances.join('\n'),
    others: pathsOf(litter.flatMap(({ files: left }) => left)),
  };
}

function imagesOf({ patients }: DiscContents): number[] {
  return patients.flatMap(({ exams }) => exams.flatMap(({ images }) => images));
}

function listAt(file: DiscFile | undefined): BesideLists['lists'][number] | null {
  const folders = file?.path.split('/') ?? [];
  const name = folders.pop() ?? '';
  return file && LIST_NAME.test(name) ? { bytes: file.bytes, folder: folders.join('/') } : null;
}
