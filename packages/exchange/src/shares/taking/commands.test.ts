import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { aStudy } from '@filmpost/tests/world/dicom/study.ts';
import { type World, anExchange } from '@filmpost/tests/world/exchange.ts';
import { type Facility, aFacility } from '@filmpost/tests/world/facility.ts';
import { storeFiles } from '@filmpost/tests/world/stored.ts';
import { aRecipient, visitorWith } from '@filmpost/tests/world/visitors.ts';
import { admit } from '../../access/gate/commands.ts';
import { Refused } from '../../access/gate/schema.ts';
import { createShare } from '../commands.ts';
import { noteTaking } from './commands.ts';

let world: World;
let facility: Facility;
before(async () => {
  world = await anExchange();
  facility = await aFacility(world.exchange);
});
after(() => world.close());

async function aRight(studyInstanceUids: string[]) {
  const { exchange } = world;
  const { shareId, code } = await createShare(exchange, facility.work, {
    facility: facility.slug,
    studyInstanceUids,
  });
  const papers = await aRecipient(exchange, { code, birthDate: '1981/08/29' });
  return admit(exchange, await visitorWith(exchange, papers), {
    capability: 'share:download',
    subject: { shareId },
  });
}

const takings = () =>
  world.exchange.db
    .selectFrom('auditEntry')
    .select('detail')
    .where('action', '=', 'study.downloaded')
    .execute()
    .then((rows) => rows.map(({ detail }) => detail));

test('each exam that a browser carries on is written down with how; another share’s exam is not to be had', async () => {
  const [shared, other] = [aStudy({ key: 'taken' }), aStudy({ key: 'not shared' })];
  await storeFiles(world.exchange, facility, { files: [...shared.files, ...other.files] });
  const granted = await aRight([shared.studyInstanceUid]);
  await noteTaking(world.exchange, granted, { kind: 'stow', studyInstanceUids: [shared.studyInstanceUid] });
  assert.deepEqual(await takings(), [{ shareId: granted.shareId, kind: 'stow' }]);
  const both = [shared.studyInstanceUid, other.studyInstanceUid];
  await assert.rejects(
    noteTaking(world.exchange, granted, { kind: 'png', studyInstanceUids: both }),
    Refused,
  );
  assert.equal((await takings()).length, 1);
});
