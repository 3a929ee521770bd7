import type { ExamProgress } from '@filmpost/exchange/archive/schema.ts';

/** Exams that stand side by side. */
export type Compared<Exam extends ExamProgress = ExamProgress> = readonly [Exam, ...Exam[]];

/** Side by side, exams are as far as the one that is furthest behind. */
const ORDER = ['waiting', 'transferring', 'confirming', 'ready'] as const;

/** Exams in one viewer as one, for what is missing of them. Images nobody announced make the sum unknown too. */
export function togetherAs(exams: Compared): ExamProgress {
  const [first] = exams;
  const sum = (of: (exam: ExamProgress) => number) => exams.reduce((total, exam) => total + of(exam), 0);
  const known = exams.every(
    ({ state, instancesAnnounced }) => state === 'ready' || instancesAnnounced !== null,
  );
  return {
    ...first,
    state: ORDER.find((state) => exams.some((exam) => exam.state === state)) ?? first.state,
    modalities: [...new Set(exams.flatMap(({ modalities }) => modalities))],
    seriesCount: sum(({ seriesCount }) => seriesCount),
    instancesArrived: sum(({ instancesArrived }) => instancesArrived),
    instancesAnnounced: known
      ? sum(({ instancesArrived, instancesAnnounced }) => instancesAnnounced ?? instancesArrived)
      : null,
    bytes: sum(({ bytes }) => bytes),
  };
}

/** Exams that can be looked at, and so compared. */
export function comparable<Exam extends ExamProgress>(exams: readonly Exam[]): Exam[] {
  return exams.filter(({ instancesArrived }) => instancesArrived > 0);
}

/** What may be ticked next: a third exam would leave too little room for each. */
export function mayTick(chosen: readonly string[], studyInstanceUid: string): boolean {
  return chosen.includes(studyInstanceUid) || chosen.length < 2;
}
