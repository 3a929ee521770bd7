import { formatCount, formatDay, formatPersonName } from '#lib/ui/format.ts';
import type { ListFindings } from './disc/disc-lists.ts';
import type { Comparison } from './matching.ts';
import type { DiscContents, ExamOnDisc, PatientWithExams } from './survey.ts';

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

/**
 * What to say of a disc on which nobody certainly is the person asked for. Names are the disc's own, told to whoever
 * holds it.
 */
export function wrongDiscWords(
  patients: readonly PatientWithExams[],
  { strangers, ticked }: Comparison,
  asked: string,
): { title: string; meaning: string } {
  if (strangers.size < patients.length) {
    const advice = ticked.size > 0 ? 'Upload' : 'Nothing is ticked: tick';
    return {
      title: 'Is this the right disc?',
      meaning: `Nobody on it clearly is the patient asked for: ${asked}. ${advice} only what belongs to this request.`,
    };
  }
  const [only] = patients;
  const name = (only && patients.length === 1 && formatPersonName(only.name)) || 'other people';
  return {
    title: 'This looks like the disc of another patient',
    meaning: `It holds exams of ${name}, and the request asks for ${asked}. Nothing is ticked: tick an exam only if you are certain that it belongs to the request.`,
  };
}

/** What to say of images that the disc's own list names and nobody found; null when it names none. */
export function listWords({ missing, unreadable }: ListFindings): { title: string; meaning: string } | null {
  const damaged = `${formatCount(unreadable.files, 'image')} that could not be read`;
  if (missing.files > 0) {
    const are = missing.files === 1 ? 'is' : 'are';
    return {
      title: `The disc's own list names ${formatCount(missing.files, 'image')} that ${are} not in what you chose${unreadable.files > 0 ? `, and ${damaged}` : ''}`,
      meaning:
        'If this is a part of the disc, choose all of it; if there are several discs, send each. Such lists are sometimes out of date.',
    };
  }
  if (unreadable.files === 0) return null;
  return {
    title: `The disc's own list names ${damaged}`,
    meaning: 'The disc may be scratched: try another drive.',
  };
}
