import { LIMITS } from '@filmpost/media/reading/contained-file.ts';
import { unpacked } from './disc/disc-files.ts';
import type { DiscReader } from './disc-reader.ts';
import type { Survey } from './survey.ts';
import type { FoundContainer } from './understand-file.ts';

/** More files than any browser should hold, however many archives they come from. */
const MOST_FILES = 2 * LIMITS.files;

/**
 * Looks at every file of a disc and at every file within its archives and images, and tells the survey of each. Yields
 * whenever something new is known.
 */
export async function* explore(
  reader: Pick<DiscReader, 'understand' | 'open'>,
  survey: Survey,
): AsyncGenerator<void> {
  for (let places = [...survey.files.keys()]; places.length > 0;) {
    const containers: FoundContainer[] = [];
    for await (const found of reader.understand(survey.files, places)) {
      containers.push(...survey.add(found));
      yield;
    }
    places = [];
    for (const container of containers) {
      for (const place of await open(reader, survey, container)) places.push(place);
      yield;
    }
  }
}

/** The places of the files that a container turned out to hold. */
async function open(
  reader: Pick<DiscReader, 'open'>,
  survey: Survey,
  { at, container }: FoundContainer,
): Promise<number[]> {
  const file = survey.files[at];
  if (!file) return [];
  const opened = await reader.open(file, container);
  if (opened.kind === 'refused') survey.leaveOut(at, opened.reason);
  else if (opened.kind === 'no-archive') survey.leaveOut(at, 'not-dicom');
  else if (opened.files.length === 0) survey.leaveOut(at, 'empty');
  else if (survey.files.length + opened.files.length > MOST_FILES) survey.leaveOut(at, 'archive-too-many');
  else return survey.addContents(unpacked(file, opened.files));
  return [];
}
