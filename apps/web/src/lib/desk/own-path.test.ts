import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ownPath } from './own-path.ts';

test('after signing in one comes back to the page one wanted', () => {
  assert.equal(ownPath('/desk/st-antony/exams?search=lovel'), '/desk/st-antony/exams?search=lovel');
});

test('an address that leads to another site is not followed', () => {
  const elsewhere = [
    'https://elsewhere.example/desk',
    '//elsewhere.example',
    '/\\elsewhere.example',
    '/\t/elsewhere.example',
    'javascript:alert(1)',
    'desk',
    '',
    null,
  ];
  assert.deepEqual(
    elsewhere.map((claimed) => ownPath(claimed)),
    elsewhere.map(() => null),
  );
});
