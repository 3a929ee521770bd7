import { setTimeout as wait } from 'node:timers/promises';
import { BytesResponse, json, notHere } from '../answer.ts';
import type { Knock } from '../knock.ts';

/** The largest body that is taken to see whether it comes through, in bytes. */
export const REACH_MOST_BYTES = 16 * 1024 * 1024;

/** How many bytes a sample has that must come through unchanged. */
const SAMPLE_BYTES = 64 * 1024;
const STREAMED_EVENTS = 4;
const BETWEEN_EVENTS_MS = 400;

/** An empty WebAssembly module: magic number and version (WebAssembly Core 5.5.16). */
const EMPTY_MODULE = Buffer.from([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]);

const FRESH = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' };

/**
 * What `/check` asks to find out how a hospital's network treats us: methods, body sizes, streams and types of content.
 * Open to everybody, keeps nothing, and tells nothing about anybody.
 */
export async function reach({ url, request, body }: Knock): Promise<Response> {
  switch (`${request.method} ${url.pathname}`) {
    case 'POST /reach/method':
    case 'PATCH /reach/method':
    case 'DELETE /reach/method':
      return json(200, { method: request.method }, FRESH);
    case 'POST /reach/body':
      return received(body);
    case 'GET /reach/stream':
      return new BytesResponse(events(), {
        status: 200,
        headers: { ...FRESH, 'content-type': 'text/event-stream', 'x-accel-buffering': 'no' },
      });
    case 'GET /reach/sample':
      return new BytesResponse(sample(), {
        status: 200,
        headers: { ...FRESH, 'content-type': 'application/dicom' },
      });
    case 'GET /reach/module.wasm':
      return new BytesResponse(EMPTY_MODULE, {
        status: 200,
        headers: { ...FRESH, 'content-type': 'application/wasm' },
      });
    default:
      return notHere();
  }
}

async function received(body: AsyncIterable<Uint8Array>): Promise<Response> {
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > REACH_MOST_BYTES)
      return json(413, { error: 'That is more than is ever sent at once.' }, FRESH);
  }
  return json(200, { received: bytes }, FRESH);
}

/** Events with pauses between them: a proxy that gathers a stream before it lets it through is found out. */
async function* events(): AsyncGenerator<Uint8Array> {
  for (let n = 1; n <= STREAMED_EVENTS; n++) {
    yield Buffer.from(`data: ${n}\n\n`);
    if (n < STREAMED_EVENTS) await wait(BETWEEN_EVENTS_MS);
  }
}

/** Every byte value, as images have them: a filter that takes them for text changes some. */
function sample(): Buffer {
  return Buffer.from(Uint8Array.from({ length: SAMPLE_BYTES }, (_, at) => (at * 31 + (at >> 8)) & 0xff));
}
