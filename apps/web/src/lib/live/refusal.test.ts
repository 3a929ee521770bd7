import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TRPCClientError } from '@trpc/client';
import { isRefusal } from './refusal.ts';

test("the gate's no is known on the server and in the browser, and nothing else is taken for it", () => {
  const onServer = Object.assign(new Error('nothing here'), { code: 'NOT_FOUND' });
  const inBrowser = new TRPCClientError('nothing here', {
    result: { error: { code: -32004, message: 'nothing here', data: { code: 'NOT_FOUND' } } },
  });
  const outage = new TRPCClientError('fetch failed');
  assert.deepEqual([onServer, inBrowser, outage, new Error('x'), null].map(isRefusal), [
    true,
    true,
    false,
    false,
    false,
  ]);
});
