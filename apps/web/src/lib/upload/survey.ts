import type { PickedFile } from '#lib/ui/dropped-files.ts';
import type { FoundFile, FoundImage, LeftOutReason, PatientOnDisc } from './understand-file.ts';

/** One exam as the disc has it. `images` are places in the list of chosen files. */
export interface ExamOnDisc {
  /** Tells it from every other line on the screen. */
  key: string;
  studyInstanceUid: string;
  studyDate: string | null;
  description: string;
  modalities: string[];
  images: number[];
}

/** A person the disc holds exams of, newest exam first. */
export interface PatientWithExams extends PatientOnDisc {
  key: string;
  exams: ExamOnDisc[];
}

/** What is on a disc, as far as it has been looked at. */
export interface DiscContents {
  /** Files looked at so far, and chosen in all. */
  looked: number;
  chosen: number;
  images: number;
  patients: PatientWithExams[];
  /** Places of the files left behind, by reason. */
  leftOut: { reason: LeftOutReason; files: number[] }[];
  /** Places of images whose pixels are cut off. */
  incomplete: number[];
}

export const NOTHING: DiscContents = {
  looked: 0,
  chosen: 0,
  images: 0,
  patients: [],
  leftOut: [],
  incomplete: [],
};

/** Gathers what is found on a disc, batch by batch. */
export class Survey {
  readonly files: readonly PickedFile[];
  #looked = 0;
  #images = 0;
  readonly #patients = new Map<string, PatientWithExams & { byKey: Map<string, ExamOnDisc> }>();
  readonly #leftOut = new Map<LeftOutReason, number[]>();
  readonly #incomplete: number[] = [];

  constructor(files: readonly PickedFile[]) {
    this.files = files;
  }

  add(found: readonly FoundFile[]): void {
    this.#looked += found.length;
    for (const each of found) {
      if (each.kind === 'image') this.#addImage(each);
      else this.#addLeftOut(each.reason, each.at);
    }
  }

  get contents(): DiscContents {
    const patients = [...this.#patients.values()].map(({ byKey, ...patient }) => ({
      ...patient,
      exams: [...byKey.values()].map((exam) => ({ ...exam })).sort(newestFirst),
    }));
    return {
      looked: this.#looked,
      chosen: this.files.length,
      images: this.#images,
      patients: patients.sort((a, b) => a.key.localeCompare(b.key)),
      leftOut: [...this.#leftOut].map(([reason, files]) => ({ reason, files })),
      incomplete: this.#incomplete,
    };
  }

  #addImage(image: FoundImage): void {
    this.#images++;
    if (image.incomplete) this.#incomplete.push(image.at);
    const key = patientKey(image.patient);
    const patient = this.#patients.get(key) ?? { ...image.patient, key, exams: [], byKey: new Map() };
    this.#patients.set(key, patient);
    const exam = patient.byKey.get(image.studyInstanceUid) ?? newExam(image, key);
    patient.byKey.set(image.studyInstanceUid, exam);
    exam.images.push(image.at);
    exam.studyDate ??= image.studyDate;
    exam.description ||= image.description;
    if (image.modality && !exam.modalities.includes(image.modality)) exam.modalities.push(image.modality);
  }

  #addLeftOut(reason: LeftOutReason, at: number): void {
    const files = this.#leftOut.get(reason);
    if (files) files.push(at);
    else this.#leftOut.set(reason, [at]);
  }
}

function newExam(image: FoundImage, patient: string): ExamOnDisc {
  const { studyInstanceUid, studyDate, description } = image;
  const key = `${patient} ${studyInstanceUid}`;
  return { key, studyInstanceUid, studyDate, description, modalities: [], images: [] };
}

/** Two spellings of a person are shown twice: a clerk sees that at a glance, and sees nothing of a wrong merger. */
function patientKey({ name, identifier, birthDate }: PatientOnDisc): string {
  const spelled = name
    .toUpperCase()
    .replace(/[\s^]+/g, ' ')
    .trim();
  return [spelled, birthDate ?? '', identifier].join('|');
}

function newestFirst(a: ExamOnDisc, b: ExamOnDisc): number {
  return (b.studyDate ?? '').localeCompare(a.studyDate ?? '') || a.key.localeCompare(b.key);
}
