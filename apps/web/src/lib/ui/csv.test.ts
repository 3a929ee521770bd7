import assert from 'node:assert/strict';
import { test } from 'node:test';
import { csvOf } from './csv.ts';

test('a table is quoted where it must be, and begins with the mark of UTF-8', async () => {
  const table = csvOf([
    ['Patient', 'Bytes', 'Ended'],
    ['Lovelace, Ada', 12, null],
    ['The "Countess"\nof', 0, 'Schädel'],
  ]);
  const bytes = Buffer.from(await table.arrayBuffer());
  assert.deepEqual([...bytes.subarray(0, 3)], [0xef, 0xbb, 0xbf]);
  assert.equal(
    bytes.subarray(3).toString(),
    'Patient,Bytes,Ended\r\n"Lovelace, Ada",12,\r\n"The ""Countess""\nof",0,Schädel\r\n',
  );
});

for (const formula of ['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1'])
  test(`${JSON.stringify(formula)} is text and no formula`, async () => {
    const [, text = ''] = /^"?(.*?)"?\r\n$/s.exec(await csvOf([[formula]]).text()) ?? [];
    assert.equal(text, `'${formula}`);
  });
