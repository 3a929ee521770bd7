import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';

const folder = mkdtempSync(path.join(os.tmpdir(), 'filmpost-parent-'));
after(() => rmSync(folder, { recursive: true }));

const program = path.join(folder, 'child.ts');
writeFileSync(
  program,
  `import { exitWithParent } from ${JSON.stringify(path.join(import.meta.dirname, 'parent.ts'))};
   setInterval(() => {}, 1000);
   exitWithParent(async () => console.log('stopped in order'));
   console.log('ready');`,
);

interface Child {
  child: ChildProcess;
  said(): string;
  /** Its exit code, once everything it said has been heard. */
  ended: Promise<number | null>;
}

async function aChild(): Promise<Child> {
  const child = fork(program, { silent: true });
  const output = child.stdout;
  assert.ok(output);
  let said = '';
  output.setEncoding('utf8').on('data', (text: string) => (said += text));
  // Not 'close': Node does not tell of it when the parent is the one that disconnects.
  const ended = Promise.all([once(child, 'exit'), once(output, 'end')]).then(([[code]]) => code);
  const early = ended.then(() => assert.fail('the child ended before it was ready'));
  await Promise.race([once(output, 'data'), early]);
  return { child, said: () => said, ended };
}

test('a child stops in order when the channel to its parent closes', async () => {
  const { child, said, ended } = await aChild();
  child.disconnect();
  assert.equal(await ended, 0);
  assert.match(said(), /stopped in order/);
});

test('a child that is told twice stops once', async () => {
  const { child, said, ended } = await aChild();
  child.kill('SIGTERM');
  child.kill('SIGINT');
  assert.equal(await ended, 0);
  assert.equal(said().match(/stopped in order/g)?.length, 1);
});
