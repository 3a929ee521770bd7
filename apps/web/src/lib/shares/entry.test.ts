import assert from 'node:assert/strict';
import { test } from 'node:test';
import { codeInFragment, entryErrors, holdsConfusable } from './entry.ts';

test('a code in any case and spacing with a date in any usual writing is asked about', () => {
  for (const code of ['vtx 5hn 8dp', 'VTX - 5HN - 8DP', 'ＶＴＸ５ＨＮ８ＤＰ', 'vtx–5hn.8dp']) {
    for (const date of ['1981/08/29', '1981-08-29', '19810829', '1981 08 29']) {
      assert.deepEqual(entryErrors(code, date), {});
    }
  }
});

test('what cannot be right is said beside its field before anybody is asked', () => {
  assert.match(entryErrors('', '1981/08/29').code ?? '', /Enter the security code/);
  assert.match(entryErrors('VTX 5HN 8', '1981/08/29').code ?? '', /has 9 .* this one has 7/);
  assert.match(entryErrors('VTX5HN8DP', '29').birthDate ?? '', /1981\/08\/29/);
  assert.match(entryErrors('VTX5HN8DP', '1981/02/30').birthDate ?? '', /1981\/08\/29/);
  assert.match(entryErrors('VTX5HN8DP', ' ').birthDate ?? '', /date of birth/);
});

test('only a code with I, L, O, U, 0 or 1 is told that no code holds them', () => {
  for (const symbol of 'ILOUilou01') assert.ok(holdsConfusable(`K3Q2PBKF${symbol}`), symbol);
  assert.ok(holdsConfusable('ＶＴＸ５ＨＮ８Ｄ１'));
  assert.ok(!holdsConfusable('23456789ABCDEFGHJKMNPQRSTVWXYZ'));
});

test('the code of a scanned picture is read from the fragment, and other fragments hold none', () => {
  assert.equal(codeInFragment('#c=VTX5HN8DP'), 'VTX5HN8DP');
  assert.equal(codeInFragment('#c=VTX%20-%205HN'), 'VTX - 5HN');
  for (const hash of ['', '#', '#help', '#content']) assert.equal(codeInFragment(hash), '');
});
