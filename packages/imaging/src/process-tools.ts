import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { inflateRawSync } from 'node:zlib';
import type { DecodingTools } from './decode.ts';
import { NativeCodecs } from './native-codecs.ts';

let module: NativeCodecs | null = null;

/** What a process decodes with; the codecs are compiled when first needed, once. */
export const processTools: DecodingTools = {
  codecs: () => (module ??= new NativeCodecs(new WebAssembly.Module(readFileSync(codecsFile())))),
  inflate: (bytes, mostBytes) => inflateRawSync(bytes, { maxOutputLength: mostBytes }),
};

/** The WebAssembly module that holds all codecs. */
export function codecsFile(): string {
  return fileURLToPath(import.meta.resolve('dcmjs-codecs/build/dcmjs-native-codecs.wasm'));
}
