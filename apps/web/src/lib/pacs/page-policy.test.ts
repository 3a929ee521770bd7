import assert from 'node:assert/strict';
import { test } from 'node:test';
import { policyFor } from './page-policy.ts';

const policy = "default-src 'self'; connect-src 'self'; object-src 'none'";

test('only the page that delivers into a PACS may speak with other hosts', () => {
  assert.equal(policyFor('/(visitor)/view/[share]', policy), policy);
  assert.equal(policyFor('/(visitor)/view/[share]/exams/[studyInstanceUid]', policy), policy);
  assert.equal(policyFor(null, policy), policy);
  const wide = "default-src 'self'; connect-src 'self' https: http:; object-src 'none'";
  assert.equal(policyFor('/(visitor)/view/[share]/pacs', policy), wide);
});

test('a policy that cannot be widened is an error, rather than a page that cannot send', () => {
  assert.throws(() => policyFor('/(visitor)/view/[share]/pacs', "default-src 'self'"), RangeError);
});
