import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { askAll } from './askers.ts';
import { meter } from './processes.ts';
import { stow } from './senders.ts';
import { type Stack, startStack } from './stack.ts';
import { anInstance } from '../world/dicom/instance.ts';

const SECONDS = 4;
/** The floors this house promises to stay above, as shares of a plain Node server's rate in the same run. */
const PROMISED: Record<string, number> = { metadata: 0.3, frames: 0.7 };
const MOST_GROWTH_MB = 100;

interface Question {
  what: 'metadata' | 'frames';
  connections: number;
  headers: Record<string, string>;
  ours: string[];
  floor: string[];
}

interface Floor {
  url: string;
  pid: number;
  stop(): Promise<void>;
}

/** A plain Node server with the same bytes: the metadata from memory, the frames from files. */
async function startFloor(files: Record<string, Uint8Array>): Promise<Floor> {
  const directory = mkdtempSync(path.join(os.tmpdir(), 'filmpost-floor-'));
  for (const [name, bytes] of Object.entries(files)) writeFileSync(path.join(directory, name), bytes);
  const server = spawn(process.execPath, [path.join(import.meta.dirname, 'floor-static.ts'), directory], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const [port] = await once(server, 'message');
  return {
    url: `http://127.0.0.1:${port}`,
    pid: server.pid ?? 0,
    async stop() {
      server.disconnect();
      await once(server, 'exit');
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

function aSeries(count: number) {
  return Array.from({ length: count }, (_, i) =>
    anInstance({
      study: { seed: 'bench', key: 'retrieve' },
      rows: 512,
      columns: 512,
      instanceNumber: 1 + i,
    }),
  );
}

async function bytesOf(url: string, headers: Record<string, string>): Promise<Uint8Array> {
  const answer = await fetch(url, { headers });
  if (!answer.ok) throw new Error(`${url} was answered ${answer.status}`);
  return new Uint8Array(await answer.arrayBuffer());
}

interface Scene {
  stack: Stack;
  floor: Floor;
  questions: Question[];
}

async function aScene(count: number): Promise<Scene> {
  const stack = await startStack();
  const authorization = { authorization: `Bearer ${stack.key}` };
  const instances = aSeries(count);
  await stow(
    { url: stack.url, headers: authorization },
    instances.map(({ bytes }) => bytes),
  );
  const [first] = instances;
  const series = `/dicomweb/studies/${first?.studyInstanceUid}/series/${first?.seriesInstanceUid}`;
  const frames = instances.map(({ sopInstanceUid }) => `${series}/instances/${sopInstanceUid}/frames/1`);
  const octets = { ...authorization, accept: 'application/octet-stream; transfer-syntax=*' };
  const gzip = { ...authorization, 'accept-encoding': 'gzip' };
  const files: Record<string, Uint8Array> = {};
  for (const [i, frame] of frames.entries()) files[i] = await bytesOf(`${stack.url}${frame}`, octets);
  const metadata = await bytesOf(`${stack.url}${series}/metadata`, authorization);
  const floor = await startFloor({ ...files, memory: gzipSync(metadata, { level: 6 }) });
  const questions: Question[] = [
    { what: 'metadata', connections: 4, headers: gzip, ours: [`${series}/metadata`], floor: ['/memory'] },
    {
      what: 'frames',
      connections: 16,
      headers: octets,
      ours: frames,
      floor: frames.map((_, i) => `/files/${i}`),
    },
  ];
  return { stack, floor, questions };
}

async function measured(
  { url, pid, paths }: { url: string; pid: number; paths: readonly string[] },
  { connections, headers }: Question,
) {
  const watch = meter({ server: pid });
  const asked = await askAll({ url, headers, paths, connections, seconds: SECONDS });
  const { cpuSeconds, peakMb } = watch.stop();
  return {
    rate: asked.answers / asked.seconds,
    mbPerSecond: asked.bytes / 1e6 / asked.seconds,
    cpuMs: (cpuSeconds * 1000) / asked.answers,
    peakMb: peakMb.server ?? 0,
  };
}

interface Options {
  count?: number;
  rounds?: number;
  /** One of the questions alone. */
  part?: string | undefined;
}

/** Series metadata and frames beside a plain Node server that sends the same bytes; in turns, in one run. */
export async function dicomwebRetrieve({ count = 500, rounds = 3, part }: Options): Promise<void> {
  const { stack, floor, questions } = await aScene(count);
  const peaks: number[] = [];
  try {
    for (const question of questions.filter(({ what }) => part === undefined || what === part)) {
      console.log(`${question.what} of ${count} instances, ${question.connections} connections`);
      for (let i = 0; i < rounds; i++) {
        const plain = await measured({ ...floor, paths: question.floor }, question);
        const own = await measured({ url: stack.url, pid: stack.pids.web, paths: question.ours }, question);
        peaks.push(own.peakMb);
        const ratio = own.rate / plain.rate;
        console.log(
          `  plain ${plain.rate.toFixed(0)}/s ${plain.mbPerSecond.toFixed(0)} MB/s ${plain.cpuMs.toFixed(2)} CPU ms` +
            `  ours ${own.rate.toFixed(0)}/s ${own.mbPerSecond.toFixed(0)} MB/s ${own.cpuMs.toFixed(2)} CPU ms` +
            `  ratio ×${ratio.toFixed(2)} (promised ×${PROMISED[question.what]})  web ${own.peakMb.toFixed(0)} MB`,
        );
      }
    }
    const growth = Math.max(...peaks) - Math.min(...peaks);
    console.log(
      `web's memory: ${Math.min(...peaks).toFixed(0)} to ${Math.max(...peaks).toFixed(0)} MB (${growth.toFixed(0)} of at most ${MOST_GROWTH_MB})`,
    );
  } finally {
    await floor.stop();
    await stack.stop();
  }
}
