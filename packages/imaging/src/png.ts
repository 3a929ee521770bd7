import { crc32, deflateSync } from 'node:zlib';
import type { Raster } from './raster.ts';

const SIGNATURE = Buffer.from('89504e470d0a1a0a', 'hex');
const COLOUR_TYPE = { 1: 0, 3: 2 };
/** Each row by its difference from the one above (PNG 9.2): cheap, and scans of bodies are smooth. */
const FILTER_UP = 2;

/** A PNG (ISO/IEC 15948) of 8 bits a channel, without anything but the picture in it. */
export function encodePng({ columns, rows, channels, samples }: Raster): Uint8Array {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(columns, 0);
  header.writeUInt32BE(rows, 4);
  header.set([8, COLOUR_TYPE[channels], 0, 0, 0], 8);
  const data = deflateSync(filtered(samples, columns * channels), { level: 6 });
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', header),
    chunk('IDAT', data),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function filtered(samples: Uint8Array, stride: number): Uint8Array {
  const rows = samples.length / stride;
  const out = new Uint8Array(samples.length + rows);
  for (let row = 0, to = 0; row < rows; row++) {
    out[to++] = FILTER_UP;
    const start = row * stride;
    for (let at = start; at < start + stride; at++)
      out[to++] = samples[at]! - (row > 0 ? samples[at - stride]! : 0);
  }
  return out;
}

function chunk(type: string, data: Uint8Array): Buffer {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const around = Buffer.alloc(8);
  around.writeUInt32BE(data.length, 0);
  around.writeUInt32BE(crc32(named), 4);
  return Buffer.concat([around.subarray(0, 4), named, around.subarray(4)]);
}
