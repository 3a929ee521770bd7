import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { environmentExample } from './example.ts';
import { parseEnvironment } from './environment.ts';

const file = path.join(import.meta.dirname, '../../../.env.example');

test('.env.example is what the schema says (node scripts/env-example.ts writes it)', () => {
  assert.equal(readFileSync(file, 'utf8'), environmentExample());
});

test('.env.example with every line in force means the defaults', () => {
  const lines = environmentExample()
    .split('\n')
    .filter((line) => /^#[A-Z_]+=/.test(line));
  const env = Object.fromEntries(lines.map((line) => line.slice(1).split('=', 2)));
  assert.deepEqual(parseEnvironment(env), parseEnvironment({}));
});
