import { createHash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { open } from 'node:fs/promises';
import http from 'node:http';
import path from 'node:path';

/**
 * The floor of receiving: each PUT is written, hashed and synced, and nothing else; `raw`: written and nothing else.
 * `floor-put.ts DIRECTORY [raw]`
 */
const [directory = '', way] = process.argv.slice(2);
mkdirSync(directory, { recursive: true });
let files = 0;
const server = http.createServer(async (request, response) => {
  await using file = await open(path.join(directory, String(files++)), 'w');
  const hash = way === 'raw' ? null : createHash('sha256');
  for await (const chunk of request) {
    hash?.update(chunk);
    await file.write(chunk);
  }
  if (hash) await file.sync();
  response.statusCode = 201;
  response.end(hash?.digest('hex'));
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.send?.(typeof address === 'object' ? address?.port : 0);
});
process.on('disconnect', () => process.exit(0));
