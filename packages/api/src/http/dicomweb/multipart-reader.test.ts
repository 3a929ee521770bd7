import assert from 'node:assert/strict';
import { randomBytes, randomInt } from 'node:crypto';
import { test } from 'node:test';
import { BadRequest } from './bad-request.ts';
import { PartFinder, boundaryOf } from './multipart-reader.ts';

const BOUNDARY = 'films';
const CRLF = '\r\n';

interface Found {
  parts: Buffer[];
  complete: boolean;
}

function find(body: Buffer, chunks: readonly Buffer[] = [body], boundary = BOUNDARY): Found {
  const finder = new PartFinder(boundary);
  for (const chunk of chunks) finder.push(chunk);
  return {
    parts: finder.parts.map(({ start, end }) => body.subarray(start, end)),
    complete: finder.complete,
  };
}

function cut(body: Buffer, size: () => number): Buffer[] {
  const chunks: Buffer[] = [];
  for (let at = 0; at < body.length;) {
    const end = Math.min(body.length, at + size());
    chunks.push(body.subarray(at, end));
    at = end;
  }
  return chunks;
}

function bodyOf(
  parts: readonly Buffer[],
  { preamble = '', headers = 'Content-Type: application/dicom', epilogue = CRLF } = {},
) {
  const pieces = parts.flatMap((part, i) => [
    Buffer.from(`${i === 0 ? preamble : CRLF}--${BOUNDARY}${CRLF}${headers}${headers ? CRLF : ''}${CRLF}`),
    part,
  ]);
  return Buffer.concat([...pieces, Buffer.from(`${CRLF}--${BOUNDARY}--${epilogue}`)]);
}

/** Parts that look like delimiters as much as they may. */
const TREACHEROUS = [
  '',
  CRLF,
  `${CRLF}${CRLF}`,
  '\r',
  '\n',
  '-',
  `${CRLF}-`,
  `${CRLF}--`,
  `${CRLF}--film`,
  `${CRLF}--Films`,
  `--${BOUNDARY}`.slice(0, -1),
  `\n--${BOUNDARY}--`,
  `${CRLF}${CRLF}--film${CRLF}--`,
].map((text) => Buffer.from(text));

/** Anything but the boundary itself: no part may hold that (RFC 2046 5.1.1), and chance completes `--film` at times. */
function aPart(): Buffer {
  const part = someBytes();
  return `${CRLF}${part.toString('latin1')}`.includes(`${CRLF}--${BOUNDARY}`) ? aPart() : part;
}

function someBytes(): Buffer {
  if (randomInt(2) === 0)
    return Buffer.concat([
      TREACHEROUS[randomInt(TREACHEROUS.length)] ?? Buffer.alloc(0),
      randomBytes(randomInt(40)),
    ]);
  return randomBytes(randomInt(3000));
}

test('parts are found wherever the network cuts the body', () => {
  for (let round = 0; round < 400; round++) {
    const parts = Array.from({ length: 1 + randomInt(5) }, aPart);
    const preamble = ['', CRLF, `a preamble${CRLF}`][round % 3];
    const headers = ['', 'Content-Type: application/dicom', `A: b${CRLF}C: d`][randomInt(3)];
    const body = bodyOf(parts, { preamble, headers });
    const found = find(
      body,
      cut(body, () => 1 + randomInt(round % 2 ? 9 : 700)),
    );
    assert.equal(found.complete, true);
    assert.deepEqual(found.parts, parts);
  }
});

test('parts are found with every single cut, and byte by byte', () => {
  const parts = [Buffer.from('first'), Buffer.alloc(0), ...TREACHEROUS];
  const body = bodyOf(parts);
  for (let at = 0; at <= body.length; at++) {
    assert.deepEqual(find(body, [body.subarray(0, at), body.subarray(at)]).parts, parts);
  }
  assert.deepEqual(
    find(
      body,
      cut(body, () => 1),
    ).parts,
    parts,
  );
});

test('an empty part may share its line break with the delimiter that ends it', () => {
  const head = `--${BOUNDARY}${CRLF}Content-Type: application/dicom${CRLF}`;
  const body = Buffer.from(`${head}${CRLF}--${BOUNDARY}${CRLF}${CRLF}two${CRLF}--${BOUNDARY}--`);
  assert.deepEqual(find(body).parts.map(String), ['', 'two']);
});

test('without its closing delimiter a body is not complete', () => {
  const body = bodyOf([Buffer.from('one'), Buffer.from('two')]);
  for (const cutOff of [0, 3, body.length - 20, body.length - 5, body.length - 3]) {
    assert.equal(find(body.subarray(0, cutOff)).complete, false, `${cutOff} of ${body.length} bytes`);
  }
  assert.equal(find(body.subarray(0, body.length - 2)).complete, true, 'the last line break may be missing');
});

test('what follows the closing delimiter is nobody’s', () => {
  const epilogue = `${CRLF}--${BOUNDARY}${CRLF}${CRLF}smuggled${CRLF}--${BOUNDARY}--`;
  const body = bodyOf([Buffer.from('one')], { epilogue });
  assert.deepEqual(find(body).parts.map(String), ['one']);
});

test('headers without end are refused before they fill the memory', () => {
  const finder = new PartFinder(BOUNDARY);
  finder.push(Buffer.from(`--${BOUNDARY}${CRLF}X: `));
  assert.throws(() => {
    for (let i = 0; i < 100; i++) finder.push(Buffer.alloc(1024, 0x61));
  }, BadRequest);
});

test('more parts than any study has are refused', () => {
  const finder = new PartFinder(BOUNDARY);
  const part = Buffer.from(`--${BOUNDARY}${CRLF}${CRLF}x${CRLF}`);
  assert.throws(() => {
    for (let i = 0; i < 30_000; i++) finder.push(part);
  }, BadRequest);
});

test('the boundary is read from the content type as clients write it', () => {
  const types: Record<string, string> = {
    'multipart/related; type="application/dicom"; boundary=films': 'films',
    'multipart/related;boundary="a b:c";type="application/dicom"': 'a b:c',
    'Multipart/Related; Boundary=X': 'X',
  };
  for (const [type, boundary] of Object.entries(types)) assert.equal(boundaryOf(type), boundary);
  for (const type of ['', 'application/dicom', 'multipart/related', 'multipart/form-data; boundary=x']) {
    assert.throws(() => boundaryOf(type), BadRequest, type);
  }
});
