import '../../scripts/node-version.mjs';
import { parseArgs } from 'node:util';
import { dicomwebRetrieve } from './dicomweb-retrieve.ts';
import { ingest, upload } from './ingest.ts';
import { live } from './live.ts';

const BENCHES: Record<string, (options: { count?: number; rounds?: number }) => Promise<void>> = {
  ingest,
  upload,
  live,
  'dicomweb-retrieve': dicomwebRetrieve,
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { count: { type: 'string' }, rounds: { type: 'string' } },
});
const [name = ''] = positionals;
const bench = BENCHES[name];
if (!bench) {
  console.error(`npm run bench -- ${Object.keys(BENCHES).join(' | ')} [--count N] [--rounds N]`);
  process.exit(2);
}
await bench({
  ...(values.count && { count: Number(values.count) }),
  ...(values.rounds && { rounds: Number(values.rounds) }),
});
