import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { aDatabase } from '@filmpost/db/test-database.ts';
import prettier from 'prettier';
import { repository } from './sources.ts';

const run = promisify(execFile);
const databasePackage = path.join(repository, 'packages/db');
const generated = path.join(databasePackage, 'src/generated.ts');

test('the types of the tables are those of the migrations', async (t) => {
  const database = await aDatabase();
  const folder = mkdtempSync(path.join(os.tmpdir(), 'filmpost-codegen-'));
  t.after(async () => {
    rmSync(folder, { recursive: true, force: true });
    await database.drop();
  });
  const outFile = path.join(folder, 'generated.ts');
  const program = path.join(repository, 'node_modules/kysely-codegen/dist/cli/bin.js');
  const options = ['--config-file', 'codegen.json', '--url', database.url, '--out-file', outFile];
  await run(process.execPath, [program, ...options], { cwd: databasePackage });
  const format = await prettier.resolveConfig(generated);
  const fresh = await prettier.format(readFileSync(outFile, 'utf8'), { ...format, filepath: generated });
  const committed = readFileSync(generated, 'utf8');
  const differing = [...linesOnlyIn(committed, fresh), ...linesOnlyIn(fresh, committed)];
  assert.ok(
    committed === fresh,
    `Run kysely-codegen in packages/db on a migrated database, then prettier, and commit it. Differing:\n${differing.join('\n')}`,
  );
});

function linesOnlyIn(one: string, other: string): string[] {
  const known = new Set(other.split('\n'));
  return one.split('\n').filter((line) => !known.has(line));
}

interface LockedPackage {
  link?: boolean;
  optional?: boolean;
  optionalDependencies?: Record<string, string>;
}

/** npm has been seen to lose other platforms' packages when it rewrites a lock file on one of them. */
test('the lock file holds the packages of every platform', () => {
  const lock: { packages: Record<string, LockedPackage> } = JSON.parse(
    readFileSync(path.join(repository, 'package-lock.json'), 'utf8'),
  );
  const missing = Object.entries(lock.packages).flatMap(([place, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies)
      .filter((name) => !isLocked(lock.packages, place, name))
      .map((name) => `${place || 'the root'} wants ${name}`),
  );
  assert.deepEqual(missing, [], 'Delete the entry that wants them from the lock file and install it again:');
});

/** Walks up from a package as Node's resolution does. */
function isLocked(packages: Record<string, LockedPackage>, place: string, name: string): boolean {
  for (let at = place; ; at = at.slice(0, Math.max(0, at.lastIndexOf('node_modules/') - 1))) {
    if (packages[`${at ? `${at}/` : ''}node_modules/${name}`]) return true;
    if (at === '') return false;
    if (!at.includes('node_modules/')) return packages[`node_modules/${name}`] !== undefined;
  }
}
