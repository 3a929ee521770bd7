import http from 'node:http';
import { packHead } from '@filmpost/media/pack.ts';

/** How many files a STOW request or a tus pack takes along. */
const STOW_BATCH = 50;
const PACK_FILES = 60;
const BOUNDARY = 'benchBoundary';

export interface Target {
  url: string;
  headers: Record<string, string>;
}

interface Sending {
  method: string;
  path: string;
  headers: Record<string, string>;
  body: readonly Uint8Array[];
}

function send(target: Target, agent: http.Agent, { method, path, headers, body }: Sending): Promise<number> {
  const length = body.reduce((sum, part) => sum + part.length, 0);
  return new Promise((resolve, reject) => {
    const request = http.request(new URL(path, target.url), {
      method,
      agent,
      headers: { ...target.headers, ...headers, 'content-length': length },
    });
    request.on('error', reject);
    request.on('response', (response) => {
      response.resume();
      response.on('end', () => resolve(response.statusCode ?? 0));
    });
    const parts = body[Symbol.iterator]();
    const write = () => {
      for (let next = parts.next(); !next.done; next = parts.next()) {
        if (!request.write(next.value)) return void request.once('drain', write);
      }
      request.end();
    };
    write();
  });
}

/** Sends everything over `connections` connections; the first answer outside 2xx ends it. */
async function sendAll(target: Target, sendings: Sending[], connections: number): Promise<void> {
  const agent = new http.Agent({ keepAlive: true, maxSockets: connections });
  const queue = sendings[Symbol.iterator]();
  const worker = async () => {
    for (const sending of queue) {
      const status = await send(target, agent, sending);
      if (status >= 300) throw new Error(`${sending.method} ${sending.path} was answered ${status}`);
    }
  };
  await Promise.all(Array.from({ length: connections }, worker));
  agent.destroy();
}

function batches<T>(items: readonly T[], size: number): T[][] {
  const count = Math.ceil(items.length / size);
  return Array.from({ length: count }, (_, i) => items.slice(i * size, (i + 1) * size));
}

/** STOW-RS requests of fifty instances over four connections. */
export function stow(target: Target, files: readonly Uint8Array[]): Promise<void> {
  const head = Buffer.from(`--${BOUNDARY}\r\nContent-Type: application/dicom\r\n\r\n`);
  const between = Buffer.from('\r\n');
  const end = Buffer.from(`--${BOUNDARY}--\r\n`);
  const sendings = batches(files, STOW_BATCH).map((batch) => ({
    method: 'POST',
    path: '/dicomweb/studies',
    headers: { 'content-type': `multipart/related; type="application/dicom"; boundary=${BOUNDARY}` },
    body: [...batch.flatMap((file) => [head, file, between]), end],
  }));
  return sendAll(target, sendings, 4);
}

/** tus packs, created with their bytes, three at a time: what the browser does. */
export function tusPacks(target: Target, files: readonly Uint8Array[]): Promise<void> {
  const sendings = batches(files, PACK_FILES).map((batch) => {
    const head = packHead(batch.map((file, i) => ({ name: `IM${i}`, size: file.length })));
    const length = batch.reduce((sum, file) => sum + file.length, head.length);
    return {
      method: 'POST',
      path: '/files',
      headers: {
        'tus-resumable': '1.0.0',
        'upload-length': String(length),
        'content-type': 'application/offset+octet-stream',
      },
      body: [head, ...batch],
    };
  });
  return sendAll(target, sendings, 3);
}

/** One PUT a file over four connections: the floor. */
export function puts(target: Target, files: readonly Uint8Array[]): Promise<void> {
  const sendings = files.map((file, i) => ({ method: 'PUT', path: `/${i}`, headers: {}, body: [file] }));
  return sendAll(target, sendings, 4);
}

/** One instance a POST, the way Orthanc's own REST interface takes them. */
export function instances(target: Target, files: readonly Uint8Array[]): Promise<void> {
  const sendings = files.map((file) => ({
    method: 'POST',
    path: '/instances',
    headers: { 'content-type': 'application/dicom' },
    body: [file],
  }));
  return sendAll(target, sendings, 4);
}
