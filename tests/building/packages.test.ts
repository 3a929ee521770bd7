import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Import, codeBelow, complaint, importsOf } from './sources.ts';

function importsBelow(folder: string, { tests = false } = {}): Import[] {
  return codeBelow(folder, { tests }).flatMap(importsOf);
}

function refuse(imports: readonly Import[], sentence: string): void {
  const at = imports.map((each) => `${each.from} imports ${each.target}`);
  assert.deepEqual(at, [], complaint(sentence, at));
}

for (const folder of ['packages/dicom/src/', 'packages/media/src/']) {
  test(`${folder} is pure: bytes in, values out, in a browser as in a worker`, () => {
    refuse(
      importsBelow(folder).filter(({ target }) => !target.startsWith(folder)),
      'What needs Node or another package is handed in as a function by whoever calls (see inflate):',
    );
  });
}

test('the exchange knows nothing of how it is asked', () => {
  const doors =
    /^packages\/(?:api|viewer)\/|^apps\/|^@trpc\/|^socket\.io|^@socket\.io|^@?svelte|^@tus\/|^ws$|^node:https?$/;
  refuse(
    importsBelow('packages/exchange/', { tests: true }).filter(({ target }) => doors.test(target)),
    'HTTP, tRPC, sockets and pages call the exchange; what answers a request belongs in packages/api:',
  );
});

test('the database knows only PostgreSQL', () => {
  refuse(
    importsBelow('packages/db/src/').filter(({ target }) => /^packages\/(?!db\/)|^apps\//.test(target)),
    'What knows a room belongs in that room:',
  );
});

test('doors are thin: they write no SQL', () => {
  /** May only shrink. */
  const known: Record<string, string> = {
    'packages/api/src/http/health.ts': 'asks whether the database answers at all',
    'packages/api/src/http/tus-locker.ts': 'locks by PostgreSQL, owns no rows',
    'packages/api/src/live/listener.ts': 'listens to NOTIFY, owns no rows',
    'packages/api/src/live/presence.ts': 'gives the socket.io adapter its pool',
    'packages/api/src/live/pace.ts': 'finds the rooms of an upload; wants to be a query of intake',
  };
  const speaking = importsBelow('packages/api/src/').filter(
    ({ target, typeOnly }) => !typeOnly && /^(?:kysely|pg|pg-boss)$/.test(target),
  );
  refuse(
    speaking.filter(({ from }) => !(from in known)),
    'Reads belong in a room’s queries.ts, writes in its commands.ts:',
  );
  const gone = Object.keys(known).filter((path) => !speaking.some(({ from }) => from === path));
  assert.deepEqual(gone, [], complaint('These are thin by now, take them off the list above:', gone));
});

test('routers and HTTP doors do not call each other', () => {
  refuse(
    [
      ...importsBelow('packages/api/src/routers/').filter(({ target }) =>
        /\/(?:routers|http)\//.test(target),
      ),
      ...importsBelow('packages/api/src/http/').filter(({ target }) => target.includes('/routers/')),
    ],
    'What two doors share is a command or query of a room:',
  );
});

test('pages know shapes and rules of the exchange, and the type of its router', () => {
  refuse(
    importsBelow('apps/web/src/').filter(
      ({ target, typeOnly }) =>
        (target.startsWith('packages/exchange/') && !/\/(?:schema|rules)\.ts$/.test(target)) ||
        (target.startsWith('packages/api/') && !typeOnly) ||
        /^packages\/(?:db|config)\//.test(target),
    ),
    'A page asks through tRPC; import the type of the answer from schema.ts:',
  );
});

test('lib/ui could be part of another product: it knows no room and no package of ours', () => {
  const ui = 'apps/web/src/lib/ui/';
  refuse(
    importsBelow(ui, { tests: true }).filter(
      ({ target }) =>
        /^(?:packages|tests)\//.test(target) ||
        (target.startsWith('apps/') && !target.startsWith(ui) && !target.endsWith('.css')) ||
        /^\$lib\/(?!ui\/)/.test(target),
    ),
    'What knows about exams, shares or uploads belongs in lib/<room>:',
  );
});

test('nothing that ships imports what only tests need', () => {
  const known: Record<string, string> = {
    'scripts/demo.ts': 'seeds the demo world with the builders of the tests',
    'scripts/test-files.ts': 'runs the tests',
  };
  refuse(
    [...importsBelow('packages/'), ...importsBelow('apps/'), ...importsBelow('scripts/')].filter(
      ({ from, target }) =>
        !(from in known) &&
        !/\/(?:testing|bench|judge|generate)\//.test(from) &&
        (target.startsWith('tests/') || target === 'node:test'),
    ),
    'Builders stay in tests/world:',
  );
});
