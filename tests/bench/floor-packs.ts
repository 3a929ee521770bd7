import { createWriteStream } from 'node:fs';
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import http from 'node:http';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Server } from '@tus/server';
import { DataStore, Upload } from '@tus/utils';

/**
 * The floor of sending from a browser: a page that makes packs of forty files of a folder and sends them over three
 * lanes of tus, and a server that writes them down. Nothing is read beforehand, asked or understood; with `hashed` each
 * lane has a worker that reads its pack and knows the SHA-256 of every file before the pack leaves, and nothing else. It
 * is simple, not the fastest: lanes do not read ahead.
 * `floor-packs.ts DIRECTORY [hashed]`
 */
const [directory = '', way] = process.argv.slice(2);
await mkdir(directory, { recursive: true });

/** As @tus/file-store does it, and it does no fsync. */
class Folder extends DataStore {
  override extensions = ['creation', 'creation-with-upload'];
  readonly #sizes = new Map<string, number>();
  readonly #path = (id: string) => path.join(directory, id);

  override async create(upload: Upload): Promise<Upload> {
    if (upload.size !== undefined) this.#sizes.set(upload.id, upload.size);
    await writeFile(this.#path(upload.id), '');
    return upload;
  }

  override async write(readable: Readable, id: string, offset: number): Promise<number> {
    const file = createWriteStream(this.#path(id), { flags: 'r+', start: offset });
    await pipeline(readable, file);
    return offset + file.bytesWritten;
  }

  override async getUpload(id: string): Promise<Upload> {
    const size = this.#sizes.get(id);
    return new Upload({ id, offset: (await stat(this.#path(id))).size, ...(size !== undefined && { size }) });
  }
}

/** Reads into the same memory again, as `disc/stretches.ts` of the product does, and for its reasons. */
const HASHER = `
  const atWork = new Set();
  onmessage = async ({ data: files }) => {
    const reader = new Blob(files).stream().getReader({ mode: 'byob' });
    atWork.add(reader);
    let memory = new ArrayBuffer(Math.max(...files.map(({ size }) => size)));
    const digests = [];
    for (const { size } of files) {
      for (let filled = 0; filled < size;) {
        const { value } = await reader.read(new Uint8Array(memory, filled, size - filled));
        memory = value.buffer;
        filled += value.length;
      }
      digests.push(await crypto.subtle.digest('SHA-256', new Uint8Array(memory, 0, size)));
    }
    atWork.delete(reader);
    postMessage(digests);
  };`;

const PAGE = `<!doctype html><title>Packs</title>
<h1>Packs</h1><input type="file" webkitdirectory><button>Upload</button>
<script src="/tus.js"></script>
<script>
  const send = (files) => new Promise((onSuccess, onError) => {
    const parts = files.flatMap((file) => [new Uint32Array([file.size]), file]);
    new tus.Upload(new Blob(parts), {
      endpoint: '/files', uploadDataDuringCreation: true, storeFingerprintForResuming: false, onSuccess, onError,
    }).start();
  });
  document.querySelector('button').onclick = async () => {
    const files = [...document.querySelector('input').files];
    const packs = Array.from({ length: Math.ceil(files.length / 40) }, (_, at) => files.slice(at * 40, at * 40 + 40));
    const waiting = packs.values();
    const hashing = (hasher, pack) => new Promise((resolve) => {
      hasher.onmessage = ({ data }) => resolve(data);
      hasher.postMessage(pack);
    });
    const lane = async () => {
      const hasher = ${way === 'hashed'} && new Worker('/hasher.js');
      for (const pack of waiting) {
        if (hasher) await hashing(hasher, pack);
        await send(pack);
      }
    };
    await Promise.all([lane(), lane(), lane()]);
    document.querySelector('h1').textContent = 'Success!';
  };
</script>`;

const client = await readFile(createRequire(import.meta.url).resolve('tus-js-client/dist/tus.min.js'));
const tus = new Server({ path: '/files', relativeLocation: true, datastore: new Folder() });
const server = http.createServer((request, response) => {
  if (request.url?.startsWith('/files')) void tus.handle(request, response);
  else if (request.url === '/tus.js') response.setHeader('content-type', 'text/javascript').end(client);
  else if (request.url === '/hasher.js') response.setHeader('content-type', 'text/javascript').end(HASHER);
  else response.setHeader('content-type', 'text/html').end(PAGE);
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.send?.(typeof address === 'object' ? address?.port : 0);
});
process.on('disconnect', () => process.exit(0));
