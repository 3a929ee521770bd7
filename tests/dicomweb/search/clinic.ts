import { type Study, aStudy } from '../../world/dicom/study.ts';
import { type ServedWorld, aServer } from '../../world/exchange.ts';
import { type Device, type Facility, aDevice, aFacility } from '../../world/facility.ts';
import { noah } from '../../world/people.ts';
import { storeFiles } from '../../world/stored.ts';
import { withKey } from '../../world/visitors.ts';

const person = (name: string, patientId: string) =>
  ({ name, patientId, issuer: 'CLINIC', birthDate: '19700215', sex: 'O' }) as const;

/** When a series was made, and the two requests for which it was. */
const STEP = {
  PerformedProcedureStepStartDate: '20260411',
  PerformedProcedureStepStartTime: '235900',
  RequestAttributesSequence: [
    { ScheduledProcedureStepID: 'SPS-1', RequestedProcedureID: 'RP-1' },
    { ScheduledProcedureStepID: 'SPS-2', RequestedProcedureID: 'RP-2' },
  ],
};

/** Studies that differ in what is searched by; each is known by its Study ID, the key in capitals. */
export const STUDIES = {
  head: aStudy({
    key: 'head',
    studyDescription: 'CT Head',
    studyDate: '20260412',
    studyTime: '101500',
    accessionNumber: 'ACC-1',
    referringPhysicianName: 'Okafor^Ngozi^^Dr',
    series: [
      {
        instances: 3,
        modality: 'CT',
        seriesDescription: 'Axial 5 mm',
        attributes: { BodyPartExamined: 'HEAD' },
      },
      { instances: 1, modality: 'MR', seriesDescription: 'Localiser', attributes: STEP },
    ],
  }),
  cine: aStudy({
    key: 'cine',
    studyDescription: 'Cardiac',
    studyDate: '20250101',
    studyTime: '235959.5',
    accessionNumber: 'ACC-2',
    series: [{ instances: 1, modality: 'US', numberOfFrames: 3 }],
  }),
  chest: aStudy({
    key: 'chest',
    patient: noah,
    studyDescription: 'Chest 100%_a\\b',
    studyDate: '20260412',
    studyTime: '0900',
    accessionNumber: 'BCC-1',
    series: [{ instances: 2, modality: 'CR' }],
  }),
  muller: aStudy({
    key: 'muller',
    patient: person('Müller-Lüdenscheidt^Jörg^^Dr.', 'M_1'),
    studyDate: '20240229',
    series: [{ instances: 1 }],
  }),
  yamada: aStudy({
    key: 'yamada',
    patient: person('Yamada^Tarou=山田^太郎=やまだ^たろう', 'M%1'),
    studyDate: '20230615',
    series: [{ instances: 1 }],
  }),
  doe: aStudy({
    key: 'doe',
    patient: person('Doe', 'MX1'),
    studyDate: '20220101',
    studyTime: '00',
    series: [{ instances: 1 }],
  }),
  doejane: aStudy({
    key: 'doejane',
    patient: person('DOE^JANE^^^', 'MX11'),
    studyDate: '20220102',
    series: [{ instances: 1 }],
  }),
  doeman: aStudy({
    key: 'doeman',
    patient: person("O'Doeman^Jane", 'mx1'),
    studyDate: '20220103',
    series: [{ instances: 1 }],
  }),
  nothing: aStudy({
    key: 'nothing',
    patient: { name: '', patientId: '', issuer: '', birthDate: '', sex: 'O' },
    studyDate: '',
    studyTime: '',
    accessionNumber: '',
    referringPhysicianName: '',
    series: [{ instances: 1, attributes: { PatientAge: undefined, PatientSex: '', Modality: '' } }],
  }),
} satisfies Record<string, Study>;

export type Key = keyof typeof STUDIES;
export const KEYS = Object.keys(STUDIES).filter((key): key is Key => key in STUDIES);

export interface Attribute {
  vr: string;
  Value?: unknown[];
}
export type Result = Record<string, Attribute>;

export interface Answer {
  status: number;
  headers: Headers;
  results: Result[];
}

export interface Clinic {
  world: ServedWorld;
  facility: Facility;
  device: Device;
  /** Asks below `/dicomweb` with the device's key. */
  ask(path: string, headers?: Record<string, string>): Promise<Answer>;
}

/** A facility that holds all of `STUDIES`, and a device of it. */
export async function aClinic(): Promise<Clinic> {
  const world = await aServer();
  const facility = await aFacility(world.exchange);
  const device = await aDevice(world.exchange, facility);
  const files = Object.values(STUDIES).flatMap((study) => study.files);
  await storeFiles(world.exchange, facility, { files, device });
  const ask = (path: string, headers = {}) =>
    answerOf(`${world.url}/dicomweb${path}`, { ...withKey(device.key), ...headers });
  return { world, facility, device, ask };
}

export async function answerOf(url: string, headers: Record<string, string>): Promise<Answer> {
  const response = await fetch(url, { headers });
  const { status } = response;
  const results: Result[] = status === 200 ? await response.json() : [];
  if (status !== 200) await response.arrayBuffer();
  return { status, headers: response.headers, results };
}

export function valueOf(result: Result | undefined, tag: string): unknown {
  return result?.[tag]?.Value?.[0];
}

/** The Study IDs of results, in lower case and in their order. */
export function keysOf(results: readonly Result[]): string[] {
  return results.map((result) => String(valueOf(result, '00200010')).toLowerCase());
}
