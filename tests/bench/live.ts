import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { environment } from '@filmpost/config/environment.ts';
import { enterWithCode } from '@filmpost/exchange/access/codes/commands.ts';
import { admit, operator } from '@filmpost/exchange/access/gate/commands.ts';
import type { Exchange } from '@filmpost/exchange/exchange.ts';
import { openExchange } from '@filmpost/exchange/open-exchange.ts';
import { createShare } from '@filmpost/exchange/shares/commands.ts';
import { transact } from '@filmpost/exchange/transaction.ts';
import { WebSocket } from 'ws';
import { aStudy } from '../world/dicom/study.ts';
import { meter, treeOf, usageOf } from './processes.ts';
import { stow } from './senders.ts';
import { startStack } from './stack.ts';

/** Something that everybody connected is told of; resolves when it is certain, which is when the clock starts. */
type Cause = (marker: string) => Promise<void>;

interface Crowd {
  /** Milliseconds from certainty to each receipt. */
  latencies: number[];
  lost: number;
}

const EVENTS = 20;
const WARMING = 5;
const GIVE_UP_MS = 20_000;

function quantile(values: number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? Number.NaN;
}

async function connect(count: number, open: (i: number) => WebSocket): Promise<WebSocket[]> {
  const sockets: WebSocket[] = [];
  for (let i = 0; i < count; i += 100) {
    const some = Array.from({ length: Math.min(100, count - i) }, (_, j) => open(i + j));
    await Promise.all(some.map((socket) => once(socket, 'open')));
    sockets.push(...some);
  }
  return sockets;
}

/** Causes events one after the other and notes when each socket heard of each. */
async function listen(sockets: readonly WebSocket[], cause: Cause): Promise<Crowd> {
  const crowd: Crowd = { latencies: [], lost: 0 };
  let marker = '';
  let certain = 0;
  let heard = 0;
  let allHeard: () => void = () => undefined;
  for (const socket of sockets) {
    socket.on('message', (data: Buffer) => {
      if (!marker || !data.includes(marker)) return;
      // Told before the commit's answer reached us: the event was certain no later than now.
      crowd.latencies.push(certain === 0 ? 0 : performance.now() - certain);
      if (++heard === sockets.length) allHeard();
    });
  }
  for (let i = 0; i < EVENTS; i++) {
    heard = 0;
    certain = 0;
    marker = `event-${i}-of-this-run`;
    const everybody = new Promise<void>((resolve) => (allHeard = resolve));
    await cause(marker);
    certain = performance.now();
    await Promise.race([everybody, new Promise((resolve) => setTimeout(resolve, GIVE_UP_MS).unref())]);
    crowd.lost += sockets.length - heard;
  }
  return crowd;
}

interface Result {
  p50: number;
  p99: number;
  lost: number;
  kbPerSubscriber: number;
  /** Of the server, for telling everybody once. */
  cpuMsPerEvent: number;
}

async function measure(
  pid: number,
  count: number,
  { open, cause }: { open: (i: number) => WebSocket; cause: Cause },
): Promise<Result> {
  const before = usageOf(treeOf(pid)).memoryMb;
  const watch = meter({ server: pid });
  const sockets = await connect(count, open);
  for (let i = 0; i < WARMING; i++) await cause('warm up, nobody waits for it');
  await new Promise((resolve) => setTimeout(resolve, 1000));
  const telling = meter({ server: pid });
  const crowd = await listen(sockets, cause);
  const { cpuSeconds } = telling.stop();
  const { peakMb } = watch.stop();
  for (const socket of sockets) socket.terminate();
  return {
    p50: quantile(crowd.latencies, 0.5),
    p99: quantile(crowd.latencies, 0.99),
    lost: crowd.lost,
    cpuMsPerEvent: (cpuSeconds * 1000) / EVENTS,
    kbPerSubscriber: (((peakMb.server ?? 0) - before) * 1024) / count,
  };
}

async function bare(count: number): Promise<Result> {
  const server = spawn(process.execPath, [path.join(import.meta.dirname, 'floor-ws.ts')], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const [port] = await once(server, 'message');
  const padding = 'x'.repeat(400);
  const result = await measure(server.pid ?? 0, count, {
    open: () => new WebSocket(`ws://127.0.0.1:${port}`, { perMessageDeflate: false }),
    cause: async (marker) => {
      await fetch(`http://127.0.0.1:${port}`, { method: 'POST', body: JSON.stringify({ marker, padding }) });
    },
  });
  server.disconnect();
  await once(server, 'exit');
  return result;
}

/** Tabs a browser has open; each browser has entered the code itself. */
const TABS = 10;

async function aShare(exchange: Exchange, studyInstanceUid: string, browsers: number) {
  const subject = { facility: 'bench' };
  const work = await admit(exchange, operator(), { capability: 'facility:work', subject });
  const share = await createShare(exchange, work, { ...subject, studyInstanceUids: [studyInstanceUid] });
  const entry = { code: share.code, birthDate: '1981-08-29' };
  const cookies: string[] = [];
  while (cookies.length < browsers) {
    const { token } = await enterWithCode(exchange, entry, 'bench');
    cookies.push(`filmpost_recipient=${token}`);
  }
  return { shareId: share.shareId, cookies };
}

async function ours(count: number): Promise<Result> {
  const stack = await startStack();
  const study = aStudy({ key: 'live' });
  await stow(
    { url: stack.url, headers: { authorization: `Bearer ${stack.key}` } },
    study.files.map((file) => file.bytes),
  );
  const settings = { ...environment(), dataDirectory: stack.dataDirectory, databaseUrl: stack.databaseUrl };
  const secretFile = path.join(stack.dataDirectory, 'secret');
  const { exchange, close } = await openExchange({ ...settings, secretFile, publicUrl: stack.url });
  const { shareId, cookies } = await aShare(exchange, study.studyInstanceUid, Math.ceil(count / TABS));
  const subscription = JSON.stringify({
    id: 1,
    method: 'subscription',
    params: { path: 'shares.follow', input: { shareId, lastEventId: '0' } },
  });
  const result = await measure(stack.pids.web, count, {
    open: (i) => {
      const socket = new WebSocket(`${stack.url.replace('http', 'ws')}/trpc`, {
        headers: { cookie: cookies[Math.floor(i / TABS)] },
        perMessageDeflate: false,
      });
      socket.on('open', () => socket.send(subscription));
      return socket;
    },
    cause: (marker) =>
      transact(exchange, { kind: 'operator', id: 'bench', address: 'local' }, async (_trx, ledger) => {
        const payload = { studyInstanceUid: marker.padEnd(420, '.') };
        ledger.event({ topic: `share:${shareId}`, kind: 'exam.removed', payload });
      }),
  });
  await close();
  await stack.stop();
  return result;
}

function told(what: string, r: Result): void {
  console.log(
    `${what.padEnd(8)} p50 ${r.p50.toFixed(1)} ms  p99 ${r.p99.toFixed(1)} ms  lost ${r.lost}  ${r.kbPerSubscriber.toFixed(1)} kB a subscriber  ${r.cpuMsPerEvent.toFixed(0)} CPU ms an event`,
  );
}

/** Medians over the rounds of ours divided by the floor's of the same round. */
function toldRatios(rounds: readonly { floor: Result; own: Result }[]): void {
  const ratio = (of: 'p50' | 'p99' | 'cpuMsPerEvent') =>
    quantile(
      rounds.map(({ floor, own }) => own[of] / floor[of]),
      0.5,
    ).toFixed(2);
  console.log(`ratio    p50 ×${ratio('p50')}  p99 ×${ratio('p99')}  CPU ×${ratio('cpuMsPerEvent')}`);
}

/** Whoever comes second meets listeners that have warmed up: each is first in every other round. */
async function inTurns(round: number, subscribers: number): Promise<{ floor: Result; own: Result }> {
  if (round % 2 === 1) return { own: await ours(subscribers), floor: await bare(subscribers) };
  return { floor: await bare(subscribers), own: await ours(subscribers) };
}

/** Subscribers of one share: from the committed event to each receipt, beside a bare ws server in the same run. */
export async function live({ count, rounds = 2 }: { count?: number; rounds?: number }): Promise<void> {
  for (const subscribers of count ? [count] : [1000, 5000]) {
    const measured: { floor: Result; own: Result }[] = [];
    for (let i = 0; i < rounds; i++) {
      const round = await inTurns(i, subscribers);
      measured.push(round);
      console.log(`live, ${subscribers} subscribers of one share, ${EVENTS} events, round ${i + 1}`);
      told('bare ws', round.floor);
      told('ours', round.own);
      toldRatios([round]);
    }
    console.log(`live, ${subscribers} subscribers, median of ${rounds} rounds' ratios`);
    toldRatios(measured);
  }
}
