import '../../scripts/node-version.mjs';
import { parseArgs } from 'node:util';
import { packages } from './package.ts';
import { dicomweb } from './dicomweb.ts';
import { ingest } from './ingest.ts';
import { live } from './live.ts';
import { choosing } from './choosing.ts';
import { read } from './read.ts';
import { upload } from './upload.ts';
import { viewer } from './viewer.ts';

interface Options {
  count?: number;
  rounds?: number;
  /** Of a benchmark that has several. */
  part?: string;
  /** Whether to compare with Orthanc where that takes long. */
  orthanc?: boolean;
}

const BENCHES: Record<string, (options: Options) => Promise<void>> = {
  package: packages,
  ingest,
  upload: (options) => (options.part === 'page' ? choosing(options) : upload(options)),
  live,
  read,
  viewer,
  dicomweb,
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    count: { type: 'string' },
    rounds: { type: 'string' },
    part: { type: 'string' },
    orthanc: { type: 'boolean' },
  },
});
const [name = ''] = positionals;
const bench = BENCHES[name];
if (!bench) {
  console.error(
    `npm run bench -- ${Object.keys(BENCHES).join(' | ')} [--count N] [--rounds N] [--part P] [--orthanc]`,
  );
  process.exit(2);
}
await bench({
  ...(values.count && { count: Number(values.count) }),
  ...(values.rounds && { rounds: Number(values.rounds) }),
  ...(values.part && { part: values.part }),
  ...(values.orthanc && { orthanc: true }),
});
