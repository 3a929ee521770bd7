import { floorServer } from './floor-server.ts';
import { puts, tusPacks } from './senders.ts';
import { type Slices, ctSlices } from './slices.ts';
import { startStack } from './stack.ts';
import { median } from './table.ts';

interface Times {
  /** Seconds until the last byte was acknowledged, and until every image was found. */
  sent: number;
  found: number;
}

async function rawPut({ files }: Slices): Promise<number> {
  await using floor = await floorServer('floor-put.ts', 'raw');
  const started = performance.now();
  await puts({ url: floor.url, headers: {} }, files);
  return (performance.now() - started) / 1000;
}

async function ours({ files, studyInstanceUid }: Slices): Promise<Times> {
  const stack = await startStack();
  try {
    const headers = { authorization: `Bearer ${stack.key}` };
    const seconds = (since: number) => (performance.now() - since) / 1000;
    const started = performance.now();
    await tusPacks({ url: stack.url, headers }, files);
    const sent = seconds(started);
    const address = `${stack.url}/dicomweb/studies?StudyInstanceUID=${studyInstanceUid}`;
    for (;;) {
      const answer = await fetch(address, { headers });
      const [study] = answer.status === 200 ? await answer.json() : [];
      if (study?.['00201208']?.Value?.[0] === files.length) return { sent, found: seconds(started) };
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  } finally {
    await stack.stop();
  }
}

/** A device's packs over loopback beside one PUT a file that is written to the disk and nothing else. */
export async function uploadByNode({ count, rounds }: { count: number; rounds: number }): Promise<void> {
  const slices = ctSlices(count, 'upload');
  const floors: number[] = [];
  const times: Times[] = [];
  for (let round = 0; round < rounds; round++) {
    floors.push(await rawPut(slices));
    times.push(await ours(slices));
  }
  const floor = median(floors);
  const rate = (seconds: number) =>
    `${(count / seconds).toFixed(0)} files/s (×${(floor / seconds).toFixed(2)})`;
  console.log(`upload: ${count} CT slices from Node over loopback, ${rounds} rounds in turns`);
  console.log(`raw PUT to disk                       ${rate(floor)}`);
  console.log(`ours, tus packs, to the last answer   ${rate(median(times.map(({ sent }) => sent)))}`);
  console.log(`ours, until every image is found      ${rate(median(times.map(({ found }) => found)))}`);
}
