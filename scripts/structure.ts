import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { repository, webApp } from './places.ts';
import { add, nothing } from './tally.ts';
import type { Tally } from './tally.ts';

interface Check {
  rule: string;
  /** Commands that run one after another; each is a package, its program and the arguments. */
  commands: { tool: string; program?: string; args: string[]; folder?: string }[];
}

const checks: Check[] = [
  {
    rule: 'files are formatted',
    commands: [{ tool: 'prettier', args: ['--check', '--log-level', 'warn', '.'] }],
  },
  { rule: 'the linter has nothing to say', commands: [{ tool: 'eslint', args: ['.'] }] },
  {
    rule: 'types hold in packages, apps, scripts and tests',
    commands: [{ tool: 'typescript', program: 'tsc', args: ['-p', 'tsconfig.json'] }],
  },
  {
    rule: 'types hold in the web app and its components',
    commands: [
      { tool: '@sveltejs/kit', program: 'svelte-kit', args: ['sync'], folder: webApp },
      { tool: 'svelte-check', args: ['--fail-on-warnings', '--output', 'human'], folder: webApp },
    ],
  },
];

/** The script behind a package's command, so that it runs on our own Node and not on the one in PATH. */
function programFile(tool: string, program: string, folder: string): string {
  const packageFile = locate(tool, folder);
  const { bin }: { bin: string | Record<string, string> } = JSON.parse(readFileSync(packageFile, 'utf8'));
  return path.join(path.dirname(packageFile), typeof bin === 'string' ? bin : (bin[program] ?? ''));
}

/** Not every package lets its package.json be resolved, so the folders are walked as Node would. */
function locate(tool: string, folder: string): string {
  const candidates = createRequire(path.join(folder, 'package.json')).resolve.paths(tool) ?? [];
  for (const candidate of candidates) {
    const file = path.join(candidate, tool, 'package.json');
    if (readable(file)) return file;
  }
  throw new Error(`${tool} is not installed: run npm ci.`);
}

function readable(file: string): boolean {
  try {
    readFileSync(file);
    return true;
  } catch {
    return false;
  }
}

async function passes({ commands }: Check): Promise<boolean> {
  for (const { tool, program = tool, args, folder = repository } of commands) {
    const child = spawn(process.execPath, [programFile(tool, program, folder), ...args], {
      cwd: folder,
      stdio: 'inherit',
    });
    const [code] = await once(child, 'exit');
    if (code !== 0) return false;
  }
  return true;
}

/** Looks at the sources without running them: form, habits and types. Every rule counts as one test. */
export async function checkStructure(): Promise<Tally> {
  let tally = nothing;
  for (const check of checks) {
    const begun = performance.now();
    const fine = await passes(check);
    const seconds = ((performance.now() - begun) / 1000).toFixed(1);
    console.log(`${fine ? '✔' : '✖'} ${check.rule} (${seconds} s)`);
    tally = add(tally, { passed: fine ? 1 : 0, failed: fine ? 0 : 1, skipped: [] });
  }
  return tally;
}
