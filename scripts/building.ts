import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { buildPage } from '@filmpost/disc-viewer/build-page.ts';
import { builtPage } from '@filmpost/disc-viewer/files.ts';
import { prepareViewer } from '@filmpost/viewer/prepare.ts';
import { takeLock } from './lock.ts';
import { buildFolder, repository, viewerFolder, webApp } from './places.ts';
import type { Steps } from './steps.ts';

export class BuildError extends Error {
  override name = 'BuildError';
}

/** Whatever a page is made of. Packages count: their code is bundled into the pages that import it. */
const sources = [
  'package-lock.json',
  'tsconfig.base.json',
  'apps/web/package.json',
  'apps/web/tsconfig.json',
  'apps/web/vite.config.ts',
  'apps/web/{src,static}/**/*.*',
  'packages/*/package.json',
  'packages/*/src/**/*.*',
];

const stamp = path.join(webApp, 'build/.stamp');
const TEN_MINUTES = 600_000;

function fingerprint(): string {
  const hash = createHash('sha256');
  const files = sources.flatMap((pattern) => globSync(pattern, { cwd: repository, withFileTypes: true }));
  const names = files
    .filter((file) => file.isFile() && !file.name.endsWith('.test.ts'))
    .map((file) => path.join(file.parentPath, file.name));
  for (const name of names.sort()) {
    hash.update(path.relative(repository, name)).update('\0').update(readFileSync(name));
  }
  return hash.digest('hex');
}

function built(): string | undefined {
  try {
    return readFileSync(stamp, 'utf8');
  } catch {
    return undefined;
  }
}

/** Vite runs as a program of its own: it is large, and Ctrl-C must be able to end it. */
async function viteBuild(signal?: AbortSignal): Promise<void> {
  const packageFile = createRequire(path.join(webApp, 'package.json')).resolve('vite/package.json');
  const vite = path.join(path.dirname(packageFile), 'bin/vite.js');
  const child = spawn(process.execPath, [vite, 'build', '--logLevel', 'warn'], {
    cwd: webApp,
    env: { ...process.env, NODE_ENV: 'production' },
    stdio: ['ignore', 'pipe', 'pipe'],
    signal,
  });
  const words: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => words.push(text));
  }
  const [code] = await once(child, 'close');
  if (code !== 0) throw new BuildError(`The web app does not build:\n${words.join('').trim()}`);
}

/** Builds the pages unless they are built from these very sources; waits when another process is building. */
export async function buildWeb(signal?: AbortSignal): Promise<void> {
  if (built() === fingerprint()) return;
  const lock = takeLock(path.join(buildFolder, 'web.lock'), TEN_MINUTES);
  if (!lock) throw new BuildError('Another process has been building the web app for ten minutes.');
  try {
    const wanted = fingerprint();
    if (built() === wanted) return;
    await viteBuild(signal);
    mkdirSync(path.dirname(stamp), { recursive: true });
    writeFileSync(stamp, wanted);
  } finally {
    lock.release();
  }
}

export interface BuildOptions {
  steps: Steps;
  signal?: AbortSignal;
  /** Pages come from the development server instead. */
  withoutPages?: boolean;
}

/** Everything that has to be made from sources before Filmpost can be served or tested in a browser. */
export async function buildEverything({ steps, signal, withoutPages }: BuildOptions): Promise<void> {
  await Promise.all([
    withoutPages ||
      steps.run(['Building the web app (the first time takes longest)', 'Web app is built'], () =>
        buildWeb(signal),
      ),
    steps.run(['Preparing the image viewer', 'Image viewer is prepared'], () =>
      prepareViewer({ outputDirectory: viewerFolder }),
    ),
    // Takes half a second, so it needs no stamp.
    steps.run(['Building the viewer for discs', 'Viewer for discs is built'], () => buildPage(builtPage)),
  ]);
}
