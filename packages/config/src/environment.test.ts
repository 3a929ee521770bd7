import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { EnvironmentError, parseEnvironment, variables } from './environment.ts';

const folder = mkdtempSync(path.join(os.tmpdir(), 'filmpost-environment-'));
after(() => rmSync(folder, { recursive: true }));

function problemsOf(env: Record<string, string>): string[] {
  try {
    parseEnvironment(env);
  } catch (error) {
    assert.ok(error instanceof EnvironmentError);
    return error.problems;
  }
  return [];
}

test('an empty environment is a complete one', () => {
  const environment = parseEnvironment({});
  assert.equal(environment.port, 4000);
  assert.equal(environment.host, '127.0.0.1');
  assert.equal(environment.publicUrl, 'http://localhost:4000');
  assert.equal(environment.dataDirectory, path.resolve('data'));
  assert.equal(environment.secretFile, path.resolve('data/secret'));
  assert.equal(environment.databaseUrl, undefined);
  assert.equal(environment.demo, true);
  assert.equal(environment.development, false);
});

test('every variable has a sentence that explains it', () => {
  for (const [name, variable] of Object.entries(variables.shape)) {
    assert.match(variable.description ?? '', /^[A-Z].{20,}\.$/, name);
  }
});

test('a variable that is set to nothing counts as unset', () => {
  assert.equal(parseEnvironment({ PORT: ' ', DATABASE_URL: '' }).port, 4000);
});

test('the public address follows the port until it is given', () => {
  assert.equal(parseEnvironment({ PORT: '4100' }).publicUrl, 'http://localhost:4100');
  const publicUrl = 'https://films.example.org';
  assert.equal(parseEnvironment({ PORT: '4100', PUBLIC_URL: `${publicUrl}/` }).publicUrl, publicUrl);
});

test('every wrong value is named at once, with what it should be', () => {
  assert.deepEqual(problemsOf({ PORT: '65536', TRUST_PROXY: '-1', DEMO: 'perhaps' }), [
    'PORT must be a whole number from 1 to 65535, not "65536".',
    'TRUST_PROXY must be a whole number from 0 to 16, not "-1".',
    'DEMO must be yes or no, not "perhaps".',
  ]);
  assert.equal(problemsOf({ PUBLIC_URL: 'https://films.example.org/app' }).length, 1);
  assert.equal(problemsOf({ PUBLIC_URL: 'films.example.org' }).length, 1);
});

test('a complaint never repeats a value that may hold a password', () => {
  const problems = problemsOf({ DATABASE_URL: 'mysql://u:hunter2@h/d', FILMPOST_SECRET: 'hunter2' });
  assert.equal(problems.length, 2);
  assert.doesNotMatch(problems.join(), /hunter2/);
});

/** A process of its own in a folder of its own, because the environment is parsed once. */
function aProcess(script: string, env: Record<string, string>) {
  const config = JSON.stringify(path.join(import.meta.dirname, 'environment.ts'));
  return spawnSync(
    process.execPath,
    ['--input-type=module', '-e', `import { environment } from ${config}; ${script}`],
    { cwd: folder, env, encoding: 'utf8' },
  );
}

test('a process with a bad environment says so and ends with code 2', () => {
  const { status, stderr } = aProcess('environment();', { PORT: 'http' });
  assert.equal(stderr.trim(), 'PORT must be a whole number from 1 to 65535, not "http".');
  assert.equal(status, 2);
});

test('a file .env speaks where the environment is silent', () => {
  writeFileSync(path.join(folder, '.env'), 'PORT=4321\nHOST=0.0.0.0\n');
  const script = 'console.log(environment().port, environment().host);';
  const { stdout } = aProcess(script, { HOST: '127.0.0.2' });
  assert.equal(stdout.trim(), '4321 127.0.0.2');
});
