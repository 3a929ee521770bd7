import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { sendersOf } from '@filmpost/exchange/intake/senders/queries.ts';
import { admit, operator } from '@filmpost/exchange/access/gate/commands.ts';
import { aStudy } from '../world/dicom/study.ts';
import { type ServedWorld, aServer } from '../world/exchange.ts';
import { type Facility, aFacility } from '../world/facility.ts';
import { aWriter, manifestOf, sendPack } from '../world/sending.ts';
import { type Papers, anOpenedRequest } from '../world/visitors.ts';

let world: ServedWorld;
let facility: Facility;
before(async () => {
  world = await aServer();
  facility = await aFacility(world.exchange);
});
after(() => world.close());

async function ask(papers: Papers, name: string, input?: object): Promise<string> {
  const address = new URL(`/trpc/${name}`, world.url);
  if (input) address.searchParams.set('input', JSON.stringify(input));
  return (await fetch(address, { headers: papers })).text();
}

async function tell(papers: Papers, name: string, input?: object): Promise<string> {
  const headers = { ...papers, 'content-type': 'application/json' };
  const body = input && JSON.stringify(input);
  const response = await fetch(`${world.url}/trpc/${name}`, { method: 'POST', headers, body });
  return response.text();
}

test('whoever holds a PIN is told nobody’s name or birth date, whatever is asked and however far the upload is', async () => {
  const { exchange } = world;
  const request = await anOpenedRequest(exchange, facility);
  const papers = request.uploader;
  const study = aStudy({ key: 'not for the sender' });
  const said = [await tell(papers, 'uploads.openForRequest')];
  const writer = await aWriter(exchange, request);
  const one = { uploadId: writer.uploadId };
  said.push(await tell(papers, 'uploads.announce', { ...one, manifest: manifestOf(study) }));
  await sendPack(exchange, writer, study.files);
  await world.work();
  said.push(await tell(papers, 'uploads.finish', one));
  await world.work();
  for (const name of ['uploads.find', 'uploads.stored', 'uploads.exams', 'uploads.setAside']) {
    said.push(await ask(papers, name, one));
  }
  said.push(await ask(papers, 'requests.mine'), await ask(papers, 'access.me'));
  said.push(await ask(papers, 'requests.find', { requestId: request.requestId }));
  said.push(await tell(papers, 'uploads.confirm', one));
  assert.equal(
    said.filter((text) => text.includes('"result"')).length,
    8,
    'and is let in where it should be',
  );
  const [family = '', given = ''] = study.patient.name.split('^');
  const born = study.patient.birthDate;
  const dashed = born.replace(/^(....)(..)(..)$/, '$1-$2-$3');
  const secrets = ['Lovelace', 'Ada', '1981-08-29', '1981/08/29', '19810829', family, given, born, dashed];
  for (const secret of secrets.filter(Boolean)) {
    assert.deepEqual(
      said.filter((text) => text.includes(secret)),
      [],
    );
  }
});

test('who sends is kept in their own words, once, audited, and shown to the staff who asked', async () => {
  const { exchange } = world;
  const { uploader } = await anOpenedRequest(exchange, facility);
  const sender = { name: 'Grace', site: 'Palm Beach Imaging', phone: '+1 555 0199' };
  for (const stated of [{}, sender, sender]) {
    const answer = await tell(uploader, 'uploads.openForRequest', { sender: stated });
    assert.match(answer, /"result"/);
    assert.doesNotMatch(answer, /Grace/);
  }
  const { uploadId } = await exchange.db
    .selectFrom('uploadSender')
    .select('uploadId')
    .executeTakeFirstOrThrow();
  const read = await admit(exchange, operator(), { capability: 'upload:read', subject: { uploadId } });
  const senders = await sendersOf(exchange, read);
  assert.deepEqual(
    senders.map(({ at: _at, ...words }) => words),
    [sender],
  );
  const audited = await exchange.db
    .selectFrom('auditEntry')
    .select(['actorKind', 'subjectId'])
    .where('action', '=', 'sender.stated')
    .execute();
  assert.deepEqual(audited, [{ actorKind: 'uploader', subjectId: uploadId }]);
});
