import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Steps } from './steps.ts';

test('a quick step is one line, and its result comes back', async () => {
  const lines: string[] = [];
  const steps = new Steps((line) => lines.push(line));
  assert.equal(await steps.run(['Tidying', 'Tidied'], async () => 7), 7);
  assert.equal(lines.length, 1);
  assert.match(lines[0] ?? '', /^ {2}✓ {2}Tidied +\d+\.\d s$/);
});

test('detail comes below a line that says what it is about', async () => {
  const lines: string[] = [];
  const steps = new Steps((line) => lines.push(line));
  await steps.run(['Tidying', 'Tidied'], async (note) => {
    note('under the table');
    note('on the shelf');
  });
  assert.deepEqual(lines.slice(0, 3), ['  …  Tidying', '     under the table', '     on the shelf']);
});

test('a step that fails is not said to be done', async () => {
  const lines: string[] = [];
  const steps = new Steps((line) => lines.push(line));
  await assert.rejects(steps.run(['Tidying', 'Tidied'], () => Promise.reject(new Error('too much'))));
  assert.deepEqual(lines, []);
});
