import path from 'node:path';
import { printedCode } from '@filmpost/exchange/access/codes/rules.ts';
import { environment } from '@filmpost/config/environment.ts';
import type { Exchange } from '@filmpost/exchange/exchange.ts';
import { openExchange } from '@filmpost/exchange/open-exchange.ts';
import { createRequest } from '@filmpost/exchange/requests/commands.ts';
import { createShare } from '@filmpost/exchange/shares/commands.ts';
import { randomSymbols } from '@filmpost/exchange/vault.ts';
import { chestRadiograph } from './dicom/chest-radiograph.ts';
import { writeDemoDisc } from './dicom/demo-disc.ts';
import { headCt } from './dicom/head-ct.ts';
import { ultrasoundCine } from './dicom/ultrasound-cine.ts';
import { type Facility, type Person, aDevice, aFacility, aStaffMember } from './facility.ts';
import { ada, saintAntony } from './people.ts';
import { storeFiles } from './stored.ts';

/** What somebody needs to know to look around in the demo world. A `url` is a path: the port may change. */
export interface DemoWorld {
  people: Person[];
  requestPage: { url: string; pin: string };
  share: { url: string; code: string; dateOfBirth: string };
  discDirectory: string;
}

interface Demo {
  databaseUrl: string;
  dataDirectory: string;
  onProgress(line: string): void;
}

/** One hospital, two people, three exams of Ada's that are shared, a request to answer and a disc to answer it with. */
export async function seedDemoWorld({ databaseUrl, dataDirectory, onProgress }: Demo): Promise<DemoWorld> {
  const { exchange, close } = await openExchange({ ...environment(), databaseUrl, dataDirectory });
  try {
    const facility = await aFacility(exchange, { name: saintAntony.name, slug: 'st-antony' });
    const people = await demoPeople(exchange, facility);
    onProgress('taking a head CT, a chest radiograph and an echocardiogram');
    const studies = await demoStudies(exchange, facility);
    onProgress('opening a share and a request');
    const share = await createShare(exchange, facility.work, {
      facility: facility.slug,
      studyInstanceUids: studies,
    });
    const request = await createRequest(exchange, facility.work, {
      facility: facility.slug,
      patientName: 'Anthony^Ryan',
      birthDate: '1986/12/29',
      outsideFacility: 'Palm Beach Imaging',
      details: 'Chest radiograph and head CT, for comparison.',
    });
    onProgress('writing a disc to upload');
    const discDirectory = path.join(dataDirectory, 'sample-disc');
    await writeDemoDisc(discDirectory);
    return {
      people,
      requestPage: { url: new URL(request.url).pathname, pin: request.pin },
      share: { url: new URL(share.url).pathname, code: printedCode(share.code), dateOfBirth: '1981/08/29' },
      discDirectory,
    };
  } finally {
    await close();
  }
}

/** Passwords are drawn anew for every installation: a demo world on a hospital's network has no known password. */
async function demoPeople(exchange: Exchange, facility: Facility): Promise<Person[]> {
  const password = () => randomSymbols('abcdefghjkmnpqrstuvwxyz', 16).replace(/(.{4})(?=.)/g, '$1-');
  const people: Person[] = [
    { name: 'Maya Chen', email: 'maya@st-antony.example', role: 'clerk', password: password() },
    { name: 'Sam Okafor', email: 'sam@st-antony.example', role: 'administrator', password: password() },
  ];
  for (const person of people) await aStaffMember(exchange, facility, person);
  return people;
}

/** The exams, in three deliveries so that no more than one volume is ever in memory. */
async function demoStudies(exchange: Exchange, facility: Facility): Promise<string[]> {
  const common = { patient: ada, institution: saintAntony };
  const deliveries = [
    () => chestRadiograph({ ...common, key: 'demo chest', studyDate: '20200329' }),
    () => [ultrasoundCine({ ...common, key: 'demo echo', studyDate: '20230911' })],
    () => [...headCt({ ...common, key: 'demo head', studyDate: '20251104', slices: 120 }).instances],
  ];
  const device = await aDevice(exchange, facility, 'Archive of the hospital');
  const studyInstanceUids: string[] = [];
  for (const deliver of deliveries) {
    const files = deliver().map(({ bytes }, i) => ({ path: `IM${i + 1}`, bytes }));
    const stored = await storeFiles(exchange, facility, { files, device });
    studyInstanceUids.push(...(stored?.studyInstanceUids ?? []));
  }
  return studyInstanceUids;
}
