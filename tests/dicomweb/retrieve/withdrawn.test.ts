import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { admit, operator } from '@filmpost/exchange/access/gate/commands.ts';
import { revokeDevice } from '@filmpost/exchange/facilities/commands.ts';
import { revokeShare } from '@filmpost/exchange/shares/commands.ts';
import { aDevice } from '../../world/facility.ts';
import { type Study, aStudy } from '../../world/dicom/study.ts';
import { storeFiles } from '../../world/stored.ts';
import { withKey } from '../../world/visitors.ts';
import { type Clinic, aClinic, pathOf } from './clinic.ts';

/** Threats T14: a right withdrawn ends within two seconds, also for who reads without a pause. */
const WITHIN_MS = 2_000;

let clinic: Clinic;
let study: Study;
before(async () => {
  clinic = await aClinic();
  study = aStudy({ key: 'withdrawn' });
  await storeFiles(clinic.world.exchange, clinic.facility, { files: study.files });
});
after(() => clinic.close());

/** Reads on and on, withdraws the right in the middle, and tells how long reading still worked. */
async function refusedAfter(
  ask: (path: string) => Promise<Response>,
  withdraw: () => Promise<unknown>,
  refusal: 401 | 404,
): Promise<number> {
  const [file] = study.files;
  assert.ok(file);
  const series = pathOf(file).replace(/\/instances\/.*/, '');
  const paths = [`${pathOf(file)}/frames/1`, `${series}/metadata`, pathOf(file)];
  const statuses = async () => {
    const answers = await Promise.all(paths.map((path) => ask(path)));
    await Promise.all(answers.map((answer) => answer.arrayBuffer()));
    return answers.map(({ status }) => status);
  };
  for (let i = 0; i < 10; i++) assert.deepEqual(await statuses(), [200, 200, 200]);
  await withdraw();
  const withdrawn = performance.now();
  let told = await statuses();
  while (told.includes(200) && performance.now() - withdrawn < 2 * WITHIN_MS) told = await statuses();
  assert.deepEqual(new Set(told), new Set([refusal]));
  return performance.now() - withdrawn;
}

test('a share that is revoked is closed to its reader within two seconds', async () => {
  const { exchange } = clinic.world;
  const recipient = await clinic.recipientOf([study.studyInstanceUid]);
  const shareId = recipient.root.split('/').at(-1) ?? '';
  const granted = await admit(exchange, operator(), { capability: 'share:manage', subject: { shareId } });
  const ms = await refusedAfter(recipient.ask, () => revokeShare(exchange, granted), 404);
  assert.ok(ms < WITHIN_MS, `${Math.round(ms)} ms`);
});

test('a device whose key is revoked reads nothing within two seconds', async () => {
  const { exchange } = clinic.world;
  const { id, key } = await aDevice(exchange, clinic.facility, 'Old scanner');
  const ask = (path: string) => clinic.machine.ask(path, withKey(key));
  const ms = await refusedAfter(ask, () => revokeDevice(exchange, clinic.facility.administer, id), 401);
  assert.ok(ms < WITHIN_MS, `${Math.round(ms)} ms`);
});
