import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createDatabase } from '@filmpost/db/client.ts';
import { fillCatalogue } from './qido-catalogue.ts';
import { type Load, type Loaded, load } from './qido-load.ts';
import { fillOrthanc } from './qido-orthanc.ts';
import { SHAPES, numbers } from './qido-shapes.ts';
import { meter } from './processes.ts';
import { startStack } from './stack.ts';

const SIZES = [10_000, 100_000];
const CONNECTIONS = 16;
const SECONDS = 4;
const QUESTIONS = 2000;
const FLOOR = 'plain Node';
/** The floor knows the answers to this many of them. */
const ANSWERS = 40;

export interface QidoOptions {
  /** Studies in the catalogue; without it ten thousand, then a hundred thousand. */
  count?: number;
  rounds?: number;
  /** Whether Orthanc is filled with the same studies and asked as well, which takes long. */
  orthanc?: boolean;
}

/** Who is asked, and under which prefix. */
interface Server {
  name: string;
  url: string;
  prefix: string;
  headers: Record<string, string>;
  pids: Record<string, number>;
  stop(): Promise<void>;
}

/** CPU milliseconds an answer, of all processes and of each. */
type Row = Loaded & { server: string; shape: string; cpuMs: number; cpu: string };

/** Searches at 16 connections: ours, Orthanc if asked for, and a plain Node server that knows the answers. */
export async function qido({ count, rounds = 3, orthanc = false }: QidoOptions): Promise<void> {
  const p95s: P95s[] = [];
  for (const size of count ? [count] : SIZES) {
    console.log(`searches of ${size} studies, ${CONNECTIONS} connections, ${rounds} rounds in turns`);
    const rows = await measureSize(size, rounds, orthanc);
    p95s.push(report(rows));
  }
  const [small, large] = p95s;
  if (!small || !large) return;
  for (const server of ['ours', FLOOR] as const) {
    const growth = Object.keys(SHAPES).map((shape) => {
      const [before = NaN, after = NaN] = [small, large].map((p95s) => p95s.get(`${server} ${shape}`));
      return `${shape} ×${(after / before).toFixed(2)}`;
    });
    console.log(`p95 of ${server} from ${SIZES[0]} to ${SIZES[1]} studies: ${growth.join(' · ')}`);
  }
}

async function measureSize(size: number, rounds: number, withOrthanc: boolean): Promise<Row[]> {
  const ours = await ourServer(size);
  const servers: Server[] = [ours];
  try {
    const orthanc = withOrthanc ? await fillOrthanc(ours.databaseUrl) : null;
    if (orthanc) servers.push(orthanc);
    const rows: Row[] = [];
    for (const [shape, ask] of Object.entries(SHAPES)) {
      const pick = numbers(1);
      const questions = Array.from({ length: QUESTIONS }, () => ask(pick, size));
      const floor = await floorServer(ours, questions.slice(0, ANSWERS));
      const floorPaths = Array.from({ length: ANSWERS }, (_, i) => `/${i}`);
      for (let round = 0; round < rounds; round++) {
        rows.push(await measure(floor, shape, floorPaths));
        for (const server of servers) {
          rows.push(
            await measure(
              server,
              shape,
              questions.map((question) => server.prefix + question),
            ),
          );
        }
      }
      await floor.stop();
    }
    return rows;
  } finally {
    for (const server of servers) await server.stop();
  }
}

async function measure(server: Server, shape: string, paths: readonly string[]): Promise<Row> {
  const { url, headers } = server;
  const asking: Load = { url, headers, paths, connections: CONNECTIONS, seconds: SECONDS };
  // Plans and compiled code settle first.
  await load({ ...asking, seconds: 0.5 });
  const watch = meter(server.pids);
  const loaded = await load(asking);
  const { cpuSeconds, cpu } = watch.stop();
  const each = (seconds: number) => (seconds * 1000) / loaded.answers;
  return {
    ...loaded,
    server: server.name,
    shape,
    cpuMs: each(cpuSeconds),
    cpu: Object.entries(cpu)
      .map(([name, seconds]) => `${name} ${each(seconds).toFixed(2)}`)
      .join(', '),
  };
}

async function ourServer(size: number): Promise<Server & { databaseUrl: string }> {
  const stack = await startStack();
  const { db, destroy } = createDatabase(stack.databaseUrl, 1);
  const { id } = await db
    .selectFrom('facility')
    .select('id')
    .where('slug', '=', stack.facility)
    .executeTakeFirstOrThrow();
  await fillCatalogue(db, { facilityId: id, count: size });
  await destroy();
  const { web, postgres } = stack.pids;
  return {
    name: 'ours',
    url: stack.url,
    databaseUrl: stack.databaseUrl,
    prefix: '/dicomweb/studies?',
    headers: { authorization: `Bearer ${stack.key}`, accept: 'application/dicom+json' },
    pids: { web, postgres },
    stop: stack.stop,
  };
}

async function floorServer(ours: Server, questions: readonly string[]): Promise<Server> {
  const bodies: Buffer[] = [];
  for (const question of questions) {
    const answer = await fetch(ours.url + ours.prefix + question, { headers: ours.headers });
    if (answer.status !== 200 && answer.status !== 204) throw new Error(`${question}: ${answer.status}`);
    bodies.push(Buffer.from(await answer.arrayBuffer()));
  }
  const child = spawn(process.execPath, [path.join(import.meta.dirname, 'qido-floor.ts')], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    serialization: 'advanced',
  });
  child.send(bodies);
  const [port] = await once(child, 'message');
  return {
    name: FLOOR,
    url: `http://127.0.0.1:${port}`,
    prefix: '',
    headers: ours.headers,
    pids: { floor: child.pid ?? 0 },
    async stop() {
      child.disconnect();
      await once(child, 'exit');
    },
  };
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

/** Milliseconds, by server and shape. What is asked for by date is ten times as much in ten times as many studies. */
type P95s = Map<string, number>;

/** Prints the medians of the rounds, and gives the 95th percentiles. */
function report(rows: readonly Row[]): P95s {
  const p95s: P95s = new Map();
  for (const shape of Object.keys(SHAPES)) {
    const of = (server: string, key: 'perSecond' | 'p50' | 'p95' | 'cpuMs' | 'bytes') =>
      median(rows.filter((row) => row.shape === shape && row.server === server).map((row) => row[key]));
    for (const server of new Set(rows.map((row) => row.server))) {
      const line = [
        shape.padEnd(16),
        server.padEnd(24),
        `${of(server, 'perSecond').toFixed(0).padStart(6)} req/s`,
        `p50 ${of(server, 'p50').toFixed(1).padStart(6)} ms`,
        `p95 ${of(server, 'p95').toFixed(1).padStart(6)} ms`,
        `${of(server, 'cpuMs').toFixed(2).padStart(6)} CPU ms (${rows.findLast((row) => row.shape === shape && row.server === server)?.cpu})`,
        `${(of(server, 'bytes') / 1000).toFixed(1).padStart(6)} KB`,
        `×${(of(server, 'perSecond') / of(FLOOR, 'perSecond')).toFixed(2)} of floor`,
        ...(server === 'ours' || server === FLOOR
          ? []
          : [`ours ×${(of('ours', 'perSecond') / of(server, 'perSecond')).toFixed(1)} of it`]),
      ];
      console.log(line.join('  '));
    }
    for (const server of ['ours', FLOOR]) p95s.set(`${server} ${shape}`, of(server, 'p95'));
  }
  return p95s;
}
