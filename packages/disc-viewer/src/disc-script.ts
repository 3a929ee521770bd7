/** `VIEWER/DISC.JS`: the manifest as a classic script, the only kind of file a page on a disc may load (Chromium). */

import type { DiscManifest } from './manifest.ts';
import { copyPath } from './web-copies.ts';

/** What the script hands to the page; File IDs are paths, copies are where they lie. */
export interface Disc {
  readonly institution: string;
  readonly patients: readonly Patient[];
}

export interface Patient {
  readonly name: string;
  readonly patientId: string;
  readonly birthDate: string;
  readonly sex: string;
  readonly exams: readonly Exam[];
}

export interface Exam {
  readonly date: string;
  readonly description: string;
  readonly series: readonly Series[];
}

export interface Series {
  readonly number: string;
  readonly modality: string;
  readonly description: string;
  readonly images: readonly Image[];
  readonly copies: readonly { readonly image: number; readonly path: string }[];
}

export interface Image {
  /** `IMAGES/DICOMS/IM1` */
  readonly path: string;
  readonly sopInstanceUid: string;
  readonly frames: number;
}

/** The script; ASCII, so that it is read rightly whatever a browser takes it for. */
export function discScript(manifest: DiscManifest): string {
  const json = JSON.stringify(discOf(manifest));
  const ascii = json.replace(
    /[^\x20-\x7e]|</g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return `var FILMPOST_DISC = ${ascii};\n`;
}

function discOf({ institution, patients }: DiscManifest): Disc {
  let serial = 0;
  return {
    institution,
    patients: patients.map((patient) => ({
      ...patient,
      exams: patient.exams.map((exam) => ({
        ...exam,
        series: exam.series.map((series) => ({
          ...series,
          images: series.images.map(({ fileId, ...image }) => ({ ...image, path: fileId.join('/') })),
          copies: series.copies.map(({ image }) => ({ image, path: copyPath(++serial) })),
        })),
      })),
    })),
  };
}
