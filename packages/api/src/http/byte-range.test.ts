import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hasAlready, wantedRange, wantsAnother } from './byte-range.ts';

const asking = (headers: Record<string, string>, method = 'GET') => ({
  method,
  headers: new Headers(headers),
});

test('If-Match compares strongly: a weak name matches nothing, not even itself', () => {
  const wants = (wanted: string, etag: string) => wantsAnother(asking({ 'if-match': wanted }), etag);
  assert.equal(wants('"a"', '"a"'), false);
  assert.equal(wants('"b", "a"', '"a"'), false);
  assert.equal(wants('*', 'W/"a"'), false);
  assert.equal(wants('W/"a"', 'W/"a"'), true);
  assert.equal(wants('"a"', 'W/"a"'), true);
  assert.equal(wants('"b"', '"a"'), true);
  assert.equal(wantsAnother(asking({}), '"a"'), false);
});

test('If-None-Match compares weakly', () => {
  const has = (known: string, etag: string) => hasAlready(asking({ 'if-none-match': known }), etag);
  assert.equal(has('W/"a"', '"a"'), true);
  assert.equal(has('"b", "a"', 'W/"a"'), true);
  assert.equal(has('*', '"a"'), true);
  assert.equal(has('"b"', '"a"'), false);
});

test('a range is given as asked, cut at the end, counted from behind, or said to be none', () => {
  const range = (text: string, more: Record<string, string> = {}, method = 'GET') =>
    wantedRange(asking({ range: text, ...more }, method), { size: 100, etag: '"a"' });
  assert.deepEqual(range('bytes=0-9'), { start: 0, end: 10 });
  assert.deepEqual(range('bytes=90-200'), { start: 90, end: 100 });
  assert.deepEqual(range('bytes=-10'), { start: 90, end: 100 });
  assert.deepEqual(range('bytes=-1000'), { start: 0, end: 100 });
  assert.deepEqual(range('bytes=40-'), { start: 40, end: 100 });
  assert.deepEqual(range('bytes=40-', { 'if-range': '"a"' }), { start: 40, end: 100 });
  for (const none of ['bytes=100-', 'bytes=9-3', 'bytes=-0'])
    assert.equal(range(none), 'unsatisfiable', none);
  for (const whole of ['bytes=-', 'bytes=0-1,4-5', 'lines=0-9', 'bytes=a-b'])
    assert.equal(range(whole), null, whole);
  assert.equal(range('bytes=0-9', { 'if-range': '"b"' }), null);
  assert.equal(range('bytes=0-9', {}, 'HEAD'), null);
});
