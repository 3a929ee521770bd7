import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { type OrderByContent, Pictures } from './pictures.ts';
import { NoPicture, type RefusalReason } from './refusals.ts';
import type { PictureStyle } from './rendering.ts';

const STYLE: PictureStyle = { type: 'image/jpeg', quality: 90, viewport: null, region: null, window: null };

function order(style: Partial<PictureStyle> = {}, content = 1): OrderByContent {
  const instance = { path: 'not opened', byteOffset: 0, byteLength: 0 };
  return {
    instance,
    frameNumber: 1,
    frame: null,
    style: { ...STYLE, ...style },
    digest: Uint8Array.of(content),
  };
}

/** Pictures whose making is counted, and may fail. */
function counting(refusal: RefusalReason | null = null) {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'filmpost-pictures-'));
  const made = { times: 0, refusal };
  const render = async ({ style: { type } }: { style: PictureStyle }) => {
    made.times++;
    if (made.refusal) throw new NoPicture(made.refusal);
    return { type, columns: 1, rows: 1, bytes: Uint8Array.of(made.times) };
  };
  const pictures = new Pictures(folder, { render });
  return { pictures, made, [Symbol.dispose]: () => rmSync(folder, { recursive: true }) };
}

test('one content in one style is made once, whoever asks and how many at once', async () => {
  using at = counting();
  const asked = await Promise.all([1, 2, 3].map(() => at.pictures.picture(order())));
  await at.pictures.picture(order());
  assert.equal(at.made.times, 1);
  assert.deepEqual([...asked[2]!.bytes], [1]);
});

test('another content, frame, type, size, region or window is another picture', () => {
  const window = { center: 1, width: 2, shape: 'linear' as const };
  const region = { x: 0, y: 0, width: 1, height: 1 };
  const orders = [
    order(),
    order({}, 2),
    { ...order(), frameNumber: 2 },
    order({ type: 'image/png' }),
    order({ quality: 80 }),
    order({ viewport: { width: 1, height: 1 } }),
    order({ region }),
    order({ window }),
    order({ window: { ...window, shape: 'sigmoid' } }),
  ];
  assert.equal(new Set(orders.map(Pictures.keyOf)).size, orders.length);
  const png = (quality: number) => Pictures.keyOf(order({ type: 'image/png', quality }));
  assert.equal(png(10), png(90), 'quality is of no matter to a PNG');
});

test('what cannot be shown is not tried again for a while, in no style; that we were busy is no property of it', async () => {
  const times = async (refusal: RefusalReason, orders: OrderByContent[]) => {
    using at = counting(refusal);
    for (const each of orders) await assert.rejects(at.pictures.picture(each), NoPicture);
    return at.made.times;
  };
  const twice = [order(), order({ quality: 50 })];
  const frames = [order(), { ...order(), frameNumber: 2 }];
  assert.equal(await times('damaged', twice), 1);
  assert.equal(await times('damaged', frames), 2, 'another frame may be whole');
  assert.equal(await times('too-slow', frames), 1, 'another frame may cost as much');
  assert.equal(await times('busy', twice), 2);
  assert.equal(await times('no-such-region', twice), 2);
});
