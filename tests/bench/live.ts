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
const GIVE_UP_MS = 20_000;

function quantile(values: number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? Number.NaN;
}

async function connect(count: number, open: () => WebSocket): Promise<WebSocket[]> {
  const sockets: WebSocket[] = [];
  for (let i = 0; i < count; i += 100) {
    const some = Array.from({ length: Math.min(100, count - i) }, open);
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
  { open, cause }: { open: () => WebSocket; cause: Cause },
): Promise<Result> {
  const before = usageOf(treeOf(pid)).memoryMb;
  const watch = meter({ server: pid });
  const sockets = await connect(count, open);
  await cause('warm up, nobody waits for it');
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

async function aShare(exchange: Exchange, studyInstanceUid: string) {
  const subject = { facility: 'bench' };
  const work = await admit(exchange, operator(), { capability: 'facility:work', subject });
  const share = await createShare(exchange, work, { ...subject, studyInstanceUids: [studyInstanceUid] });
  const entry = { code: share.code, birthDate: '1981-08-29' };
  const { token } = await enterWithCode(exchange, entry, 'bench');
  return { shareId: share.shareId, cookie: `filmpost_recipient=${token}` };
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
  const { shareId, cookie } = await aShare(exchange, study.studyInstanceUid);
  const subscription = JSON.stringify({
    id: 1,
    method: 'subscription',
    params: { path: 'shares.follow', input: { shareId, lastEventId: '0' } },
  });
  const result = await measure(stack.pids.web, count, {
    open: () => {
      const socket = new WebSocket(`${stack.url.replace('http', 'ws')}/trpc`, {
        headers: { cookie },
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

/** Subscribers of one share: from the committed event to each receipt, beside a bare ws server in the same run. */
export async function live({ count, rounds = 2 }: { count?: number; rounds?: number }): Promise<void> {
  for (const subscribers of count ? [count] : [1000, 5000]) {
    for (let i = 0; i < rounds; i++) {
      const floor = await bare(subscribers);
      const own = await ours(subscribers);
      const line = (what: string, r: Result) =>
        `${what.padEnd(8)} p50 ${r.p50.toFixed(1)} ms  p99 ${r.p99.toFixed(1)} ms  lost ${r.lost}  ${r.kbPerSubscriber.toFixed(1)} kB a subscriber  ${r.cpuMsPerEvent.toFixed(0)} CPU ms an event`;
      console.log(`live, ${subscribers} subscribers of one share, ${EVENTS} events, round ${i + 1}`);
      console.log(line('bare ws', floor));
      console.log(line('ours', own));
      console.log(
        `ratio    p50 ×${(own.p50 / floor.p50).toFixed(2)}  p99 ×${(own.p99 / floor.p99).toFixed(2)}  CPU ×${(own.cpuMsPerEvent / floor.cpuMsPerEvent).toFixed(2)}`,
      );
    }
  }
}
