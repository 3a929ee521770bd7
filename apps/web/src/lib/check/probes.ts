import { type Finding, type Streams, bodyFinding, liveFinding, patchFinding } from './findings.ts';

/** One thing that is tried, in words, and what came of it. */
export interface Probe {
  id: string;
  name: string;
  run(): Promise<Finding>;
}

const PATIENCE_MS = 15_000;
const MB = 1024 * 1024;
/** Body sizes that uploads can fall back to, largest first, in bytes. */
const BODY_SIZES = [16 * MB, 4 * MB, MB, MB / 4];

async function answers(path: string, init: RequestInit = {}): Promise<Response | null> {
  try {
    const answer = await fetch(path, {
      cache: 'no-store',
      signal: AbortSignal.timeout(PATIENCE_MS),
      ...init,
    });
    return answer.ok ? answer : null;
  } catch {
    return null;
  }
}

async function passes(meant: string, init: RequestInit): Promise<boolean> {
  const answer = await answers('/reach/method', init);
  const said: unknown = await answer?.json().catch(() => null);
  return typeof said === 'object' && said !== null && 'method' in said && said.method === meant;
}

async function largestBody(): Promise<Finding> {
  let late = false;
  for (const size of BODY_SIZES) {
    const began = performance.now();
    const answer = await answers('/reach/body', { method: 'POST', body: new Uint8Array(size) });
    const said: unknown = await answer?.json().catch(() => null);
    if (typeof said === 'object' && said !== null && 'received' in said && said.received === size)
      return bodyFinding(size, { late });
    late = performance.now() - began >= PATIENCE_MS;
  }
  return bodyFinding(0);
}

/** Whether a WebSocket opens and carries a word there and back: tRPC answers PING with PONG. */
function socketWorks(): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = new WebSocket(`${location.origin.replace(/^http/, 'ws')}/trpc`);
    const settle = (works: boolean) => {
      clearTimeout(timer);
      socket.close();
      resolve(works);
    };
    const timer = setTimeout(() => settle(false), PATIENCE_MS);
    socket.onopen = () => socket.send('PING');
    socket.onmessage = ({ data }) => data === 'PONG' && settle(true);
    socket.onerror = () => settle(false);
  });
}

/** Whether events come one by one, only once the answer has ended, or not at all. */
async function howStreamsCome(): Promise<Streams> {
  // Asked for in the words of an EventSource: some filters go by them.
  const answer = await answers('/reach/stream', { headers: { accept: 'text/event-stream' } });
  const reader = answer?.body?.getReader();
  if (!reader) return 'refused';
  let pieces = 0;
  try {
    for (;;) {
      const { done } = await reader.read();
      if (done) return pieces > 1 ? 'live' : 'held';
      pieces += 1;
    }
  } catch {
    return 'held';
  }
}

async function sampleIsWhole(): Promise<boolean> {
  const answer = await answers('/reach/sample');
  const bytes = new Uint8Array((await answer?.arrayBuffer().catch(() => null)) ?? []);
  return bytes.length === 65_536 && bytes.every((byte, at) => byte === ((at * 31 + (at >> 8)) & 0xff));
}

async function viewerCanDraw(): Promise<Finding> {
  const answer = await answers('/reach/module.wasm');
  const module = answer?.headers.get('content-type') === 'application/wasm';
  const draws = document.createElement('canvas').getContext('webgl2') !== null;
  if (module && draws) return { state: 'good', finding: 'The viewer can be loaded and can draw.' };
  if (!module) {
    return {
      state: 'bad',
      finding: 'The viewer’s decoders do not come through.',
      advice: 'Allow answers of type application/wasm from this address. Downloads work without them.',
    };
  }
  return {
    state: 'detour',
    finding: 'This browser draws without WebGL: images appear, more slowly.',
    advice: 'Turn on hardware acceleration in the browser’s settings.',
  };
}

async function browserIsFit(): Promise<Finding> {
  const missing = [
    !navigator.cookieEnabled && 'cookies',
    typeof Worker === 'undefined' && 'Web Workers',
    !globalThis.crypto?.subtle && 'Web Cryptography, which needs https',
    typeof Blob.prototype.stream === 'undefined' && 'reading files in pieces',
  ].filter((word) => word !== false);
  return missing.length === 0
    ? { state: 'good', finding: 'This browser has everything Filmpost needs.' }
    : {
        state: 'bad',
        finding: `This browser lacks ${missing.join(', ')}.`,
        advice: 'Use a current Chrome, Edge, Firefox or Safari, and allow cookies for this address.',
      };
}

/** Everything that `/check` tries, in the order in which it is shown. */
export const PROBES: readonly Probe[] = [
  {
    id: 'reach',
    name: 'Reaching Filmpost',
    run: async () =>
      (await answers('/health'))
        ? { state: 'good', finding: 'The server answers.' }
        : {
            state: 'bad',
            finding: 'The server does not answer.',
            advice: 'Allow this address and port in the firewall and in the web filter.',
          },
  },
  { id: 'browser', name: 'This browser', run: browserIsFit },
  {
    id: 'patch',
    name: 'Uploads: method PATCH',
    run: async () =>
      patchFinding({
        patch: await passes('PATCH', { method: 'PATCH' }),
        override: await passes('PATCH', {
          method: 'POST',
          headers: { 'x-http-method-override': 'PATCH' },
        }),
      }),
  },
  { id: 'body', name: 'Uploads: size of one request', run: largestBody },
  {
    id: 'live',
    name: 'Live progress',
    run: async () => liveFinding({ socket: await socketWorks(), streams: await howStreamsCome() }),
  },
  {
    id: 'sample',
    name: 'Images unchanged',
    run: async () =>
      (await sampleIsWhole())
        ? { state: 'good', finding: 'Images come through byte for byte.' }
        : {
            state: 'bad',
            finding: 'A filter on the way changes or blocks images.',
            advice: 'Exempt this address from content scanning, or allow answers of type application/dicom.',
          },
  },
  { id: 'viewer', name: 'Image viewer', run: viewerCanDraw },
];
