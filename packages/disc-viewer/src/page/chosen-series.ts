import type { Disc, Exam, Patient, Series } from '../disc-script.ts';

/** A series together with whose it is: what is on the stage is never without its patient. */
export interface ChosenSeries {
  readonly patient: Patient;
  readonly exam: Exam;
  readonly series: Series;
}

/** All series in the order of the list. */
export function allSeries({ patients }: Disc): ChosenSeries[] {
  return patients.flatMap((patient) =>
    patient.exams.flatMap((exam) => exam.series.map((series) => ({ patient, exam, series }))),
  );
}

export function patientWords({ name, patientId, birthDate, sex }: Patient): string[] {
  return [name || 'No name', patientId, [birthDate, sex].filter(Boolean).join(' ')].filter(Boolean);
}

export function examWords({ date, description }: Exam): string {
  return [date, description].filter(Boolean).join(' · ') || 'Exam';
}

export function seriesWords({ number, modality, description }: Series): string {
  return [modality, description || (number && `Series ${number}`)].filter(Boolean).join(' · ') || 'Series';
}

/** `24 images`, `1 recording of 60 frames`, `1 document` */
export function countWords({ images }: Series): string {
  const pictures = images.filter(({ frames }) => frames > 0);
  const frames = pictures.reduce((sum, image) => sum + image.frames, 0);
  const documents = images.length - pictures.length;
  const counted = (count: number, one: string) => `${count} ${one}${count === 1 ? '' : 's'}`;
  return [
    pictures.length > 0 && counted(pictures.length, 'image'),
    frames > pictures.length && counted(frames, 'frame'),
    documents > 0 && counted(documents, 'document'),
  ]
    .filter(Boolean)
    .join(', ');
}
