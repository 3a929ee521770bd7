import type { ExamProgress } from '@filmpost/exchange/archive/schema.ts';
import { formatBytes, formatCount, formatDay } from '../ui/format.ts';
import { examName, examWords } from './exam-words.ts';

/** Why an exam cannot be downloaded now; null when it can. */
export function whyNotDownload(exam: ExamProgress): string | null {
  switch (exam.state) {
    case 'waiting':
      return 'Nothing has arrived yet';
    case 'transferring':
      return 'Still arriving';
    case 'confirming':
      return 'All here, waiting for the sender to confirm';
    case 'ready':
      return exam.instancesArrived === 0 ? 'This exam holds no images' : null;
  }
}

/** An exam's line in the chooser. */
export function choiceOf(exam: ExamProgress): { label: string; hint: string; possible: boolean } {
  const { detail } = examWords(exam, { movement: 'moving', bytesPerSecond: null });
  const reason = whyNotDownload(exam);
  return {
    label: `${exam.studyDate ? formatDay(exam.studyDate) : 'Date unknown'} · ${examName(exam)}`,
    hint: exam.state === 'confirming' ? (reason ?? '') : [reason, detail].filter(Boolean).join(' · '),
    possible: reason === null,
  };
}

/** What the chosen exams come to: `2 exams · 62 images · 8.0 MB`; with the size of their package once it is known. */
export function sumOf(exams: readonly ExamProgress[], size = ''): string {
  const images = exams.reduce((sum, exam) => sum + exam.instancesArrived, 0);
  const bytes = exams.reduce((sum, exam) => sum + exam.bytes, 0);
  const parts = [formatCount(exams.length, 'exam'), formatCount(images, 'image'), size || formatBytes(bytes)];
  return parts.join(' · ');
}
