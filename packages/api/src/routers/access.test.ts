import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { revokeShare, createShare } from '@filmpost/exchange/shares/commands.ts';
import { admit, operator } from '@filmpost/exchange/access/gate/commands.ts';
import { type ServedWorld, aServer } from '@filmpost/tests/world/exchange.ts';
import { type Facility, aFacility } from '@filmpost/tests/world/facility.ts';
import { type Papers, anOpenedRequest } from '@filmpost/tests/world/visitors.ts';
import { REFUSAL_MS } from '../even-pace.ts';

const RIGHT = '1981/08/29';

let world: ServedWorld;
let facility: Facility;
before(async () => {
  world = await aServer();
  facility = await aFacility(world.exchange);
});
after(() => world.close());

async function call(name: string, input?: object, papers: Papers = {}) {
  const begun = performance.now();
  const response = await fetch(`${world.url}/trpc/${name}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...papers },
    body: input && JSON.stringify(input),
  });
  const body: { error?: { message: string }; result?: { data: unknown } } = await response.json();
  const elapsed = performance.now() - begun;
  return { status: response.status, body, elapsed, cookies: response.headers.getSetCookie() };
}

async function aShare() {
  const { requestId } = await anOpenedRequest(world.exchange, facility);
  return createShare(world.exchange, facility.work, { facility: facility.slug, requestId });
}

test('every wrong entry is answered alike and takes as long; the right one is answered at once', async () => {
  const [right, revoked] = [await aShare(), await aShare()];
  const subject = { shareId: revoked.shareId };
  const manage = await admit(world.exchange, operator(), { capability: 'share:manage', subject });
  await revokeShare(world.exchange, manage);
  const wrong = [
    { code: 'AAAAAAAAA', birthDate: RIGHT },
    { code: right.code, birthDate: '1981/08/28' },
    { code: revoked.code, birthDate: RIGHT },
    { code: 'no code at all', birthDate: 'no date at all' },
    { code: '\0', birthDate: '\ud83e' },
  ];
  const answers = await Promise.all(wrong.map((entry) => call('access.enterWithCode', entry)));
  for (const { status, body, elapsed, cookies } of answers) {
    assert.equal(status, 404);
    assert.deepEqual(body, answers[0]?.body);
    assert.deepEqual(cookies, []);
    assert.ok(elapsed >= REFUSAL_MS - 5, `refused after ${elapsed} ms`);
  }
  const opened = await call('access.enterWithCode', { code: right.code, birthDate: RIGHT });
  assert.equal(opened.status, 200);
});

test('a session’s cookie is out of reach of scripts and of other sites’ forms', async () => {
  const { code } = await aShare();
  const [cookie = ''] = (await call('access.enterWithCode', { code, birthDate: RIGHT })).cookies;
  assert.match(cookie, /^filmpost_recipient=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Expires=/);
});

test('each entry gets a session of its own, and what a browser brings along is not taken over', async () => {
  const { code } = await aShare();
  const planted = { cookie: 'filmpost_recipient=planted-by-somebody-else' };
  const [first, second] = [
    await call('access.enterWithCode', { code, birthDate: RIGHT }, planted),
    await call('access.enterWithCode', { code, birthDate: RIGHT }, planted),
  ];
  const tokens = [first, second].map(({ cookies: [cookie] }) => /=([^;]+)/.exec(cookie ?? '')?.[1]);
  assert.notEqual(tokens[0], tokens[1]);
  assert.ok(!tokens.includes('planted-by-somebody-else'));
});

test('whoever leaves has left: the cookie opens nothing any more', async () => {
  const { code, shareId } = await aShare();
  const [cookie = ''] = (await call('access.enterWithCode', { code, birthDate: RIGHT })).cookies;
  const papers = { cookie: cookie.split(';', 1)[0] ?? '' };
  assert.equal((await call('shares.inbox', { shareId }, papers)).status, 200);
  const { status, cookies } = await call('access.leave', undefined, papers);
  assert.equal(status, 200);
  assert.match(cookies[0] ?? '', /^filmpost_recipient=; .*Expires=Thu, 01 Jan 1970/);
  assert.equal((await call('shares.inbox', { shareId }, papers)).status, 404);
});

test('text that PostgreSQL cannot hold is the caller’s mistake, and is not repeated to him', async () => {
  const request = await anOpenedRequest(world.exchange, facility);
  const { status, body } = await call('access.enterWithPin', { facility: '\0', pin: '123456' });
  assert.equal(status, 400);
  assert.equal(body.error?.message, 'This request cannot be understood.');
  const upload = await call('uploads.openForRequest', undefined, request.uploader);
  assert.equal(upload.status, 200);
});
