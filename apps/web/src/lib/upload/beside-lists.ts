import type { BesideLists } from './disc/disc-lists.ts';
import type { DiscFile } from './disc/disc-file.ts';
import { isDamage } from './reasons.ts';
import type { DiscContents, Survey } from './survey.ts';

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
    lists: places.slice(0, MOST_LISTS).flatMap((place) => listAt(files[place]) ?? []),
    told: pathsOf([...imagesOf(contents), ...damaged.flatMap(({ files: left }) => left)]),
    instances: instances.join('\n'),
    others: pathsOf(litter.flatMap(({ files: left }) => left)),
  };
}

function imagesOf({ patients }: DiscContents): number[] {
  return patients.flatMap(({ exams }) => exams.flatMap(({ images }) => images));
}

function listAt(file: DiscFile | undefined): BesideLists['lists'][number] | null {
  return file ? { bytes: file.bytes, folder: file.path.split('/').slice(0, -1).join('/') } : null;
}
