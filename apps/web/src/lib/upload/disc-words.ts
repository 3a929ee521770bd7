import { formatCount, formatDay } from '#lib/ui/format.ts';
import type { DiscContents, ExamOnDisc } from './survey.ts';

/** `1 patient`, `3 exams`, `1,204 images`: what a disc holds, in counts. */
export function discCounts({ patients, images }: DiscContents): string[] {
  const exams = patients.reduce((sum, patient) => sum + patient.exams.length, 0);
  return [formatCount(patients.length, 'patient'), formatCount(exams, 'exam'), formatCount(images, 'image')];
}

/** `Apr. 2, 2026 · CT · 60 images`. */
export function examFacts({ studyDate, modalities, images }: ExamOnDisc): string {
  return [
    studyDate ? formatDay(studyDate) : 'No date',
    modalities.join(', '),
    formatCount(images.length, 'image'),
  ]
    .filter(Boolean)
    .join(' · ');
}
