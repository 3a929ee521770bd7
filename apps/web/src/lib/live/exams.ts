import type { ExamProgress } from '@filmpost/exchange/archive/schema.ts';
import type { RecordedEvent } from '@filmpost/exchange/events/schema.ts';

/** Newest exam first, undated ones last; ties keep a steady order (features 52). */
export function newestFirst(a: ExamProgress, b: ExamProgress): number {
  const byDate = (b.studyDate ?? '').localeCompare(a.studyDate ?? '');
  return byDate || a.studyInstanceUid.localeCompare(b.studyInstanceUid);
}

/** The exams after an event; the same list when the event is about something else. */
export function afterEvent<Exam extends ExamProgress>(
  exams: readonly Exam[],
  event: RecordedEvent,
  complete: (exam: ExamProgress) => Exam,
): readonly Exam[] {
  if (event.kind === 'exam.removed') {
    return exams.filter((exam) => exam.studyInstanceUid !== event.payload.studyInstanceUid);
  }
  if (event.kind !== 'exam.changed') return exams;
  const { exam: changed } = event.payload;
  const known = exams.find((exam) => exam.studyInstanceUid === changed.studyInstanceUid);
  const merged = { ...(known ?? complete(changed)), ...changed };
  const others = exams.filter((exam) => exam.studyInstanceUid !== changed.studyInstanceUid);
  return [...others, merged].sort(newestFirst);
}
