import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Import, codeBelow, complaint, importsOf } from './sources.ts';

const EXCHANGE = 'packages/exchange/src/';
const VOCABULARY = ['schema.ts', 'rules.ts', 'queries.ts', 'commands.ts', 'jobs.ts'];
/** What every room stands on; whatever else belongs to a room. */
const FOUNDATION = [
  'blobs.ts',
  'exchange.ts',
  'jobs.ts',
  'open-exchange.ts',
  'staff-auth.ts',
  'transaction.ts',
  'vault.ts',
];
/** The rooms of the plan (docs/tour.md); a new one is a decision, not a folder. */
const ROOMS = [
  'access',
  'facilities',
  'patients',
  'intake',
  'ingest',
  'archive',
  'reports',
  'requests',
  'shares',
  'enrolments',
  'packages',
  'messages',
  'events',
  'audit',
];

const PURE_PACKAGE = /^packages\/(?:dicom|media)\/src\//;
const SCHEMA = /\/schema\.ts$/;
const RULES = /\/rules\.ts$/;

/** Everything in one of the exchange's files of this name, and what it imports when the program runs. */
function importsIn(fileName: string): Import[] {
  return codeBelow(EXCHANGE)
    .filter((file) => file.path.endsWith(`/${fileName}`) && isInARoom(file.path))
    .flatMap(importsOf)
    .filter((each) => !each.typeOnly);
}

function isInARoom(path: string): boolean {
  return path.slice(EXCHANGE.length).includes('/');
}

function refuse(imports: readonly Import[], sentence: string): void {
  const at = imports.map((each) => `${each.from} imports ${each.target}`);
  assert.deepEqual(at, [], complaint(sentence, at));
}

test('a room holds schema, rules, queries, commands, jobs and their tests, and nothing else', () => {
  const strange = codeBelow(EXCHANGE)
    .map((file) => file.path.slice(EXCHANGE.length))
    .filter((path) => path.includes('/') && !VOCABULARY.includes(path.slice(path.lastIndexOf('/') + 1)));
  assert.deepEqual(
    strange,
    [],
    complaint(
      'Types go to schema.ts, decisions to rules.ts, reads to queries.ts, writes to commands.ts, job definitions to jobs.ts; when one grows too long, make a sub-room with the same names:',
      strange,
    ),
  );
});

test('what every room stands on is a closed list', () => {
  const strange = codeBelow(EXCHANGE)
    .map((file) => file.path.slice(EXCHANGE.length))
    .filter((path) => !path.includes('/') && !FOUNDATION.includes(path));
  assert.deepEqual(strange, [], complaint('This belongs in a room, in a file of its vocabulary:', strange));
});

test('only rooms of the plan exist', () => {
  const rooms = new Set(
    codeBelow(EXCHANGE, { tests: true })
      .map((file) => file.path.slice(EXCHANGE.length))
      .filter((path) => path.includes('/'))
      .map((path) => path.slice(0, path.indexOf('/'))),
  );
  const strange = [...rooms].filter((room) => !ROOMS.includes(room));
  assert.deepEqual(strange, [], complaint('Find the room of the plan this belongs to:', strange));
});

test('schema.ts is safe in a browser: it needs zod and other schemas', () => {
  refuse(
    importsIn('schema.ts').filter(({ target }) => target !== 'zod' && !SCHEMA.test(target)),
    'A schema holds shapes. What decides goes to rules.ts, what reads to queries.ts; a type may be imported as a type:',
  );
});

test('rules.ts decides from its arguments: it needs schemas, other rules and pure packages', () => {
  const hashing = 'packages/exchange/src/audit/rules.ts';
  refuse(
    importsIn('rules.ts').filter(
      ({ from, target }) =>
        !(SCHEMA.test(target) || RULES.test(target) || PURE_PACKAGE.test(target)) &&
        !(from === hashing && target === 'node:crypto'),
    ),
    'A rule is a pure function: it is given what it wants to know. What looks it up goes to queries.ts:',
  );
});

test('rules.ts knows no clock and no chance', () => {
  const at = codeBelow(EXCHANGE)
    .filter((file) => RULES.test(file.path))
    .filter((file) => /Date\.now\(|new Date\(\)|Math\.random|performance\.now|process\./.test(file.text))
    .map((file) => file.path);
  assert.deepEqual(at, [], complaint('Take `now` as an argument; draw random symbols in commands.ts:', at));
});

test('queries.ts reads: it calls no command and no transaction', () => {
  refuse(
    importsIn('queries.ts').filter(({ target }) => /\/(?:commands|jobs|transaction)\.ts$/.test(target)),
    'Whoever writes belongs in commands.ts:',
  );
});

test('queries.ts writes nothing', () => {
  /** May only shrink. */
  const known: Record<string, string> = {
    'packages/exchange/src/access/gate/queries.ts': 'moves the idle clock of the session it has just read',
    'packages/exchange/src/archive/reading/queries.ts':
      'keeps series metadata that it put together for a reader',
  };
  const writing = codeBelow(EXCHANGE)
    .filter((file) => file.path.endsWith('/queries.ts'))
    .filter((file) => /\.(?:insertInto|updateTable|deleteFrom|mergeInto)\(/.test(file.text))
    .map((file) => file.path);
  const strange = writing.filter((path) => !(path in known));
  assert.deepEqual(strange, [], complaint('Rows are changed in commands.ts, with event and audit:', strange));
  const gone = Object.keys(known).filter((path) => !writing.includes(path));
  assert.deepEqual(gone, [], complaint('Write less here no longer, take it off the list above:', gone));
});

test('commands.ts is called by commands and jobs alone, within the exchange', () => {
  refuse(
    codeBelow(EXCHANGE)
      .filter((file) => isInARoom(file.path) && !/\/(?:commands|jobs)\.ts$/.test(file.path))
      .flatMap(importsOf)
      .filter(({ typeOnly, target }) => !typeOnly && target.endsWith('/commands.ts')),
    'Who calls a command is a command itself:',
  );
});

test('only the gate mints a grant', () => {
  const at = codeBelow('', { tests: true })
    .filter((file) => /\bas(?: unknown as)? Granted</.test(file.text))
    .map((file) => file.path);
  assert.deepEqual(
    at,
    ['packages/exchange/src/access/gate/commands.ts'],
    complaint('Ask the gate with admit(); tests ask it as a visitor who may:', at),
  );
});
