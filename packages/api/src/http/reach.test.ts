import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type ServedWorld, aServer } from '@filmpost/tests/world/exchange.ts';
import { REACH_MOST_BYTES } from './reach.ts';

let world: ServedWorld;
before(async () => {
  world = await aServer();
});
after(() => world.close());

const ask = (path: string, init: RequestInit = {}) => fetch(`${world.url}/reach/${path}`, init);

test('a POST that means PATCH is taken for one, and for nothing else than PATCH or DELETE', async () => {
  const meant = async (method: string) => {
    const answer = await ask('method', { method: 'POST', headers: { 'x-http-method-override': method } });
    return (await answer.json()).method;
  };
  assert.equal(await meant('PATCH'), 'PATCH');
  assert.equal(await meant('DELETE'), 'DELETE');
  assert.equal(await meant('GET'), 'POST');
  assert.equal(await meant('TRACE'), 'POST');
  assert.equal((await (await ask('method', { method: 'PATCH' })).json()).method, 'PATCH');
});

test('bodies are counted up to the largest one that is ever sent', async () => {
  const send = (size: number) => ask('body', { method: 'POST', body: new Uint8Array(size) });
  assert.deepEqual(await (await send(REACH_MOST_BYTES)).json(), { received: REACH_MOST_BYTES });
  assert.deepEqual(await (await send(0)).json(), { received: 0 });
  const answer = await send(REACH_MOST_BYTES + 1).catch(() => null);
  assert.notEqual(answer?.status, 200);
});

test('events of the stream come one by one', async () => {
  const pieces: string[] = [];
  const answer = await ask('stream');
  for await (const piece of answer.body ?? []) pieces.push(Buffer.from(piece).toString());
  assert.equal(pieces.join(''), 'data: 1\n\ndata: 2\n\ndata: 3\n\ndata: 4\n\n');
  assert.ok(pieces.length > 1);
});

test('the sample holds every byte value', async () => {
  const bytes = new Uint8Array(await (await ask('sample')).arrayBuffer());
  assert.equal(bytes.length, 65_536);
  assert.equal(new Set(bytes).size, 256);
});

test('nothing else is there', async () => {
  for (const path of ['', 'method', 'body', 'other']) assert.equal((await ask(path)).status, 404, path);
});
