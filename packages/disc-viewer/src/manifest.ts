/** What the viewer on a disc is told of the disc: people, exams, series and where their images lie. Pure. */

import type { JsonDataSet } from '@filmpost/dicom/directory/dicom-json.ts';
import { patientKey } from '@filmpost/dicom/directory/file-set.ts';
import { tagText } from '@filmpost/dicom/json.ts';
import { Tag } from '@filmpost/dicom/tags.ts';
import { clean, shownDate, shownName, sortable } from './shown-text.ts';

/** Texts are as they shall be read, without control characters; empty where nothing is known. */
export interface DiscManifest {
  /** Who gives the disc out. */
  readonly institution: string;
  readonly patients: readonly DiscPatient[];
}

export interface DiscPatient {
  readonly name: string;
  readonly patientId: string;
  /** `YYYY/MM/DD`, or empty. */
  readonly birthDate: string;
  /** (0010,0040), or empty. */
  readonly sex: string;
  readonly exams: readonly DiscExam[];
}

export interface DiscExam {
  /** `YYYY/MM/DD`, or empty. */
  readonly date: string;
  readonly description: string;
  readonly series: readonly DiscSeries[];
}

export interface DiscSeries {
  readonly number: string;
  readonly modality: string;
  readonly description: string;
  readonly images: readonly DiscImage[];
  /** Copies in web format, which are seen before anybody opens the disc. May be empty. */
  readonly copies: readonly WebCopy[];
}

export interface DiscImage {
  /** Folders and file (PS3.10 8.2). */
  readonly fileId: readonly string[];
  /** Tells the image from one at the same place on another disc. */
  readonly sopInstanceUid: string;
  /** 0 where the instance holds no pixels, as reports do. */
  readonly frames: number;
}

/** A JPEG of one image of a series. */
export interface WebCopy {
  /** Of `images`, counted from 0. */
  readonly image: number;
  readonly jpeg: Uint8Array;
}

/** One instance of a disc, with what the catalogue knows of it. */
export interface ListedInstance {
  readonly fileId: readonly string[];
  readonly sopInstanceUid: string;
  /** Its DICOM JSON; bulk data is not looked at. */
  readonly dataSet: JsonDataSet;
}

interface Branch {
  readonly dataSet: JsonDataSet;
  readonly branches: Map<string, Branch>;
  readonly images: DiscImage[];
}

export interface ManifestOptions {
  readonly institution: string;
  /** Copies of a series, by its UID; none unless said otherwise. */
  readonly copies?: (seriesInstanceUid: string, images: readonly DiscImage[]) => readonly WebCopy[];
}

/**
 * Gathers instances as DICOMDIR does: the same people, exams and series, each in the order in which it first comes, and
 * images in the order given. Nothing is kept of a data set but what is shown.
 */
export class DiscListing {
  readonly #patients = new Map<string, Branch>();

  add({ fileId, sopInstanceUid, dataSet }: ListedInstance): void {
    const patient = branchOf(this.#patients, patientKey(dataSet), dataSet);
    const exam = branchOf(patient.branches, uid(dataSet, 'exam'), dataSet);
    const series = branchOf(exam.branches, uid(dataSet, 'series'), dataSet);
    series.images.push({ fileId, sopInstanceUid, frames: framesOf(dataSet) });
  }

  manifest({ institution, copies = () => [] }: ManifestOptions): DiscManifest {
    const seriesOf = ([seriesInstanceUid, { dataSet, images }]: [string, Branch]): DiscSeries => ({
      number: textOf(dataSet, Tag.seriesNumber),
      modality: textOf(dataSet, Tag.modality),
      description: textOf(dataSet, Tag.seriesDescription),
      images,
      copies: copies(seriesInstanceUid, images),
    });
    return {
      institution: clean(institution),
      patients: [...this.#patients.values()].map(({ dataSet, branches }) => ({
        ...personOf(dataSet),
        exams: [...branches.values()].map((exam) => ({
          date: shownDate(textOf(exam.dataSet, Tag.studyDate)),
          description: textOf(exam.dataSet, Tag.studyDescription),
          series: [...exam.branches].map(seriesOf).sort((a, b) => sortable(a.number) - sortable(b.number)),
        })),
      })),
    };
  }
}

/** The manifest of instances that are all at hand. */
export function manifestOf(instances: Iterable<ListedInstance>, options: ManifestOptions): DiscManifest {
  const listing = new DiscListing();
  for (const instance of instances) listing.add(instance);
  return listing.manifest(options);
}

function personOf(dataSet: JsonDataSet): Omit<DiscPatient, 'exams'> {
  return {
    name: shownName(dataSet[tagText(Tag.patientName)]?.Value?.[0]),
    patientId: textOf(dataSet, Tag.patientId),
    birthDate: shownDate(textOf(dataSet, Tag.patientBirthDate)),
    sex: textOf(dataSet, Tag.patientSex),
  };
}

/** Keys alone are kept of what a branch began with. */
const KEPT = [
  Tag.patientName,
  Tag.patientId,
  Tag.patientBirthDate,
  Tag.patientSex,
  Tag.studyDate,
  Tag.studyDescription,
  Tag.seriesNumber,
  Tag.modality,
  Tag.seriesDescription,
].map(tagText);

function branchOf(branches: Map<string, Branch>, key: string, dataSet: JsonDataSet): Branch {
  const known = branches.get(key);
  if (known) return known;
  const kept = Object.fromEntries(KEPT.map((tag) => [tag, dataSet[tag]]));
  const branch: Branch = { dataSet: kept, branches: new Map(), images: [] };
  branches.set(key, branch);
  return branch;
}

function uid(dataSet: JsonDataSet, level: 'exam' | 'series'): string {
  return textOf(dataSet, level === 'exam' ? Tag.studyInstanceUid : Tag.seriesInstanceUid);
}

function framesOf(dataSet: JsonDataSet): number {
  if (dataSet[tagText(Tag.rows)] === undefined) return 0;
  const frames = Number(dataSet[tagText(Tag.numberOfFrames)]?.Value?.[0] ?? 1);
  return Number.isSafeInteger(frames) && frames > 0 ? frames : 1;
}

function textOf(dataSet: JsonDataSet, tag: number): string {
  const value = dataSet[tagText(tag)]?.Value?.[0];
  return typeof value === 'string' || typeof value === 'number' ? clean(String(value)) : '';
}
