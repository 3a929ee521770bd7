import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { readHead } from '@filmpost/dicom/read-head.ts';
import { inflate } from '@filmpost/exchange/ingest/recognise/head/queries.ts';
import { anInstance } from '../../world/dicom/instance.ts';
import type { InstanceOptions } from '../../world/dicom/instance.ts';
import type { Instance } from '../../world/dicom/modules.ts';
import { transferSyntaxes } from '../../world/dicom/part10.ts';
import { storeFiles } from '../../world/stored.ts';
import { type Clinic, type Reader, aClinic, bytesOf, partsOf, pathOf } from './clinic.ts';

const EXPLICIT = transferSyntaxes.explicitVrLittleEndian;
const FILE = `application/dicom; transfer-syntax=${EXPLICIT}`;
const PARTS = `multipart/related; type="application/dicom"; transfer-syntax=${EXPLICIT}`;
const ANY = 'multipart/related; type="application/dicom"; transfer-syntax=*';

const ofStudy = (instanceNumber: number, options: InstanceOptions) =>
  anInstance({
    study: { key: 'every encoding' },
    instanceNumber,
    extraElements: [
      { tag: 0x00090010, vr: 'LO', value: 'FILMPOST TEST' },
      { tag: 0x00091001, vr: 'FD', value: [instanceNumber / 3] },
    ],
    ...options,
  });

/** One study in every encoding this world writes. */
const instances = {
  implicit: ofStudy(1, { transferSyntaxUid: transferSyntaxes.implicitVrLittleEndian }),
  explicit: ofStudy(2, {}),
  big: ofStudy(3, { transferSyntaxUid: transferSyntaxes.explicitVrBigEndian, undefinedLength: true }),
  deflated: ofStudy(4, { transferSyntaxUid: transferSyntaxes.deflatedExplicitVrLittleEndian }),
  rle: ofStudy(5, { modality: 'US', numberOfFrames: 3, transferSyntaxUid: transferSyntaxes.rleLossless }),
};
const damaged = anInstance({
  study: { key: 'damaged' },
  transferSyntaxUid: '1.2.840.10008.1.2.4.90',
  compressedFrames: [Buffer.from('no codestream at all')],
});
const recording = anInstance({
  study: { key: 'video' },
  transferSyntaxUid: '1.2.840.10008.1.2.4.100',
  compressedFrames: [Buffer.from('a recording')],
});

let clinic: Clinic;
let readers: Reader[];
before(async () => {
  clinic = await aClinic();
  const files = [...Object.values(instances), damaged, recording].map((each, i) => ({
    ...each,
    path: `IM${i}`,
  }));
  await storeFiles(clinic.world.exchange, clinic.facility, { files, device: clinic.device });
  readers = [clinic.machine, clinic.clerk, await clinic.recipientOf([instances.big.studyInstanceUid])];
});
after(() => clinic.close());

const series = () => pathOf(instances.big).replace(/\/instances\/.*/, '');

/** What a file says, and its pixels as they are stored. */
function read(bytes: Uint8Array) {
  let body = bytes;
  const result = readHead(bytes, bytes.length, { inflate: (...asked) => (body = inflate(...asked)) });
  assert.ok(result.kind === 'head', result.kind);
  const { head } = result;
  const { offset = 0, length = 0 } = head.pixelData ?? {};
  return { head, json: JSON.parse(head.json), pixels: Buffer.from(body.subarray(offset, offset + length)) };
}

/** The same attributes but for those of decoding, and private ones of implicit VR, whose VR nobody can know. */
function assertSame(made: Uint8Array, { bytes }: Instance): void {
  const [ours, stored] = [read(made), read(bytes)];
  assert.equal(ours.head.transferSyntaxUid, EXPLICIT);
  assert.deepEqual(ours.head.warnings, []);
  assert.deepEqual({ ...ours.json, '00083002': 0 }, { ...stored.json, '00083002': 0 });
}

/** Pixels of the pattern in the instance, whatever it is encoded in. */
function assertPattern(made: Uint8Array, name: keyof typeof instances): void {
  const { transferSyntaxUid: _, ...options } = { transferSyntaxUid: '', ...OPTIONS[name] };
  assert.ok(read(made).pixels.equals(read(ofStudy(NUMBERS[name], options).bytes).pixels), name);
}
const NUMBERS = { implicit: 1, explicit: 2, big: 3, deflated: 4, rle: 5 };
const OPTIONS: Record<keyof typeof instances, InstanceOptions> = {
  implicit: {},
  explicit: {},
  big: {},
  deflated: {},
  rle: { modality: 'US', numberOfFrames: 3 },
};
const NAMES = Object.keys(NUMBERS) as (keyof typeof instances)[];

test('every encoding is given in Explicit VR Little Endian to whoever names it', async () => {
  for (const name of NAMES) {
    for (const reader of readers) {
      const answer = await reader.ask(pathOf(instances[name]), { accept: FILE });
      assert.equal(answer.status, 200, `${name}: ${await answer.clone().text()}`);
      assert.equal(answer.headers.get('content-type'), FILE);
      const made = await bytesOf(answer);
      assert.equal(answer.headers.get('content-length'), String(made.length));
      assertSame(made, instances[name]);
      assertPattern(made, name);
      if (name === 'explicit')
        assert.ok(made.equals(instances.explicit.bytes), 'what is stored so is not made');
    }
  }
});

test('a series in many encodings comes in one, every part labelled', async () => {
  const study = series().replace(/\/series\/.*/, '');
  for (const path of [series(), study]) {
    const answer = await clinic.machine.ask(path, { accept: PARTS });
    assert.equal(answer.status, 200);
    const parts = await partsOf(answer);
    assert.equal(parts.length, NAMES.length);
    for (const { headers, bytes } of parts) {
      assert.equal(headers['content-type'], FILE);
      const instance = Object.values(instances).find(({ sopInstanceUid }) =>
        headers['content-location']?.endsWith(sopInstanceUid),
      );
      assert.ok(instance);
      assertSame(bytes, instance);
    }
  }
});

const syntaxOf = (type: string | null) => /transfer-syntax=([\d.]+)/.exec(type ?? '')?.[1];

test('what is stored is given before anything is made, unless it is wanted less', async () => {
  const stored = transferSyntaxes.rleLossless;
  const path = pathOf(instances.rle);
  for (const [accept, expected] of [
    ['*/*', stored],
    ['application/dicom', stored],
    ['application/dicom; transfer-syntax=*', stored],
    [`application/dicom; transfer-syntax=${stored}`, stored],
    [FILE, EXPLICIT],
    [`application/dicom; transfer-syntax="${EXPLICIT}"`, EXPLICIT],
    [`APPLICATION/DICOM; Transfer-Syntax=${EXPLICIT}`, EXPLICIT],
    [`${FILE}, application/dicom; transfer-syntax=${stored}`, stored],
    [`${FILE}, application/dicom; transfer-syntax=*`, stored],
    [`${FILE}, application/dicom; transfer-syntax=*;q=0.5`, EXPLICIT],
    [`${FILE};q=0.5, application/dicom; transfer-syntax=*`, stored],
    [`${FILE}, */*;q=0.1`, EXPLICIT],
    [`${FILE}, */*`, EXPLICIT],
    [`${FILE};q=0, application/dicom`, stored],
    [`application/dicom; transfer-syntax=1.2.840.10008.1.2, ${FILE};q=0.2`, EXPLICIT],
    [`${FILE};q=0`, null],
    ['application/dicom; transfer-syntax=1.2.840.10008.1.2', null],
    ['application/dicom; transfer-syntax=1.2.840.10008.1.2.4.90', null],
    ['application/dicom; transfer-syntax=nonsense', null],
  ] as const) {
    const answer = await clinic.machine.ask(path, { accept });
    assert.equal(answer.status, expected ? 200 : 406, accept);
    if (!expected) assert.match((await answer.json()).error, /\w{3}.*\.$/);
    else {
      const bytes = await bytesOf(answer);
      const [first] = /^multipart/.test(answer.headers.get('content-type') ?? '')
        ? [bytes.subarray(0, 400).toString('latin1')]
        : [answer.headers.get('content-type')];
      assert.equal(syntaxOf(first ?? null), expected, accept);
    }
  }
});

test('each instance of a mixture is given in the best form that is taken', async () => {
  const both = `${PARTS}, multipart/related; type="application/dicom"; transfer-syntax=${transferSyntaxes.rleLossless}`;
  const parts = await partsOf(await clinic.machine.ask(series(), { accept: both }));
  const syntaxes = parts.map(({ headers }) => syntaxOf(headers['content-type'] ?? null));
  assert.deepEqual(syntaxes, [...Array(4).fill(EXPLICIT), transferSyntaxes.rleLossless]);
  const only = `multipart/related; type="application/dicom"; transfer-syntax=${transferSyntaxes.rleLossless}`;
  assert.equal((await clinic.machine.ask(series(), { accept: only })).status, 406);
});

test('what cannot be decoded is refused in a sentence, or given as it is where that is taken, too', async () => {
  for (const [instance, sentence] of [
    [damaged, /damaged.*transfer-syntax=\*/],
    [recording, /cannot be given/],
  ] as const) {
    const path = pathOf(instance);
    for (const accept of [FILE, PARTS]) {
      const answer = await clinic.machine.ask(path, { accept });
      assert.equal(answer.status, 406, accept);
      assert.match((await answer.json()).error, sentence);
    }
    const either = await clinic.machine.ask(path, { accept: `${PARTS}, ${ANY};q=0.3` });
    assert.equal(either.status, 200);
    const [part] = await partsOf(either);
    assert.ok(part?.bytes.equals(instance.bytes));
  }
});

test('a made file has a name of its own and no ranges; HEAD tells its length', async () => {
  const path = pathOf(instances.big);
  const stored = await clinic.machine.ask(path, { accept: 'application/dicom' });
  const made = await clinic.machine.ask(path, { accept: FILE });
  const etag = made.headers.get('etag') ?? '';
  assert.match(etag, /^W\/".+"$/);
  assert.notEqual(etag.replace('W/', ''), stored.headers.get('etag'));
  assert.equal(made.headers.get('accept-ranges'), null);
  assert.equal(made.headers.get('vary'), 'Accept');
  const size = (await bytesOf(made)).length;
  await stored.arrayBuffer();
  const head = await clinic.machine.ask(path, { accept: FILE }, 'HEAD');
  assert.equal(head.headers.get('content-length'), String(size));
  const known = await clinic.machine.ask(path, { accept: FILE, 'if-none-match': etag });
  assert.equal(known.status, 304);
  const other = await clinic.machine.ask(path, {
    accept: FILE,
    'if-none-match': stored.headers.get('etag') ?? '',
  });
  assert.equal(other.status, 200);
  await other.arrayBuffer();
  const range = await clinic.machine.ask(path, { accept: FILE, range: 'bytes=0-99' });
  assert.equal(range.status, 200);
  assert.equal((await bytesOf(range)).length, size);
});

test('WADO-URI gives it, too', async () => {
  const ask = (instance: Instance, more: Record<string, string>) => {
    const { studyInstanceUid, seriesInstanceUid, sopInstanceUid } = instance;
    const uids = { studyUID: studyInstanceUid, seriesUID: seriesInstanceUid, objectUID: sopInstanceUid };
    const query = { requestType: 'WADO', ...uids, contentType: 'application/dicom', ...more };
    return clinic.machine.ask(`/wado?${new URLSearchParams(query)}`);
  };
  for (const name of NAMES) {
    const answer = await ask(instances[name], { transferSyntax: EXPLICIT });
    assert.equal(answer.status, 200, name);
    assertPattern(await bytesOf(answer), name);
  }
  const refused = await ask(damaged, { transferSyntax: EXPLICIT });
  assert.equal(refused.status, 406);
  assert.match((await refused.json()).error, /damaged/);
  assert.equal((await ask(instances.big, { transferSyntax: '1.2.840.10008.1.2' })).status, 406);
});
