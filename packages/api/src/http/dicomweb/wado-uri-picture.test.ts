import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BadRequest } from './bad-request.ts';
import { renderedUrl } from './wado-uri-picture.ts';

/** The parameters of the rendered resource, for a question about an image of this size. */
async function renderedAs(question: string, size = { width: 512, height: 256 }) {
  const url = new URL(`http://127.0.0.1/wado?requestType=WADO&${question}`);
  const { searchParams } = await renderedUrl(url, { type: 'image/png', sizeOf: async () => size });
  return Object.fromEntries(searchParams);
}

test('a region without a size is as large as it is stored', async () => {
  assert.deepEqual(await renderedAs('region=0.25,0.5,0.75,1'), {
    accept: 'image/png',
    viewport: '256,128,128,128,256,128',
  });
});

test('a region of an image larger than any picture is made as large as pictures are', async () => {
  const { viewport } = await renderedAs('region=0,0,1,0.1', { width: 100_000, height: 60_000 });
  assert.equal(viewport, '8192,6000,0,0,100000,6000');
});

test('the other side follows from the one that is given', async () => {
  assert.equal((await renderedAs('columns=100')).viewport, '100,8192');
  assert.equal((await renderedAs('rows=100&region=0,0,0.5,1')).viewport, '8192,100,0,0,256,256');
  assert.equal((await renderedAs('')).viewport, undefined);
});

test('what is no region is refused with what one is', async () => {
  const wrong = ['0,0,1', '0,0,1,1,1', '0.5,0,0.5,1', '0,0,1.1,1', '-0.1,0,1,1', 'a,b,c,d', '0,0,1e0,1'];
  for (const region of wrong) await assert.rejects(renderedAs(`region=${region}`), BadRequest, region);
});

test('a window has a centre and a width', async () => {
  assert.equal((await renderedAs('windowCenter=40&windowWidth=400')).window, '40,400,linear');
  await assert.rejects(renderedAs('windowCenter=40'), BadRequest);
});
