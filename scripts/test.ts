import './node-version.mjs';
import { startTestCluster } from '@filmpost/db/test-database.ts';
import { buildEverything } from './building.ts';
import { askedToLeave, given } from './leaving.ts';
import { Steps } from './steps.ts';
import { checkStructure } from './structure.ts';
import { add, nothing, verdict } from './tally.ts';
import type { Tally } from './tally.ts';
import { findTests, runTests } from './test-files.ts';

/** npm test -- <words>: only the files whose path contains them. */
const words = process.argv.slice(2);
const quick = findTests(
  ['{packages,apps,scripts}/**/*.test.ts', 'tests/{access,building,faults,world,dicomweb}/**/*.test.ts'],
  words,
);
const journeys = findTests(['tests/journeys/**/*.test.ts'], words);
const needsBuild = [...quick, ...journeys].some((file) => /^(tests|apps)\//.test(file));

/** Test files that run side by side: what one waits for, the other uses. */
const AT_ONCE = 2;

const heading = (text: string) => console.log(`\n── ${text} ${'─'.repeat(Math.max(3, 72 - text.length))}\n`);

async function built(signal: AbortSignal): Promise<Tally> {
  try {
    await buildEverything({ steps: new Steps(), signal });
    return { ...nothing, passed: 1 };
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    return { ...nothing, failed: 1 };
  }
}

async function everything(signal: AbortSignal): Promise<Tally> {
  let tally = nothing;
  if (words.length === 0) {
    heading('Structure');
    tally = add(tally, await checkStructure());
  }
  if (needsBuild) {
    heading('Build');
    tally = add(tally, await built(signal));
  }
  if (quick.length > 0) {
    heading(`Rules, rooms and doors (${quick.length} files)`);
    tally = add(tally, await runTests(quick, { concurrency: AT_ONCE, signal }));
  }
  if (journeys.length > 0) {
    heading(`Journeys in a browser (${journeys.length} files)`);
    tally = add(tally, await runTests(journeys, { concurrency: AT_ONCE, signal }));
  }
  return tally;
}

async function main(): Promise<number> {
  if (words.length > 0 && quick.length + journeys.length === 0) {
    console.error(`No test file has ${words.join(' and ')} in its path.`);
    console.log(verdict(nothing));
    return 1;
  }
  const leaving = askedToLeave();
  const cluster = await startTestCluster();
  process.env.TEST_CLUSTER_URL = cluster.url;
  const tally = await Promise.race([everything(leaving), given(leaving)]);
  await cluster.stop();
  if (tally === true) return 130;
  if (tally.skipped.length > 0) heading('Not run');
  for (const line of tally.skipped) console.log(line);
  console.log(`\n${verdict(tally)}`);
  return tally.failed > 0 ? 1 : 0;
}

process.exit(await main());
