import { createReadStream, readdirSync, statSync } from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';

/**
 * The floor of giving a package: `/all` answers with all files of the folder end to end, `/one` with the first of them,
 * and nothing is asked of anybody. `floor-concat.ts DIRECTORY`
 */
const directory = process.argv[2] ?? '';
const files = readdirSync(directory)
  .sort()
  .map((name) => path.join(directory, name));
const server = http.createServer(async (request, response) => {
  const given = request.url === '/one' ? files.slice(0, 1) : files;
  const length = given.reduce((sum, file) => sum + statSync(file).size, 0);
  response.writeHead(200, { 'content-type': 'application/octet-stream', 'content-length': length });
  await pipeline(contents(given), response).catch(() => response.destroy());
});

async function* contents(paths: readonly string[]): AsyncGenerator<Buffer> {
  for (const file of paths) yield* createReadStream(file, { highWaterMark: 256 * 1024 });
}

server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.send?.(typeof address === 'object' ? address?.port : 0);
});
process.on('disconnect', () => process.exit(0));
