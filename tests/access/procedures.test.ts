import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { appRouter } from '@filmpost/api/router.ts';
import { type ServedWorld, aServer } from '../world/exchange.ts';
import { type Answer, answerOf } from './answers.ts';
import {
  KINDS,
  type Kind,
  type Knocker,
  type Neighbourhood,
  type Subjects,
  aNeighbourhood,
  birthDate,
  everybody,
} from './neighbourhood.ts';

interface Row {
  /** Who is let in; everybody else must be told, in one and the same way, that there is nothing. */
  may: readonly Kind[];
  input?(at: Subjects): unknown;
}

const all = KINDS;
const staff = ['clerk', 'administrator'] as const;
const uploader = ['uploader'] as const;
const recipient = ['recipient'] as const;
const facility = ({ facility }: Subjects) => ({ facility });
const request = ({ requestId }: Subjects) => ({ requestId });
const upload = ({ uploadId }: Subjects) => ({ uploadId });
const share = ({ shareId }: Subjects) => ({ shareId });
const without = (...kinds: Kind[]) => KINDS.filter((kind) => !kinds.includes(kind));
const manifest = { filesChosen: 1, filesToSend: 1, bytesToSend: 1, leftOut: [], exams: [] };
const patient = { patientName: 'Lovelace^Ada', birthDate };

const TABLE: Record<string, Row> = {
  // Knowing a live code or PIN is all it takes, whoever one is besides.
  'access.enterWithCode': {
    may: without('recipient, expired', 'recipient, revoked'),
    input: ({ code }) => ({ code, birthDate }),
  },
  'access.enterWithPin': {
    may: without('uploader, cancelled'),
    input: ({ facility, pin }) => ({ facility, pin }),
  },
  'access.me': { may: all },
  'access.leave': { may: all },

  'facilities.face': { may: all, input: facility },
  'facilities.cursor': { may: staff, input: facility },
  'facilities.follow': { may: staff, input: facility },
  'facilities.since': { may: staff, input: (at) => ({ ...facility(at), atOnce: true }) },

  'archive.list': { may: staff, input: facility },

  'requests.create': {
    may: staff,
    input: ({ facility }) => ({ facility, ...patient, details: 'All prior imaging.' }),
  },
  'requests.list': { may: staff, input: facility },
  'requests.find': { may: staff, input: request },
  'requests.revealPin': { may: staff, input: request },
  'requests.cancel': { may: staff, input: request },
  'requests.follow': { may: staff, input: request },
  'requests.since': { may: staff, input: (at) => ({ ...request(at), atOnce: true }) },
  'requests.mine': { may: ['uploader', 'uploader elsewhere'] },
  'requests.decline': {
    may: ['uploader', 'uploader elsewhere'],
    input: () => ({ reason: 'no-images', name: 'Jo Brook' }),
  },

  'uploads.openForRequest': { may: ['uploader', 'uploader elsewhere'] },
  'uploads.openForStaff': { may: staff, input: facility },
  'uploads.stored': { may: uploader, input: upload },
  'uploads.announceFiles': {
    may: uploader,
    input: ({ uploadId }) => ({ uploadId, files: [{ sha256: 'ab'.repeat(32), size: 1 }] }),
  },
  'uploads.unverified': { may: uploader, input: upload },
  'uploads.forgetFiles': {
    may: uploader,
    input: ({ uploadId }) => ({ uploadId, digests: ['ab'.repeat(32)] }),
  },
  'uploads.announce': { may: uploader, input: ({ uploadId }) => ({ uploadId, manifest }) },
  'uploads.finish': { may: uploader, input: upload },
  'uploads.confirm': { may: uploader, input: upload },
  'uploads.withdraw': { may: uploader, input: upload },
  'uploads.find': { may: ['uploader', ...staff], input: upload },
  'uploads.exams': { may: staff, input: upload },
  'uploads.setAside': { may: staff, input: upload },
  'uploads.senders': { may: staff, input: upload },
  'uploads.list': { may: staff, input: facility },
  'uploads.monitor': { may: ['administrator'], input: facility },
  'uploads.report': { may: ['administrator'], input: facility },
  'uploads.monitoredModalities': { may: ['administrator'], input: facility },
  'uploads.follow': { may: ['uploader', ...staff], input: upload },
  'uploads.since': { may: ['uploader', ...staff], input: (at) => ({ ...upload(at), atOnce: true }) },

  'packages.choices': { may: all },
  'packages.ask': {
    may: recipient,
    input: ({ shareId, image }) => ({
      from: { shareId },
      wish: { studyInstanceUids: [image.studyInstanceUid], kind: 'iso' },
    }),
  },
  'packages.find': { may: recipient, input: ({ shareId, packageId }) => ({ from: { shareId }, packageId }) },

  'shares.create': {
    may: staff,
    input: ({ facility, image }) => ({ facility, studyInstanceUids: [image.studyInstanceUid] }),
  },
  'shares.list': { may: staff, input: facility },
  'shares.revealCode': { may: staff, input: share },
  'shares.revoke': { may: staff, input: share },
  'shares.inbox': { may: recipient, input: share },
  'shares.keys': { may: recipient, input: share },
  'shares.makeKey': { may: recipient, input: ({ shareId }) => ({ shareId, hours: 1 }) },
  'shares.revokeKey': { may: recipient, input: ({ shareId, studyId }) => ({ shareId, keyId: studyId }) },
  'shares.noteTaking': {
    may: recipient,
    input: ({ shareId, image }) => ({ shareId, kind: 'png', studyInstanceUids: [image.studyInstanceUid] }),
  },
  'shares.follow': { may: recipient, input: share },
  'shares.since': { may: recipient, input: (at) => ({ ...share(at), atOnce: true }) },
};

const procedures = appRouter._def.procedures as unknown as Record<string, { _def: { type: string } }>;

let world: ServedWorld;
let neighbourhood: Neighbourhood;
before(async () => {
  world = await aServer();
  neighbourhood = await aNeighbourhood(world);
});
after(() => world.close());

test('every procedure has its row, and every row its procedure', () => {
  const missing = Object.keys(procedures).filter((name) => !(name in TABLE));
  assert.deepEqual(missing, [], `Say in the table above who may call ${missing.join(', ')}.`);
  const gone = Object.keys(TABLE).filter((name) => !(name in procedures));
  assert.deepEqual(gone, [], `Take ${gone.join(', ')} out of the table above.`);
});

for (const [name, row] of Object.entries(TABLE)) {
  const type = procedures[name]?._def.type ?? 'query';
  test(`${name} (${type}): ${row.may.length === KINDS.length ? 'everybody' : row.may.join('; ')}`, async () => {
    const refusals = new Map<string, Kind[]>();
    for (const knocker of await everybody(world, neighbourhood)) {
      if (row.may.includes(knocker.kind)) continue;
      const answer = await call(knocker, { name, type, row });
      assert.ok(isRefusal(answer), `${knocker.kind} must be refused, and was told ${answer.face}`);
      refusals.set(answer.face, [...(refusals.get(answer.face) ?? []), knocker.kind]);
    }
    assert.ok(refusals.size <= 1, `refusals tell visitors apart: ${[...refusals].join('\n\n')}`);
    for (const kind of row.may) {
      const knocker = (await everybody(world, neighbourhood)).find((each) => each.kind === kind);
      assert.ok(knocker);
      const answer = await call(knocker, { name, type, row });
      // 409 is the domain's own sentence, said to those who were let in.
      assert.ok([200, 409].includes(answer.status), `${kind} must be let in, and was told ${answer.face}`);
    }
  });
}

function isRefusal({ status, body }: Answer): boolean {
  return status === 404 && body.includes('There is nothing here for you.');
}

interface Call {
  name: string;
  type: string;
  row: Row;
}

async function call({ papers, at }: Knocker, { name, type, row }: Call): Promise<Answer> {
  const input = row.input?.(at);
  const address = new URL(`/trpc/${name}`, world.url);
  if (type === 'mutation') {
    const headers = { ...papers, 'content-type': 'application/json' };
    const body = input === undefined ? undefined : JSON.stringify(input);
    return answerOf(await fetch(address, { method: 'POST', headers, body }));
  }
  if (input !== undefined) address.searchParams.set('input', JSON.stringify(input));
  if (type === 'query') return answerOf(await fetch(address, { headers: papers }));
  const headers = { ...papers, accept: 'text/event-stream' };
  return subscription(await fetch(address, { headers }));
}

/** The first thing an event stream says: an error, or that it is open. A right is proved before anything else. */
async function subscription(response: Response): Promise<Answer> {
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let said = '';
  while (
    reader &&
    !/event: serialized-error|event: ping|event: connected[\s\S]*\n\n[\s\S]*data:/.test(said)
  ) {
    const { done, value } = await reader.read();
    if (done) break;
    said += value;
  }
  await reader?.cancel();
  const code = /"code":"NOT_FOUND"/.test(said) ? 404 : response.status;
  return { status: code, face: said, body: said };
}
