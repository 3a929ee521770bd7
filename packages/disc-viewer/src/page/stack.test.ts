import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Kept } from './kept.ts';
import { middleOf, placeAt, placesOf } from './places.ts';
import { WHOLE, boxOf, moved, zoomed } from './view.ts';
import { dragged, windowWords } from './windows.ts';

const image = (frames: number, path: string) => ({ frames, path, sopInstanceUid: '1.2' });

test('a series is one stack of images and frames; what has no frame has a place to say so', () => {
  const series = { images: [image(1, 'A'), image(3, 'B'), image(0, 'C')] };
  assert.equal(placesOf(series), 5);
  const seen = [0, 1, 3, 4].map((position) => placeAt(series, position));
  assert.deepEqual(
    seen.map((place) => [place?.image.path, place?.frameNumber]),
    [
      ['A', 1],
      ['B', 1],
      ['B', 3],
      ['C', 1],
    ],
  );
  assert.equal(placeAt(series, 5), null);
  assert.equal(placeAt(series, -1), null);
  assert.equal(middleOf(series)?.frameNumber, 2);
});

test('a picture fits its stage, and zooming keeps what lies under the pointer', () => {
  const picture = { width: 100, height: 50 };
  const stage = { width: 400, height: 400 };
  assert.deepEqual(boxOf(WHOLE, picture, stage), { x: 0, y: 100, width: 400, height: 200 });
  const point = { x: 80, y: -30 };
  const under = (view: typeof WHOLE) => {
    const box = boxOf(view, picture, stage);
    return [(200 + point.x - box.x) / box.width, (200 + point.y - box.y) / box.height].map((share) =>
      share.toFixed(9),
    );
  };
  const before = moved(WHOLE, 10, 20);
  assert.deepEqual(under(zoomed(before, 3, point)), under(before));
  assert.equal(zoomed(WHOLE, 1e9).zoom, 40);
});

test('a drag across makes the window wider, one down brings it up, and it never closes', () => {
  const window = { center: 40, width: 400, shape: 'linear' } as const;
  assert.equal(windowWords(dragged(window, { across: 100, down: 50, stage: 800 })), 'C 90 W 500');
  assert.equal(dragged(window, { across: -1e6, down: 0, stage: 800 }).width, 1);
});

test('what was used last is kept, as much as fits, and always the newest', () => {
  const kept = new Kept<string>(10);
  kept.put('a', 'A', 4);
  kept.put('b', 'B', 4);
  kept.get('a');
  kept.put('c', 'C', 4);
  assert.deepEqual(
    ['a', 'b', 'c'].map((key) => kept.get(key)),
    ['A', undefined, 'C'],
  );
  kept.put('d', 'D', 100);
  assert.deepEqual(
    ['a', 'c', 'd'].map((key) => kept.get(key)),
    [undefined, undefined, 'D'],
  );
});
