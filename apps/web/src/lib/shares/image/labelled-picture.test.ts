import assert from 'node:assert/strict';
import { test } from 'node:test';
import { labelledSize, pictureName } from './labelled-picture.ts';

test('the label stands below the image, which keeps each of its pixels', () => {
  assert.deepEqual(labelledSize({ width: 512, height: 512 }), {
    width: 512,
    height: 536,
    strip: 24,
    left: 0,
    font: 14,
  });
  const { strip, height } = labelledSize({ width: 3000, height: 2500 });
  assert.equal(height - 2500, strip);
  assert.ok(strip >= 130, 'it is read on a large image too');
});

test('a narrow image is widened until the words fit', () => {
  const { width, left } = labelledSize({ width: 16, height: 16 });
  assert.ok(width > 150);
  assert.equal(left, Math.floor((width - 16) / 2));
});

test('the name tells device and order, and nothing that somebody could have typed', () => {
  const name = pictureName({ modality: 'CT', seriesNumber: '2', image: 14 });
  assert.equal(name, 'NOT-FOR-DIAGNOSIS_CT_series-2_image-14.png');
  assert.equal(
    pictureName({ modality: '', seriesNumber: '../é', image: 1 }),
    'NOT-FOR-DIAGNOSIS_image-1.png',
  );
});
