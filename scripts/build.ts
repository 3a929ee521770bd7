import './node-version.mjs';
import { buildEverything } from './building.ts';
import { Steps } from './steps.ts';

await buildEverything({ steps: new Steps() });
