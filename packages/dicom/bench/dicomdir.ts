/** Time and memory of making a DICOMDIR: `node packages/dicom/bench/dicomdir.ts [instances…]`. */

import { performance } from 'node:perf_hooks';
import { aSlice } from '../fixtures/data-sets.ts';
import { FileSet } from '../src/directory/file-set.ts';

const SLICES_A_SERIES = 500;
const MEBIBYTE = 1024 * 1024;

/** As the catalogue keeps it: text, parsed when its turn comes, with as much beside the keys as a CT has. */
function metadataText(place: number): string {
  const series = Math.floor(place / SLICES_A_SERIES);
  const study = Math.floor(series / 4);
  const beside = Array.from({ length: 100 }, (_, index) => [`0018${1000 + index}`, ['SOMETHING ELSE']]);
  const values = {
    '0020000D': [`2.25.${study + 1}`],
    '0020000E': [`2.25.${study + 1}.${series + 1}`],
    '00080008': ['ORIGINAL', 'PRIMARY', 'AXIAL'],
    '00200032': [-125, -125, place * 0.625],
    '00200037': [1, 0, 0, 0, 1, 0],
    '00200052': ['2.25.7'],
    '00280030': [0.48828125, 0.48828125],
    ...Object.fromEntries(beside),
  };
  return JSON.stringify(aSlice(place, values).dataSet);
}

function measure(instances: number): void {
  const fileSet = new FileSet();
  let parsing = 0;
  let adding = 0;
  for (let place = 1; place <= instances; place++) {
    const text = metadataText(place);
    const before = performance.now();
    const dataSet = JSON.parse(text);
    const parsed = performance.now();
    fileSet.add({ ...aSlice(place), dataSet });
    parsing += parsed - before;
    adding += performance.now() - parsed;
  }
  const before = performance.now();
  const { length } = fileSet.dicomdir({ fileSetId: 'BENCH', sopInstanceUid: '2.25.1' });
  const writing = performance.now() - before;
  const figures = {
    parsing,
    adding,
    writing,
    bytes: length / MEBIBYTE,
    rss: process.memoryUsage.rss() / MEBIBYTE,
  };
  const text = Object.entries(figures).map(([name, value]) => `${name} ${value.toFixed(1)}`);
  console.log(`${instances} instances: ${text.join(', ')} (ms, MiB)`);
}

const asked = process.argv.slice(2).map(Number);
for (const instances of asked.length > 0 ? asked : [2000, 20_000, 100_000]) measure(instances);
