import { floorServer } from './floor-server.ts';
import { type Orthanc, orthancHere } from './orthanc.ts';
import { type Measured, meter } from './processes.ts';
import { instances, puts, stow } from './senders.ts';
import { type Slices, ctSlices } from './slices.ts';
import { type Stack, startStack } from './stack.ts';
import { table } from './table.ts';

interface Row {
  what: string;
  filesPerSecond: number;
  mbPerSecond: number;
  cpuPerThousand: number;
  peak: string;
}

function row(what: string, slices: Slices, measured: Measured): Row {
  const count = slices.files.length;
  const metered = Object.keys(measured.cpu).length > 0;
  return {
    what,
    filesPerSecond: count / measured.seconds,
    mbPerSecond: slices.bytes / 1e6 / measured.seconds,
    cpuPerThousand: metered ? (measured.cpuSeconds / count) * 1000 : Number.NaN,
    peak: Object.entries(measured.peakMb)
      .map(([name, mb]) => `${name} ${Math.round(mb)} MB, ${(measured.cpu[name] ?? 0).toFixed(1)} CPU s`)
      .join(' · '),
  };
}

async function floor(slices: Slices): Promise<Row> {
  await using server = await floorServer('floor-put.ts');
  const watch = meter({ put: server.pid });
  await puts({ url: server.url, headers: {} }, slices.files);
  return row(FLOOR, slices, watch.stop());
}

async function searchable(stack: Stack, slices: Slices): Promise<void> {
  const address = `${stack.url}/dicomweb/studies?StudyInstanceUID=${slices.studyInstanceUid}`;
  for (;;) {
    const answer = await fetch(address, { headers: { authorization: `Bearer ${stack.key}` } });
    const found = answer.status === 200 ? await answer.json() : [];
    if (found[0]?.['00201208']?.Value?.[0] === slices.files.length) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

async function ours(what: string, slices: Slices, send: typeof stow): Promise<Row> {
  const stack = await startStack();
  try {
    const watch = meter(stack.pids);
    await send({ url: stack.url, headers: { authorization: `Bearer ${stack.key}` } }, slices.files);
    await searchable(stack, slices);
    return row(what, slices, watch.stop());
  } finally {
    await stack.stop();
  }
}

async function orthanc(slices: Slices, enter: () => Promise<Orthanc>): Promise<Row> {
  const server = await enter();
  try {
    const watch = meter(server.pids);
    await instances({ url: server.url, headers: {} }, slices.files);
    return row(`${server.name}, POST /instances`, slices, watch.stop());
  } finally {
    await server.stop();
  }
}

/** With Orthanc, where there is one. */
function rivals(slices: Slices): (() => Promise<Row>)[] {
  const enter = orthancHere();
  if (enter) return [() => orthanc(slices, enter)];
  console.log('Orthanc is not installed here, and ORTHANC_URL names none: without it in the comparison.');
  return [];
}

interface Options {
  count?: number;
  rounds?: number;
}

const FLOOR = 'PUT, SHA-256 and fsync alone';

/** CT slices pushed by STOW-RS until QIDO-RS finds them, beside the floor and, where it is installed, Orthanc. */
export async function ingest({ count = 2000, rounds = 3 }: Options): Promise<void> {
  const slices = ctSlices(count, 'ingest');
  const contenders = [
    () => floor(slices),
    () => ours('ours, STOW-RS 50 a request', slices, stow),
    ...rivals(slices),
  ];
  await compare(`ingest: ${count} CT slices by STOW-RS`, contenders, rounds);
}

/** In turns, so that all share the machine's mood. */
async function compare(title: string, contenders: (() => Promise<Row>)[], rounds: number): Promise<void> {
  console.log(`${title}, ${rounds} rounds in turns`);
  const rows: Row[] = [];
  for (let i = 0; i < rounds; i++) for (const contender of contenders) rows.push(await contender());
  table(rows, FLOOR);
}
