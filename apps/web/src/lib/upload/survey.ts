import type { DiscFile } from './disc/disc-file.ts';
import type { Unpacked } from './disc/disc-files.ts';
import type {
  FoundContainer,
  FoundFile,
  FoundImage,
  LeftOutReason,
  PatientOnDisc,
} from './understand-file.ts';

/** An image that can be looked at, and its number within its series. */
export interface PictureOnDisc {
  at: number;
  number: number;
}

/** One exam as the disc has it. `images` are places in the list of files. */
export interface ExamOnDisc {
  /** Tells it from every other line on the screen. */
  key: string;
  studyInstanceUid: string;
  studyDate: string | null;
  description: string;
  modalities: string[];
  images: number[];
  /** By Series Instance UID. */
  pictures: ReadonlyMap<string, PictureOnDisc[]>;
}

/** A person the disc holds exams of, newest exam first. */
export interface PatientWithExams extends PatientOnDisc {
  key: string;
  exams: ExamOnDisc[];
}

/** What is on a disc, as far as it has been looked at. */
export interface DiscContents {
  /** Files looked at so far, and chosen in all; an archive or disc image counts as the files it holds. */
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

interface GatheredExam extends ExamOnDisc {
  pictures: Map<string, PictureOnDisc[]>;
}

/** Gathers what is found on a disc, batch by batch. */
export class Survey {
  /** Grows as archives and disc images are opened; a file keeps its place. */
  readonly files: DiscFile[];
  /** SOP Instance UIDs of the images. */
  readonly instances: string[] = [];
  #looked = 0;
  #opened = 0;
  #images = 0;
  readonly #patients = new Map<string, PatientWithExams & { byKey: Map<string, GatheredExam> }>();
  /** `first`: the first of the files on the disc, whichever was found first. */
  readonly #leftOut = new Map<LeftOutReason, { first: number; files: number[] }>();
  readonly #incomplete: number[] = [];

  constructor(files: readonly DiscFile[]) {
    this.files = [...files];
  }

  /** Takes what was found, but for containers: those are given back, for somebody to open. */
  add(found: readonly FoundFile[]): FoundContainer[] {
    const containers: FoundContainer[] = [];
    for (const each of found) {
      if (each.kind === 'container') containers.push(each);
      else if (each.kind === 'image') this.#addImage(each);
      else this.leaveOut(each.at, each.reason);
    }
    return containers;
  }

  /** From now on a container counts as what it holds. Gives the places of the files that are yet to be looked at. */
  addContents(contents: readonly Unpacked[]): number[] {
    this.#opened++;
    const places: number[] = [];
    for (const { file, refusal } of contents) {
      const at = this.files.push(file) - 1;
      if (refusal) this.leaveOut(at, refusal);
      else places.push(at);
    }
    return places;
  }

  leaveOut(at: number, reason: LeftOutReason): void {
    this.#looked++;
    const { first, files } = this.#leftOut.get(reason) ?? { first: at, files: [] };
    files.push(at);
    this.#leftOut.set(reason, { first: Math.min(first, at), files });
  }

  get contents(): DiscContents {
    const patients = [...this.#patients.values()].map(({ byKey, ...patient }) => ({
      ...patient,
      exams: [...byKey.values()].map((exam) => ({ ...exam })).sort(newestFirst),
    }));
    return {
      looked: this.#looked,
      chosen: this.files.length - this.#opened,
      images: this.#images,
      patients: patients.sort((a, b) => a.key.localeCompare(b.key)),
      leftOut: [...this.#leftOut]
        .sort(([, one], [, other]) => one.first - other.first)
        .map(([reason, { files }]) => ({ reason, files })),
      incomplete: this.#incomplete,
    };
  }

  #addImage(image: FoundImage): void {
    this.#looked++;
    this.#images++;
    this.instances.push(image.sopInstanceUid);
    const file = this.files[image.at];
    if (file) this.files[image.at] = { ...file, size: image.size };
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
    if (image.picture) addPicture(exam, image);
  }
}

function addPicture({ pictures }: GatheredExam, { at, seriesInstanceUid, instanceNumber }: FoundImage): void {
  const picture = { at, number: instanceNumber ?? at };
  const series = pictures.get(seriesInstanceUid);
  if (series) series.push(picture);
  else pictures.set(seriesInstanceUid, [picture]);
}

function newExam(image: FoundImage, patient: string): GatheredExam {
  const { studyInstanceUid, studyDate, description } = image;
  const key = `${patient} ${studyInstanceUid}`;
  return { key, studyInstanceUid, studyDate, description, modalities: [], images: [], pictures: new Map() };
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
