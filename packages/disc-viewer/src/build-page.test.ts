import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { viewerPage } from './build-page.ts';
import { quickStartGuide } from './quick-start-guide.ts';

const MOST_BYTES = 4_000_000;

test('the page is one small file that the same sources always give, and asks for nothing but its list', async () => {
  const [page, again] = await Promise.all([viewerPage(), viewerPage()]);
  assert.ok(page === again);
  assert.ok(page.length < MOST_BYTES, `${page.length} bytes`);
  const asked = [...page.matchAll(/<(?:script|link|img|iframe)[^>]*\s(?:src|href)="([^"]+)"/g)].map(
    ([, path]) => path,
  );
  assert.deepEqual(asked, ['VIEWER/DISC.JS']);
});

test('the policy of the page names its very script and style', async () => {
  const page = await viewerPage();
  const [style, script] = [/<style>([^]*?)<\/style>/, /<script>([^]*?)<\/script>\n<\/body>/].map(
    (pattern) => pattern.exec(page)?.[1] ?? '',
  );
  for (const text of [style, script]) {
    assert.ok(text);
    assert.ok(page.includes(`sha256-${createHash('sha256').update(text).digest('base64')}`));
  }
});

test('the guide is a PDF whose table of places is right', () => {
  const text = new TextDecoder().decode(quickStartGuide());
  assert.match(text, /^%PDF-1\.4\n/);
  assert.match(text, /^[\n\x20-\x7e]*$/);
  const table = Number(/startxref\n(\d+)\n%%EOF\n$/.exec(text)?.[1]);
  assert.ok(text.slice(table).startsWith('xref\n'));
  const places = [...text.slice(table).matchAll(/^(\d{10}) 00000 n $/gm)].map(([, place]) => Number(place));
  assert.ok(places.length > 5);
  for (const [index, place] of places.entries())
    assert.ok(text.slice(place).startsWith(`${index + 1} 0 obj\n`));
  const stream = /\/Length (\d+) >>\nstream\n([^]*?)endstream/.exec(text);
  assert.equal(stream?.[2]?.length, Number(stream?.[1]));
});
