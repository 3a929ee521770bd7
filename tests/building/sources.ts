import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** The checkout's root, absolute. */
export const repository = path.resolve(import.meta.dirname, '../..');

/** A file under version control. `path` is relative to the repository, with forward slashes. */
export interface SourceFile {
  path: string;
  text: string;
  lines: number;
}

/** One import or re-export. `target` is relative to the repository, or a package's name as it was written. */
export interface Import {
  from: string;
  target: string;
  /** Leaves nothing behind when types are stripped. */
  typeOnly: boolean;
}

const TEXT = /\.(?:ts|js|mjs|svelte|css|html|json|md|sql|py|yml|yaml|sh|example)$|\.ci\/run$/;
const WRITTEN_BY_PROGRAMS = /(?:^|[./])generated\.ts$|package-lock\.json$|\/fixtures\//;

let known: SourceFile[] | undefined;

/** Every text file under version control. */
export function trackedFiles(): SourceFile[] {
  known ??= execFileSync('git', ['ls-files', '-z'], { cwd: repository, encoding: 'utf8' })
    .split('\0')
    .filter((file) => TEXT.test(file) && existsSync(path.join(repository, file)))
    .map((file) => {
      const text = readFileSync(path.join(repository, file), 'utf8');
      return { path: file, text, lines: text.split('\n').length - 1 };
    });
  return known;
}

/** Program text that people wrote: TypeScript, JavaScript and components, without what programs generate. */
export function code(): SourceFile[] {
  return trackedFiles().filter(
    (file) => /\.(?:ts|js|mjs|svelte)$/.test(file.path) && !WRITTEN_BY_PROGRAMS.test(file.path),
  );
}

const isTest = (file: SourceFile) => file.path.endsWith('.test.ts');

export function codeBelow(folder: string, { tests = false } = {}): SourceFile[] {
  return code().filter((file) => file.path.startsWith(folder) && (tests || !isTest(file)));
}

const STATEMENT = /^\s*(?:import|export)\s+(type\s+)?([\w*\s{},$]*?)\s*from\s+'([^']+)'/gm;
const BARE = /^\s*import\s+'([^']+)'/gm;
const CALL = /\bimport\(\s*'([^']+)'\s*\)/g;

/** What a file imports. Prettier has given every statement the one form that is read here. */
export function importsOf(file: SourceFile): Import[] {
  const found: Import[] = [];
  for (const [, type, names = '', target = ''] of file.text.matchAll(STATEMENT)) {
    found.push({ from: file.path, target: resolved(file, target), typeOnly: !!type || onlyTypes(names) });
  }
  for (const pattern of [BARE, CALL]) {
    for (const [, target = ''] of file.text.matchAll(pattern)) {
      found.push({ from: file.path, target: resolved(file, target), typeOnly: false });
    }
  }
  return found;
}

function onlyTypes(names: string): boolean {
  const inner = /^\s*\{([^}]*)\}\s*$/.exec(names)?.[1];
  const listed = inner
    ?.split(',')
    .map((name) => name.trim())
    .filter(Boolean);
  return !!listed?.length && listed.every((name) => name.startsWith('type '));
}

/** `@filmpost/exchange/shares/rules.ts` and `../shares/rules.ts` are one file. */
function resolved(file: SourceFile, target: string): string {
  const own = /^@filmpost\/(\w+)\/(.+)$/.exec(target);
  if (own) return own[1] === 'tests' ? `tests/${own[2]}` : `packages/${own[1]}/src/${own[2]}`;
  return target.startsWith('.') ? path.posix.join(path.posix.dirname(file.path), target) : target;
}

/** Lines of a file that match, as `path:line`. */
export function places(file: SourceFile, pattern: RegExp): string[] {
  return file.text.split('\n').flatMap((line, i) => (pattern.test(line) ? [`${file.path}:${i + 1}`] : []));
}

/** A sentence and the places it is said to, for an assertion's message. */
export function complaint(sentence: string, at: readonly string[]): string {
  return `${sentence}\n  ${at.join('\n  ')}`;
}
