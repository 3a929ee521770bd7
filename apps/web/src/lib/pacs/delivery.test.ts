import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { type Route, NotLetIn, deliver } from './delivery.ts';
import type { SharedImage } from './shared-images.ts';
import type { Outcome } from './store-answer.ts';

const route: Route = {
  from: '/dicomweb/s/1',
  to: 'https://pacs.example/studies',
  authorization: 'Bearer key',
};
const images = Array.from({ length: 45 }, (_, i): SharedImage => ({
  studyInstanceUid: '1',
  seriesInstanceUid: '1.2',
  sopInstanceUid: `1.2.${i}`,
}));

/** A browser's network: our exchange gives every image, the PACS answers as told. */
function network(t: TestContext, pacs: (request: RequestInit, count: number) => Response): RequestInit[] {
  const posted: RequestInit[] = [];
  t.mock.method(globalThis, 'fetch', async (address: string, request: RequestInit = {}) => {
    request.signal?.throwIfAborted();
    if (address.startsWith('/')) return new Response('an image');
    posted.push(request);
    return pacs(request, posted.length);
  });
  return posted;
}

async function delivered(signal = new AbortController().signal): Promise<Map<string, Outcome['kind']>> {
  const told = new Map<string, Outcome['kind']>();
  await deliver(images, route, {
    signal,
    ontold: (image, { kind }) => told.set(image.sopInstanceUid, kind),
  });
  return told;
}

test('images go in batches, with the credential, and each is told', async (t) => {
  const posted = network(t, () => new Response('{}', { status: 200 }));
  const told = await delivered();
  assert.equal(posted.length, 3);
  assert.deepEqual([...new Set(told.values())], ['stored']);
  assert.equal(told.size, images.length);
  const [first] = posted;
  assert.equal(new Headers(first?.headers).get('authorization'), 'Bearer key');
  assert.equal(first?.redirect, 'error');
  assert.equal(first?.credentials, 'omit');
  const body = await (first?.body as Blob).text();
  assert.equal(body.split('Content-Type: application/dicom\r\n\r\nan image\r\n').length, 21);
});

test('where nobody is let in, nothing more is sent', async (t) => {
  const posted = network(t, () => new Response('', { status: 401 }));
  const told = await delivered();
  assert.equal(posted.length, 1);
  assert.deepEqual([...new Set(told.values())], ['failed']);
  assert.equal(told.size, images.length);
});

test('a batch that fails does not hold back the next', async (t) => {
  network(t, (_request, count) => new Response('{}', { status: count === 1 ? 500 : 200 }));
  const kinds = [...(await delivered()).values()];
  assert.deepEqual(kinds.filter((kind) => kind === 'failed').length, 20);
});

test('a PACS that a browser cannot reach is told from one that refuses', async (t) => {
  network(t, () => {
    throw new TypeError('Failed to fetch');
  });
  await assert.rejects(delivered(), NotLetIn);
});

test('a cancelled delivery ends at once', async (t) => {
  const abort = new AbortController();
  const posted = network(t, () => {
    abort.abort();
    return new Response('{}', { status: 200 });
  });
  await assert.rejects(delivered(abort.signal), { name: 'AbortError' });
  assert.equal(posted.length, 1);
});
