import './node-version.mjs';
import { checkStructure } from './structure.ts';
import { verdict } from './tally.ts';

const tally = await checkStructure();
console.log(verdict(tally));
process.exitCode = tally.failed > 0 ? 1 : 0;
