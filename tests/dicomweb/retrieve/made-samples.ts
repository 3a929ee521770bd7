import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { EXPLICIT_VR_LITTLE_ENDIAN } from '@filmpost/dicom/transfer-syntaxes.ts';
import { sampleBytes, samplePath, samples } from '../../../packages/dicom/fixtures/samples.ts';
import { type Device, aDevice, aFacility } from '../../world/facility.ts';
import { multipartOf } from '../../world/multipart.ts';
import { withKey } from '../../world/visitors.ts';
import { type Clinic, bytesOf } from './clinic.ts';

/** A sample as it is, and as we gave it in Explicit VR Little Endian. */
export interface MadeSample {
  name: string;
  original: string;
  made: string;
  /** The transfer syntax in which it is stored. */
  transferSyntaxUid: string;
}

export interface Making {
  made: MadeSample[];
  /** Names of those that were refused, and our sentence. */
  refused: Map<string, string>;
}

const NAMED = `application/dicom; transfer-syntax=${EXPLICIT_VR_LITTLE_ENDIAN}`;

/** Every readable sample in another transfer syntax, asked for in Explicit VR Little Endian and put in a folder. */
export async function makeSamples(clinic: Clinic, folder: string): Promise<Making> {
  const making: Making = { made: [], refused: new Map() };
  const facilities = [clinic.device];
  for (const sample of samples()) {
    const stored = await storeSomewhere(clinic, facilities, sampleBytes(sample));
    if (stored === null || stored.transferSyntaxUid === EXPLICIT_VR_LITTLE_ENDIAN) continue;
    const answer = await clinic.machine.ask(stored.path, { ...withKey(stored.device.key), accept: NAMED });
    const given = await bytesOf(answer);
    if (answer.status === 406) making.refused.set(sample.path, JSON.parse(given.toString()).error);
    else if (answer.status !== 200) throw new Error(`${sample.path}: ${answer.status} ${given}`);
    else {
      const made = path.join(folder, String(making.made.length));
      writeFileSync(made, given);
      const { transferSyntaxUid } = stored;
      making.made.push({ name: sample.path, original: samplePath(sample), made, transferSyntaxUid });
    }
  }
  return making;
}

interface StoredSample {
  device: Device;
  path: string;
  transferSyntaxUid: string;
}

/** Some samples share an identity; each such one goes to a facility that has none of it yet. */
async function storeSomewhere(
  clinic: Clinic,
  devices: Device[],
  bytes: Uint8Array,
): Promise<StoredSample | null> {
  const { exchange } = clinic.world;
  for (let at = 0; ; at++) {
    if (at === devices.length)
      devices.push(await aDevice(exchange, await aFacility(exchange, { name: `Clinic ${at}` })));
    const device = devices[at]!;
    const { headers, body } = multipartOf([bytes], { boundary: 'between films' });
    const init = { method: 'POST', headers: { ...withKey(device.key), ...headers }, body };
    const answer = await (await fetch(`${clinic.world.url}/dicomweb/studies`, init)).json();
    const url = answer['00081199']?.Value?.[0]?.['00081190']?.Value?.[0];
    if (typeof url === 'string') {
      const { pathname } = new URL(url);
      const where = pathname.slice('/dicomweb'.length);
      const head = await clinic.machine.ask(
        where,
        { ...withKey(device.key), accept: 'application/dicom' },
        'HEAD',
      );
      const type = head.headers.get('content-type') ?? '';
      return { device, path: where, transferSyntaxUid: /transfer-syntax=([\d.]+)/.exec(type)?.[1] ?? '' };
    }
    const reason = answer['00081198']?.Value?.[0]?.['00081197']?.Value?.[0];
    if (reason !== 0x0111) return null;
  }
}
