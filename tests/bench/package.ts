import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { environment } from '@filmpost/config/environment.ts';
import { admit, operator } from '@filmpost/exchange/access/gate/commands.ts';
import { openExchange } from '@filmpost/exchange/open-exchange.ts';
import type { PackageKind, PackageProgress } from '@filmpost/exchange/packages/schema.ts';
import { createShare } from '@filmpost/exchange/shares/commands.ts';
import { anInstance } from '../world/dicom/instance.ts';
import { type Taker, aPackage, packagePath, packageProgress } from '../world/taken.ts';
import { aRecipient } from '../world/visitors.ts';
import { meter, usageOf } from './processes.ts';
import { stow } from './senders.ts';
import { type Stack, startStack } from './stack.ts';

/** Promises: of a plain Node server's rate; milliseconds more to the first byte; MB of web with ten at once; seconds. */
const PROMISED = { rate: 0.8, firstByteMs: 50, peakMb: 250, planSeconds: { few: 2, many: 15 } };
const FEW = 2_000;
const MANY = 20_000;
const AT_ONCE = 10;
const FIRST_BYTES = 25;
const KINDS = ['zip', 'iso'] as const;

interface Options {
  count?: number;
  rounds?: number;
  /** `plan`: only how long many small instances take to plan. */
  part?: string;
}

/** Somebody who may take a study of so many slices along. */
interface Scene {
  stack: Stack;
  taker: Taker;
  studyInstanceUid: string;
  files: Uint8Array[];
}

async function aScene(count: number, size: number): Promise<Scene> {
  const stack = await startStack();
  const instances = Array.from({ length: count }, (_, i) =>
    anInstance({
      study: { seed: 'bench', key: 'package' },
      rows: size,
      columns: size,
      instanceNumber: 1 + i,
    }),
  );
  const files = instances.map(({ bytes }) => bytes);
  await stow({ url: stack.url, headers: { authorization: `Bearer ${stack.key}` } }, files);
  const studyInstanceUid = instances[0]?.studyInstanceUid ?? '';
  return { stack, taker: await aTaker(stack, studyInstanceUid), studyInstanceUid, files };
}

async function aTaker(stack: Stack, studyInstanceUid: string): Promise<Taker> {
  const { exchange, close } = await openExchange({
    ...environment(),
    dataDirectory: stack.dataDirectory,
    secretFile: path.join(stack.dataDirectory, 'secret'),
    publicUrl: stack.url,
    databaseUrl: stack.databaseUrl,
  });
  const subject = { facility: stack.facility };
  const work = await admit(exchange, operator(), { capability: 'facility:work', subject });
  const { shareId, code } = await createShare(exchange, work, {
    facility: stack.facility,
    studyInstanceUids: [studyInstanceUid],
  });
  const papers = await aRecipient(exchange, { code, birthDate: '1981/08/29' });
  await close();
  return { papers, from: { shareId } };
}

/** From asking to ready, as the page has it. */
async function planned({ stack, taker, studyInstanceUid }: Scene, kind: PackageKind, viewer = false) {
  const started = performance.now();
  const wish = { studyInstanceUids: [studyInstanceUid], kind, viewer };
  let found: PackageProgress = await aPackage(stack, taker, wish);
  while (found.state === 'planning') {
    await new Promise((resolve) => setTimeout(resolve, 20));
    found = await packageProgress(stack, taker, found.packageId);
  }
  if (found.state !== 'ready') throw new Error('the package could not be planned');
  return { seconds: (performance.now() - started) / 1000, path: packagePath(taker.from, found.packageId) };
}

interface Given {
  firstByteMs: number;
  mbPerSecond: number;
}

/** Reads an answer to its end, or only its first bytes, and throws them away. */
function given(url: string, headers: Record<string, string> = {}, first = false): Promise<Given> {
  const started = performance.now();
  return new Promise((resolve, reject) => {
    const request = http.get(url, { headers, agent: false });
    request.on('error', reject);
    request.on('response', (response) => {
      let bytes = 0;
      let firstByteMs = 0;
      response.on('data', (chunk: Buffer) => {
        if (bytes === 0) firstByteMs = performance.now() - started;
        bytes += chunk.length;
        if (!first) return;
        request.destroy();
        resolve({ firstByteMs, mbPerSecond: Number.NaN });
      });
      response.on('error', reject);
      response.on('end', () => {
        if (response.statusCode !== 200) return reject(new Error(`answered ${response.statusCode}`));
        resolve({ firstByteMs, mbPerSecond: bytes / 1e3 / (performance.now() - started) });
      });
    });
  });
}

async function startFloor(files: readonly Uint8Array[]) {
  const directory = mkdtempSync(path.join(os.tmpdir(), 'filmpost-floor-'));
  files.forEach((bytes, i) => writeFileSync(path.join(directory, String(i).padStart(6, '0')), bytes));
  const program = path.join(import.meta.dirname, 'floor-concat.ts');
  const server = spawn(process.execPath, [program, directory], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const [port] = await once(server, 'message');
  return {
    url: `http://127.0.0.1:${port}`,
    async stop() {
      server.disconnect();
      await once(server, 'exit');
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

const best = (all: readonly Given[] = []) => Math.max(...all.map(({ mbPerSecond }) => mbPerSecond));

function median(all: readonly Given[] = []): number {
  const sorted = all.map(({ firstByteMs }) => firstByteMs).sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

async function compare(scene: Scene, paths: Record<PackageKind, string>, rounds: number): Promise<void> {
  const floor = await startFloor(scene.files);
  const { url } = scene.stack;
  const { papers } = scene.taker;
  const whole: Record<string, Given[]> = { floor: [], zip: [], iso: [] };
  const first: Record<string, Given[]> = { floor: [], zip: [], iso: [] };
  for (let round = 0; round < rounds; round++) {
    whole.floor?.push(await given(`${floor.url}/all`));
    for (const kind of KINDS) whole[kind]?.push(await given(`${url}${paths[kind]}`, papers));
  }
  for (let time = 0; time < FIRST_BYTES; time++) {
    first.floor?.push(await given(`${floor.url}/one`, {}, true));
    for (const kind of KINDS) first[kind]?.push(await given(`${url}${paths[kind]}`, papers, true));
  }
  await floor.stop();
  console.log(`plain Node server, same files: ${best(whole.floor).toFixed(0)} MB/s`);
  for (const kind of KINDS) {
    const ratio = best(whole[kind]) / best(whole.floor);
    const later = median(first[kind]) - median(first.floor);
    console.log(
      `${kind}: ${best(whole[kind]).toFixed(0)} MB/s, ×${ratio.toFixed(2)} of plain (promised ${PROMISED.rate})` +
        ` · first byte ${later.toFixed(1)} ms after a static file's (promised < ${PROMISED.firstByteMs})`,
    );
  }
}

async function atOnce({ stack, taker }: Scene, packagePath: string): Promise<void> {
  const { memoryMb } = usageOf([stack.pids.web]);
  const watch = meter({ web: stack.pids.web });
  await Promise.all(Array.from({ length: AT_ONCE }, () => given(`${stack.url}${packagePath}`, taker.papers)));
  const { peakMb } = watch.stop();
  console.log(
    `web, ${AT_ONCE} downloads at once: ${peakMb.web?.toFixed(0)} MB at most, ${memoryMb.toFixed(0)} before (promised < ${PROMISED.peakMb})`,
  );
}

/** A study of 512×512 slices taken along as ZIP and as disk image, beside a plain server of the same files. */
export async function packages({
  part,
  count = part === 'plan' ? MANY : FEW,
  rounds = 3,
}: Options): Promise<void> {
  const scene = await aScene(count, part === 'plan' ? 16 : 512);
  try {
    const paths = { zip: '', iso: '' };
    for (const kind of KINDS) {
      const { seconds, path } = await planned(scene, kind);
      paths[kind] = path;
      const promised = count > FEW ? PROMISED.planSeconds.many : PROMISED.planSeconds.few;
      console.log(`plan of ${count} instances as ${kind}: ${seconds.toFixed(2)} s (promised < ${promised})`);
    }
    const { seconds } = await planned(scene, 'zip', true);
    console.log(`the same with the viewer and copies of some images: ${seconds.toFixed(2)} s`);
    await compare(scene, paths, rounds);
    if (part !== 'plan') await atOnce(scene, paths.zip);
  } finally {
    await scene.stack.stop();
  }
}
