/**
 * Whether a PDF does more than show pages (ISO 32000-1: 12.6.4 actions, 12.7 forms, 13 multimedia). Browsers' PDF viewers
 * run its scripts, which may open dialogs and ask other hosts.
 */
const ACTIVE = /^(JavaScript|Launch|SubmitForm|ImportData|Rendition|RichMedia|XFA)$/;
/** Names end at whitespace and delimiters; any letter of one may be written as `#` and two digits (7.3.5). */
const NAME = /\/([^\s()<>[\]{}/%\0]{1,80})/g;
/** An object stream holds objects, and so names, that are compressed (7.5.7). */
const STREAM = /(?<!end)stream\r?\n/g;
const LONGEST_DICTIONARY = 4096;
const MOST_INFLATED = 256 * 1024 * 1024;

/** True also for what cannot be looked into. */
export async function hasActiveContent(bytes: Uint8Array<ArrayBuffer>): Promise<boolean> {
  const text = latin1(bytes);
  const names = namesIn(text);
  if (names.some((name) => ACTIVE.test(name))) return true;
  if (!names.includes('ObjStm')) return false;
  if (names.includes('Encrypt')) return true;
  return someObjectStreamIsActive(bytes, text);
}

async function someObjectStreamIsActive(bytes: Uint8Array<ArrayBuffer>, text: string): Promise<boolean> {
  let inflated = 0;
  for (const { dictionary, start } of streamsIn(text)) {
    if (!namesIn(dictionary).includes('ObjStm')) continue;
    const content = await inflate(bytes.subarray(start));
    inflated += content.length;
    if (content.length === 0 || inflated > MOST_INFLATED) return true;
    if (namesIn(latin1(content)).some((name) => ACTIVE.test(name))) return true;
  }
  return false;
}

function namesIn(text: string): string[] {
  return Array.from(text.matchAll(NAME), ([, name = '']) =>
    name.replace(/#([0-9a-f]{2})/gi, (_, digits: string) => String.fromCharCode(parseInt(digits, 16))),
  );
}

/** Where each stream begins, and what stands before it back to the beginning of its object. */
function* streamsIn(text: string): Iterable<{ dictionary: string; start: number }> {
  for (const { index, 0: keyword } of text.matchAll(STREAM)) {
    const before = text.slice(Math.max(0, index - LONGEST_DICTIONARY), index);
    yield { dictionary: before.slice(before.lastIndexOf('obj') + 1), start: index + keyword.length };
  }
}

/** What comes out before the data ends or breaks; what follows the data is no part of it. */
async function inflate(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  const reader = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate')).getReader();
  const pieces: Uint8Array[] = [];
  let length = 0;
  try {
    for (let read = await reader.read(); !read.done && length <= MOST_INFLATED; read = await reader.read()) {
      pieces.push(read.value);
      length += read.value.length;
    }
  } catch {
    // The end of an object is not the end of the file: what came until there is the stream.
  }
  await reader.cancel().catch(() => undefined);
  const whole = new Uint8Array(length);
  pieces.reduce((at, piece) => (whole.set(piece, at), at + piece.length), 0);
  return whole;
}

function latin1(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 32768)
    text += String.fromCharCode(...bytes.subarray(at, at + 32768));
  return text;
}
