import { readFileSync } from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { z } from 'zod';

/**
 * The floor of looking: gives recorded answers from files, by their address, and asks nobody whether it may.
 * `floor-viewer.ts DIRECTORY`, where `answers.json` lists them.
 */
const answer = z.object({
  status: z.number(),
  headers: z.record(z.string(), z.string()),
  file: z.string(),
});
const directory = process.argv[2] ?? '';
const answers = new Map(
  Object.entries(
    z
      .record(z.string(), answer)
      .parse(JSON.parse(readFileSync(path.join(directory, 'answers.json'), 'utf8'))),
  ).map(([address, { file, ...rest }]) => [
    address,
    { ...rest, body: readFileSync(path.join(directory, file)) },
  ]),
);

const server = http.createServer((request, response) => {
  const found = answers.get(request.url ?? '');
  if (!found) console.error(`not recorded: ${request.url}`);
  response.writeHead(found?.status ?? 404, found?.headers);
  response.end(found?.body);
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.send?.(typeof address === 'object' ? address?.port : 0);
});
process.on('disconnect', () => process.exit(0));
