/** Runs in a worker made from the page itself: reads, decodes and shades, so that the page never stands still. */

import type { DecodingTools } from '@filmpost/imaging/decode.ts';
import { NativeCodecs } from '@filmpost/imaging/native-codecs.ts';
import { NoPicture } from '@filmpost/imaging/refusals.ts';
import { inflated } from './inflating.ts';
import { UnreadableFile } from './instance-file.ts';
import { PictureMaker } from './picture-maker.ts';
import type { Beginning, Opening, Order, Reply } from './picture-making.ts';

const MOST_CODEC_BYTES = 32 * 1024 * 1024;
let gzipBase64 = '';
let codecs: Promise<NativeCodecs> | null = null;

async function compiled(): Promise<NativeCodecs> {
  const bytes = Uint8Array.from(atob(gzipBase64), (character) => character.charCodeAt(0));
  gzipBase64 = '';
  const wasm = await inflated(bytes, { format: 'gzip', mostBytes: MOST_CODEC_BYTES });
  return new NativeCodecs(await WebAssembly.compile(wasm));
}

async function tools(withCodecs: boolean): Promise<DecodingTools> {
  const ready = withCodecs ? await (codecs ??= compiled()) : null;
  return {
    codecs: () => {
      if (!ready) throw new NoPicture('unknown-codec');
      return ready;
    },
    // Browsers inflate only while others go on: the maker has done it before it decodes.
    inflate: () => {
      throw new NoPicture('unknown-codec');
    },
  };
}

const maker = new PictureMaker(tools);

async function replyTo(order: Order): Promise<Reply> {
  try {
    return { picture: await maker.make(order) };
  } catch (error) {
    const told = error instanceof NoPicture || error instanceof UnreadableFile;
    return { refused: told ? error.message : new NoPicture('damaged').message };
  }
}

let last: Promise<void> = Promise.resolve();
self.addEventListener('message', ({ data }: MessageEvent<Beginning | Opening | Order>) => {
  if (data.kind === 'codecs') gzipBase64 = data.gzipBase64;
  else if (data.kind === 'files') maker.open(data.files);
  else last = last.then(() => answer(data));
});

async function answer(order: Order): Promise<void> {
  const reply = await replyTo(order);
  self.postMessage(reply, { transfer: 'picture' in reply ? [reply.picture.rgba.buffer] : [] });
}
