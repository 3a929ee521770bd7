import { createReadStream, readFileSync, statSync } from 'node:fs';
import http from 'node:http';
import path from 'node:path';

/**
 * The floor of giving: `/memory` answers with one file kept in memory, `/files/N` with that file of the folder as it
 * is read, and nothing is asked of anybody. `floor-static.ts DIRECTORY`
 */
const directory = process.argv[2] ?? '';
const kept = readFileSync(path.join(directory, 'memory'));
const server = http.createServer((request, response) => {
  const name = path.basename(request.url ?? '');
  if (name === 'memory') {
    response.writeHead(200, {
      'content-type': 'application/dicom+json',
      'content-encoding': 'gzip',
      'content-length': kept.length,
    });
    response.end(kept);
    return;
  }
  const file = path.join(directory, name);
  response.writeHead(200, {
    'content-type': 'application/octet-stream',
    'content-length': statSync(file).size,
  });
  createReadStream(file).pipe(response);
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.send?.(typeof address === 'object' ? address?.port : 0);
});
process.on('disconnect', () => process.exit(0));
