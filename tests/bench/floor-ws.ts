import http from 'node:http';
import { WebSocketServer } from 'ws';

/** The floor of telling everybody: what is posted is sent to every open socket, and nothing else. */
const server = http.createServer(async (request, response) => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  response.statusCode = 204;
  response.end();
  const text = Buffer.concat(chunks).toString();
  for (const client of sockets.clients) client.send(text);
});
const sockets = new WebSocketServer({ server, perMessageDeflate: false });
server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 }, () => {
  const address = server.address();
  process.send?.(typeof address === 'object' ? address?.port : 0);
});
process.on('disconnect', () => process.exit(0));
