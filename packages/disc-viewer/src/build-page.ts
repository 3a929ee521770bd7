/** Makes `VIEWER.HTM`: one file with everything in it, because a page on a disc may load no other (Chromium). */

import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { codecsFile } from '@filmpost/imaging/process-tools.ts';

const source = path.join(import.meta.dirname, 'page');
/** With DecompressionStream, which the page needs to unpack its codecs. */
const BROWSERS = ['chrome111', 'firefox121', 'safari17.2'];

/** Writes the page, and replaces an earlier one as a whole. */
export async function buildPage(file: string): Promise<void> {
  const page = await viewerPage();
  await mkdir(path.dirname(file), { recursive: true });
  const part = `${file}.${process.pid}.part`;
  await writeFile(part, page);
  await rename(part, file);
}

/** The same sources give the same text. */
export async function viewerPage(): Promise<string> {
  const [script, worker, style, codecs] = await Promise.all([
    bundled('main.ts'),
    bundled('worker.ts'),
    bundled('style.css'),
    readFile(codecsFile()),
  ]);
  const gzip = gzipSync(codecs, { level: 9 }).toString('base64');
  return [
    '<!DOCTYPE html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${policy(script, style)}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="referrer" content="no-referrer">',
    '<title>Medical images</title>',
    `<style>${style}</style>`,
    '</head>',
    '<body>',
    '<noscript><p>This page shows images with a script, which this browser forbids. Try another browser.</p></noscript>',
    '<script src="VIEWER/DISC.JS"></script>',
    `<script id="worker" type="text/plain">${inert(worker)}</script>`,
    `<script id="codecs" type="text/plain">${gzip}</script>`,
    `<script>${script}</script>`,
    '</body>',
    '</html>',
    '',
  ].join('\n');
}

/** Nothing is asked of any network: whatever a file says, the browser holds the page to this. */
function policy(script: string, style: string): string {
  return [
    "default-src 'none'",
    `script-src 'self' file: 'wasm-unsafe-eval' ${digest(script)}`,
    `style-src ${digest(style)}`,
    "img-src 'self' file:",
    'worker-src blob:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
}

function digest(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}

async function bundled(name: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [path.join(source, name)],
    bundle: true,
    minify: true,
    write: false,
    format: 'iife',
    target: BROWSERS,
    charset: 'ascii',
    legalComments: 'none',
    logLevel: 'silent',
  });
  return (outputFiles[0]?.text ?? '').trim();
}

/** What would end the element it stands in, or begin a comment there, is written in another way. */
function inert(script: string): string {
  return script.replaceAll('<!--', '\\x3C!--').replaceAll(/<(?=\/?script)/gi, '\\x3C');
}
