import assert from 'node:assert/strict';
import { once } from 'node:events';
import http from 'node:http';
import { after, before, test } from 'node:test';
import { mountTable } from '@filmpost/api/mounts.ts';
import { type ServedWorld, aServer } from '../world/exchange.ts';
import { type Answer, answerOf } from './answers.ts';
import { DOORS, type Door, TRIED_ELSEWHERE } from './doors.ts';
import {
  KINDS,
  type Kind,
  type Knocker,
  type Neighbourhood,
  aNeighbourhood,
  everybody,
} from './neighbourhood.ts';

let world: ServedWorld;
let neighbourhood: Neighbourhood;
before(async () => {
  world = await aServer();
  neighbourhood = await aNeighbourhood(world);
});
after(() => world.close());

test('every mount has its rows', () => {
  const prefixes = mountTable({ viewerDirectory: '' }).map(({ prefix }) => prefix);
  const tried = Object.keys(DOORS).map((name) => /^[A-Z]+ (\/[^/:\s]+)/.exec(name)?.[1]);
  const missing = prefixes.filter((prefix) => !(prefix in TRIED_ELSEWHERE) && !tried.includes(prefix));
  assert.deepEqual(missing, [], `Say in doors.ts who may knock at ${missing.join(', ')}.`);
});

for (const [name, door] of Object.entries(DOORS)) {
  test(`${name}: ${door.may.length === KINDS.length ? 'everybody' : door.may.join('; ') || 'nobody'}`, async () => {
    const refusals = new Map<string, Kind[]>();
    const knockers = await everybody(world, neighbourhood);
    for (const knocker of knockers.filter(({ kind }) => !door.may.includes(kind))) {
      const answer = await knock(knocker, door);
      if (door.findNothing?.includes(knocker.kind)) assert.equal(answer.status, 204, knocker.kind);
      else {
        const told = door.tellsDeadKeys && DEAD_KEYS.has(knocker.kind) ? 401 : 404;
        assert.equal(answer.status, told, `${knocker.kind} must be refused, and was told ${answer.face}`);
        refusals.set(answer.face, [...(refusals.get(answer.face) ?? []), knocker.kind]);
      }
    }
    const faces = door.tellsDeadKeys ? 2 : 1;
    assert.ok(refusals.size <= faces, `refusals tell visitors apart: ${[...refusals].join('\n\n')}`);
    const letIn = async (knocker: Knocker | undefined) => {
      assert.ok(knocker);
      const answer = await knock(knocker, door);
      assert.ok(answer.status < 300, `${knocker.kind} must be let in, and was told ${answer.face}`);
    };
    if (door.may.length === KINDS.length) await Promise.all(knockers.map(letIn));
    else
      for (const kind of door.may)
        await letIn((await everybody(world, neighbourhood)).find((each) => each.kind === kind));
  });
}

const DEAD_KEYS: ReadonlySet<Kind> = new Set(['device, revoked', 'share key, expired', 'share key, revoked']);

test('a key that never was is told the same as one that ended', async () => {
  const door = DOORS['GET /dicomweb: a study'];
  const knockers = await everybody(world, neighbourhood);
  const [revoked] = knockers.filter(({ kind }) => kind === 'device, revoked');
  assert.ok(door && revoked);
  const answers = [revoked.papers, { authorization: 'Bearer fps_made-up' }, { authorization: 'Bearer' }];
  const faces = await Promise.all(
    answers.map(async (papers) => (await knock({ ...revoked, papers }, door)).face),
  );
  assert.equal(new Set(faces).size, 1, faces.join('\n\n'));
  assert.match(faces[0] ?? '', /^401\n[^]*www-authenticate: Bearer error="invalid_token"/);
});

async function knock({ papers, at }: Knocker, door: Door): Promise<Answer> {
  const { method, path, headers, body } = door.knock(at);
  return answerOf(await fetch(`${world.url}${path}`, { method, headers: { ...papers, ...headers }, body }));
}

test('a recipient finds nothing of another exam under the own share', async () => {
  const recipient = (await everybody(world, neighbourhood)).find(({ kind }) => kind === 'recipient');
  assert.ok(recipient);
  const at = {
    ...recipient.at,
    image: neighbourhood.elsewhere.image,
    studyId: neighbourhood.elsewhere.studyId,
    packageId: neighbourhood.elsewhere.packageId,
  };
  const prefix = /\/dicomweb\/s\/|\/downloads\//;
  for (const [name, door] of Object.entries(DOORS)) {
    if (!prefix.test(name) || /: all \w+$|^OPTIONS/.test(name)) continue;
    const { status } = await knock({ ...recipient, at }, door);
    assert.ok(status === 404 || status === 204, `${name} answered ${status}`);
  }
});

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND', 'TRACE'];

test('no method at any path makes the server stumble, or gives a stranger anything', async () => {
  const [stranger] = await everybody(world, neighbourhood);
  assert.ok(stranger);
  const open = [
    '/health',
    '/ohif/',
    '/.well-known/filmpost-signing-key',
    '/auth/get-session',
    '/auth/sign-out',
    '/reach/method',
    '/reach/body',
    '/reach/stream',
    '/reach/sample',
    '/reach/module.wasm',
  ];
  const paths = new Set(Object.values(DOORS).map((door) => door.knock(stranger.at).path));
  for (const path of paths) {
    for (const method of METHODS) {
      const status = await statusOf(method, path);
      assert.ok(status < 500, `${method} ${path} answered ${status}`);
      const given = status < 300 && method !== 'OPTIONS' && !open.includes(path);
      assert.ok(!given, `${method} ${path} gave ${status}`);
    }
  }
});

/** Without fetch, which refuses to send TRACE. */
async function statusOf(method: string, path: string): Promise<number> {
  const request = http.request(`${world.url}${path}`, { method, agent: false }).end();
  const [response] = await once(request, 'response');
  response.resume();
  return response.statusCode;
}
