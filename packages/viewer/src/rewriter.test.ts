import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Rewriter, UnknownViewerError } from './rewriter.ts';

const rule = { files: /\.js$/, from: 'p="/"', to: 'p="/ohif/"', hits: 2 };

test('a rule that matches as often as it should is content', () => {
  const rewriter = new Rewriter([rule]);
  assert.equal(rewriter.apply('a.js', 'p="/"; q'), 'p="/ohif/"; q');
  assert.equal(rewriter.apply('b.js', 'p="/"'), 'p="/ohif/"');
  assert.equal(rewriter.apply('c.css', 'p="/"'), 'p="/"');
  rewriter.assertComplete();
});

test('a rule that matches less or more often stops the build', () => {
  for (const text of ['p="/"', 'p="/"p="/"p="/"']) {
    const rewriter = new Rewriter([rule]);
    rewriter.apply('a.js', text);
    assert.throws(() => rewriter.assertComplete(), UnknownViewerError);
  }
});
