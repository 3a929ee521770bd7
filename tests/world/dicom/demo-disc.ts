import { existsSync } from 'node:fs';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { palmBeach, ryan } from '../people.ts';
import { chestRadiograph } from './chest-radiograph.ts';
import { writeDicomdir } from './dicomdir.ts';
import type { DiscStudy } from './dicomdir.ts';
import { headCt } from './head-ct.ts';
import { stationLitter } from './litter.ts';
import type { Instance, StudyContext } from './modules.ts';
import { discPath } from './study.ts';

const chest: StudyContext = {
  seed: 'demo',
  key: 'disc/chest',
  patient: ryan,
  institution: palmBeach,
  studyDate: '20260318',
  studyTime: '091200',
  studyDescription: 'Chest PA and lateral',
};

const head: StudyContext = {
  ...chest,
  key: 'disc/ct-head',
  studyDate: '20260402',
  studyTime: '154700',
  studyDescription: 'CT Head without contrast',
};

/** Slices of the CT on the demo disc. */
const SLICES = 60;

/**
 * Writes the sample disc that somebody without a CD at hand can upload: Ryan Anthony's chest radiograph and head CT,
 * with what a burning station adds. The same bytes every time. DICOMDIR is put in place last and means that the disc
 * is whole, so a second call does nothing and one after a crash starts over.
 */
export async function writeDemoDisc(directory: string): Promise<void> {
  const dicomdir = path.join(directory, 'DICOMDIR');
  if (existsSync(dicomdir)) return;
  for (const litter of stationLitter()) await put(directory, litter);
  const studies = [
    { context: chest, files: await putInstances(directory, 1, chestRadiograph(chest)) },
    { context: head, files: await putInstances(directory, 2, headCt({ ...head, slices: SLICES }).instances) },
  ];
  await writeFile(`${dicomdir}.part`, writeDicomdir('IMAGES', studies));
  await rename(`${dicomdir}.part`, dicomdir);
}

/** One instance at a time, and none is kept but its name and numbers. */
async function putInstances(
  directory: string,
  studyNumber: number,
  instances: Iterable<Instance>,
): Promise<DiscStudy['files']> {
  const files: DiscStudy['files'][number][] = [];
  for (const instance of instances) {
    const { seriesNumber, instanceNumber, bytes } = instance;
    const place = discPath({ studyNumber, seriesNumber, instanceNumber });
    await put(directory, { path: place, bytes });
    files.push({ ...instance, bytes: new Uint8Array(), path: place });
  }
  return files;
}

async function put(directory: string, file: { path: string; bytes: Uint8Array }): Promise<void> {
  const place = path.join(directory, ...file.path.split('/'));
  await mkdir(path.dirname(place), { recursive: true });
  await writeFile(place, file.bytes);
}
