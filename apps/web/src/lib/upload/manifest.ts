import type { Manifest } from '@filmpost/exchange/intake/schema.ts';
import type { DiscFile } from './disc/disc-file.ts';
import type { SendableFile } from './packs.ts';
import type { DiscContents } from './survey.ts';

/** Files of exams that the clerk did not tick. */
export const NOT_TICKED = 'not-ticked';

/** Files that the receiver has: from an earlier upload, or because the disc holds the same file twice. */
export const ALREADY_THERE = 'duplicate';

/**
 * Why a file that was to go does not: a scratch, an archive that breaks its promise, a line that changes it each time,
 * or nothing is wrong and it is there already.
 */
export type LostReason = 'unreadable' | 'archive-damaged' | 'damaged-on-the-way' | typeof ALREADY_THERE;

/** What was decided about a disc: which exams go, and which files turned out to be unreadable on the way. */
export interface Decision {
  contents: DiscContents;
  files: readonly DiscFile[];
  /** Keys of exams. */
  ticked: ReadonlySet<string>;
  /** Places of files that do not go after all, and why. */
  lost: ReadonlyMap<number, LostReason>;
  /** Images that the disc's own list names and that are not here. */
  listedMissing: number;
}

/** The files that go on their way. */
export function filesToSend({
  contents,
  files,
  ticked,
  lost,
}: Omit<Decision, 'listedMissing'>): SendableFile[] {
  return contents.patients.flatMap(({ exams }) =>
    exams
      .filter(({ key }) => ticked.has(key))
      .flatMap(({ images, studyInstanceUid }) =>
        images.flatMap((at) => {
          const file = files[at];
          return file && !lost.has(at) ? [{ at, studyInstanceUid, file }] : [];
        }),
      ),
  );
}

/** How many images are ticked. */
export function countTicked({ contents, ticked }: Pick<Decision, 'contents' | 'ticked'>): number {
  const exams = contents.patients.flatMap((patient) => patient.exams).filter(({ key }) => ticked.has(key));
  return exams.reduce((sum, { images }) => sum + images.length, 0);
}

/** What the server is told before a byte leaves. */
export function manifestOf(decision: Decision): Manifest {
  const sending = filesToSend(decision);
  return {
    filesChosen: decision.contents.chosen,
    filesToSend: sending.length,
    bytesToSend: sending.reduce((sum, { file }) => sum + file.size, 0),
    leftOut: leftOutOf(decision, sending.length),
    listedMissing: decision.listedMissing,
    exams: examsOf(decision),
  };
}

function leftOutOf({ contents, lost }: Decision, sending: number): Manifest['leftOut'] {
  const counts = new Map<string, number>(contents.leftOut.map(({ reason, files }) => [reason, files.length]));
  for (const reason of lost.values()) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  const unticked = contents.images - lost.size - sending;
  if (unticked > 0) counts.set(NOT_TICKED, unticked);
  return [...counts].map(([reason, files]) => ({ reason, files }));
}

function examsOf({ contents, ticked, lost }: Decision): Manifest['exams'] {
  const exams = new Map<string, Manifest['exams'][number]>();
  for (const patient of contents.patients) {
    for (const exam of patient.exams) {
      const instances = exam.images.filter((at) => !lost.has(at)).length;
      if (!ticked.has(exam.key) || instances === 0) continue;
      const known = exams.get(exam.studyInstanceUid);
      if (known) known.instances += instances;
      else {
        exams.set(exam.studyInstanceUid, {
          studyInstanceUid: exam.studyInstanceUid.slice(0, 64),
          patientName: patient.name.slice(0, 400),
          patientBirthDate: patient.birthDate,
          studyDate: exam.studyDate,
          description: exam.description.slice(0, 200),
          modalities: exam.modalities.slice(0, 20).map((modality) => modality.slice(0, 16)),
          instances,
        });
      }
    }
  }
  return [...exams.values()].slice(0, 2000);
}
