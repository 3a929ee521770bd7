import { once } from 'node:events';
import http from 'node:http';

/** A PACS as a clinic has it: a DICOMweb store behind a proxy that lets pages of one other site in, or does not. */
export interface ClinicPacs extends AsyncDisposable {
  /** What somebody types. */
  address: string;
  /** Whether it answers pages of the site with the headers that browsers want (Fetch 3.3). */
  allows: boolean;
  /** Requests that are answered 500 before the next is let through. */
  failing: number;
  /** Requests with images so far. */
  posts: number;
}

/** @param store the `…/studies` that it stands before; @param site the origin that it lets in */
export async function aClinicPacs({ store, site }: { store: string; site: string }): Promise<ClinicPacs> {
  const server = http.createServer((request, response) => {
    if (pacs.allows) {
      response.setHeader('access-control-allow-origin', site);
      response.setHeader('access-control-allow-methods', 'POST, OPTIONS');
      response.setHeader('access-control-allow-headers', 'Accept, Authorization, Content-Type');
    }
    if (request.method === 'OPTIONS') return void response.writeHead(204).end();
    pacs.posts += 1;
    if (pacs.failing > 0) {
      pacs.failing -= 1;
      request.resume();
      return void request.on('end', () => response.writeHead(500).end());
    }
    const { origin: _theirs, host: _ours, ...headers } = request.headers;
    const forwarded = http.request(store, { method: request.method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, { 'content-type': answer.headers['content-type'] ?? '' });
      answer.pipe(response);
    });
    forwarded.on('error', () => response.writeHead(502).end());
    request.pipe(forwarded);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('the proxy has no port');
  const pacs: ClinicPacs = {
    address: `http://127.0.0.1:${address.port}/dicom-web`,
    allows: true,
    failing: 0,
    posts: 0,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return pacs;
}
