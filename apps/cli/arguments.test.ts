import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import path from 'node:path';
import { test } from 'node:test';
import { UsageError, commandLine } from './arguments.ts';
import { COMMANDS, optionsOf } from './commands.ts';

interface Ended {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs the command line where no Filmpost is; whatever cannot be understood is said before that matters. */
function cli(...argv: string[]): Promise<Ended> {
  const main = path.join(import.meta.dirname, 'main.ts');
  const env = {
    ...process.env,
    DATA_DIR: path.join(import.meta.dirname, 'nowhere'),
    DATABASE_URL: undefined,
  };
  return new Promise((resolve) => {
    execFile(process.execPath, [main, ...argv], { env }, (error, stdout, stderr) =>
      resolve({ code: Number(error?.code ?? 0), stdout, stderr }),
    );
  });
}

test('help is an answer; everything not understood is a sentence on standard error and 2', async () => {
  const help = await cli('--help');
  assert.equal(help.code, 0, help.stderr);
  assert.match(help.stdout, /facility create --name N/);
  const wrong = [
    [['facility', 'create', '--name', 'A', '--study', '1.2'], /"facility create" takes no --study/],
    [['facility', 'create', '--bogus', 'x'], /^Unknown option '--bogus'\.?$/m],
    [['study', 'list', 'of', '--facility', 'x'], /"of" belongs to no option/],
    [['bogus', 'create'], /no command "bogus create"/],
    [['facility', 'constructor'], /no command "facility constructor"/],
    [['constructor', 'name'], /no command "constructor name"/],
  ] as const;
  for (const [argv, sentence] of wrong) {
    const { code, stdout, stderr } = await cli(...argv, '--json');
    assert.equal(code, 2, argv.join(' '));
    assert.equal(stdout, '');
    assert.match(stderr, sentence);
  }
});

test('every option that a usage names can be typed', () => {
  for (const verbs of Object.values(COMMANDS)) {
    for (const command of Object.values(verbs)) {
      for (const name of optionsOf(command)) {
        assert.deepEqual(commandLine(['noun', 'verb', `--${name}`, 'value']).given, [name]);
      }
    }
  }
  assert.throws(() => commandLine(['noun', 'verb', '--name']), UsageError);
});
