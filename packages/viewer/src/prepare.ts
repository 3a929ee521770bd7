import { createHash } from 'node:crypto';
import { mkdir, readFile, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, extname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { brotliCompress, constants } from 'node:zlib';
import { build as bundle, transform, version as esbuildVersion } from 'esbuild';
import { isServed, rewritesFor, viewerBase } from './release-rules.ts';
import { Rewriter, UnknownViewerError } from './rewriter.ts';
import { viewerPage } from './viewer-page.ts';

export interface PrepareOptions {
  /** The folder to hand to `viewerResponse`; it is replaced as a whole. */
  outputDirectory: string;
  /** Called after each file; `total` does not change during a run. */
  onProgress?: (files: { done: number; total: number }) => void;
}

const ohifPackage = fileURLToPath(import.meta.resolve('@ohif/app/package.json'));
const dist = join(dirname(ohifPackage), 'dist');
const stampName = '.release';
const hour = 60 * 60 * 1000;
/** Files that decide what comes out: when one of them changes, so does the release. */
const recipe = [
  'app-config.js',
  'prepare.ts',
  'release-rules.ts',
  'rewriter.ts',
  'viewer-page.ts',
  'viewer-narrow.css',
];

/**
 * Makes the prebuilt OHIF viewer servable below `/ohif/`: leaves out what we do not offer, moves it to our
 * base path, minifies it and compresses it once. Returns at once when that has been done already.
 *
 * Everything is written beside the output folder and renamed into place, so a folder that exists is complete.
 *
 * @throws {UnknownViewerError} when the installed viewer is not the one the rewrites were written for
 */
export async function prepareViewer({ outputDirectory, onProgress }: PrepareOptions): Promise<void> {
  const release = await releaseName();
  if (await isPrepared(outputDirectory, release)) return;
  await mkdir(dirname(outputDirectory), { recursive: true });
  await removeAbandoned(outputDirectory);
  const building = `${outputDirectory}.building-${process.pid}-${Date.now()}`;
  try {
    await build({ building, release, onProgress });
    await writeFile(join(building, stampName), release);
    if (!(await isPrepared(outputDirectory, release))) {
      await putInPlace({ building, outputDirectory, release });
    }
  } finally {
    await rm(building, { recursive: true, force: true });
  }
}

/** Twelve hexadecimal digits that change with the viewer's version and with anything we do to it. */
async function releaseName(): Promise<string> {
  const hash = createHash('sha256')
    .update(await readFile(ohifPackage))
    .update(esbuildVersion);
  for (const name of recipe) hash.update(await ourOwn(name));
  hash.update(await ourPageCode());
  return hash.digest('hex').slice(0, 12);
}

function ourOwn(name: string): Promise<Buffer> {
  return readFile(new URL(name, import.meta.url));
}

async function isPrepared(directory: string, release: string): Promise<boolean> {
  return readFile(join(directory, stampName), 'utf8').then(
    (stamp) => stamp === release,
    () => false,
  );
}

/** What a killed run left behind. An hour is far longer than a build, so a running neighbour is never hit. */
async function removeAbandoned(outputDirectory: string): Promise<void> {
  const parent = dirname(outputDirectory);
  const prefixes = ['building', 'replaced'].map((state) => `${basename(outputDirectory)}.${state}-`);
  for (const name of await readdir(parent)) {
    if (!prefixes.some((prefix) => name.startsWith(prefix))) continue;
    const path = join(parent, name);
    const found = await stat(path).catch(() => undefined);
    if (found && Date.now() - found.mtimeMs > hour) await rm(path, { recursive: true, force: true });
  }
}

/** A neighbour may finish the same release at the same moment; whichever folder stays, it is complete. */
async function putInPlace({ building, outputDirectory, release }: Finished): Promise<void> {
  const replaced = `${outputDirectory}.replaced-${process.pid}-${Date.now()}`;
  await rename(outputDirectory, replaced).catch((failure: NodeJS.ErrnoException) => {
    if (failure.code !== 'ENOENT') throw failure;
  });
  await rename(building, outputDirectory).catch(async (failure: Error) => {
    if (!(await isPrepared(outputDirectory, release))) throw failure;
  });
  await rm(replaced, { recursive: true, force: true });
}

interface Finished {
  building: string;
  outputDirectory: string;
  release: string;
}

async function build({ building, release, onProgress }: Build): Promise<void> {
  const releaseBase = `${viewerBase}${release}/`;
  const rewriter = new Rewriter(rewritesFor(releaseBase));
  const paths = await servedPaths();
  let done = 0;
  // All at once: esbuild and the compressor each have their own threads and take turns by themselves.
  await Promise.all(
    paths.map(async (path) => {
      await store(join(building, release, path), await served(path, rewriter));
      onProgress?.({ done: ++done, total: paths.length });
    }),
  );
  rewriter.assertComplete();
  await store(join(building, 'index.html'), Buffer.from(viewerPage(releaseBase, appBundleAmong(paths))));
  await store(join(building, release, 'app-config.js'), await ourOwn('app-config.js'));
  await store(join(building, release, 'page.js'), await ourPageCode());
  await store(join(building, release, 'LICENSE.txt'), await readFile(join(dirname(ohifPackage), 'LICENSE')));
  await store(join(building, release, 'viewer-narrow.css'), await ourOwn('viewer-narrow.css'));
}

/** What runs in the viewer's page beside it, as one classic script: it has to be there before the bundle starts. */
async function ourPageCode(): Promise<Uint8Array> {
  const main = fileURLToPath(new URL('page/main.ts', import.meta.url));
  const options = { bundle: true, write: false, format: 'iife', target: 'es2022', minify: true } as const;
  const { outputFiles } = await bundle({ entryPoints: [main], ...options });
  const [script] = outputFiles;
  if (!script) throw new UnknownViewerError('Our own code in the viewer came to nothing.');
  return script.contents;
}

interface Build {
  building: string;
  release: string;
  onProgress: PrepareOptions['onProgress'];
}

async function servedPaths(): Promise<string[]> {
  const entries = await readdir(dist, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(dist, join(entry.parentPath, entry.name)).replaceAll(sep, '/'))
    .filter(isServed)
    .sort();
}

function appBundleAmong(paths: string[]): string {
  const found = paths.find((path) => /^app\.bundle\.[0-9a-f]+\.js$/.test(path));
  if (!found) throw new UnknownViewerError('The viewer has no app bundle any more.');
  return found;
}

async function served(path: string, rewriter: Rewriter): Promise<Buffer> {
  const bytes = await readFile(join(dist, path));
  if (!/\.(js|css)$/.test(path)) return bytes;
  const text = rewriter.apply(path, bytes.toString('utf8'));
  if (path.endsWith('.css')) return Buffer.from(text);
  // Licence comments stay in: that is all their authors ask for.
  const { code } = await transform(text, { minify: true, target: 'es2022', legalComments: 'inline' });
  return Buffer.from(code);
}

const compress = promisify(brotliCompress);
const compressible = new Set(['.js', '.css', '.html', '.json', '.svg', '.wasm']);

/** Writes the file and, where that saves something, its compressed twin `<name>.br`. */
async function store(path: string, bytes: Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, bytes);
  if (bytes.length < 1024 || !compressible.has(extname(path))) return;
  // Measured on two cores: quality 6 takes 3 s for everything, 9 takes 4.5 s and saves 2 %.
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: 6,
    [constants.BROTLI_PARAM_LGWIN]: 24,
    [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
  };
  await writeFile(`${path}.br`, await compress(bytes, { params }));
}
