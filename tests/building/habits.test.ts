import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type SourceFile, code, complaint, importsOf, places, trackedFiles } from './sources.ts';

const MOST_LINES = 300;

function refuse(at: readonly string[], sentence: string): void {
  assert.deepEqual(at, [], complaint(sentence, at));
}

function refuseWhere(files: readonly SourceFile[], pattern: RegExp, sentence: string): void {
  refuse(
    files.flatMap((file) => places(file, pattern)),
    sentence,
  );
}

test('these tests read the sources they judge', () => {
  const router = code().find((file) => file.path === 'packages/api/src/router.ts');
  assert.ok(router, 'the router is under version control');
  const imports = importsOf(router).map(({ target }) => target);
  assert.ok(imports.includes('packages/api/src/routers/shares.ts'), imports.join());
  assert.ok(code().length > 150, `only ${code().length} files of code were found`);
});

test('a file is read in one sitting', () => {
  refuse(
    code()
      .filter((file) => file.lines > MOST_LINES)
      .map((file) => `${file.path}: ${file.lines} lines`),
    `More than ${MOST_LINES} lines ask for a second file, or a sub-room with the same vocabulary:`,
  );
});

test('no file is a bag', () => {
  const bag =
    /\/(?:index|utils?|helpers?|types|misc|common|constants)\.(?:ts|js|svelte)$|\/(?:utils|helpers|misc|common)\//;
  refuse(
    code()
      .map((file) => file.path)
      .filter((path) => bag.test(path)),
    'If it has no room it is not finished being named: put each part where its subject lives:',
  );
});

test('tests wait for states, not by the clock', () => {
  // A benchmark is about the clock.
  const tests = code().filter((file) => /\.test\.ts$|^tests\/(?!bench\/)/.test(file.path));
  refuseWhere(
    tests,
    /waitForTimeout\(|setTimeout\b.*timers\/promises|setTimeout\(\s*(?:resolve|done|r)\b|setTimeout\(\s*\(\)\s*=>\s*(?:resolve|done|r)\(/,
    'Wait for the row, the event, the job or the locator that says it has happened:',
  );
});

test('text from outside is never markup', () => {
  refuseWhere(
    code().filter((file) => file.path.endsWith('.svelte')),
    /\{@html/,
    'Let Svelte escape it; a name in a DICOM file is a stranger’s text:',
  );
});

test('every value has a type', () => {
  refuseWhere(
    code(),
    /(?::|\bas|<|,|\|)\s*any\s*(?:[;,)>=|[\]]|$)/,
    'Say what it is, or `unknown` and find out with a schema:',
  );
});

test('errors are Errors', () => {
  refuseWhere(
    code().filter((file) => !file.path.endsWith('.test.ts')),
    /^(?!\s*(?:\*|\/\*|\/\/)).*\bthrow\s+(?:['"`{[]|\d)/,
    'Throw a subclass of Error, so that it keeps its stack and can be told apart:',
  );
});

test('no file knows the machine it was written on', () => {
  refuseWhere(
    trackedFiles(),
    /(?:^|["'`\s=(])\/(?:work|root|home|Users|tmp)\/\w/,
    'Take folders from the environment, from os.tmpdir() or from import.meta.dirname:',
  );
});

test('no file names a package registry', () => {
  refuseWhere(
    trackedFiles(),
    /registry\.npmjs\.org|\bregistry\.[a-z0-9-]+\.[a-z]{2,}|"resolved":\s*"https?:|\/artifactory\//,
    'Where packages come from is for whoever installs them to say (npm config):',
  );
});

test('logs are written in one voice and carry no values of patients', () => {
  const speaking = /console\.(?:log|info|debug)\(/;
  refuseWhere(
    code().filter((file) => /^packages\/\w+\/src\//.test(file.path) && !file.path.endsWith('.test.ts')),
    speaking,
    'The house speaks when something is wrong (console.error), and then of ids and reasons only:',
  );
});
